//! The made-up mail: threads as on a mailing list and between customers, in a Maildir++ of five folders.
//!
//! Each message depends on the seed only. Bodies are built as real ones are: own words, attribution, quoted parent,
//! signature, list footer; some with an HTML part or an attachment.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::cast::{Cast, OWNER_ADDRESS, OWNER_NAME};
use super::random::Random;
use super::words::{Words, capital};
use super::write_file;

/// Maildir++ names; the first is the inbox itself.
const FOLDERS: &[&str] = &["", ".Archive", ".Sent", ".Lists.devel", ".Lists.users"];
/// Lines of the parent that a reply keeps at most.
const QUOTED_LINES: usize = 48;

/// Seconds since 1970, UTC.
#[derive(Clone, Copy)]
pub(super) struct Moment(u64);

impl Moment {
    /// Some time in the three years before 2026-11-20.
    pub(super) fn any(random: &mut Random) -> Self {
        const END: u64 = 1_795_132_800;
        const YEARS: usize = 3 * 365 * 86_400;
        Self(END - random.below(YEARS) as u64)
    }

    fn later(self, seconds: usize) -> Self {
        Self(self.0 + seconds as u64)
    }

    /// `2026-11-20`.
    pub(super) fn date(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// As in a Date header.
    fn header(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (year, month, day) = self.civil();
        let (hour, minute, second) = (self.0 / 3600 % 24, self.0 / 60 % 60, self.0 % 60);
        let weekday = DAYS[(self.0 / 86_400 % 7) as usize];
        let month = MONTHS[month as usize - 1];
        format!("{weekday}, {day} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
    }

    /// Year, month from 1, day from 1.
    ///
    /// # Source
    ///
    /// Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    fn civil(self) -> (u64, u64, u64) {
        let days = self.0 / 86_400 + 719_468;
        let era = days / 146_097;
        let of_era = days % 146_097;
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        (year, month, of_year - (153 * shifted + 2) / 5 + 1)
    }
}

/// What a reply needs to know of the message it answers.
struct Parent {
    id: String,
    references: Vec<String>,
    author: String,
    time: Moment,
    body: String,
}

/// What all messages of a thread share.
struct Topic {
    subject: String,
    /// The list it runs on, or `None` between people.
    list: Option<&'static str>,
    /// Indexes into [`Cast::people`]; the owner is one past the last person.
    people: Vec<usize>,
}

/// Writes `count` messages in threads of one to twenty.
pub(super) fn write(
    maildir: &Path,
    count: usize,
    cast: &Cast,
    words: &Words,
    random: &mut Random,
) -> Result<()> {
    for folder in FOLDERS {
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(maildir.join(folder).join(part))?;
        }
    }
    let mut written = 0;
    while written < count {
        let topic = new_topic(cast, words, random);
        let length = (1 + random.skewed(14)).min(count - written);
        let mut parents: Vec<Parent> = Vec::with_capacity(length);
        let mut time = Moment::any(random);
        for at in 0..length {
            // Mostly the newest is answered, sometimes an older one: that makes a tree of it.
            let parent = match at {
                0 => None,
                _ if random.chance(75) => parents.last(),
                _ => Some(random.pick(&parents)),
            };
            let author = *random.pick(&topic.people);
            let message = Message { number: written, author, time, topic: &topic, parent, cast };
            let (bytes, as_parent) = message.make(words, random);
            let folder = message.folder(random);
            // New mail has no flags and lies in `new/`.
            let unseen = random.chance(2) && folder != ".Sent";
            let part = if unseen { "new" } else { "cur" };
            let flags = if unseen { "" } else { ":2,S" };
            let name = format!("{}.M{written}P1.bench,S={}{flags}", time.0, bytes.len());
            write_file(&maildir.join(folder).join(part), &name, bytes.as_bytes())?;
            parents.push(as_parent);
            time = time.later(random.between(120, 120_000));
            written += 1;
        }
    }
    Ok(())
}

fn new_topic(cast: &Cast, words: &Words, random: &mut Random) -> Topic {
    let subject: Vec<&str> = (0..random.between(2, 6)).map(|_| words.topic(random)).collect();
    let list = match random.below(10) {
        0..=3 => Some("devel"),
        4..=6 => Some("users"),
        _ => None,
    };
    let mut people: Vec<usize> = (0..random.between(2, if list.is_some() { 7 } else { 3 }))
        .map(|_| random.skewed(cast.people.len()))
        .collect();
    if list.is_none() || random.chance(20) {
        people.push(cast.people.len());
    }
    Topic { subject: capital(&subject.join(" ")), list, people }
}

