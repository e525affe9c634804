//! Which line is given for an ask, over a handful of notes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use postil_draft::AskBrief;
use postil_evidence::{
    Addr, Audience, ContentHash, Directory, Entity, EntityKind, Label, MessageKey, NotePath, Parties,
    PartyId, Passage, Recipients, Source, Span, Trust,
};
use postil_index::Index;
use postil_mail::{parse_message, thread};
use postil_understand::{Ask, Owner, read_thread};

use super::{Asked, evidence, share_lines};

/// `note | title | day | text`, all of them for the asker's party; `mail N` is mail of ours.
const NOTES: &str = "
Terms.md | Terms Marlow | 2026-09-01 | Credits are capped at 20 % of one monthly fee.
Terms.md | Terms Marlow | 2026-09-01 | The agreement can be terminated within 30 days.
Terms.md | Terms Marlow | 2026-09-01 | Term is 18 months, then yearly.
Kickoff.md | Marlow kickoff | 2026-08-11 | Marlow chose the northern hall because their insurer asks for two exits.
Kickoff.md | Marlow kickoff | 2026-08-11 | The northern hall belongs to Marlow.
Kickoff.md | Marlow kickoff | 2026-08-11 | Bo Lind gives the training, Ida joins for an hour.
Kickoff.md | Marlow kickoff | 2026-08-11 | The training stays in the northern hall.
Kickoff.md | Marlow kickoff | 2026-08-11 | Ana Marsh, head of procurement
Call.md | Marlow call | 2026-10-06 | Casa Verde: tasting on 3 March, Ida leads.
Call.md | Marlow call | 2026-10-06 | Portela: waiting for their budget.
Call.md | Marlow call | 2026-10-06 | The desk answers in French and Polish, the phone does not.
Call.md | Marlow call | 2026-10-06 | We use three lists: readers, writers and guests.
Move.md | Moving in | 2026-10-08 | Old Aldus archives can be read in with the bridge, about 3 boxes per day.
Move.md | Moving in | 2026-10-08 | The bridge runs on Debian 12 and Ubuntu 24.04.
Move.md | Moving in | 2026-10-08 | The bridge only talks to in.north.house.example on port 7000.
Move.md | Moving in | 2026-10-08 | The hall was painted in May. Nobody has heard a word of complaint. The lamps were paid by the house. \
The northern doors open at nine. A heater stands in the lobby of the old wing.
House.md | House book | 2026-10-08 | Your badge for guests is called Falcon-7 and opens the lobby.
House.md | House book | 2026-10-08 | The scanner runs on Solaris 11, Haiku and Windows Server.
House.md | House book | 2026-10-08 | The scanner drops the oldest pages after 40 hours.
House.md | House book | 2026-10-08 | Die Wartungen der Pumpen enden im Juni.
House.md | House book | 2026-10-08 | Le lampade degli armadi stanno in cantina.
House.md | House book | 2026-10-08 | As chaves dos portões ficam no armazém.
House.md | House book | 2026-10-08 | De afspraken over de sleutels staan in het logboek.
House.md | House book | 2026-10-08 | Las copias firmadas van al archivo del sótano.
House.md | House book | 2026-10-08 | Les chevaux entrent par la porte du nord à huit heures.
mail 1 | Doors | 2026-10-09 | The boiler of the annex is serviced in April by Holt and Sons.
mail 2 | Doors | 2026-10-09 | Please tell Holt that the annex wants a lift.
mail 5 | Doors | 2026-10-09 | Please bring the crates before 4 March.
mail 6 | Doors | 2026-10-09 | We are pleased that the orchard of the annex is pruned by Lund.
mail 3 | Doors | 2026-10-09 | The fence was painted green.
mail 4 | Doors | 2026-10-09 | Thoughts on the fence are welcome.
Fees.md | Fees Marlow | 2026-10-09 | Finder fees are paid within 20 days. Marlow gets two free seats at the course.
";

fn passages() -> BTreeMap<Source, Vec<Passage>> {
    let mut notes: BTreeMap<Source, Vec<Passage>> = BTreeMap::new();
    for line in NOTES.trim().lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [name, title, day, text] = cells[..] else { panic!("{line}") };
        let source = match name.strip_prefix("mail ") {
            Some(number) => Source::Mail(MessageKey(ContentHash::of(number.as_bytes()))),
            None => Source::Note(NotePath::parse(name).unwrap()),
        };
        let known = notes.entry(source.clone()).or_default();
        let start = known.last().map_or(0, |last| last.span.end + 1);
        known.push(Passage {
            source,
            span: Span::new(start, start + text.len()),
            line: u32::try_from(known.len()).unwrap() + 1,
            text: text.to_owned(),
            title: title.to_owned(),
            headings: Vec::new(),
            anchor: None,
            date: day.parse().ok(),
            people: Vec::new(),
            links: Vec::new(),
            label: Label { audience: Audience::parse(["marlow"]), trust: Trust::Own, why: String::new() },
        });
    }
    notes
}

