//! The properties of a message, a recipient or an attachment, as they lie in a storage. Knows how they
//! are kept; what they are for, the mapping knows.
//!
//! # Source
//! MS-OXMSG 2.2 to 2.4: `__properties_version1.0` holds the values of fixed length in rows of 16 bytes,
//! `__substg1.0_` with number and type the others. Types: MS-OXCDATA 2.11.1.

use std::collections::HashMap;

use super::codepage::{decoded, utf_16};
use super::compound::{Compound, Id};

/// The stream with the values of fixed length.
const FIXED: &str = "__properties_version1.0";
/// What the names of the other streams begin with.
const STREAM: &str = "__substg1.0_";
/// What the names of a recipient's storage begin with.
pub(super) const RECIPIENT: &str = "__recip_version1.0_#";
/// What the names of an attachment's storage begin with.
pub(super) const ATTACHMENT: &str = "__attach_version1.0_#";

/// The types of properties that are read.
const SHORT: u16 = 0x0002;
const LONG: u16 = 0x0003;
const BOOLEAN: u16 = 0x000b;
const OBJECT: u16 = 0x000d;
const TEXT_8: u16 = 0x001e;
const TEXT_16: u16 = 0x001f;
const TIME: u16 = 0x0040;
const BINARY: u16 = 0x0102;

/// The code page of 8-bit texts, and the one of what came from the internet.
const MESSAGE_CODEPAGE: u16 = 0x3ffd;
pub(super) const INTERNET_CODEPAGE: u16 = 0x3fde;

/// What a storage holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// The message of the file.
    Message,
    /// A message inside a message.
    Embedded,
    /// A recipient or an attachment.
    Part,
}

/// The properties of one storage.
#[derive(Debug)]
pub(super) struct Item<'c> {
    compound: &'c Compound<'c>,
    storage: Id,
    fixed: HashMap<(u16, u16), u64>,
    others: HashMap<(u16, u16), Id>,
    codepage: Option<u32>,
}

impl<'c> Item<'c> {
    /// Reads what a storage holds. `None` where it holds no property at all.
    pub(super) fn open(compound: &'c Compound<'c>, storage: Id, holder: Holder) -> Option<Self> {
        let mut item =
            Self { compound, storage, fixed: HashMap::new(), others: HashMap::new(), codepage: None };
        let mut is_item = false;
        for id in compound.children(storage) {
            let name = compound.name(*id);
            if name.eq_ignore_ascii_case(FIXED) {
                is_item = true;
                item.read_fixed(&compound.read(*id), holder);
            } else if let Some(tag) = tag_of(name) {
                is_item = true;
                item.others.entry(tag).or_insert(*id);
            }
        }
        item.codepage = item.number(MESSAGE_CODEPAGE).or_else(|| item.number(INTERNET_CODEPAGE));
        is_item.then_some(item)
    }

    /// Reads the storages in this one whose name begins with `prefix`, in their order.
    pub(super) fn parts(&self, prefix: &str) -> impl Iterator<Item = Item<'c>> {
        let named = move |id: &&Id| {
            let name = self.compound.name(**id).get(..prefix.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(prefix)) && self.compound.is_storage(**id)
        };
        self.compound.children(self.storage).iter().filter(named).filter_map(|id| {
            let part = Item::open(self.compound, *id, Holder::Part)?;
            Some(Item { codepage: part.codepage.or(self.codepage), ..part })
        })
    }

    /// The message that is a property of this item.
    pub(super) fn embedded(&self, id: u16) -> Option<Item<'c>> {
        let storage = self.others.get(&(id, OBJECT)).filter(|of| self.compound.is_storage(**of))?;
        Item::open(self.compound, *storage, Holder::Embedded)
    }

    /// A text, without the zeros at its end; `None` where it is missing or empty.
    pub(super) fn text(&self, id: u16) -> Option<String> {
        let text = if let Some(stream) = self.others.get(&(id, TEXT_16)) {
            utf_16(&self.compound.read(*stream))
        } else {
            decoded(&self.compound.read(*self.others.get(&(id, TEXT_8))?), self.codepage)
        };
        let text = text.trim_end_matches('\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Bytes; `None` where they are missing or empty.
    pub(super) fn binary(&self, id: u16) -> Option<Vec<u8>> {
        let bytes = self.compound.read(*self.others.get(&(id, BINARY))?);
        (!bytes.is_empty()).then_some(bytes)
    }

    /// A number.
    pub(super) fn number(&self, id: u16) -> Option<u32> {
        let value = |kind: u16, mask: u64| self.fixed.get(&(id, kind)).map(|value| value & mask);
        let value = value(LONG, 0xffff_ffff).or_else(|| value(SHORT, 0xffff))?;
        u32::try_from(value).ok()
    }

    /// Whether a yes-or-no property says yes.
    pub(super) fn is_set(&self, id: u16) -> bool {
        self.fixed.get(&(id, BOOLEAN)).is_some_and(|value| value & 0xffff != 0)
    }

    /// A time, in seconds since 1970; `None` where it is missing or before 1970.
    ///
    /// # Source
    /// MS-DTYP 2.3.3: steps of 100 ns since 1601.
    pub(super) fn time(&self, id: u16) -> Option<i64> {
        let seconds = (self.fixed.get(&(id, TIME))? / 10_000_000).checked_sub(11_644_473_600)?;
        i64::try_from(seconds).ok()
    }

    /// The rows of the values of fixed length.
    fn read_fixed(&mut self, stream: &[u8], holder: Holder) {
        let head = match holder {
            Holder::Message => 32,
            Holder::Embedded => 24,
            Holder::Part => 8,
        };
        for row in stream.get(head..).unwrap_or_default().as_chunks::<16>().0 {
            let [kind_low, kind_high, id_low, id_high, _, _, _, _, value @ ..] = *row;
            let id = u16::from_le_bytes([id_low, id_high]);
            let kind = u16::from_le_bytes([kind_low, kind_high]);
            self.fixed.entry((id, kind)).or_insert(u64::from_le_bytes(value));
        }
    }
}

/// The number and the type in the name of a stream: `__substg1.0_0037001F`. One value of several, whose
/// name goes on, is none.
fn tag_of(name: &str) -> Option<(u16, u16)> {
    let prefix = name.get(..STREAM.len())?;
    let tag = name.get(STREAM.len()..)?;
    if !prefix.eq_ignore_ascii_case(STREAM) || tag.len() != 8 || !tag.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let number = |range| tag.get(range).and_then(|hex| u16::from_str_radix(hex, 16).ok());
    Some((number(0..4)?, number(4..8)?))
}

#[cfg(test)]
mod tests {
    use super::tag_of;

    #[test]
    fn names_of_streams_hold_number_and_type() {
        for (name, tag) in [
            ("__substg1.0_0037001F", Some((0x37, 0x1f))),
            ("__SUBSTG1.0_3701000d", Some((0x3701, 0x0d))),
            ("__substg1.0_0037101F-00000000", None),
            ("__substg1.0_+037001F", None),
            ("__substg1.0_", None),
            ("__nameid_version1.0", None),
        ] {
            assert_eq!(tag_of(name), tag, "{name}");
        }
    }
}