struct Message<'t> {
    number: usize,
    author: usize,
    time: Moment,
    topic: &'t Topic,
    parent: Option<&'t Parent>,
    cast: &'t Cast,
}

impl Message<'_> {
    fn folder(&self, random: &mut Random) -> &'static str {
        match self.topic.list {
            _ if self.is_ours() => ".Sent",
            Some("devel") => ".Lists.devel",
            Some(_) => ".Lists.users",
            None if random.chance(60) => ".Archive",
            None => "",
        }
    }

    fn is_ours(&self) -> bool {
        self.author >= self.cast.people.len()
    }

    /// Name and address of a person of the thread.
    fn mailbox(&self, person: usize) -> (&str, &str) {
        self.cast
            .people
            .get(person)
            .map_or((OWNER_NAME, OWNER_ADDRESS), |it| (it.name.as_str(), it.address.as_str()))
    }

    /// The message as bytes (lines end in LF, as Maildirs on Unix keep them) and what an answer to it needs.
    fn make(&self, words: &Words, random: &mut Random) -> (String, Parent) {
        let (name, address) = self.mailbox(self.author);
        let domain = address.split('@').nth(1).unwrap_or("nowhere.example");
        let id = format!("<{}.{}.{}@{domain}>", self.time.0, self.number, random.token(12));
        let references = self.parent.map_or_else(Vec::new, |parent| {
            let mut ids = parent.references.clone();
            ids.push(parent.id.clone());
            ids
        });
        let body = self.body(words, random);
        let mut text = String::with_capacity(body.len() * 3 + 4096);
        self.trace(&mut text, address, domain, random);
        self.envelope(&mut text, &id, &references, random);
        content(&mut text, &body, words, random);
        (text, Parent { id, references, author: name.to_owned(), time: self.time, body })
    }

    /// What the servers on the way wrote.
    fn trace(&self, text: &mut String, address: &str, domain: &str, random: &mut Random) {
        let at = self.time.header();
        let mut line = |line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        if self.is_ours() {
            return;
        }
        line(format!("Return-Path: <{address}>\nDelivered-To: {OWNER_ADDRESS}"));
        for hop in 0..random.between(2, 6) {
            line(format!(
                "Received: from mx{hop}.{domain} (mx{hop}.{domain} [192.0.2.{}])\n\tby in{hop}.halyard.example (Postfix) with ESMTPS id {}\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tfor <{OWNER_ADDRESS}>; {at}",
                random.below(255),
                random.token(11)
            ));
        }
        if random.chance(65) {
            let key: Vec<String> = (0..5).map(|_| random.token(68)).collect();
            line(format!(
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=mail2025;\n\th=from:to:cc:subject:date:message-id:in-reply-to:references;\n\tbh={}=;\n\tb={}==",
                random.token(43),
                key.join("\n\t ")
            ));
            line(format!(
                "Authentication-Results: in0.halyard.example; dkim=pass header.d={domain};\n\tspf=pass smtp.mailfrom={address}; dmarc=pass header.from={domain}"
            ));
        }
        if random.chance(50) {
            line(format!(
                "X-Spam-Status: No, score=-{}.{}\nX-Spam-Level:",
                random.below(5),
                random.below(10)
            ));
        }
        if let Some(list) = self.topic.list {
            line(format!(
                "Precedence: list\nList-Id: Discussion of {list} <{list}.lists.example>\nList-Unsubscribe: <https://lists.example/options/{list}>,\n\t<mailto:{list}-request@lists.example?subject=unsubscribe>\nList-Archive: <https://lists.example/archive/{list}/>\nList-Post: <mailto:{list}@lists.example>\nList-Help: <mailto:{list}-request@lists.example?subject=help>\nSender: {list}-bounces@lists.example"
            ));
        }
    }

    /// What the sender's program wrote.
    fn envelope(&self, text: &mut String, id: &str, references: &[String], random: &mut Random) {
        let (name, address) = self.mailbox(self.author);
        let others: Vec<(&str, &str)> = self
            .topic
            .people
            .iter()
            .filter(|other| **other != self.author)
            .map(|other| self.mailbox(*other))
            .collect();
        let _ = writeln!(text, "From: {} <{address}>", encoded(name));
        match (self.topic.list, others.split_first()) {
            (Some(list), _) => {
                let _ = writeln!(text, "To: {list}@lists.example");
                if let Some((name, address)) = others.first().filter(|_| random.chance(30)) {
                    let _ = writeln!(text, "Cc: {} <{address}>", encoded(name));
                }
            }
            (None, Some(((name, address), rest))) => {
                let _ = writeln!(text, "To: {} <{address}>", encoded(name));
                let rest: Vec<String> =
                    rest.iter().map(|(name, address)| format!("{} <{address}>", encoded(name))).collect();
                if !rest.is_empty() {
                    let _ = writeln!(text, "Cc: {}", rest.join(",\n\t"));
                }
            }
            (None, None) => {
                let _ = writeln!(text, "To: {OWNER_NAME} <{OWNER_ADDRESS}>");
            }
        }
        let re = if self.parent.is_some() { "Re: " } else { "" };
        let tag = self.topic.list.map_or_else(String::new, |list| format!("[{list}] "));
        let _ = writeln!(text, "Subject: {re}{tag}{}", self.topic.subject);
        let _ = writeln!(text, "Date: {}\nMessage-ID: {id}", self.time.header());
        // A few programs drop these; threads must hold without them.
        if let Some(parent) = self.parent.filter(|_| !random.chance(3)) {
            let _ = writeln!(text, "In-Reply-To: {}\nReferences: {}", parent.id, references.join("\n\t"));
        }
        const PROGRAMS: &[&str] = &[
            "Mozilla Thunderbird",
            "Apple Mail (2.3826)",
            "Microsoft Outlook 16.0",
            "mutt/2.2.12",
            "K-9 Mail",
        ];
        let _ = writeln!(text, "User-Agent: {}\nMIME-Version: 1.0", random.pick_word(PROGRAMS));
    }

    /// The plain text: own words, the quoted parent above or below them, signature, list footer.
    fn body(&self, words: &Words, random: &mut Random) -> String {
        let own = own_words(words, random);
        let quote = self.parent.map(|parent| {
            let lines = parent.body.lines().take_while(|line| *line != "-- ").take(QUOTED_LINES);
            let lines: Vec<String> = lines
                .map(|line| if line.starts_with('>') { format!(">{line}") } else { format!("> {line}") })
                .collect();
            format!("On {}, {} wrote:\n{}\n", parent.time.header(), parent.author, lines.join("\n"))
        });
        let (name, _) = self.mailbox(self.author);
        let greeting = if random.chance(50) { "Hi all,\n\n" } else { "" };
        let first = name.split(' ').next().unwrap_or(name);
        let mut text = match quote {
            None => format!("{greeting}{own}\nBest,\n{first}\n"),
            Some(quote) if random.chance(50) => format!("{quote}\n{own}\n{first}\n"),
            Some(quote) => format!("{greeting}{own}\n{first}\n\n{quote}"),
        };
        if random.chance(60) {
            let role = self.cast.people.get(self.author).map_or("Halyard", |person| person.role);
            let _ = write!(text, "\n-- \n{name}\n{role}\n+44 20 7946 0{:03}\n", random.below(1000));
        }
        if let Some(list) = self.topic.list {
            let line = "_".repeat(47);
            let _ = write!(
                text,
                "\n{line}\n{list} mailing list\n{list}@lists.example\nhttps://lists.example/options/{list}\n"
            );
        }
        text
    }
}