/// The line that is given first for a question of Ana Marsh of Marlow; empty where none is.
fn first(question: &str) -> String {
    lines(question).into_iter().next().unwrap_or_default()
}

/// The line that each ask of a mail rests on, in their order; empty where none is.
fn lines(question: &str) -> Vec<String> {
    lines_with(question, &Directory::default())
}

/// The same, with those known whose notes the asker may read.
fn lines_with(question: &str, directory: &Directory) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(&folder.path().join("index"), "test").unwrap();
    let mut batch = index.writer().unwrap();
    for (source, passages) in passages() {
        batch.add(&source, passages).unwrap();
    }
    batch.commit().unwrap();
    drop(batch);
    let asker = Addr::parse("ana.marsh@marlow.example").unwrap();
    let parties = Parties {
        own_domains: BTreeSet::from(["house.example".to_owned()]),
        domains: BTreeMap::from([("marlow.example".to_owned(), PartyId::new("marlow"))]),
        ..Parties::default()
    };
    let raw = format!(
        "From: Ana Marsh <{asker}>\r\nTo: me@house.example\r\nSubject: Question\r\n\
         Date: 20 Nov 2026 12:00:00 +0000\r\nMessage-ID: <q@marlow.example>\r\n\r\n{question}"
    );
    let message = parse_message(raw.as_bytes());
    let sent = message.date.clone().unwrap();
    let addrs = Addr::parse("me@house.example").into_iter().collect();
    let owner = Owner { name: String::new(), names: Vec::new(), addrs, zone: TimeZone::UTC };
    let thread = thread::assemble(vec![message]);
    let reading = read_thread(&thread, &owner, &Parties::default(), &Directory::default(), &sent);
    let recipients = Recipients::resolve([&asker], &parties);
    let asked =
        Asked { sent: Some(&sent), asks: &reading.asks, directory: Some(directory), ..Asked::default() };
    let brief = |ask: &Ask| {
        let found = evidence(&index.view().unwrap(), ask, &[], &recipients, &asked).unwrap();
        AskBrief { ask: ask.clone(), evidence: found.evidence, conflict: found.corrected }
    };
    let mut asks: Vec<AskBrief> = reading.asks.iter().map(brief).collect();
    share_lines(&mut asks, &thread.messages);
    let first = |ask: &AskBrief| ask.evidence.first().map(|first| first.passage.get().text.clone());
    asks.iter().map(|ask| first(ask).unwrap_or_default()).collect()
}

fn check(question: &str, expect: &str) {
    assert_eq!(first(question), expect, "{question}");
}

/// Entities as `kind | name | aliases`, in notes for this audience.
fn directory(audience: &str, lines: &[(EntityKind, &str, &str)]) -> Directory {
    let entity = |(kind, name, aliases): &(EntityKind, &str, &str)| Entity {
        kind: *kind,
        home: NotePath::parse(&format!("{name}.md")).unwrap(),
        name: (*name).to_owned(),
        aliases: aliases.split(", ").map(str::to_owned).collect(),
        addrs: Vec::new(),
        domains: Vec::new(),
        organisation: None,
        role: None,
        label: Label { audience: Audience::parse([audience]), trust: Trust::Own, why: String::new() },
    };
    Directory::new(lines.iter().map(entity).collect())
}

#[test]
fn another_name_of_whom_an_ask_names_finds_the_line() {
    let known = [
        (EntityKind::Organisation, "Portela Foods", "PF, Portela"),
        (EntityKind::Person, "Bo Lind", "Bobby"),
        (EntityKind::Project, "Project Seagull", "Casa Verde"),
    ];
    let all = directory("marlow", &known);
    let budget = "What is PF waiting for?";
    let training = "Does Bobby give the training?";
    let tasting = "When is the tasting of Project Seagull?";
    let first = |question: &str, directory: &Directory| lines_with(question, directory).concat();
    assert_eq!(first(budget, &all), "Portela: waiting for their budget.");
    assert_eq!(first(training, &all), "Bo Lind gives the training, Ida joins for an hour.");
    assert_eq!(first(tasting, &all), "Casa Verde: tasting on 3 March, Ida leads.");
    // Names of notes that the asker may not read say nothing to them; nor does a name of two.
    let asker = Addr::parse("ana.marsh@marlow.example").unwrap();
    let parties = Parties {
        domains: BTreeMap::from([("marlow.example".to_owned(), PartyId::new("marlow"))]),
        ..Parties::default()
    };
    let hidden = directory("internal", &known).cleared_for(&Recipients::resolve([&asker], &parties));
    let none = Directory::default();
    for question in [budget, training, tasting] {
        assert_ne!(first(question, &all), first(question, &none), "{question}");
        assert_eq!(first(question, &hidden), first(question, &none), "{question}");
    }
    let two = directory(
        "marlow",
        &[
            (EntityKind::Organisation, "Portela Foods", "PF, Portela"),
            (EntityKind::Project, "Pine Forest", "PF"),
        ],
    );
    assert_eq!(first(budget, &two), first(budget, &none));
}

