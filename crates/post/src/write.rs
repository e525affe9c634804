//! The bytes of a reply: strict CR LF, ASCII only, no line over 78 characters where it can be helped
//! and none over 998 ever.
//!
//! # Source
//! RFC 5322, RFC 2045 (quoted-printable), RFC 2047 (encoded words).

use postil_evidence::Mailbox;
use postil_mail::MsgId;
use postil_mail::encode::{encoded_words, quoted_printable};

use crate::PostError;
use crate::reply::ReplyHeaders;

/// Where header lines are folded.
const FOLD: usize = 76;

impl ReplyHeaders {
    /// Writes the reply as a whole message, `text/plain; charset=utf-8`. Line ends of `body` become
    /// CR LF; it ends in one.
    ///
    /// # Errors
    /// [`PostError::NoRecipient`], [`PostError::EmptyBody`], or [`PostError::NotAscii`] for an address
    /// that only a server with SMTPUTF8 could take.
    pub fn write(&self, body: &str) -> Result<Vec<u8>, PostError> {
        if self.to.is_empty() && self.cc.is_empty() {
            return Err(PostError::NoRecipient);
        }
        if body.trim().is_empty() {
            return Err(PostError::EmptyBody);
        }
        let everyone = std::iter::once(&self.from).chain(&self.to).chain(&self.cc);
        for mailbox in everyone {
            if !mailbox.addr.as_str().is_ascii() {
                return Err(PostError::NotAscii { address: mailbox.addr.to_string() });
            }
        }
        let mut out = String::new();
        header(&mut out, "From", &[mailbox(&self.from)], "");
        header(&mut out, "To", &self.to.iter().map(mailbox).collect::<Vec<_>>(), ",");
        header(&mut out, "Cc", &self.cc.iter().map(mailbox).collect::<Vec<_>>(), ",");
        header(&mut out, "Subject", &unstructured(self.subject.as_str()), "");
        header(&mut out, "Date", &[self.date.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()], "");
        header(&mut out, "Message-ID", &[self.message_id.to_string()], "");
        let parent: Vec<String> = self.in_reply_to.iter().map(MsgId::to_string).collect();
        header(&mut out, "In-Reply-To", &parent, "");
        let thread: Vec<String> = self.references.iter().map(MsgId::to_string).collect();
        header(&mut out, "References", &thread, "");
        out.push_str("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n");
        let body = body.replace("\r\n", "\n").replace('\r', "\n");
        let body = body.trim_end_matches('\n');
        let plain = body.lines().all(|line| {
            line.len() <= FOLD
                && line.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b))
                && !line.ends_with([' ', '\t'])
                && !line.starts_with("From ")
        });
        let encoding = if plain { "7bit" } else { "quoted-printable" };
        out.push_str(&format!("Content-Transfer-Encoding: {encoding}\r\n\r\n"));
        for line in body.split('\n') {
            if plain {
                out.push_str(line)
            } else {
                quoted_printable(&mut out, line, transports_change)
            }
            out.push_str("\r\n");
        }
        Ok(out.into_bytes())
    }
}

/// Whether some transports change a line that begins so.
fn transports_change(line: &[u8]) -> bool {
    line.starts_with(b".") || line.starts_with(b"From ")
}

/// Writes `Name: part part`, folded between parts; nothing where there is no part.
fn header(out: &mut String, name: &str, parts: &[String], between: &str) {
    let mut width = name.len() + 1;
    for (i, part) in parts.iter().enumerate() {
        if i == 0 {
            out.push_str(name);
            out.push(':');
        } else {
            out.push_str(between);
        }
        if i > 0 && width + between.len() + 1 + part.len() > FOLD {
            out.push_str("\r\n");
            width = 0;
        }
        out.push(' ');
        out.push_str(part);
        width += between.len() + 1 + part.len();
    }
    if !parts.is_empty() {
        out.push_str("\r\n");
    }
}

fn mailbox(mailbox: &Mailbox) -> String {
    let name = mailbox.name.as_str();
    if name.is_empty() {
        return mailbox.addr.to_string();
    }
    let atoms = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
    let shown = if !is_plain(name) || name.len() > 60 {
        // Between encoded words a line may be folded.
        return format!("{}\r\n <{}>", encoded_words(name).join("\r\n "), mailbox.addr);
    } else if name.chars().all(atoms) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    };
    format!("{shown} <{}>", mailbox.addr)
}