/// Three to nine paragraphs, filled to 72 columns, now and then a question to the reader.
fn own_words(words: &Words, random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.between(3, 9) {
        let mut paragraph = words.paragraph(random);
        if random.chance(10) {
            const ASKS: &[&str] = &[
                "Could you send us the {} by Friday?",
                "Can you confirm the {} for next week?",
                "Did we agree on the {}?",
            ];
            let ask = random.pick_word(ASKS).replace("{}", words.topic(random));
            let _ = write!(paragraph, " {ask}");
        }
        fill(&mut text, &paragraph);
        text.push('\n');
    }
    text
}

fn fill(text: &mut String, paragraph: &str) {
    let mut column = 0;
    for word in paragraph.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > 72 {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
    }
    text.push('\n');
}

/// The content headers and the content: plain; in one of five with an HTML part; in one of twenty with an attachment.
fn content(text: &mut String, body: &str, words: &Words, random: &mut Random) {
    const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";
    let boundary = format!("=_{}", random.token(24));
    let html = random.chance(20);
    let attached = random.chance(5);
    let (outer, inner) = (format!("{boundary}.1"), format!("{boundary}.2"));
    if attached {
        let _ = write!(text, "Content-Type: multipart/mixed; boundary=\"{outer}\"\n\n--{outer}\n");
    }
    if html {
        let _ = write!(
            text,
            "Content-Type: multipart/alternative; boundary=\"{inner}\"\n\n--{inner}\n{PLAIN}{body}\n--{inner}\n"
        );
        text.push_str(
            "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n",
        );
        quoted_printable(text, &as_html(body));
        let _ = writeln!(text, "\n--{inner}--");
    } else {
        text.push_str(PLAIN);
        text.push_str(body);
    }
    if attached {
        let name = words.topic(random);
        let _ = write!(
            text,
            "\n--{outer}\nContent-Type: application/pdf; name=\"{name}.pdf\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"{name}.pdf\"\n\n"
        );
        // Letters and digits are base64 already: what they decode to is noise, as a compressed file is.
        for _ in 0..random.between(40, 700) {
            text.push_str(&random.token(76));
            text.push('\n');
        }
        let _ = writeln!(text, "--{outer}--");
    }
}

