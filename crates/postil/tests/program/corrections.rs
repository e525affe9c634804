//! `inbox --wrong`, `--unwrong` and standing rules, as their user meets them.

use serde_json::Value;

use crate::place::{Place, tree};

/// A thread of the demo that needs a reply.
const ASKS: &str = "<7841468528.7B3CF8@mx.northwind.example>";

fn synced() -> Place {
    let place = Place::demo();
    place.postil(&["sync"]).ended(0);
    place
}

fn config(place: &Place) -> String {
    std::fs::read_to_string(place.vault().join(".postil/config.toml")).unwrap()
}

fn set_config(place: &Place, text: &str) {
    std::fs::write(place.vault().join(".postil/config.toml"), text).unwrap();
}

/// The inbox, but for which drafts there are.
fn inbox(place: &Place) -> Vec<Value> {
    let mut rows = place.postil(&["inbox", "--all", "--json"]).ended(0).rows();
    rows.iter_mut().for_each(|row| row["draft"] = Value::Null);
    rows
}

fn row<'r>(rows: &'r [Value], id: &str) -> &'r Value {
    rows.iter().find(|row| row["message_id"] == id).unwrap()
}

#[test]
fn a_correction_changes_the_inbox_is_seen_in_the_configuration_and_goes_without_a_trace() {
    let place = synced();
    let (before, first) = (config(&place), inbox(&place));
    let asks = row(&first, ASKS);
    assert_eq!(asks["verdict"], "reply");
    let key: String = asks["key"].as_str().unwrap().chars().take(8).collect();

    let said = place.postil(&["inbox", "--wrong", &key]).ended(0);
    assert!(said.out.contains("reply should be info") && said.out.contains("--unwrong"), "{said:?}");
    let noted = config(&place);
    assert!(noted.starts_with(&before), "{noted}");
    for line in ["[[correction]]", "date = \"2026-11-23\"", "said = \"reply\"", "should_be = \"info\"", ASKS]
    {
        assert!(noted.contains(line), "{line}: {noted}");
    }
    let second = inbox(&place);
    let asks = row(&second, ASKS);
    assert_eq!(
        (asks["verdict"].as_str(), asks["reasons"][0]["kind"].as_str()),
        (Some("info"), Some("You said so"))
    );
    let drafts = place.postil(&["draft", "--json"]).ended(0).rows();
    assert!(drafts.len() > 10 && drafts.iter().all(|draft| draft["message_id"] != ASKS), "{drafts:?}");
    assert_eq!(place.postil(&["read", ASKS, "--json"]).ended(0).row()["verdict"], "info");

    // Said again, it is taken back; and what is not there cannot be.
    let row = place.postil(&["inbox", "--wrong", ASKS, "--is", "bulk", "--json"]).ended(0).row();
    assert_eq!(
        (row["schema"].as_str(), row["should_be"].as_str()),
        (Some("postil/correction@1"), Some("bulk"))
    );
    assert_eq!(config(&place).matches("[[correction]]").count(), 1);
    let row = place.postil(&["inbox", "--unwrong", ASKS, "--json"]).ended(0).row();
    assert_eq!(row["state"], "taken back");
    assert_eq!(config(&place), before);
    assert_eq!(inbox(&place), first);
    for (args, words) in [
        (&["inbox", "--unwrong", ASKS][..], "no correction was made"),
        (&["inbox", "--wrong", ASKS, "--is", "reply"], "already"),
        (&["inbox", "--wrong", ASKS, "--is", "later"], "say one of reply"),
        (&["inbox", "--wrong", "ffffffff"], "no message is called"),
    ] {
        let said = place.postil(args).ended(2);
        assert!(said.out.is_empty() && said.err.contains(words), "{args:?}: {said:?}");
    }
    assert_eq!(config(&place), before);

    // Deleting the table by hand is as good.
    set_config(&place, &noted);
    assert_eq!(inbox(&place), second);
    set_config(&place, &before);
    assert_eq!(inbox(&place), first);
}

#[test]
fn rules_decide_in_inbox_and_drafts_and_a_bad_one_is_named() {
    let place = synced();
    let (before, first) = (config(&place), inbox(&place));
    let automated = first.iter().find(|row| {
        ["automated", "bulk"].contains(&row["verdict"].as_str().unwrap())
            && !row["from"].as_str().unwrap().starts_with("no")
            && row["warnings"].as_array().unwrap().is_empty()
            && row["reasons"][0]["kind"] != "A stranger's mass mail"
    });
    let automated = automated.unwrap();
    let (from, id) = (automated["from"].as_str().unwrap(), automated["message_id"].as_str().unwrap());
    let rules = format!(
        "{before}\n# mine\n[inbox]\nrules = [\n  \"never for northwind\",\n  \"always for {from}\",\n  \"always for spesen.example\",\n]\n"
    );
    set_config(&place, &rules);
    let ruled = inbox(&place);
    assert_eq!(row(&ruled, ASKS)["verdict"], "info");
    assert_eq!(row(&ruled, ASKS)["reasons"][0]["text"], "never for northwind");
    assert_eq!(row(&ruled, id)["verdict"], "reply");
    assert_eq!(row(&ruled, id)["reasons"][0]["kind"], "Standing rule");
    let drafts = place.postil(&["draft", "--json"]).ended(0).rows();
    assert!(drafts.len() > 10 && drafts.iter().all(|draft| draft["message_id"] != ASKS), "{drafts:#?}");
    let draft = drafts.iter().find(|draft| draft["message_id"] == id).unwrap();
    let note = std::fs::read_to_string(place.vault().join(draft["path"].as_str().unwrap())).unwrap();
    assert!(
        note.contains("reason: \"Standing rule\"") && note.contains(&format!("always for {from}")),
        "{note}"
    );

    // Listed, since a rule says so, and without a draft, since nobody would read it.
    let program = ruled.iter().find(|row| row["from"] == "no-reply@spesen.example").unwrap();
    assert_eq!(program["verdict"], "reply");
    let undrafted = drafts.iter().find(|draft| draft["message_id"] == program["key"]).unwrap();
    assert_eq!((undrafted["state"].as_str(), undrafted["path"].as_str()), (Some("not needed"), None));

    set_config(&place, &rules.replace("never for northwind", "never for recipes"));
    let said = place.postil(&["inbox"]).ended(3);
    let line = rules.lines().position(|line| line.contains("never for northwind")).unwrap() + 1;
    for words in ["config.toml", &format!("line {line}"), "never for recipes", "receipts", "subject"] {
        assert!(said.err.contains(words), "{words}: {said:?}");
    }
}

#[test]
fn a_file_that_a_mail_program_marks_as_answered_gets_no_draft() {
    let place = synced();
    let first = inbox(&place);
    assert_eq!(row(&first, ASKS)["verdict"], "reply");
    let mail = place.path("demo/Maildir");
    let (name, _) = tree(&mail)
        .into_iter()
        .find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&format!("Message-ID: {ASKS}")))
        .unwrap();
    let marked = format!("{}RS", name.split_inclusive(":2,").next().unwrap());
    std::fs::rename(mail.join(name), mail.join(marked)).unwrap();
    place.postil(&["sync"]).ended(0);
    let rows = inbox(&place);
    let asks = row(&rows, ASKS);
    assert_eq!(
        (asks["verdict"].as_str(), asks["reasons"][0]["kind"].as_str()),
        (Some("none"), Some("Your mail program marks it as answered"))
    );
    let drafts = place.postil(&["draft", "--json"]).ended(0).rows();
    assert!(drafts.iter().all(|draft| draft["message_id"] != ASKS), "{drafts:?}");
}
