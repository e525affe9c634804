//! The configuration's text before and after a correction, and rules that are refused.

use postil_understand::Verdict;

use super::{append_table, line_of_rule, standing, without_tables};
use crate::config::{ConfigFile, CorrectionEntry};

fn entry(message: &str) -> CorrectionEntry {
    CorrectionEntry {
        date: "2026-11-23".to_owned(),
        message: message.to_owned(),
        from: "maya@northwind.example".to_owned(),
        subject: "A \"quoted\" \\ subject [[correction]]".to_owned(),
        list: String::new(),
        sent: postil_understand::standing::Sending::Automated,
        asked: String::new(),
        said: Verdict::Automated,
        should_be: Verdict::Reply,
    }
}

#[test]
fn what_is_added_and_taken_away_leaves_every_byte() {
    for text in [
        "",
        "version = 1\n",
        "version = 1",
        "# mine\r\nversion = 1\r\n",
        "version = 1\n[folders]\n# \"X\" = \"acme\"\n",
        "version = 1\n\n\n",
        "version = 1\n\n[folders]\n\"X\" = \"acme\" # why\n# the end",
    ] {
        let mut one = text.to_owned();
        append_table(&mut one, &entry("<1@x.example>"));
        assert!(one.starts_with(text), "{one}");
        let mut two = one.clone();
        append_table(&mut two, &entry("<2@x.example>"));
        let file: ConfigFile = toml::from_str(&two).unwrap_or_else(|error| panic!("{error}: {two}"));
        assert_eq!(file.correction, [entry("<1@x.example>"), entry("<2@x.example>")]);
        assert_eq!(without_tables(&two, &[1]).as_deref(), Some(one.as_str()));
        assert_eq!(without_tables(&one, &[0]).as_deref(), Some(text));
        assert_eq!(without_tables(&two, &[0, 1]).as_deref(), Some(text));
        let mut second = text.to_owned();
        append_table(&mut second, &entry("<2@x.example>"));
        assert_eq!(without_tables(&two, &[0]), Some(second));
    }
}

#[test]
fn what_a_person_wrote_around_a_table_stays() {
    let text = "version = 1\n[[correction]]\nmessage = \"<1@x.example>\" # one\nsaid = \"reply\"\nshould_be = \"info\"\n# about folders\n[folders]\n\"X\" = \"acme\"\n";
    let left = without_tables(text, &[0]).unwrap();
    assert_eq!(left, "version = 1\n# about folders\n[folders]\n\"X\" = \"acme\"\n");
    let table = "[[correction]]\nmessage = \"x\"\nsaid = \"reply\"\nshould_be = \"info\"\n";
    let dense = format!("version = 1\n{table}{table}");
    assert!(without_tables(&dense, &[0, 1]).is_some_and(|left| left.trim_end() == "version = 1"));
    assert_eq!(without_tables("correction = [{ message = \"x\" }]\n", &[0]), None);
}

#[test]
fn a_rule_that_is_not_understood_is_named_with_its_line() {
    let text = "[inbox]\n# mine\nrules = [\n  \"never for receipts\",\n  \"never for recipes\",\n]\n";
    let file: ConfigFile = toml::from_str(text).unwrap();
    let (at, error) = standing(&file).unwrap_err();
    assert_eq!((at, line_of_rule(text, at)), (1, Some(5)));
    assert!(error.what.contains("never for recipes") && error.hint.contains("never for"), "{error}");
    let file: ConfigFile = toml::from_str("[inbox]\nrules = [\"always for gmail.com\"]\n").unwrap();
    assert!(standing(&file).unwrap_err().1.what.contains("serves anyone"));
    let file: ConfigFile = toml::from_str("[inbox]\nrules = [\"never for gmail.com\"]\n").unwrap();
    assert!(standing(&file).is_ok());
    assert!(toml::from_str::<ConfigFile>("[inbox]\nrule = []\n").is_err());
    let bad = "[[correction]]\nmessage = \"x\"\nsaid = \"reply\"\nshould_be = \"later\"\n";
    let error = toml::from_str::<ConfigFile>(bad).unwrap_err().to_string();
    assert!(error.contains("later") && error.contains("automated"), "{error}");
}