fn as_html(body: &str) -> String {
    let escaped = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut html = String::from(
        "<html><head><meta charset=\"utf-8\"></head><body style=\"font-family: sans-serif; font-size: 11pt\">\n",
    );
    for paragraph in escaped.split("\n\n") {
        let _ = writeln!(
            html,
            "<p style=\"margin: 0 0 1em 0\">{}</p>",
            paragraph.trim_end().replace('\n', "<br>\n")
        );
    }
    html.push_str("</body></html>\n");
    html
}

/// RFC 2045 section 6.7, lines of 76.
fn quoted_printable(text: &mut String, content: &str) {
    for line in content.lines() {
        let mut column = 0;
        for byte in line.bytes() {
            let plain = matches!(byte, b' '..=b'~') && byte != b'=';
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                text.push_str("=\n");
                column = 0;
            }
            if plain {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "={byte:02X}");
            }
            column += width;
        }
        text.push('\n');
    }
}

/// A name as it may stand in a header: RFC 2047 where it is not ASCII.
fn encoded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let mut word = String::from("=?utf-8?Q?");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte));
        } else {
            let _ = write!(word, "={byte:02X}");
        }
    }
    word.push_str("?=");
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(count: usize) -> Vec<String> {
        let mut random = Random::new(11);
        let words = Words::new(&mut random);
        let cast = Cast::new(&mut random, 0);
        let topic = Topic { subject: "Renewal".to_owned(), list: Some("devel"), people: vec![0, 1, 2] };
        let mut made: Vec<String> = Vec::new();
        let mut parent: Option<Parent> = None;
        for number in 0..count {
            let message = Message {
                number,
                author: number % 3,
                time: Moment(1_700_000_000),
                topic: &topic,
                parent: parent.as_ref(),
                cast: &cast,
            };
            let (text, next) = message.make(&words, &mut random);
            made.push(text);
            parent = Some(next);
        }
        made
    }

    #[test]
    fn dates_are_real_dates() {
        assert_eq!(Moment(0).header(), "Thu, 1 Jan 1970 00:00:00 +0000");
        assert_eq!(Moment(1_709_208_000).header(), "Thu, 29 Feb 2024 12:00:00 +0000");
        assert_eq!(Moment(1_795_132_800).date(), "2026-11-20");
    }

    #[test]
    fn replies_name_and_quote_their_parent() {
        let made = messages(3);
        let id =
            |text: &str| text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
        assert!(!made[0].contains("\n> "));
        assert!(made[1].contains(&format!("References: {}", id(&made[0]))));
        assert!(made[1].contains("wrote:\n> "));
        assert!(made[2].contains("\n>> "), "the quote of a quote");
        assert_eq!(messages(3), made, "the same seed makes the same mail");
    }

    #[test]
    fn every_boundary_is_closed() {
        for text in messages(200) {
            for line in text.lines().filter_map(|line| line.split("boundary=\"").nth(1)) {
                let boundary = line.trim_end_matches('"');
                assert_eq!(text.matches(&format!("\n--{boundary}--\n")).count(), 1);
            }
            assert!(text.lines().all(|line| line.len() < 998), "RFC 5322 section 2.1.1");
        }
    }

    #[test]
    fn encoding_keeps_to_ascii_and_line_length() {
        assert_eq!(encoded("Zoë Lin"), "=?utf-8?Q?Zo=C3=AB=20Lin?=");
        let mut text = String::new();
        quoted_printable(&mut text, &"ä=b ".repeat(100));
        assert!(text.lines().all(|line| line.len() <= 76) && text.is_ascii());
    }
}
