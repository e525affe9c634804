//! Guesses: what lines above quotes say, what speaks for a candidate, and what is never guessed.

use super::attribution::{Fit, Named, attributions, read};
use super::*;
use crate::parse_message;

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

/// A mail: id, other header lines, body. Ana's clock is two hours before UTC, Ben's five behind it.
fn mail(id: &str, headers: &str, body: &str) -> Message {
    parse_message(format!("Message-ID: <{id}@pumps.example>\n{headers}\n\n{body}\n").as_bytes())
}

fn name(message: &Message) -> &str {
    message.message_id.as_ref().map_or("?", |id| id.as_str().split('@').next().unwrap_or_default())
}

/// Each thread's messages with their parents; `~` marks one that was guessed.
fn show(threads: &[Thread]) -> String {
    let one = |thread: &Thread| {
        let part = |at: usize, message: &Message| match thread.parents.get(at).copied().flatten() {
            Some(parent) => {
                let mark = if thread.guessed.get(at).copied().flatten().is_some() { "~" } else { "<" };
                format!("{}{mark}{}", name(message), thread.messages.get(parent).map_or("?", name))
            }
            None => name(message).to_owned(),
        };
        let parts: Vec<String> = thread.messages.iter().enumerate().map(|(at, m)| part(at, m)).collect();
        parts.join(" ")
    };
    threads.iter().map(one).collect::<Vec<_>>().join("; ")
}

const ANA: &str = "From: Ana Lima <ana@pumps.example>\nTo: ben@valves.example";
const BEN: &str = "From: Ben Oduya <ben@valves.example>\nTo: ana@pumps.example";

#[test]
fn times_and_offsets_are_read_in_many_languages() {
    for (line, clock) in [
        ("On Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:", "16:04 None None"),
        ("On Fri, Nov 20, 2026 at 4:04\u{202f}PM Ana Lima <ana@pumps.example> wrote:", "4:04 Some(12) None"),
        ("Am 20.11.2026 um 09.30 schrieb Ana Lima:", "9:30 None None"),
        ("Le 20 nov. 2026 à 16h04, Ana Lima a écrit :", "16:04 None None"),
        ("Ana Lima 于2026年11月20日周五 下午4:04写道：", "4:04 Some(12) None"),
        ("On Fri, Nov 20, 2026 at 04:04:52PM +0100, Ana Lima wrote:", "4:04 Some(12) Some(3600)"),
        ("Date: Fri, 20 Nov 2026 16:04:00 GMT-05:00", "16:04 None Some(-18000)"),
        ("On 20.11.26 Ana Lima wrote:", "none"),
        ("On 2026-11-20 12:30 am, Ana wrote:", "12:30 Some(0) None"),
        ("Sent: 16:04-17:30", "16:04 None None"),
    ] {
        let said = read(line).unwrap();
        let shown = said.clock.map_or("none".to_owned(), |clock| {
            format!("{}:{:02} {:?} {:?}", clock.hour, clock.minute, clock.half, clock.offset_seconds)
        });
        assert_eq!(shown, clock, "{line}");
    }
    assert_eq!(read(" > * : "), None);
    let copied =
        "From: Ana Lima\nSent: Friday, 20 November 2026 16:04\nTo: Ben Oduya\nSubject: Meet at 10:00";
    let said = read(copied).unwrap();
    assert_eq!(said.words, "from: ana lima sent: friday, 20 november 2026 16:04");
    assert_eq!(said.numbers, [20, 2026]);
}

