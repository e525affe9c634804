//! What RTF becomes, from short examples.

use super::{Content, GROUPS, LIMIT, content, unfolded};

/// RTF behind a header that says it is not packed.
fn plain(rtf: &[u8]) -> Vec<u8> {
    let size = u32::try_from(rtf.len()).unwrap();
    let mut out = (size + 12).to_le_bytes().to_vec();
    out.extend(size.to_le_bytes());
    out.extend(b"MELA\0\0\0\0");
    out.extend(rtf);
    out
}

#[track_caller]
fn text(rtf: &[u8], expected: &str) {
    assert_eq!(content(&plain(rtf)), Some(Content::Text(expected.to_owned())));
}

#[track_caller]
fn html(rtf: &str, expected: &str) {
    let rtf = format!("{{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{rtf}}}");
    assert_eq!(content(&plain(rtf.as_bytes())), Some(Content::Html(expected.to_owned())));
}

#[test]
fn the_examples_of_the_specification_unpack() {
    // MS-OXRTFCP 4.1.1 and 4.2.1: a simple text, and one that copies what it is writing.
    let simple: &[u8] = &[
        0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
        0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00,
        0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    ];
    assert_eq!(super::unpacked(simple).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    assert_eq!(content(simple), Some(Content::Text("hello world".to_owned())));
    let crossing: &[u8] = &[
        0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20,
        0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
    ];
    assert_eq!(super::unpacked(crossing).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

#[test]
fn words_come_out_of_plain_rtf() {
    text(
        b"{\\rtf1\\ansi\\fromtext {\\fonttbl{\\f0\\fswiss Arial;}}Hi Sam,\\par\r\n\\par The pump runs.}",
        "Hi Sam,\n\nThe pump runs.",
    );
    text(
        b"{\\rtf1{\\info{\\title No}}{\\*\\generator Word;}a\\tab b\\~c\\{d\\}{\\pict 0102}}",
        "a\tb\u{a0}c{d}",
    );
    text(b"{\\rtf1\\ansi\\ansicpg1252 gr\\'fc\\'dfe \\endash \\ldblquote so\\rdblquote}", "grüße –“so”");
    text(b"{\\rtf1 \\u8364?5 \\u-10179?\\u-8704? \\uc2\\u228 xy!{\\uc0\\u246 }x}", "€5 😀 ä!öx");
    text(b"{\\rtf1{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}{\\f2\\fcharset128 Gothic;}}{\\f1\\'cf\\'f0}{\\f2\\'93\\'fa\\'96{}\\'7b}\\f0 x}", "Пр日本x");
    text(b"{\\rtf1 a{\\bin3 }}}b}", "ab");
    // Damage is no reason to stop.
    text(b"{\\rtf1 a}}}b\\", "ab");
    text(b"{\\rtf1 a\\'zzb\\u99999 ?c", "azzb\u{fffd}c");
}

#[test]
fn html_comes_out_as_it_went_in() {
    html(
        "{\\fonttbl{\\f0\\fswiss Arial;}}\\uc1\\pard\\plain\\deftab360 \\f0\\fs24 \r\n{\\*\\htmltag19 <html>}{\\*\\htmltag64 <p class=\"a\">}\\htmlrtf {\\htmlrtf0 Fish &amp; chips{\\*\\htmltag116 <br>}\\htmlrtf \\line\r\n\\htmlrtf0 5 {\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0  6\\htmlrtf \\par}\\htmlrtf0 {\\*\\htmltag72 </p>}{\\*\\mhtmltag84 <img src=x>}{\\*\\htmltag27 </html>}",
        "<html><p class=\"a\">Fish &amp; chips<br>5 &lt; 6</p></html>",
    );
    html(
        "{\\*\\htmltag64 <p>\\par }\\'e4{\\*\\htmltag72 \\tab </p>}{\\*\\htmltag1 \\{x\\}}\\rquote",
        "<p>\r\nä\t</p>{x}&rsquo;",
    );
    html("{\\*\\htmltag64 <li>}\\htmlrtf {\\htmlrtf0 {\\pntext 1.\\tab}one\\htmlrtf }\\htmlrtf0 ", "<li>one");
    // A tag where nothing is shown is not shown.
    html("{\\info{\\*\\htmltag1 <b>}}x{\\*\\unknown{\\*\\htmltag1 <i>}}", "x");
}

#[test]
fn damage_ends_early_and_bombs_are_cut() {
    assert_eq!(content(b""), None);
    assert_eq!(content(&plain(b"no rtf")), None);
    assert_eq!(content(&[0; 40]), None);
    let deep = format!("{{\\rtf1 {}x{}y}}", "{".repeat(GROUPS * 40), "}".repeat(GROUPS * 40));
    text(deep.as_bytes(), "xy");
    // Two bytes that unfold to seventeen, over and over.
    let mut bomb = Vec::new();
    for run in 0..150_000_usize {
        bomb.push(0xff);
        for number in 0..8 {
            let from = (207 + (run * 8 + number) * 17 + 1) % 4_096;
            bomb.extend([u8::try_from(from >> 4).unwrap(), u8::try_from(from << 4 & 0xf0 | 15).unwrap()]);
        }
    }
    assert_eq!(unfolded(&bomb, LIMIT).len(), LIMIT);
    let claims = [&[0xff; 8][..], b"LZFu\0\0\0\0\0{"].concat();
    assert_eq!(content(&claims), None);
}
