//! How fast mail comes, with the rate of Dovecot itself beside it: a client that asks for the same bytes and throws them away.
//! Prints; no figure decides. The ordinary tests do it with few messages, `cargo xtask imap-rate` with 20,000.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use crate::account::{mail, reading, sync};
use crate::dovecot::{Dovecot, PASSWORD};

#[test]
fn mail_comes_at_a_rate() {
    let many: usize = std::env::var("POSTIL_RATE").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let Some(dovecot) = Dovecot::start("") else { return };
    let mut bytes = 0;
    for n in 0..many {
        let mut raw = mail(&format!("m{n}"));
        // Words that differ from mail to mail, so that the index has its usual work.
        for line in 0..20 + n % 150 {
            let word = (n * 7_919 + line * 104_729) % 30_011;
            raw.extend_from_slice(
                format!("Line {line} speaks of matter w{word} and of w{}.\r\n", word / 3).as_bytes(),
            );
        }
        bytes += raw.len();
        dovecot.deliver("", &format!("m{n}"), &raw);
    }
    dovecot.settle();
    let rate = |start: Instant| many as f64 / start.elapsed().as_secs_f64();
    // Dovecot's own index of the folder is made by whoever comes first: let it be nobody who is measured.
    drain(&dovecot, many, "UID FLAGS");
    let start = Instant::now();
    drain(&dovecot, many, "UID FLAGS BODY.PEEK[]");
    let raw = rate(start);
    let place = reading(dovecot.port, &[]);
    let start = Instant::now();
    assert_eq!(sync(&place), format!("+{many} -0 ={many}"));
    let synced = rate(start);
    let start = Instant::now();
    assert_eq!(sync(&place), format!("+0 -0 ={many}"));
    println!(
        "{many} messages, {:.1} KB each: synced and indexed {synced:.0} a second; Dovecot alone, its bytes thrown away, {raw:.0} a second; \
         a sync with nothing new {:.2} s",
        bytes as f64 / many as f64 / 1e3,
        start.elapsed().as_secs_f64()
    );
}

/// Asks for something of every message and throws it away.
fn drain(dovecot: &Dovecot, many: usize, what: &str) {
    let mut socket = TcpStream::connect(("127.0.0.1", dovecot.port)).unwrap();
    let commands =
        format!("a LOGIN sam {PASSWORD}\r\nb EXAMINE INBOX\r\nc UID FETCH 1:* ({what})\r\nd LOGOUT\r\n");
    socket.write_all(commands.as_bytes()).unwrap();
    let (mut reader, mut line, mut seen) = (BufReader::with_capacity(64 * 1024, socket), Vec::new(), 0);
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        seen += usize::from(line.starts_with(b"* ") && line.windows(7).any(|word| word == b" FETCH "));
        line.clear();
    }
    assert_eq!(seen, many);
}