#[test]
fn a_time_fits_in_the_clock_of_the_one_who_answers() {
    // Written by someone two hours before UTC.
    for (line, sent, fit) in [
        ("On 20 Nov 2026 at 16:04 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Exact),
        ("On 20 Nov 2026 at 16:05 Ana wrote:", "2026-11-20T14:04:40Z", Fit::Exact),
        ("On 20 Nov 2026 at 17:04 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Exact),
        ("On 20 Nov 2026 at 16:03 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Near),
        ("On 20 Nov 2026 at 16:20 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Before),
        ("On 20 Nov 2026 at 09:04 Ana wrote:", "2026-11-20T14:04:10Z", Fit::OtherZone),
        ("On 21 Nov 2026 at 16:04 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Off),
        ("On 20 Nov 2026 at 11:27 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Off),
        ("On 20 Nov 2026 at 09:04 -0500 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Exact),
        ("On 20 Nov 2026 at 16:04 -0500 Ana wrote:", "2026-11-20T14:04:10Z", Fit::Off),
        ("On Fri, 20 Nov 2026, Ana wrote:", "2026-11-20T14:04:10Z", Fit::Day),
        ("On Fri, 27 Nov 2026, Ana wrote:", "2026-11-20T14:04:10Z", Fit::OtherDay),
        ("Ana wrote:", "2026-11-20T14:04:10Z", Fit::Unknown),
    ] {
        assert_eq!(read(line).unwrap().fits(time(sent), 2 * 3_600), fit, "{line}");
    }
    assert_eq!(read("On 20 Nov 2026 at 16:04:").unwrap().fits(None, 0), Fit::Unknown);
}

#[test]
fn a_line_names_whom_it_quotes() {
    for (line, named) in [
        ("Lima, Ana wrote:", Named::Whole),
        ("<ANA@pumps.example> wrote:", Named::Whole),
        ("Ana wrote:", Named::Part),
        ("Banana Limasol wrote:", Named::Not),
        ("Ben wrote:", Named::Not),
    ] {
        assert_eq!(read(line).unwrap().names("ana@pumps.example", "Ana Lima via Pumps"), named, "{line}");
    }
    assert_eq!(read("someone wrote:").unwrap().names("", ""), Named::Not);
    assert_eq!(read("From: Lima, Ana").unwrap().names("ana.lima@pumps.example", ""), Named::Whole);
}

#[test]
fn lines_above_quotes_are_found_by_their_place_the_outermost_first() {
    let words = |body: &str| {
        let message = mail("x", BEN, body);
        attributions(&message).into_iter().map(|said| said.words).collect::<Vec<_>>()
    };
    assert_eq!(
        words(
            "Yes.\n\nOn 20 Nov 2026 at 16:04 Ana wrote:\n> Shall we?\n>\n> Le 19 nov. 2026 à 9:30, Ben a écrit :\n>> Maybe."
        ),
        ["on 20 nov 2026 at 16:04 ana wrote:", "le 19 nov. 2026 à 9:30, ben a écrit :"]
    );
    // Wrapped lines, and a language that no list knows.
    assert_eq!(
        words("Yes.\nMaandag, 20 Nov 2026 16:04\nAna Lima <ana@pumps.example>\nskreef:\n> Shall we?"),
        ["maandag, 20 nov 2026 16:04 ana lima <ana@pumps.example> skreef:"]
    );
    // Apple Mail marks the line as well.
    assert_eq!(
        words("Yes.\n\n> On Nov 20, 2026, at 16:04, Ana Lima <ana@pumps.example> wrote:\n> \n> Shall we?"),
        ["on nov 20, 2026, at 16:04, ana lima <ana@pumps.example> wrote:"]
    );
    // Outlook's block, and one inside its quote.
    assert_eq!(
        words(
            "Yes.\n\n-----Original Message-----\nFrom: Ana Lima\nSent: Friday, 20 November 2026 16:04\nTo: Ben\nSubject: Pumps\n\nShall we?\n\n> *From:* Ben Oduya\n> *Sent:* Thursday, 19 November 2026 9:30\n>\n> Maybe."
        ),
        [
            "from: ana lima sent: friday, 20 november 2026 16:04",
            "*from:* ben oduya *sent:* thursday, 19 november 2026 9:30"
        ]
    );
    assert!(words("Three things:\n- pumps\n- valves at 10:30\n").is_empty());
}

#[test]
fn subjects_are_keys_and_may_name_the_one_before() {
    for (subject, keys) in [
        ("Re: [EXT] Re: Pumps, hall 3", "pumps hall 3"),
        ("Re: ***EXTERNAL*** Re: Pumps", "pumps"),
        ("Valves (was: Re: Pumps in hall 3)", "valves was re pumps in hall 3|pumps in hall 3|valves"),
        ("Re: Valves [was Pumps]", "valves was pumps|pumps|valves"),
        ("Ventile (war: Pumpen)", "ventile war pumpen|pumpen|ventile"),
        ("valves Re: pumps", "valves re pumps|pumps|valves"),
        ("He was there (wasn't he)", "he was there wasn t he"),
        ("???", "???"),
        ("", ""),
    ] {
        let message = mail("x", &format!("{BEN}\nSubject: {subject}"), "On 1 May at 10:00 Ana wrote:\n> x");
        let clues = Clues::of(&message).unwrap();
        assert_eq!(clues.keys.join("|"), keys, "{subject}");
    }
    let long = "the quarterly figures of all the pumps in hall three and four";
    let cut: String = long.chars().take(45).collect();
    let clues = Clues { keys: vec![cut], ..Clues::default() };
    assert!(clues.same_subject(long));
    assert!(!clues.same_subject("the quarterly figures"));
    assert!(!Clues { keys: vec!["pumps".to_owned()], ..Clues::default() }.same_subject("pumps hall 3"));
    assert_eq!(subject_stem(long).chars().count(), 40);
}

#[test]
fn what_speaks_for_a_candidate_adds_up() {
    let minute = 60_000;
    let said = read("On 20 Nov 2026 at 14:04 Ana Lima wrote:").unwrap();
    let sent = time("2026-11-20T14:04:10Z").unwrap().as_millisecond();
    let clues = |attributions: Vec<Attribution>, when_ms: i64| Clues {
        keys: vec!["pumps in hall 3".to_owned()],
        from: "ben@valves.example".to_owned(),
        when_ms: Some(when_ms),
        attributions,
        says_so: true,
        ..Clues::default()
    };
    let candidate = |key: &'static str, when_ms: i64, quoted: &[f64]| Candidate {
        key,
        from: "ana@pumps.example",
        name: "Ana Lima",
        when_ms: Some(when_ms),
        went_to_sender: None,
        quoted: quoted.to_vec(),
    };
    let same = "pumps in hall 3";
    let reply = clues(vec![said.clone()], sent + 90 * minute);
    assert!(likelihood(&reply, &candidate(same, sent, &[])) >= SURE);
    assert!(likelihood(&reply, &candidate("valves", sent, &[])) >= SURE);
    // The subject alone is better than none and no more; another minute speaks against it.
    let bare = clues(Vec::new(), sent + 90 * minute);
    let alone = likelihood(&bare, &candidate(same, sent, &[]));
    assert!((LIKELY..SURE).contains(&alone), "{alone}");
    assert_eq!(likelihood(&reply, &candidate(same, sent - 307 * minute, &[])), LIKELY);
    assert!(likelihood(&bare, &candidate("valves", sent, &[])) < LIKELY);
    assert!(likelihood(&bare, &candidate("valves", sent, &[0.9])) < SURE);
    assert!(likelihood(&bare, &candidate(same, sent, &[0.9])) >= SURE);
    // A quote inside the quote counts less, and one that is not there speaks against.
    let deep = likelihood(&bare, &candidate(same, sent, &[0.0, 0.0, 0.9]));
    assert!(deep < likelihood(&bare, &candidate(same, sent, &[0.9])));
    // What came later, or a season before, is not answered.
    assert_eq!(likelihood(&bare, &candidate(same, sent + 91 * minute, &[])), 0);
    assert_eq!(likelihood(&bare, &candidate(same, sent - 91 * 1_440 * minute, &[])), 0);
    // A line that names the very minute shows that a clock is wrong.
    let early = clues(vec![said], sent - 20 * minute);
    assert!(likelihood(&early, &candidate(same, sent, &[])) >= SURE);
    assert!(is_vouched(&reply, &candidate("valves", sent, &[])));
    assert!(!is_vouched(&bare, &candidate(same, sent, &[0.3])));
    assert!(is_vouched(&bare, &candidate(same, sent, &[0.6])));
}

#[test]
fn the_nearest_message_before_a_missing_one_is_the_parent() {
    let first = mail(
        "first",
        &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Fri, 20 Nov 2026 16:04:10 +0200"),
        "Shall we replace the two old pumps before winter?",
    );
    let other = mail(
        "other",
        &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Sat, 21 Nov 2026 12:00:00 +0200"),
        "By the way, the valves came.",
    );
    let reply = mail(
        "reply",
        &format!("{BEN}\nSubject: Re: Pumps in hall 3\nDate: Sun, 22 Nov 2026 12:00:00 -0500"),
        "Agreed.\n\nOn Nov 22, 2026, at 9:12 AM, Cleo Maas wrote:\n> Yes, both.\n>\n> On Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:\n>> Shall we replace the two old pumps before winter?",
    );
    let threads = join_with_guesses(vec![first, other, reply], LIKELY);
    assert_eq!(show(&threads), "first reply~first; other");
}

#[test]
fn complete_headers_are_never_overruled_by_a_guess() {
    let first = mail(
        "first",
        &format!("{ANA}\nSubject: Pumps\nDate: Fri, 20 Nov 2026 16:04:10 +0200"),
        "Shall we replace the two old pumps before winter?",
    );
    let body = "Yes.\n\nOn Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:\n> Shall we replace the two old pumps before winter?";
    let reply = |id: &str, header: &str, body: &str| {
        mail(id, &format!("{BEN}\nSubject: Re: Pumps\nDate: Sat, 21 Nov 2026 12:00:00 +0200\n{header}"), body)
    };
    let check = |reply: Message, expect: &str| {
        assert_eq!(show(&join_with_guesses(vec![first.clone(), reply], LIKELY)), expect);
    };
    check(reply("found", "In-Reply-To: <first@pumps.example>", body), "first found<first");
    check(reply("whole", "References: <p@x.example> <q@x.example>", body), "first; whole");
    // One id that is not here: a gateway may have given the mail another. The quote vouches for it.
    check(reply("one", "In-Reply-To: <renamed@gate.example>", body), "first one~first");
    check(reply("bare", "In-Reply-To: <gone@gate.example>", "Yes."), "first; bare");
    check(reply("none", "X-Note: none", "Yes."), "first none~first");
}

#[test]
fn a_list_that_takes_prefixes_away_is_threaded_by_quotes() {
    let mails = vec![
        mail(
            "first",
            &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Fri, 20 Nov 2026 16:04:10 +0200"),
            "Shall we replace the two old pumps in the hall before winter comes this year?",
        ),
        mail(
            "reply",
            &format!("{BEN}\nSubject: Pumps in hall 3\nDate: Sat, 21 Nov 2026 12:00:00 +0200"),
            "> Shall we replace the two old pumps in the hall before winter comes this year?\n\nBoth of them.",
        ),
        mail(
            "again",
            &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Sun, 22 Nov 2026 12:00:00 +0200"),
            "The pumps in hall 3 are louder today.",
        ),
    ];
    assert_eq!(show(&join_with_guesses(mails, LIKELY)), "first reply~first; again");
}

#[test]
fn quoted_words_lead_to_a_message_of_another_subject() {
    let mails = vec![
        mail(
            "first",
            &format!("{ANA}\nSubject: Winter\nDate: Fri, 20 Nov 2026 16:04:10 +0200"),
            "Shall we replace the two old pumps in the hall before winter comes this year?",
        ),
        mail(
            "noise",
            &format!("{ANA}\nSubject: Snow\nDate: Fri, 20 Nov 2026 17:00:00 +0200"),
            "Shall we meet on Monday in the small hall to talk of tyres?",
        ),
        mail(
            "reply",
            &format!("{BEN}\nSubject: Budget of next year\nDate: Sat, 21 Nov 2026 12:00:00 +0200"),
            "Ana Lima wrote:\n> Shall we replace the two old pumps in the hall before winter comes this year?\n\nThat is for next year.",
        ),
    ];
    assert_eq!(show(&join_with_guesses(mails, LIKELY)), "first reply~first; noise");
}

#[test]
fn one_id_given_twice_is_two_mails() {
    let report = |day: u8, body: &str| {
        parse_message(
            format!("Message-ID: <nightly@pumps.example>\n{ANA}\nSubject: Report\nDate: {day} Nov 2026 02:00:00 +0000\n\n{body}\n").as_bytes(),
        )
    };
    let other = parse_message(
        format!("Message-ID: <nightly@pumps.example>\n{ANA}\nSubject: Leak\nDate: 3 Nov 2026 02:00:00 +0000\n\nwater\n").as_bytes(),
    );
    let reply = mail(
        "reply",
        &format!(
            "{BEN}\nSubject: Re: Leak\nDate: 4 Nov 2026 10:00:00 +0000\nIn-Reply-To: <nightly@pumps.example>"
        ),
        "where?",
    );
    let lost = mail(
        "lost",
        &format!("{BEN}\nSubject: Hm\nDate: 4 Nov 2026 11:00:00 +0000\nIn-Reply-To: <nightly@pumps.example>"),
        "what?",
    );
    // The later comes first: the id still points to the earliest, but where the subject tells.
    let threads = join(vec![report(2, "two"), report(1, "one"), other, reply, lost]);
    assert_eq!(show(&threads), "nightly lost<nightly; nightly; nightly reply<nightly");
    assert_eq!(threads.first().and_then(|thread| thread.messages.first()).unwrap().own_words(), "one");
    // A draft that was written anew within hours is one mail.
    assert!(is_one_mail(("Report", Some(0)), ("RE: report", Some(3_600_000))));
    assert!(is_one_mail(("Report", None), ("Report", Some(5))));
    assert!(!is_one_mail(("Report", Some(0)), ("Report", Some(86_400_000))));
    assert!(!is_one_mail(("Report", Some(0)), ("Leak", Some(0))));
}

#[test]
fn a_line_names_moments_on_the_days_before() {
    let before: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let shown = |line: &str, offset: i32| {
        let moments = read(line).unwrap().moments(before, offset);
        let start = |(start, end): &(i64, i64)| {
            assert_eq!(end - start, 90_000);
            Timestamp::from_millisecond(start + 30_000).unwrap().to_string()
        };
        moments.iter().map(start).collect::<Vec<_>>()
    };
    assert_eq!(
        shown("On 20 Nov 2026 at 16:04 Ana wrote:", 3_600)[..4],
        ["2026-11-20T15:04:00Z", "2026-11-20T16:04:00Z", "2026-11-20T14:04:00Z", "2026-10-20T15:04:00Z"]
    );
    assert_eq!(shown("Date: Fri, 20 Nov 2026 16:04:00 -0500", 3_600)[..1], ["2026-11-20T21:04:00Z"]);
    assert!(shown("On 20 Nov 2026 Ana wrote:", 0).is_empty());
    assert_eq!(shown("Ana, 9:30:", 0).first().map(String::as_str), Some("2026-11-22T09:30:00Z"));
}
