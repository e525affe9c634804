//! From incoming mail to the bytes of the reply: whatever stands in the mail, no header is injected.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

mod held;

/// Numbers that are the same on every run.
///
/// # Source
/// SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// Control sequences that some software takes for the end of a line or of a value.
const CONTROLS: &[&str] = &[
    "\r\n",
    "\n",
    "\r",
    "\r\r\n",
    "\n\r",
    "\r\n\r\n",
    "\n\n",
    "\r\n ",
    "\r\n\t",
    "\r ",
    "\n ",
    "\0",
    "\u{b}",
    "\u{c}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{9}",
    "\u{8}",
    "\u{1c}",
    "\u{1d}",
    "\u{1e}",
    "\u{1f}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{2066}",
    "\u{e000d}",
    "\u{e000a}",
    "\u{560d}",
    "\u{560a}",
    "\u{ff0d}\u{ff0a}",
    "\u{240d}\u{240a}",
    "%0d%0a",
    "\\r\\n",
    "&#13;&#10;",
    "=0D=0A",
    "\u{ad}\r\n",
];
/// What would be a header, a recipient, or the start of the body.
const PAYLOADS: &[&str] = &[
    "Bcc: evil@attacker.example",
    "Bcc:evil@attacker.example",
    "bcc : <evil@attacker.example>",
    "To: evil@attacker.example",
    "Cc: evil@attacker.example, other@attacker.example",
    "From: boss@halyard.example",
    "Subject: other",
    "Content-Type: text/html\r\n\r\n<b>",
    "X-Evil: 1\r\nBcc: evil@attacker.example",
    "\r\nBcc: evil@attacker.example\r\n\r\nbody",
    ", evil@attacker.example",
    "> , <evil@attacker.example",
    "\" <evil@attacker.example>, \"",
    ";evil@attacker.example",
    "=?utf-8?Q?=0D=0ABcc:_evil@attacker.example?=",
];

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = char::from(DIGITS[(bits >> shift & 63) as usize]);
            out.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

/// The text as an encoded word, `Q` or `B`.
fn encoded(text: &str, base: bool, charset: &str) -> String {
    if base {
        return format!("=?{charset}?B?{}?=", base64(text.as_bytes()));
    }
    let quoted: String = text
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("={b:02X}") })
        .collect();
    format!("=?{charset}?Q?{quoted}?=")
}

/// The text as an RFC 2231 parameter.
fn extended(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// One slot of a mail, with an attack in it.
fn slot(dice: &mut Dice) -> String {
    let benign = dice.pick(&["hello", "Maya Okafor", "a", "", "x@y.example", "é", "你好", "a.b@c.example"]);
    let attack = format!("{benign}{}{}", dice.pick(CONTROLS), dice.pick(PAYLOADS));
    match dice.roll(5) {
        0 => encoded(&attack, false, "utf-8"),
        1 => encoded(&attack, true, "utf-8"),
        2 => encoded(
            &attack,
            dice.roll(2) == 0,
            dice.pick(&["iso-8859-1", "utf-7", "utf-16", "us-ascii", "x"]),
        ),
        3 => format!("{} {}", encoded(benign, false, "utf-8"), encoded(&attack, true, "utf-8")),
        _ => attack,
    }
}

/// A whole hostile mail.
fn mail(dice: &mut Dice) -> Vec<u8> {
    let good = |kind: &str| match kind {
        "id" => "<good.1@northwind.example>".to_owned(),
        "person" => "Maya <maya@northwind.example>".to_owned(),
        _ => "Retention".to_owned(),
    };
    let person = |dice: &mut Dice, hostile: bool| {
        if !hostile {
            return good("person");
        }
        let text = slot(dice);
        match dice.roll(5) {
            0 => format!("{text} <maya@northwind.example>"),
            1 => format!("\"{text}\" <maya@northwind.example>"),
            2 => format!("Maya <{text}>"),
            3 => format!("{text}@northwind.example"),
            _ => format!("maya@northwind.example ({text})"),
        }
    };
    let id = |dice: &mut Dice, hostile: bool| {
        if !hostile {
            return good("id");
        }
        let text = slot(dice);
        match dice.roll(3) {
            0 => format!("<{text}@northwind.example>"),
            1 => format!("<a@northwind.example{text}>"),
            _ => text,
        }
    };
    let target = dice.roll(8);
    let hostile = |place: usize, dice: &mut Dice| place == target || dice.roll(4) == 0;
    let mut raw = String::new();
    let from = hostile(0, dice);
    raw.push_str(&format!("From: {}\r\n", person(dice, from)));
    let to = hostile(1, dice);
    raw.push_str(&format!("To: {}, sam@halyard.example\r\n", person(dice, to)));
    if hostile(2, dice) {
        raw.push_str(&format!("Reply-To: {}\r\n", person(dice, true)));
    }
    if hostile(3, dice) {
        raw.push_str(&format!("Cc: {}\r\n", person(dice, true)));
    }
    let subject = hostile(4, dice);
    raw.push_str(&format!("Subject: {}\r\n", if subject { slot(dice) } else { good("text") }));
    let own = hostile(5, dice);
    raw.push_str(&format!("Message-ID: {}\r\n", id(dice, own)));
    let parents = hostile(6, dice);
    raw.push_str(&format!(
        "References: {} {}\r\nIn-Reply-To: {}\r\n",
        id(dice, false),
        id(dice, parents),
        id(dice, parents)
    ));
    let part = if hostile(7, dice) {
        let text = slot(dice);
        match dice.roll(3) {
            0 => format!("application/pdf; name*=utf-8''{}", extended(&text)),
            1 => format!("application/pdf; name*0*=utf-8''{}; name*1=\"{text}\"", extended(&text)),
            _ => format!("application/pdf; name=\"{text}\""),
        }
    } else {
        "application/pdf; name=a.pdf".to_owned()
    };
    raw.push_str(&format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{}\r\n--b\r\nContent-Type: {part}\r\n\r\nx\r\n--b--\r\n",
        slot(dice)
    ));
    raw.into_bytes()
}

#[test]
fn ten_thousand_hostile_mails_inject_no_header() {
    let mut dice = Dice(20_261_125);
    let mut built = 0;
    for _ in 0..10_000 {
        built += usize::from(held::reply_to(&mail(&mut dice)));
    }
    assert!(built > 7_000, "only {built} of the mails had a sender to reply to");
}

#[test]
fn seeds_inject_no_header() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/fuzz/header"));
    for entry in fs::read_dir(folder).unwrap() {
        held::reply_to_headers(&fs::read(entry.unwrap().path()).unwrap());
    }
}