/// Text that can stand in a header as it is: printable ASCII that no reader takes for an encoded
/// word, with no word too long for a line.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && !text.contains("=?")
        && text.split(' ').all(|word| word.len() <= FOLD)
}

fn unstructured(text: &str) -> Vec<String> {
    if is_plain(text) { text.split(' ').map(str::to_owned).collect() } else { encoded_words(text) }
}

#[cfg(test)]
mod tests {
    use jiff::Zoned;
    use mail_parser::MessageParser;
    use postil_evidence::{Addr, HeaderText, Mailbox};
    use postil_mail::MsgId;

    use crate::{PostError, ReplyHeaders};

    fn mailbox(name: &str, addr: &str) -> Mailbox {
        Mailbox { name: HeaderText::clean(name), addr: Addr::parse(addr).unwrap() }
    }

    fn headers(name: &str, subject: &str) -> ReplyHeaders {
        let date: Zoned = "2026-11-23T09:30:00+01:00[+01:00]".parse().unwrap();
        ReplyHeaders {
            from: mailbox("Sam Rivera", "sam@halyard.example"),
            to: vec![mailbox(name, "maya@northwind.example"), mailbox("", "ines@northwind.example")],
            cc: Vec::new(),
            subject: HeaderText::clean(subject),
            date,
            message_id: MsgId::parse("<new@halyard.example>").unwrap(),
            in_reply_to: MsgId::parse("<old@northwind.example>"),
            references: (0..20).filter_map(|n| MsgId::parse(&format!("<{n}@northwind.example>"))).collect(),
        }
    }

    /// Writes, checks the bytes, reads them with another program's parser and compares.
    fn check(name: &str, subject: &str, body: &str) {
        let headers = headers(name, subject);
        let bytes = headers.write(body).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        for line in text.split_terminator("\r\n") {
            assert!(!line.contains(['\r', '\n']) && line.len() <= 78, "{line}");
        }
        let head = text.split("\r\n\r\n").next().unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|l| !l.starts_with(' '))
            .filter_map(|l| Some(l.split_once(':')?.0))
            .collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "In-Reply-To",
                "References",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding"
            ]
        );
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject().unwrap_or_default(), headers.subject.as_str());
        let to = read.to().unwrap().first().unwrap();
        assert_eq!(to.name().unwrap_or_default(), headers.to[0].name.as_str());
        assert_eq!(to.address().unwrap(), "maya@northwind.example");
        assert_eq!(read.to().unwrap().iter().count(), 2);
        let expect = body.replace("\r\n", "\n").replace('\r', "\n");
        let found = read.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(found.trim_end_matches('\n'), expect.trim_end_matches('\n'));
        assert_eq!(read.message_id(), Some("new@halyard.example"));
        assert_eq!(read.in_reply_to().as_text(), Some("old@northwind.example"));
        assert_eq!(read.references().as_text_list().map(|ids| ids.len()), Some(20));
        assert_eq!(read.date().map(|date| date.to_rfc3339()).as_deref(), Some("2026-11-23T09:30:00+01:00"));
    }

    #[test]
    fn what_is_written_reads_back() {
        let long = format!("{} ", "word".repeat(4)).repeat(30);
        for (name, subject, body) in [
            ("Maya Okafor", "Re: Retention terms", "Hi Maya,\n\n24 months.\n\nBest,\nSam\n"),
            ("Okafor, Maya \"M\" \\ (NW)", "Re: =?utf-8?Q?x?= trick", "From here\n.\n..two\n trailing \n"),
            (
                "Élodie Marchand",
                "Re: Schlüsselverwaltung – größere Änderung für München und Zürich 你好",
                "Grüße = ü\r\n",
            ),
            (long.trim(), long.trim(), &long),
            ("", &"x".repeat(900), &"é".repeat(3_000)),
            ("evil\r\nBcc: x@y.example", "a\r\nBcc: x@y.example", "a\rb\nBcc: no header"),
        ] {
            check(name, subject, body);
        }
    }

    #[test]
    fn what_cannot_go_out_is_refused() {
        let good = headers("Maya", "Re: x");
        assert_eq!(good.write(" \n"), Err(PostError::EmptyBody));
        let nobody = ReplyHeaders { to: Vec::new(), ..good.clone() };
        assert_eq!(nobody.write("x"), Err(PostError::NoRecipient));
        let abroad = ReplyHeaders { cc: vec![mailbox("", "ü@x.example")], ..good };
        assert!(matches!(abroad.write("x"), Err(PostError::NotAscii { .. })));
    }
}
