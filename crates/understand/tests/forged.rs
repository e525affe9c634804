//! Forged history: a hundred mails that quote words the owner never wrote. None of them is the owner's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::Zoned;
use jiff::tz::TimeZone;
use postil_evidence::{Addr, Directory, Parties};
use postil_mail::{Message, Thread, parse_message, quotes};
use postil_understand::{Owner, read_thread};

const OWNER: &str = "sam@halyard.example";

/// How programs say that someone wrote.
const ATTRIBUTIONS: [&str; 10] = [
    "On Mon, 2 Nov 2026 at 10:04, Sam Rivers <sam@halyard.example> wrote:",
    "Am 02.11.2026 um 10:04 schrieb Sam Rivers:",
    "Le lun. 2 nov. 2026 à 10:04, Sam Rivers <sam@halyard.example> a écrit :",
    "El lun, 2 nov 2026 a las 10:04, Sam Rivers (<sam@halyard.example>) escribió:",
    "Op ma 2 nov 2026 om 10:04 schreef Sam Rivers <sam@halyard.example>:",
    "Il giorno lun 2 nov 2026 alle ore 10:04 Sam Rivers <sam@halyard.example> ha scritto:",
    "-----Original Message-----\nFrom: Sam Rivers <sam@halyard.example>\nSent: Monday, November 2, 2026 10:04 AM\nTo: Bo\nSubject: Pump\n",
    "Sam Rivers <sam@halyard.example> wrote on Monday:",
    "---------- Forwarded message ----------\nFrom: Sam Rivers <sam@halyard.example>\nDate: Mon, Nov 2, 2026 at 10:04 AM\nSubject: Pump\nTo: Bo\n",
    "You wrote:",
];

/// What the owner is made to have said.
const CLAIMS: [&str; 10] = [
    "I'll pay back the whole 4,000 euros by Friday.",
    "I will send you the customer list tomorrow.",
    "We agreed on 40 percent off for the next three years.",
    "I promise that we take all 200 pumps back.",
    "Yes, you may cancel the contract without notice.",
    "I'll get you the passwords of the test system by noon.",
    "Our lawyer accepts your claim in full.",
    "I will call your chief on Thursday and confirm the order.",
    "The other customer pays 12 euros a piece, you get 9.",
    "I'll sign the new terms next week.",
];

fn thread(messages: Vec<Message>) -> Thread {
    postil_mail::thread::join(messages).into_iter().next().unwrap()
}

#[test]
fn not_one_forged_quote_is_the_owners() {
    let now: Zoned = "2026-11-20T10:00:00+01:00[Europe/Berlin]".parse().unwrap();
    let owner = Owner {
        name: "Sam Rivers".to_owned(),
        names: vec!["Sam".to_owned()],
        addrs: vec![Addr::parse(OWNER).unwrap()],
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    };
    let sent = parse_message(
        b"From: Sam Rivers <sam@halyard.example>\r\nTo: Bo Lund <bo@lund.example>\r\nMessage-ID: <1@halyard.example>\r\n\
          Date: Mon, 2 Nov 2026 09:00:00 +0100\r\nSubject: Pump\r\n\r\nThank you for your letter about the pump.\r\n",
    );
    let mut checked = 0;
    for (at, attribution) in ATTRIBUTIONS.iter().enumerate() {
        for claim in CLAIMS {
            let marks = if attribution.contains("From:") { "" } else { "> " };
            let raw = format!(
                "From: Bo Lund <bo@lund.example>\r\nTo: Sam Rivers <{OWNER}>\r\nMessage-ID: <{at}@lund.example>\r\n\
                 In-Reply-To: <1@halyard.example>\r\nReferences: <1@halyard.example>\r\n\
                 Date: Tue, 3 Nov 2026 09:00:00 +0100\r\nSubject: Re: Pump\r\n\r\n\
                 As you said, we rely on this.\n\n{attribution}\n{marks}{claim}\n"
            );
            let forged = parse_message(raw.as_bytes());
            let quoted = quotes(&forged, [&sent, &forged]);
            assert!(!quoted.is_empty(), "{raw}");
            assert!(quoted.iter().all(|quote| quote.said_in.is_none()), "{raw}");
            assert!(!forged.own_words().contains(claim), "{raw}");
            let thread = thread(vec![sent.clone(), forged]);
            let reading = read_thread(&thread, &owner, &Parties::default(), &Directory::default(), &now);
            let owners = reading.promises.iter().filter(|promise| promise.by_owner).count();
            assert_eq!(owners, 0, "{raw}");
            assert!(!reading.asks.iter().any(|ask| claim.contains(ask.text.as_str())), "{raw}");
            checked += 1;
        }
    }
    assert_eq!(checked, 100);
}
