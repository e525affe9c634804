//! A bare question made into what the product works on: a mail to the owner, read as any other.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use postil_evidence::{Addr, Directory, Parties};
use postil_index::Query;
use postil_mail::{Message, Thread, parse_message, thread};
use postil_understand::{Ask, Owner, Reading, read_thread};

use crate::recall;

/// The owner in evaluations that name none.
const OWNER: &str = "owner@house.example";

/// The mail as bytes. `from` and `to` are header texts and must be one line each.
pub(super) fn raw_mail(
    from: &str,
    to: &str,
    subject: &str,
    date: Date,
    content_type: &str,
    body: &str,
) -> Vec<u8> {
    let date = date.strftime("%d %b %Y 12:00:00 +0000");
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <row@rows.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The owner with this address and the name that a mail gives it.
pub(super) fn owner(name: &str, addr: Option<Addr>) -> Owner {
    let names = name.split_whitespace().take(1).map(str::to_owned).collect();
    let addrs = addr.or_else(|| Addr::parse(OWNER)).into_iter().collect();
    Owner { name: name.to_owned(), names, addrs, zone: TimeZone::UTC }
}

/// One message as a thread of its own, read on the day after it was sent.
pub(super) fn read_alone(message: Message, owner: &Owner) -> (Thread, Reading) {
    let sent = message.date.clone().unwrap_or_else(|| noon(jiff::civil::date(2001, 1, 1)));
    let now = sent.tomorrow().unwrap_or(sent);
    let thread = thread::assemble(vec![message]);
    let reading = read_thread(&thread, owner, &Parties::default(), &Directory::default(), &now);
    (thread, reading)
}

/// The first ask of `question` sent on `date`, and the topics of that mail: what evidence is looked for by.
pub(super) fn ask(question: &str, date: Date) -> Option<(Ask, Vec<String>)> {
    ask_from("Asker <asker@asker.example>", question, date)
}

/// As [`ask`], from this sender.
pub(super) fn ask_from(from: &str, question: &str, date: Date) -> Option<(Ask, Vec<String>)> {
    let raw = raw_mail(from, OWNER, "Question", date, "text/plain", question);
    let (_, reading) = read_alone(parse_message(&raw), &owner("", None));
    let ask = reading.asks.into_iter().next()?;
    Some((ask, reading.topics))
}

/// The query of `question` sent then: that of its ask, else that of its own content words.
pub(super) fn query(question: &str, asked: Option<&(Ask, Vec<String>)>, sent: &Zoned) -> Query {
    asked.map_or_else(|| recall::query_of(question), |(ask, topics)| recall::query(ask, topics, Some(sent)))
}

/// Noon of a day, UTC.
pub(super) fn noon(date: Date) -> Zoned {
    date.at(12, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .unwrap_or_else(|_out_of_range| Zoned::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC))
}
