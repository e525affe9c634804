//! What is found in a vault: by other names, by links, and on a day that is named.

#![expect(clippy::unwrap_used, reason = "a test sets up its own files and fails where that fails")]

use postil_desk::Filters;

mod common;

const WORLD: &str = r#"//- vault/Organisations/Northwind Traders.md
---
type: organisation
aliases: [NW]
---
They trade in lamps.
//- vault/Organisations/Globex.md
---
type: organisation
---
They trade in pumps.
//- vault/Contracts/C-17.md
---
customer: "[[Northwind Traders]]"
---
The renewal is due on 1 March 2027.
//- vault/Contracts/C-18.md
---
customer: "[[Organisations/Globex|GX]]"
---
The renewal is due on 1 June 2027.
//- vault/Calls/2026-11-10 - Call.md
We agreed on 30 seats.
//- vault/Calls/2026-11-17 - Call.md
We agreed on 40 seats.
//- mail/1.eml
From: Ida Berg <ida@us.example>
To: Sam Rivera <sam@us.example>
Subject: Dates
Date: Fri, 20 Nov 2026 16:04:00 +0100
Message-ID: <asked@x.example>

Hi Sam,

When is the renewal of NW due? And how many seats did we agree on in the call of 10 November?

Ida
"#;

#[test]
fn the_owners_search_knows_other_names_links_and_days() {
    let dir = tempfile::tempdir().unwrap();
    let desk = common::synced(dir.path(), "", WORLD);
    let check = |query: &str, expect: &str, day: Option<&str>| {
        let found = desk.search(query, &Filters::default(), 9).unwrap();
        let first = found.hits.first().map(|hit| hit.source.as_str()).unwrap_or_default();
        assert_eq!((first, found.day.as_deref()), (expect, day), "{query}: {:#?}", found.hits);
    };
    check("renewal northwind", "Contracts/C-17.md", None);
    check("NW renewal", "Contracts/C-17.md", None);
    check("renewal nw", "Contracts/C-17.md", None);
    check("Globex renewal", "Contracts/C-18.md", None);
    check("seats last Tuesday's call", "Calls/2026-11-17 - Call.md", Some("2026-11-17"));
    check("seats call of 10 November", "Calls/2026-11-10 - Call.md", Some("2026-11-10"));
    let of_none = desk.search("seats call of 11 November", &Filters::default(), 9).unwrap();
    assert!(of_none.hits.len() > 2 && of_none.day.is_none(), "{of_none:#?}");
    let narrowed = Filters { from: "2026-11-12".parse().ok(), ..Filters::default() };
    let of_ten = desk.search("seats call of 10 November", &narrowed, 9).unwrap();
    assert_eq!((!of_ten.hits.is_empty(), of_ten.day), (true, None));
}

#[test]
fn an_ask_is_met_by_a_line_of_a_note_that_links_to_whom_it_names_and_of_the_day_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let context = common::synced(dir.path(), "", WORLD).context("<asked@x.example>").unwrap();
    let first: Vec<&str> = context
        .asks
        .iter()
        .map(|ask| ask.evidence.first().map(|line| line.text.as_str()).unwrap_or_default())
        .collect();
    assert_eq!(first, ["The renewal is due on 1 March 2027.", "We agreed on 30 seats."]);
    let renewal = context.asks.first().map(|ask| ask.evidence.len());
    assert_eq!(renewal, Some(1), "{:#?}", context.asks);
}
