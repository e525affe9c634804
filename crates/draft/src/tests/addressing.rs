//! Whom a reply goes to, and what a brief refuses.

use postil_evidence::{Audience, HeaderText, PartyId, Recipients, Trust};
use postil_mail::Thread;
use postil_understand::AskKind::Question;

use crate::testing::{addr, ask, label, mailbox, message, now, owner, parties, passage, reading};
use crate::{AskBrief, Brief, BriefError, BriefParts, Evidence, ReplyMode, SenderCheck, Style, reply_to};

#[test]
fn the_reply_goes_to_the_sender_and_never_to_the_owner_or_a_list() {
    let mut mail = message("Maya <maya@northwind.example>", "x", "Hi");
    mail.to = ["Sam <sam@halyard.example>", "talk@lists.example", "Ines <ines@northwind.example>"]
        .map(mailbox)
        .into();
    mail.cc = ["Ines again <ines@northwind.example>", "no-reply@northwind.example"].map(mailbox).into();
    mail.bcc = vec![mailbox("ghost@x.example")];
    mail.delivery.list_post = Some(addr("talk@lists.example"));
    let check = |mode, cc: &[&str]| {
        let reply = reply_to(&mail, &owner(), &parties(), mode);
        assert_eq!(reply.to, [mailbox("Maya <maya@northwind.example>")]);
        assert_eq!(reply.cc.iter().map(|m| m.addr.as_str()).collect::<Vec<_>>(), cc);
    };
    check(ReplyMode::All, &["ines@northwind.example"]);
    check(ReplyMode::Sender, &[]);
}

#[test]
fn reply_to_is_followed_within_one_house_only() {
    for (given, to, notices) in [
        ("maya.office@northwind.example", "maya.office@northwind.example", 0),
        ("maya@northwlnd.example", "maya@northwind.example", 1),
        ("sam@halyard.example", "maya@northwind.example", 1),
    ] {
        let mut mail = message("Maya <maya@northwind.example>", "x", "Hi");
        mail.reply_to = vec![mailbox(given)];
        let reply = reply_to(&mail, &owner(), &parties(), ReplyMode::Sender);
        assert_eq!(reply.to.iter().map(|m| m.addr.as_str()).collect::<Vec<_>>(), [to]);
        assert_eq!(reply.notices.len(), notices, "{given}");
    }
    let mut stranger = message("a@gmail.example", "x", "Hi");
    stranger.reply_to = vec![mailbox("b@gmail.example")];
    assert_eq!(reply_to(&stranger, &owner(), &parties(), ReplyMode::All).to, [mailbox("a@gmail.example")]);
    stranger.delivery.list_id = Some(HeaderText::clean("Talk <talk.lists.example>"));
    stranger.reply_to = vec![mailbox("talk@lists.example")];
    assert!(reply_to(&stranger, &owner(), &parties(), ReplyMode::All).notices.is_empty());
}

#[test]
fn a_brief_refuses_what_was_cleared_for_others_and_drops_what_not_all_have_read() {
    let first = message("Tom <tom@brightwater.example>", "x", "What does Northwind pay?");
    let second = message("Maya <maya@northwind.example>", "x", "How long?");
    let thread = Thread {
        messages: vec![first.clone(), second.clone()],
        parents: vec![None, Some(0)],
        ..Thread::default()
    };
    let reply_to = reply_to(&second, &owner(), &parties(), ReplyMode::All);
    let for_maya = Recipients::resolve(reply_to.to.iter().map(|m| &m.addr), &parties());
    let for_tom = Recipients::resolve([&addr("tom@brightwater.example")], &parties());
    let mut note = passage("Fee is EUR 5.", "N.md", None);
    note.label = label(
        Audience::of_parties([PartyId::new("brightwater"), PartyId::new("northwind")].into()),
        Trust::Own,
    );
    let parts = |cleared_for: &Recipients, recipients: &Recipients| BriefParts {
        thread: &thread,
        answering: 1,
        reading: Box::leak(Box::new(reading(&second, "en"))),
        recipients: recipients.clone(),
        reply_to: reply_to.clone(),
        asks: [&first, &second]
            .map(|mail| AskBrief {
                ask: ask(Question, mail, &mail.text, &mail.text, None),
                evidence: vec![Evidence {
                    passage: cleared_for.clear(note.clone()).unwrap(),
                    score: 1.0,
                    reasons: Vec::new(),
                }],
                conflict: false,
            })
            .into(),
        context: Vec::new(),
        owner: Box::leak(Box::new(owner())),
        style: Style::default(),
        sender: SenderCheck::Passed,
        now: now(),
    };
    assert_eq!(
        Brief::new(parts(&for_tom, &for_maya)).unwrap_err(),
        BriefError::NotCleared("N.md".to_owned())
    );
    assert_eq!(
        Brief::new(parts(&for_tom, &for_tom)).unwrap_err(),
        BriefError::UnknownRecipient(addr("maya@northwind.example"))
    );
    let brief = Brief::new(parts(&for_maya, &for_maya)).unwrap();
    assert_eq!(brief.asks().iter().map(|ask| ask.ask.text.as_str()).collect::<Vec<_>>(), ["How long?"]);
}
