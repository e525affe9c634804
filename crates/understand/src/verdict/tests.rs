//! Whole threads and what they need of Sam.

use postil_evidence::{
    Addr, Audience, Directory, Entity, EntityKind, HeaderText, Label, NotePath, Parties, PartyId, Trust,
};
use postil_mail::message::{Defect, Message};

use super::{read_thread, read_thread_knowing};
use crate::fixture::{mail, now, owner, thread, with_cc};
use crate::reading::{Confidence, Reading, Verdict};

const SAM: &str = "Sam Rivers <sam@halyard.example>";
const MAYA: &str = "Maya Okafor <maya@northwind.example>";

fn read(messages: Vec<Message>) -> Reading {
    read_thread(&thread(messages), &owner(), &Parties::default(), &Directory::default(), &now())
}

fn check(messages: Vec<Message>, verdict: Verdict, kind: &str) {
    let reading = read(messages);
    assert_eq!(reading.verdict, verdict, "{:?}", reading.reasons);
    assert_eq!(
        reading.reasons.first().map(|reason| reason.kind.as_str()),
        Some(kind),
        "{:?}",
        reading.reasons
    );
}

#[test]
fn one_message() {
    check(vec![mail(MAYA, SAM, "Did we agree on 12 or 24 months?")], Verdict::Reply, "Contains question");
    check(vec![mail(MAYA, SAM, "Please send me the report.")], Verdict::Reply, "Asks for a document");
    check(vec![mail(MAYA, SAM, "Thanks a lot, that helps!")], Verdict::Info, "Thanks only");
    check(vec![mail(MAYA, SAM, "The build is done. No reply needed.")], Verdict::Info, "No reply needed");
    check(vec![mail(MAYA, SAM, "")], Verdict::None, "Nothing written");
    check(
        vec![with_cc(mail(MAYA, "Jonas <jonas@halyard.example>", "Jonas, can you send the list?"), SAM)],
        Verdict::Info,
        "Addressed to someone else",
    );
    check(vec![], Verdict::None, "Empty thread");
}

#[test]
fn headers_come_first() {
    let mut bulk = mail(MAYA, SAM, "Could you call me?");
    bulk.delivery.list_unsubscribe = Some(HeaderText::clean("<https://x.example/u>"));
    check(vec![bulk], Verdict::Bulk, "List-Unsubscribe header");
    let mut invite = mail(MAYA, SAM, "Are you free?");
    invite.calendar_method = Some("REQUEST".to_owned());
    check(vec![invite], Verdict::Calendar, "Calendar invitation");
    check(
        vec![mail("no-reply@signly.example", SAM, "Please sign the document.")],
        Verdict::Automated,
        "Sent by a no-reply address",
    );
}

#[test]
fn who_wrote_last_counts() {
    let question = || mail(MAYA, SAM, "Did we agree on 12 or 24 months?");
    check(vec![question(), mail(SAM, MAYA, "We agreed on 24.")], Verdict::None, "You wrote last");
    check(
        vec![question(), mail(SAM, MAYA, "24. Could you sign the page?")],
        Verdict::Waiting,
        "You wrote last",
    );
    check(
        vec![question(), mail(SAM, MAYA, "I'll send the draft by Wednesday.")],
        Verdict::Promised,
        "You promised",
    );
    check(
        vec![question(), mail(SAM, MAYA, "We agreed on 24."), mail(MAYA, SAM, "Great, thanks!")],
        Verdict::Info,
        "Thanks only",
    );
    check(
        vec![
            question(),
            mail(SAM, MAYA, "I'll send the draft on Monday."),
            mail(MAYA, SAM, "Great, thanks!"),
        ],
        Verdict::Promised,
        "You promised",
    );
    check(
        vec![mail(SAM, MAYA, "Could you sign?"), mail(MAYA, SAM, "Signed. When do we start?")],
        Verdict::Reply,
        "Contains question",
    );
}

