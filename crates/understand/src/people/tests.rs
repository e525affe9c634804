//! Whom short threads name.

use postil_evidence::{Addr, Directory, HeaderText, Mailbox};

use super::{Meant, Turn, people};
use crate::fixture::person;

fn mailbox(text: &str) -> Mailbox {
    let (name, addr) = text.split_once('<').unwrap();
    Mailbox { name: HeaderText::clean(name.trim()), addr: Addr::parse(addr.trim_end_matches('>')).unwrap() }
}

/// Each mention of a mail from Ana Lima to Bo Berg as `words = who`; two who may be meant stand with a bar between.
fn check(text: &str, expect: &[&str]) {
    let (from, to) = (mailbox("Ana Lima <ana@lima.example>"), [mailbox("Bo Berg <bo@berg.example>")]);
    let cc = [mailbox("Robert Kim <rk@berg.example>"), mailbox("Maya Roth <maya@roth.example>")];
    let directory = Directory::new(vec![
        person("Ann Lee", "ann@lee.example"),
        person("Ann Moreau", "ann@moreau.example"),
        person("Maya Roth", "maya@roth.example"),
        person("Maya Singh", "maya@singh.example"),
    ]);
    let turn = Turn { author: Some(&from), to: &to, cc: &cc, text };
    let found = people(&[turn], &directory);
    let name = |at: &usize| found.people.get(*at).map(|person| person.name.clone()).unwrap_or_default();
    let told: Vec<String> = found
        .mentions
        .iter()
        .map(|mention| {
            let who = match &mention.meant {
                Meant::One(one) => name(one),
                Meant::All(all) => all.iter().map(name).collect::<Vec<_>>().join(" and "),
                Meant::OneOf(all) => all.iter().map(name).collect::<Vec<_>>().join(" | "),
                Meant::Someone => "someone".to_owned(),
            };
            format!("{} = {who}", mention.span.of(text))
        })
        .collect();
    assert_eq!(told, expect, "{text}");
}

#[test]
fn the_author_and_the_addressee_speak_to_each_other() {
    check(
        "Bo,\n\nI sent you my notes.\n\nAna\n",
        &["Bo = Bo Berg", "I = Ana Lima", "you = Bo Berg", "my = Ana Lima", "Ana = Ana Lima"],
    );
}

#[test]
fn nicknames_and_first_names_mean_the_one_of_the_thread() {
    check("Please ask Bob and Maya.\n", &["Bob = Robert Kim", "Maya = Maya Roth"]);
    check("Please ask Maya Singh.\n", &["Maya Singh = Maya Singh"]);
}

#[test]
fn a_first_name_that_fits_two_is_not_resolved() {
    check("Did Ann say so?\n", &["Ann = Ann Lee | Ann Moreau"]);
    check("Did Ann Lee say so? She was here.\n", &["Ann Lee = Ann Lee", "She = Ann Lee"]);
}

#[test]
fn he_is_resolved_only_where_one_person_fits() {
    check(
        "I met Melvin Jones. He cooks.\n",
        &["I = Ana Lima", "Melvin Jones = Melvin Jones", "He = Melvin Jones"],
    );
    check(
        "Bob met Melvin Jones. He cooks.\n",
        &["Bob = Robert Kim", "Melvin Jones = Melvin Jones", "He = Robert Kim | Melvin Jones"],
    );
}

#[test]
fn words_that_are_names_too_name_nobody_at_the_start_of_a_sentence() {
    check("Will it work? Mark it done. May is fine.\n", &[]);
}

#[test]
fn header_lines_change_who_speaks() {
    check(
        "See below.\nFrom: Roth, Maya\nTo: Lima, Ana\nSubject: Pump\n\nAna, can I call you?\nMaya\n",
        &[
            "Roth, Maya = Maya Roth",
            "Lima, Ana = Ana Lima",
            "Ana = Ana Lima",
            "I = Maya Roth",
            "you = Ana Lima",
            "Maya = Maya Roth",
        ],
    );
}

#[test]
fn what_someone_is_stands_beside_the_name() {
    check(
        "Talk to Robert Kim, a financial trader, today.\n",
        &["Robert Kim = Robert Kim", "a financial trader = Robert Kim"],
    );
}

#[test]
fn whoever_is_spoken_to_further_down_is_you_from_there() {
    check(
        "Bo,\n\nCan you call?\nSee the list.\nMaya, will you come?\n\nAna\n",
        &["Bo = Bo Berg", "you = Bo Berg", "Maya = Maya Roth", "you = Maya Roth", "Ana = Ana Lima"],
    );
}

#[test]
fn a_mail_full_of_names_is_read_in_bounded_time() {
    let names: String = (0..200_000).map(|at| format!("Zoe X{at} y, ")).collect();
    let headers: String =
        (0..20_000).map(|at| format!("From: a{at}@x.example\nTo: b{at}@x.example\nyou\n")).collect();
    for text in [names, headers] {
        let turn = Turn { author: None, to: &[], cc: &[], text: &text };
        let found = people(&[turn; 13], &Directory::default());
        assert!(found.people.len() <= 1_000 && found.mentions.len() <= 13 * 16_000, "{}", found.people.len());
    }
}
