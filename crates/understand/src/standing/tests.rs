//! The grammar of rules, what they fit, what corrections move, and what they never do.

use postil_evidence::{Addr, Directory, HeaderText, Parties, PartyId};
use postil_mail::message::{Attachment, Message};
use postil_mail::thread::Thread;

use super::{Around, Correction, Rule, RuleError, Standing, deciding, look_of, name_of};
use crate::fixture::{mail, now, owner, thread};
use crate::reading::{Confidence, Reading, Verdict};
use crate::verdict::read_thread;

fn parties() -> Parties {
    let mut parties = Parties::default();
    parties.domains.insert("northwind.example".to_owned(), PartyId::new("northwind"));
    parties
}

fn rule(text: &str) -> Rule {
    Rule::parse(text, &[PartyId::new("northwind")]).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn read(thread: &Thread) -> Reading {
    read_thread(thread, &owner(), &parties(), &Directory::default(), &now())
}

fn judged(standing: &Standing, thread: &Thread, is_suspect: bool) -> Reading {
    let parties = parties();
    standing.judge(read(thread), thread, &Around { parties: &parties, is_suspect: &|_| is_suspect })
}

fn letter(from: &str, subject: &str, text: &str) -> Message {
    let mut message = mail(from, "sam@halyard.example", text);
    message.subject = HeaderText::clean(subject);
    message.message_id = postil_mail::MsgId::parse(&format!("<{}@x.example>", message.key));
    message
}

const MAYA: &str = "Maya Okafor <maya@northwind.example>";
const ASKS: &str = "Hi Sam,\n\nCould you send me the signed contract by Friday?\n";
const TELLS: &str = "Hi Sam,\n\nThe contract was signed yesterday.\n";

/// The correction that the owner makes of a thread as it is judged now.
fn wrong(standing: &Standing, of: &Thread, should_be: Verdict) -> Correction {
    let reading = judged(standing, of, false);
    let message = deciding(&reading, of).unwrap();
    let look = look_of(message, &reading);
    Correction { message: name_of(of.newest().unwrap()), look, said: reading.verdict, should_be }
}

#[test]
fn every_form_is_understood() {
    for text in [
        "never draft for receipts",
        "Never reply to invoices",
        "always for acme.example",
        "always for @acme.example",
        "never for newsletters@shop.example",
        "always answer to northwind",
        "never for subject \"status report\"",
        "never for subject 'status report'",
        "never for \"status report\"",
        "never for subject \u{201c}status report\u{201d} from acme.example",
        "never  for   reports from northwind",
        "never for invitations from ana@acme.example",
        "always for order confirmations",
    ] {
        assert!(!rule(text).text.contains("  "), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_said() {
    let unknown = |words: &str| RuleError::Unknown(words.to_owned());
    for (text, error) in [
        ("", RuleError::Start),
        ("maybe for acme.example", RuleError::Start),
        ("never", RuleError::For),
        ("never acme.example", RuleError::For),
        ("never for", RuleError::Nothing),
        ("never for subject status", RuleError::Quote),
        ("never for subject \"status", RuleError::Quote),
        ("never for \"...\"", RuleError::Quote),
        ("never for recipes", unknown("recipes")),
        ("always for com", unknown("com")),
        ("always for globex", unknown("globex")),
        ("never for reports from everyone", unknown("everyone")),
        ("never for \"x\" by ana@acme.example", unknown("by ana@acme.example")),
        ("never for recipes from acme.example", unknown("recipes")),
    ] {
        assert_eq!(Rule::parse(text, &[PartyId::new("northwind")]), Err(error), "{text}");
    }
    assert!(unknown("recipes").to_string().contains("receipts, invoices"));
}

#[test]
fn senders_fit_exactly() {
    let fits = |text: &str, from: &str| rule(text).fits(&letter(from, "x", "y"), &parties());
    for (text, from, expect) in [
        ("always for acme.example", "ana@acme.example", true),
        ("always for acme.example", "ana@mail.acme.example", true),
        ("always for acme.example", "ana@notacme.example", false),
        ("always for acme.example", "ana@acme.example.evil.example", false),
        ("always for acme.example", "acme.example@evil.example", false),
        ("always for acme.example", "\"ana@acme.example\" <x@evil.example>", false),
        ("always for ana@acme.example", "ana@acme.example", true),
        ("always for ana@acme.example", "joana@acme.example", false),
        ("always for ana@acme.example", "ana@acme.example.evil.example", false),
        ("always for northwind", "maya@northwind.example", true),
        ("always for northwind", "maya@mail.northwind.example", false),
        ("always for northwind", "northwind@evil.example", false),
    ] {
        assert_eq!(fits(text, from), expect, "{text}: {from}");
    }
    let mut nobody = letter("ana@acme.example", "x", "y");
    nobody.from = None;
    assert!(!rule("always for acme.example").fits(&nobody, &parties()));
}

#[test]
fn subjects_fit_by_whole_words() {
    let fits = |text: &str, subject: &str| rule(text).fits(&letter(MAYA, subject, "y"), &parties());
    assert!(fits("never for \"status report\"", "Re: Weekly Status  Report, week 47"));
    assert!(!fits("never for \"status report\"", "Status reporting"));
    assert!(!fits("never for \"status report\"", "Report on the status"));
    assert!(!fits("never for \"port\"", "Report"));
    assert!(fits("never for \"\u{fc}bersicht\"", "\u{dc}bersicht Mai"));
    assert!(fits(
        "never for \"\u{4f1a}\u{8bae}\"",
        "\u{5173}\u{4e8e}\u{4f1a}\u{8bae}\u{7684}\u{901a}\u{77e5}"
    ));
    assert!(fits("never for \"status\" from northwind", "Status"));
    assert!(!fits("never for \"status\" from acme.example", "Status"));
}

#[test]
fn a_kind_is_told_by_how_mail_was_sent_and_a_letter_about_it_is_none() {
    let fits = |text: &str, message: &Message| rule(text).fits(message, &parties());
    for subject in
        ["Your receipt 4711", "Zahlungsbest\u{e4}tigung", "Confirmation de paiement", "Ricevuta 12"]
    {
        let program = letter("Shop <noreply@shop.example>", subject, "Thanks.");
        assert!(fits("never for receipts", &program), "{subject}");
        assert!(!fits("never for receipts", &letter(MAYA, subject, "Thanks.")), "{subject}");
    }
    let mut invoice = letter(MAYA, "Invoice 2026-113", "Attached.");
    assert!(!fits("never for invoices", &invoice));
    invoice.attachments.push(Attachment {
        name: HeaderText::clean("invoice.pdf"),
        content_type: "application/pdf".to_owned(),
        sniffed: None,
        size: 1,
        hash: postil_evidence::ContentHash::of(b"x"),
        text: String::new(),
        events: Vec::new(),
        contacts: Vec::new(),
    });
    assert!(fits("never for invoices", &invoice));
    for subject in ["Re: Invoice 2026-113", "Is the invoice right?", "Invoicing"] {
        invoice.subject = HeaderText::clean(subject);
        assert!(!fits("never for invoices", &invoice), "{subject}");
    }
    let mut news = letter("ana@shop.example", "What is new", "x");
    assert!(!fits("never for newsletters", &news));
    news.delivery.list_unsubscribe = Some(HeaderText::clean("<mailto:u@x.example>"));
    assert!(fits("never for newsletters", &news) && !fits("never for mailing lists", &news));
    let mut invitation = letter(MAYA, "Lunch", "x");
    invitation.calendar_method = Some("REQUEST".to_owned());
    assert!(fits("never for invitations", &invitation) && !fits("never for notifications", &invitation));
    assert!(fits("never for notifications", &letter("noreply@x.example", "Build 4", "x")));
}

#[test]
fn a_rule_decides_and_is_quoted() {
    let standing = |texts: &[&str]| Standing::new(texts.iter().map(|text| rule(text)).collect(), Vec::new());
    let asked = thread(vec![letter(MAYA, "Contract", ASKS)]);
    assert_eq!(read(&asked).verdict, Verdict::Reply);
    let never = judged(&standing(&["never for northwind"]), &asked, false);
    assert_eq!(never.verdict, Verdict::Info);
    assert_eq!(never.reasons[0].text, "never for northwind");
    assert!(never.reasons.len() > 1, "what the mail says stays below it");
    // The first that fits decides.
    let both = standing(&["always for maya@northwind.example", "never for northwind"]);
    assert_eq!(judged(&both, &asked, false), read(&asked));
    let program = thread(vec![letter("Desk <noreply@acme.example>", "Ticket 4", ASKS)]);
    assert_eq!(read(&program).verdict, Verdict::Automated);
    let always = standing(&["always for acme.example"]);
    assert!(always.may_raise() && !standing(&["never for acme.example"]).may_raise());
    assert_eq!(judged(&always, &program, false).verdict, Verdict::Reply);
    assert_eq!(judged(&always, &program, true), read(&program), "a suspect sender gains nothing");
    // Who answered last has answered.
    let mine = letter("sam@halyard.example", "Re: Ticket 4", "Done, thanks.");
    let answered = thread(vec![program.messages[0].clone(), mine]);
    assert_eq!(judged(&always, &answered, false), read(&answered));
}

#[test]
fn nobody_is_silenced_by_a_rule_for_someone_else_in_the_thread() {
    let standing = Standing::new(vec![rule("never for acme.example")], Vec::new());
    let bot = letter("Ben <ben@acme.example>", "Re: Contract", "Hi Sam,\n\nCan you also sign the annex?\n");
    let both = thread(vec![letter(MAYA, "Contract", ASKS), bot.clone()]);
    assert_eq!(judged(&standing, &both, false).verdict, Verdict::Reply);
    assert_eq!(judged(&standing, &thread(vec![bot]), false).verdict, Verdict::Info);
}

#[test]
fn a_correction_holds_until_new_mail_comes() {
    let none = Standing::default();
    let asked = thread(vec![letter(MAYA, "Contract", ASKS)]);
    let standing = Standing::new(Vec::new(), vec![wrong(&none, &asked, Verdict::Info)]);
    let now = judged(&standing, &asked, false);
    assert_eq!((now.verdict, now.confidence), (Verdict::Info, Confidence::High));
    assert_eq!(now.reasons[0].kind, "You said so");
    let again = letter(MAYA, "Re: Contract", "Hi Sam,\n\nWhen will you be in Lisbon?\n");
    let longer = thread(vec![asked.messages[0].clone(), again]);
    assert_eq!(judged(&standing, &longer, false).verdict, Verdict::Reply);
    let name = name_of(&asked.messages[0]);
    assert_eq!(judged(&standing.without(&[name]), &asked, false), read(&asked));
    // The same name from elsewhere is another mail.
    let mut copied = asked.clone();
    copied.messages[0].from = letter("Ben <ben@acme.example>", "x", "y").from;
    assert_eq!(judged(&standing, &copied, false).verdict, Verdict::Reply);
    // The other way round.
    let told = thread(vec![letter(MAYA, "Contract", TELLS)]);
    let standing = Standing::new(Vec::new(), vec![wrong(&none, &told, Verdict::Reply)]);
    assert_eq!(judged(&standing, &told, false).verdict, Verdict::Reply);
    assert_eq!(judged(&standing, &told, true), read(&told), "a suspect sender gains nothing");
}

#[test]
fn mail_of_the_same_sender_and_form_follows_after_two_corrections() {
    let week = |n: u32| {
        let text = format!("Hi Sam,\n\nCould you have a look at the numbers of team {n}, please?\n");
        thread(vec![letter(MAYA, &format!("Status report week {n}"), &text)])
    };
    let mut standing = Standing::default();
    let mut made = Vec::new();
    for n in 46..48 {
        assert_eq!(judged(&standing, &week(n), false).verdict, Verdict::Reply, "{n}");
        made.push(wrong(&standing, &week(n), Verdict::Info));
        standing = Standing::new(Vec::new(), made.clone());
    }
    let next = judged(&standing, &week(48), false);
    assert_eq!((next.verdict, next.reasons[0].kind.as_str()), (Verdict::Info, super::SIMILAR_MAIL));
    assert!(next.reasons[0].text.starts_with("Status report"));
    // Her other mail, and others' status reports, do not.
    assert_eq!(
        judged(&standing, &thread(vec![letter(MAYA, "Contract", ASKS)]), false).verdict,
        Verdict::Reply
    );
    let other = letter("Ben <ben@acme.example>", "Status report week 48", ASKS);
    assert_eq!(judged(&standing, &thread(vec![other]), false).verdict, Verdict::Reply);
}

#[test]
fn no_number_of_corrections_silences_a_persons_other_questions() {
    let mut made = Vec::new();
    for n in 0..30 {
        let subject: String = format!("Matter {}", char::from(b'a' + n % 26)).repeat(usize::from(n / 26) + 1);
        let of = thread(vec![letter(
            MAYA,
            &subject,
            &format!("Hi Sam,\n\nCould you check list {n}, {subject}?\n"),
        )]);
        made.push(wrong(&Standing::default(), &of, Verdict::Info));
    }
    let standing = Standing::new(Vec::new(), made);
    let asked = thread(vec![letter(MAYA, "Contract", ASKS)]);
    assert_eq!(judged(&standing, &asked, false).verdict, Verdict::Reply);
    let plain = thread(vec![letter(MAYA, "Numbers", "Any news on the audit?\n")]);
    assert_eq!(judged(&standing, &plain, false).verdict, read(&plain).verdict);
}

#[test]
fn a_program_is_raised_by_corrections_and_a_suspect_one_is_not() {
    let ticket = |n: u32| {
        let text = format!("{ASKS}\nTicket {n}\n");
        thread(vec![letter("Desk <noreply@acme.example>", &format!("Ticket {n}"), &text)])
    };
    let mut standing = Standing::default();
    let made: Vec<Correction> =
        (1..3).map(|n| wrong(&Standing::default(), &ticket(n), Verdict::Reply)).collect();
    standing = Standing::new(standing.rules, made);
    assert!(standing.may_raise());
    assert_eq!(judged(&standing, &ticket(3), false).verdict, Verdict::Reply);
    assert_eq!(judged(&standing, &ticket(3), true).verdict, Verdict::Automated);
    let mut elsewhere = ticket(3);
    elsewhere.messages[0].from.as_mut().unwrap().addr = Addr::parse("noreply@acrne.example").unwrap();
    assert_eq!(judged(&standing, &elsewhere, false).verdict, Verdict::Automated);
}