#[test]
fn an_earlier_question_stays_open_until_it_is_answered() {
    let question = || mail(MAYA, SAM, "Did we agree on 12 or 24 months?");
    let open = |reading: &Reading| reading.asks.iter().filter(|ask| ask.open).count();
    let nudge = read(vec![question(), mail(MAYA, SAM, "The office is closed on Monday.")]);
    assert_eq!((nudge.verdict, open(&nudge)), (Verdict::Reply, 1));
    let put_off =
        read(vec![question(), mail(SAM, MAYA, "Let me check and come back to you."), mail(MAYA, SAM, "Ok.")]);
    assert_eq!((put_off.verdict, open(&put_off)), (Verdict::Reply, 1));
    let done = read(vec![question(), mail(SAM, MAYA, "24 months."), mail(MAYA, SAM, "Ok.")]);
    assert_eq!((done.verdict, open(&done)), (Verdict::Info, 0));
    let withdrawn = read(vec![question(), mail(MAYA, SAM, "Never mind, found it.")]);
    assert_eq!((withdrawn.verdict, open(&withdrawn)), (Verdict::Info, 0));
    let between = read(vec![
        mail(MAYA, SAM, "Who signs the contract?\n\nWhat is the yearly fee?"),
        mail(SAM, MAYA, "> Who signs the contract?\nBea does.\n> What is the yearly fee?\n"),
    ]);
    assert_eq!(between.asks.iter().map(|ask| ask.open).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_foreign_reply_to_makes_unsure() {
    let mut message = mail(MAYA, SAM, "Did we agree on 12 or 24 months?");
    assert_eq!(read(vec![message.clone()]).confidence, Confidence::High);
    message.defects.push(Defect::ReplyToElsewhere);
    let reading = read(vec![message]);
    assert_eq!((reading.verdict, reading.confidence), (Verdict::Reply, Confidence::Low));
}

#[test]
fn the_rest_of_a_reading() {
    let reading = read(vec![mail(
        MAYA,
        SAM,
        "Hi Sam,\n\nCould you send the updated pricing sheet by Friday? We meet on 3 December at 10:30 CET.",
    )]);
    assert_eq!(reading.subject.as_str(), "Retention terms");
    assert_eq!(reading.topics, ["Retention terms", "updated pricing sheet"]);
    assert_eq!(reading.language.as_deref(), Some("en"));
    assert_eq!(
        reading.dates.iter().map(|date| date.text.as_str()).collect::<Vec<_>>(),
        ["Friday", "3 December at 10:30 CET"]
    );
    assert_eq!(reading.dates.iter().map(|date| date.zone_named).collect::<Vec<_>>(), [false, true]);
    assert_eq!(reading.answers, reading.asks.first().map(|ask| ask.message));
    assert!(reading.since.is_some());
}

#[test]
fn asks_of_a_thread_that_are_none_or_said_again() {
    let open = |messages: Vec<Message>| -> Vec<String> {
        read(messages).asks.into_iter().filter(|ask| ask.open).map(|ask| ask.text).collect()
    };
    let from_sam = || mail(SAM, MAYA, "Which role should the account get?");
    assert_eq!(
        open(vec![from_sam(), mail(MAYA, SAM, "The auditor role please. When is it ready?")]),
        ["When is it ready?"],
        "an answer to the owner's question is no request"
    );
    assert_eq!(open(vec![from_sam(), mail(MAYA, SAM, "Send the list please.")]), ["Send the list please."]);
    let later =
        |text: &str| open(vec![mail(MAYA, SAM, "Which one does the collector need?"), mail(MAYA, SAM, text)]);
    assert_eq!(later("Which host does the collector need?"), ["Which host does the collector need?"]);
    assert_eq!(later("Which port does the bridge use?").len(), 2);
}

/// A newsletter in all but its headers.
fn mass_mail(from: &str) -> Message {
    let text = "Which hat suits you?\nUnsubscribe: https://pumps.example/leave\n";
    let mut message = mail(from, SAM, text);
    message.subject = HeaderText::clean("Pumps");
    message.delivery.build.html_only = true;
    message.delivery.build.layout.tables = 4;
    message
}

#[test]
fn a_strangers_mass_mail_is_bulk_and_says_what_gave_it_away() {
    check(vec![mass_mail(MAYA)], Verdict::Bulk, "A stranger's mass mail");
    let reading = read(vec![mass_mail(MAYA)]);
    assert!(reading.reasons[0].text.contains("HTML without plain text"), "{:?}", reading.reasons);
}

#[test]
fn whom_the_owner_knows_is_never_bulk_by_looks() {
    let maya = Addr::parse("maya@northwind.example").unwrap();
    let messages = || thread(vec![mass_mail(MAYA)]);
    let verdict = |parties: &Parties, directory: &Directory, knows: &dyn Fn(&Addr) -> bool| {
        read_thread_knowing(&messages(), &owner(), parties, directory, knows, &now()).verdict
    };
    let (nobody, nothing) = (Parties::default(), Directory::default());
    assert_eq!(verdict(&nobody, &nothing, &|_| false), Verdict::Bulk);
    assert_eq!(verdict(&nobody, &nothing, &|addr| *addr == maya), Verdict::Reply);
    let mut parties = Parties::default();
    parties.domains.insert("northwind.example".to_owned(), PartyId::new("northwind"));
    assert_eq!(verdict(&parties, &nothing, &|_| false), Verdict::Reply);
    let person = Entity {
        kind: EntityKind::Person,
        home: NotePath::parse("People/Maya.md").unwrap(),
        name: "Maya Okafor".to_owned(),
        aliases: Vec::new(),
        addrs: vec![maya.clone()],
        domains: Vec::new(),
        organisation: None,
        role: None,
        label: Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() },
    };
    assert_eq!(verdict(&nobody, &Directory::new(vec![person]), &|_| false), Verdict::Reply);
    let mut mine = mail(SAM, MAYA, "Here is the list.");
    mine.delivery.build.html_only = true;
    assert_eq!(read(vec![mine, mass_mail(MAYA)]).verdict, Verdict::Reply);
}

#[test]
fn what_the_mail_program_marks_as_answered_waits_for_nobody() {
    let mut asked = mail(MAYA, SAM, "When is the audit?");
    asked.answered = true;
    check(vec![asked.clone()], Verdict::None, "Your mail program marks it as answered");
    // An answer that is here says itself what it answers, and what comes later was not answered.
    check(
        vec![asked.clone(), mail(SAM, MAYA, "I'll send you the date tomorrow.")],
        Verdict::Promised,
        "You promised",
    );
    check(vec![asked, mail(MAYA, SAM, "And who comes with you?")], Verdict::Reply, "Contains question");
}
