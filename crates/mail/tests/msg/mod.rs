//! Writes files as Outlook does, for tests: properties into a compound file, by the crate `cfb`, which shares
//! no code with the reader. All people are made up.

use std::io::{Cursor, Write};

use cfb::CompoundFile;

/// A value of a property.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// UTF-16.
    Text(String),
    /// In a code page.
    Bytes8(Vec<u8>),
    /// Bytes.
    Binary(Vec<u8>),
    /// A number.
    Long(u32),
    /// Yes or no.
    Bool(bool),
    /// Seconds since 1970.
    Time(i64),
    /// A message inside.
    Message(Box<Msg>),
}

/// A message, a recipient or an attachment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Msg {
    properties: Vec<(u16, Value)>,
    recipients: Vec<Msg>,
    attachments: Vec<Msg>,
}

impl Msg {
    /// An ordinary mail of Maya's.
    pub(crate) fn mail() -> Self {
        Self::default()
            .text(0x001a, "IPM.Note")
            .text(0x0037, "Retention of audit logs")
            .text(0x0042, "Maya Chen")
            .text(0x5d02, "maya@northwind.example")
            .with(0x0039, Value::Time(1_795_187_040))
            .text(0x1035, "<m1@northwind.example>")
            .recipient(1, "Sam Rivera", "sam@us.example")
    }

    pub(crate) fn with(mut self, id: u16, value: Value) -> Self {
        self.properties.retain(|(known, _)| *known != id);
        self.properties.push((id, value));
        self
    }

    pub(crate) fn without(mut self, id: u16) -> Self {
        self.properties.retain(|(known, _)| *known != id);
        self
    }

    pub(crate) fn text(self, id: u16, text: &str) -> Self {
        self.with(id, Value::Text(text.to_owned()))
    }

    pub(crate) fn recipient(self, kind: u32, name: &str, address: &str) -> Self {
        let person = Self::default()
            .with(0x0c15, Value::Long(kind))
            .text(0x3001, name)
            .text(0x3002, "SMTP")
            .text(0x3003, address);
        self.to(person)
    }

    pub(crate) fn to(mut self, person: Self) -> Self {
        self.recipients.push(person);
        self
    }

    pub(crate) fn attach(mut self, attachment: Self) -> Self {
        self.attachments.push(attachment);
        self
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        let file = Self::default()
            .with(0x3705, Value::Long(1))
            .text(0x3707, name)
            .with(0x3701, Value::Binary(bytes.to_vec()));
        self.attach(file)
    }

    pub(crate) fn embed(self, inner: Self) -> Self {
        let part = Self::default().with(0x3705, Value::Long(5)).with(0x3701, Value::Message(Box::new(inner)));
        self.attach(part)
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut file = CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
        self.write(&mut file, "/", 32);
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn write(&self, file: &mut CompoundFile<Cursor<Vec<u8>>>, folder: &str, head: usize) {
        let mut rows = vec![0; head];
        for (id, value) in &self.properties {
            let (kind, fixed, stream): (u16, u64, Option<Vec<u8>>) = match value {
                Value::Text(text) => {
                    (0x1f, 0, Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()))
                }
                Value::Bytes8(bytes) => (0x1e, 0, Some(bytes.clone())),
                Value::Binary(bytes) => (0x102, 0, Some(bytes.clone())),
                Value::Long(number) => (0x03, u64::from(*number), None),
                Value::Bool(is) => (0x0b, u64::from(*is), None),
                Value::Time(seconds) => {
                    (0x40, u64::try_from((seconds + 11_644_473_600) * 10_000_000).unwrap(), None)
                }
                Value::Message(inner) => {
                    let inside = format!("{folder}__substg1.0_{id:04X}000D/");
                    file.create_storage(&inside).unwrap();
                    inner.write(file, &inside, 24);
                    (0x0d, 0, None)
                }
            };
            if let Some(bytes) = stream {
                put(file, &format!("{folder}__substg1.0_{id:04X}{kind:04X}"), &bytes);
            }
            rows.extend(kind.to_le_bytes());
            rows.extend(id.to_le_bytes());
            rows.extend([6, 0, 0, 0]);
            rows.extend(fixed.to_le_bytes());
        }
        put(file, &format!("{folder}__properties_version1.0"), &rows);
        for (prefix, parts) in [("recip", &self.recipients), ("attach", &self.attachments)] {
            for (number, part) in parts.iter().enumerate() {
                let inside = format!("{folder}__{prefix}_version1.0_#{number:08X}/");
                file.create_storage(&inside).unwrap();
                part.write(file, &inside, 8);
            }
        }
    }
}

fn put(file: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str, bytes: &[u8]) {
    file.create_stream(path).unwrap().write_all(bytes).unwrap();
}

/// RTF as Outlook keeps it, every byte packed as itself.
pub(crate) fn packed_rtf(rtf: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for run in rtf.as_bytes().chunks(8) {
        body.push(0);
        body.extend(run);
    }
    let mut out = u32::try_from(body.len() + 12).unwrap().to_le_bytes().to_vec();
    out.extend(u32::try_from(rtf.len()).unwrap().to_le_bytes());
    out.extend(b"LZFu\0\0\0\0");
    out.extend(body);
    out
}