#[test]
fn other_words_for_the_same_find_the_line() {
    check("Is there a ceiling on the credits?", "Credits are capped at 20 % of one monthly fee.");
    check("Can we cancel the contract?", "The agreement can be terminated within 30 days.");
    check("For how many months are we bound?", "Term is 18 months, then yearly.");
    check(
        "Which languages does the desk speak?",
        "The desk answers in French and Polish, the phone does not.",
    );
    check("Quelle est la limite des crédits ?", "Credits are capped at 20 % of one monthly fee.");
}

#[test]
fn other_forms_of_a_word_find_the_line() {
    let rows = [
        ("Bis wann ist die Wartung der Pumpe?", "Die Wartungen der Pumpen enden im Juni."),
        ("Dov'è la lampada di un armadio?", "Le lampade degli armadi stanno in cantina."),
        ("Onde está a chave do portão?", "As chaves dos portões ficam no armazém."),
        ("Waar is de afspraak over de sleutel?", "De afspraken over de sleutels staan in het logboek."),
        ("¿Dónde está la copia firmada?", "Las copias firmadas van al archivo del sótano."),
        ("Où entre le cheval ?", "Les chevaux entrent par la porte du nord à huit heures."),
    ];
    let found: Vec<String> = rows.iter().map(|(question, _)| first(question)).collect();
    let expect: Vec<&str> = rows.iter().map(|(_, line)| *line).collect();
    assert_eq!(found, expect);
}

#[test]
fn who_is_told_by_somebody_and_why_by_a_reason() {
    check("Who will run the training?", "Bo Lind gives the training, Ida joins for an hour.");
    check(
        "Why did Marlow choose the northern hall?",
        "Marlow chose the northern hall because their insurer asks for two exits.",
    );
}

#[test]
fn a_name_alone_is_no_answer_and_nobody_is_told_who_they_are() {
    check("What is the postal address of Casa Verde?", "");
    check("When is the tasting at Casa Verde?", "Casa Verde: tasting on 3 March, Ida leads.");
    check("Who is your head of procurement?", "");
}

#[test]
fn a_list_behind_a_colon_tells_which() {
    check("Which lists do we use?", "We use three lists: readers, writers and guests.");
}

#[test]
fn parts_of_a_sentence_share_the_line_that_answers_them() {
    let bridge = "Old Aldus archives can be read in with the bridge, about 3 boxes per day.";
    assert_eq!(lines("Can the old Aldus data be brought over to you, and how fast?"), [bridge, bridge]);
    // Two sentences are two questions: the second line says nothing of the first.
    let apart = lines("Can the old Aldus data be brought over to you? And how many boxes a day?");
    assert_eq!(apart.first().map(String::as_str), Some(""), "{apart:?}");
    // A part that the line does not speak of stays open.
    let open = lines("Who gives the training, and is there parking for bicycles?");
    assert_eq!(open.get(1).map(String::as_str), Some(""), "{open:?}");
}

#[test]
fn a_host_is_told_by_a_host_and_a_fee_by_a_sum() {
    check(
        "Which host does the bridge need?",
        "The bridge only talks to in.north.house.example on port 7000.",
    );
    check("What finder fee do we get on a new deal?", "");
}

#[test]
fn one_word_for_what_the_mail_is_about_finds_no_line() {
    check("Have you heard of this yet?", "");
    check("Have you read it?", "");
}

#[test]
fn the_words_must_stand_together() {
    // Each of the words is in the paragraph, in sentences that have nothing to do with each other.
    check("Who paid for the heater in May?", "");
}

#[test]
fn what_there_may_be_any_of_is_in_the_line() {
    check("Is there any parking for the northern hall of Marlow?", "");
    check(
        "Are there any archives in the old Aldus boxes?",
        "Old Aldus archives can be read in with the bridge, about 3 boxes per day.",
    );
}

#[test]
fn a_name_a_kind_and_a_case_need_not_stand_in_the_line() {
    check(
        "What was the name of our badge for guests?",
        "Your badge for guests is called Falcon-7 and opens the lobby.",
    );
    check(
        "On which operating systems does the scanner run?",
        "The scanner runs on Solaris 11, Haiku and Windows Server.",
    );
    check(
        "After how long does the scanner drop pages if the cable is broken?",
        "The scanner drops the oldest pages after 40 hours.",
    );
    // Another verb, or another thing, is another question.
    check("On which operating systems does the scanner fail?", "");
    check("Which other tenants use the scanner?", "");
    check("What was the name of our insurer?", "");
}

#[test]
fn a_line_of_mail_must_hold_more_than_one_of_a_note() {
    check(
        "Is the boiler of the annex serviced by Holt?",
        "The boiler of the annex is serviced in April by Holt and Sons.",
    );
    check("By when shall we bring the crates?", "Please bring the crates before 4 March.");
    check(
        "Is the orchard of the annex pruned by Lund?",
        "We are pleased that the orchard of the annex is pruned by Lund.",
    );
    // It asks for something itself, or has one word of the ask.
    check("Does Holt want a lift for the annex?", "");
    check("Who paid for the fence?", "");
    check("Any thoughts?", "");
}
