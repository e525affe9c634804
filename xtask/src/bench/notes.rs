//! The made-up vault: people, customers and meetings as a person who uses Obsidian writes them.

use std::path::Path;

use anyhow::Result;

use super::cast::{Cast, Person};
use super::mailbox::Moment;
use super::random::Random;
use super::words::{Words, capital};
use super::write_file;

/// Writes `count` notes: people, customers, and meetings for what is left.
pub(super) fn write(
    vault: &Path,
    count: usize,
    cast: &Cast,
    words: &Words,
    random: &mut Random,
) -> Result<()> {
    for folder in ["People", "Customers", "Meetings"] {
        std::fs::create_dir_all(vault.join(folder))?;
    }
    let people = (count * 2 / 5).min(cast.people.len());
    let customers = (count / 10).min(cast.organisations.len());
    for person in cast.people.iter().take(people) {
        let text = person_note(person, cast, words, random);
        write_file(&vault.join("People"), &format!("{}.md", person.name), text.as_bytes())?;
    }
    for at in 0..customers {
        let Some(customer) = cast.organisations.get(at) else { continue };
        let text = customer_note(at, cast, words, random);
        write_file(&vault.join("Customers"), &format!("{}.md", customer.name), text.as_bytes())?;
    }
    for number in 0..count - people - customers {
        let (title, text) = meeting_note(number, cast, words, random);
        write_file(&vault.join("Meetings"), &format!("{title}.md"), text.as_bytes())?;
    }
    Ok(())
}

fn person_note(person: &Person, cast: &Cast, words: &Words, random: &mut Random) -> String {
    let organisation = organisation(cast, person);
    let mut text = format!(
        "---\ntype: people\ntitle: \"{}\"\nemail: \"{}\"\ncompany: \"[[{organisation}]]\"\nrole: {}\ncreated: {}\n",
        person.name,
        person.address,
        person.role,
        Moment::any(random).date()
    );
    if random.chance(20) {
        text.push_str("audience: internal\n");
    }
    text.push_str(&format!(
        "tags: [person, {}]\n---\n\n# {}\n\n## Profile\n\n",
        words.topic(random),
        person.name
    ));
    text.push_str(&format!(
        "{} at [[{organisation}]].\n\n## Background\n\n{}\n\n",
        person.role,
        words.paragraph(random)
    ));
    text.push_str("## Key facts\n\n");
    for _ in 0..random.between(2, 6) {
        text.push_str(&format!("- {}\n", words.sentence(random)));
    }
    text.push_str("\n## Open tasks\n\n");
    for _ in 0..random.below(4) {
        text.push_str(&format!("- [ ] {} 📅 {}\n", words.sentence(random), Moment::any(random).date()));
    }
    text
}

fn customer_note(at: usize, cast: &Cast, words: &Words, random: &mut Random) -> String {
    let (name, domain) =
        cast.organisations.get(at).map_or(("", ""), |it| (it.name.as_str(), it.domain.as_str()));
    let mut text = format!("---\ntype: customer\ntitle: \"{name}\"\ndomain: {domain}\n");
    match random.below(4) {
        0 => text.push_str(&format!("audience: {}\n", name.to_lowercase())),
        1 => text.push_str("audience: public\n"),
        _ => {}
    }
    text.push_str(&format!("---\n\n# {name}\n\n{}\n\n## People\n\n", words.paragraph(random)));
    for person in cast.people.iter().filter(|person| person.organisation == at).take(10) {
        text.push_str(&format!("- [[{}]], {}\n", person.name, person.role));
    }
    for _ in 0..random.between(2, 5) {
        text.push_str(&format!("\n## {}\n\n{}\n", capital(words.topic(random)), words.paragraph(random)));
    }
    text
}

fn meeting_note(number: usize, cast: &Cast, words: &Words, random: &mut Random) -> (String, String) {
    let lead = &cast.people[random.skewed(cast.people.len())];
    let organisation = organisation(cast, lead);
    let date = Moment::any(random).date();
    let topic = words.topic(random);
    // The number keeps two meetings of one day apart.
    let title = format!("{date} - {organisation} {topic} {number}");
    let mut text =
        format!("---\ntype: meeting\ndate: {date}\ncustomer: \"[[{organisation}]]\"\nattendees:\n");
    for _ in 0..random.between(1, 4) {
        text.push_str(&format!("  - \"[[{}]]\"\n", random.pick(&cast.people).name));
    }
    text.push_str(&format!("  - \"[[{}]]\"\n---\n\n# {organisation}: {topic}\n\n## Notes\n\n", lead.name));
    for _ in 0..random.between(2, 5) {
        text.push_str(&format!("{}\n\n", words.paragraph(random)));
    }
    text.push_str("## Decisions\n\n");
    for at in 0..random.between(1, 4) {
        text.push_str(&format!("- Decision: {} ^d{at}\n", words.sentence(random)));
    }
    text.push_str("\n## Tasks\n\n");
    for _ in 0..random.below(4) {
        text.push_str(&format!("- [ ] [[{}]]: {}\n", random.pick(&cast.people).name, words.sentence(random)));
    }
    (title, text)
}

fn organisation<'c>(cast: &'c Cast, person: &Person) -> &'c str {
    cast.organisations.get(person.organisation).map_or("", |it| it.name.as_str())
}
