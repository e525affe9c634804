//! What is learnt of how a message was sent and built.

use super::*;
use crate::parse_message;

#[track_caller]
fn check(raw: &str, expect: impl Fn(&Build) -> bool) {
    let build = parse_message(raw.as_bytes()).delivery.build;
    assert!(expect(&build), "{raw}\n{build:?}");
}

#[test]
fn what_a_person_sends_shows_nothing() {
    let raw = "Received: from mail.ana.example by mx.own.example with ESMTPS; Fri, 20 Nov 2026 16:04:09 +0100\n\
        Message-ID: <3F1A.9C@mail.ana.example>\nDate: Fri, 20 Nov 2026 16:04:00 +0100\n\
        From: Ana <ana@ana.example>\nSubject: Pump, version 2.40 [v12]\nX-Mailer: Microsoft Outlook 16.0\n\nHi\n";
    check(raw, |build| *build == Build::default());
    check("From: a@x.example\n\nhi\n", |build| *build == Build::default());
    check("", |build| *build == Build::default());
}

#[test]
fn an_id_that_a_server_gave_is_known_by_its_form_and_host() {
    let mail = |id: &str, from: &str| {
        format!(
            "Received: from x.example (x.example [192.0.2.1])\n\tby mx.own.example (8.11.6) id g1; Fri, 20 Nov 2026 16:04:09 +0100\n\
             Message-ID: <{id}>\nFrom: <a@{from}>\n\nhi\n"
        )
    };
    check(&mail("200208251724.SAA22481@mx.own.example", "x.example"), |build| build.id_by_server);
    check(&mail("20020826151302.DD0E44416B@mx.own.example", "x.example"), |build| build.id_by_server);
    check(&mail("E17ZL6I-000NHk-0Y@mx.own.example", "x.example"), |build| build.id_by_server);
    check(&mail("200208251724.SAA22481@mx.own.example", "own.example"), |build| !build.id_by_server);
    check(&mail("200208251724.SAA22481@x.example", "x.example"), |build| !build.id_by_server);
    check(&mail("CAF=abc123@mx.own.example", "x.example"), |build| !build.id_by_server);
}

#[test]
fn an_outlook_id_holds_the_time_it_was_made() {
    // 20 November 2026, 15:04 UTC is 01DD5890… as a file time.
    let sent = 1_795_187_040_i64;
    let upper = ((sent + 11_644_473_600) * 10_000_000) >> 32;
    assert!(!is_of_other_day(&format!("0021{upper:08x}$8136d2b8$4ee83ab7@host"), sent));
    assert!(is_of_other_day("005e58c17aab$8136d2b8$4ee83ab7@host", sent));
    assert!(!is_of_other_day("005e58c17aab@host", sent));
    assert!(!is_of_other_day("ééé", sent));
}

#[test]
fn dates_show_clocks_that_no_place_has() {
    let mail = |date: &str| {
        format!(
            "Received: by mx.own.example; Fri, 20 Nov 2026 16:04:09 +0100\nDate: {date}\nFrom: a@x.example\n\nhi\n"
        )
    };
    for (date, odd, off) in [
        ("Fri, 20 Nov 2026 16:04:00 +0100", false, false),
        ("Fri, 20 Nov 2026 15:04:00 GMT", false, false),
        ("Fri, 20 Nov 2026 15:04:00 +0000 (UTC)", false, false),
        ("Fri, 20 Nov 2026 20:34:00 +0530", false, false),
        ("Fri, 20 Nov 2026 15:04:00", true, false),
        ("Fri, 20 Nov 2026 09:04:00 -1900", true, true),
        ("Thu, 19 Nov 2026 16:04:00 +0100", false, true),
    ] {
        check(&mail(date), |build| (build.odd_zone, build.date_off) == (odd, off));
    }
}

#[test]
fn marks_of_copies_are_told_from_words() {
    for (subject, mark) in [
        ("Great prices!    11058", true),
        ("Need a hand? [wz6lo]", true),
        ("Want more? rjgu10", true),
        ("Ticket [urgent]", false),
        ("Plan for 2026", false),
        ("Notes on build 704", false),
        ("Re: release 2.40", false),
        ("[xkcd]", false),
        ("", false),
    ] {
        assert_eq!(has_mark(subject), mark, "{subject}");
    }
}

#[test]
fn layout_counts_what_a_page_is_made_of() {
    let page = "<html><body onload=x()><table bgcolor='#cc0000'><tr><td background=a.gif>\
        <img src='https://shop.example/p.gif?u=77' width=1 height=1><img src='cid:logo'>\
        <a href='http://203.0.113.7/x'>here</a><a href='https://shop.example/b'>b</a><a href='mailto:a@x.example'>m</a>\
        </td></tr></table><center><font color=red size=+3>NOW</font></center><form></form></body></html>";
    let raw = format!("From: a@x.example\nContent-Type: text/html\n\n{page}");
    check(&raw, |build| {
        let layout = Layout {
            tables: 1,
            web_pictures: 1,
            tracking_pictures: 1,
            forms: 1,
            scripts: 1,
            backgrounds: 2,
            centred: 1,
            coloured: 1,
            large: 1,
            links: 2,
            disguised_links: 1,
        };
        build.html_only && build.layout == layout
    });
    check("From: a@x.example\n\n<html><body><p>Hello</p></body></html>", |build| build.plain_is_html);
    check("From: a@x.example\n\nUse <b> and <table> there.", |build| !build.plain_is_html);
    check(
        "From: a@x.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8gdGhlcmU=\n",
        |build| build.veiled_text,
    );
}

#[test]
fn disguised_links_hide_their_host() {
    for (target, disguised) in [
        ("https://shop.example/a?b=c", false),
        ("http://localhost:8080/x", false),
        ("http://203.0.113.7/", true),
        ("http://3232235777/", true),
        ("http://www.bank.example@203.0.113.7/", true),
        ("http://w%77w.x.example/", true),
        ("http://x.example:27000/", true),
        ("ftp://203.0.113.7/", false),
        ("mailto:a@x.example", false),
    ] {
        assert_eq!(is_disguised(target), disguised, "{target}");
    }
}

#[test]
fn organisations_of_domains() {
    for (domain, organisation) in [
        ("mail.acme.example", "acme.example"),
        ("acme.example", "acme.example"),
        ("a.b.acme.co.uk", "acme.co.uk"),
        ("acme.co.uk", "acme.co.uk"),
        ("localhost", "localhost"),
        ("", ""),
    ] {
        assert_eq!(super::organisation(domain), organisation, "{domain}");
    }
}
