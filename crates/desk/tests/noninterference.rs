//! What is not cleared for the recipients has no say in brief and draft: changing, adding or deleting
//! it leaves both byte for byte the same. And the harness is not blind: changing what is cleared
//! does change the draft, and thirteen planted leaks are each caught.
//!
//! `POSTIL_PAIRS` sets how many pairs are tried (1,000 in the ordinary tests; `cargo xtask
//! noninterference` tries 20,000).

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test sets up its own files and fails where that fails"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use postil_desk::env::Environment;
use postil_desk::progress::Silent;
use postil_desk::{Desk, Filters};

/// Draft tries per random vault: each is one change and one comparison.
const CHANGES_PER_VAULT: u64 = 20;

/// A small generator, so that a seed gives the same vault on every machine (SplitMix64, Steele et
/// al. 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }
}

const MATTERS: &[&str] = &[
    "audit log retention",
    "onboarding fee",
    "pilot end date",
    "support response time",
    "export format",
    "service credit",
];
const AUDIENCES: &[&str] = &["acme", "globex", "internal", "private", "public", "[acme, globex]", ""];
/// What projects are called beside the matter they are about.
const CODE_NAMES: &[&str] = &["Heron", "Project Osprey", "KITE"];
const NAMES: &[&str] = &["Ana Ruiz", "Bo Lind", "Cara Voss", "Dev Patel", "Audit Lee", "Pilot Grey"];

/// One note or mail of the random world.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    cleared: bool,
}

/// A vault and a mailbox in a temporary folder, with what is cleared known by construction.
struct World {
    dir: tempfile::TempDir,
    random: Random,
    notes: BTreeMap<String, Piece>,
    mails: BTreeMap<String, Piece>,
    to_acme_only: bool,
    asked: &'static str,
    made: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let to_acme_only = random.below(3) > 0;
        let asked = *random.pick(MATTERS);
        let dir = folder_in_memory();
        let mut world = Self {
            dir,
            random,
            notes: BTreeMap::new(),
            mails: BTreeMap::new(),
            to_acme_only,
            asked,
            made: 0,
        };
        for _ in 0..6 + world.random.below(6) {
            world.add_note(None);
        }
        // The line that answers, so that most drafts cite something.
        world.add_note(Some("public"));
        for _ in 0..world.random.below(4) {
            world.add_mail();
        }
        let cc = if world.to_acme_only { "" } else { "Cc: Gil Hart <gil@globex.example>\n" };
        // Some ask for a number of something, some for what one of them said, as in a conversation, some for what was said
        // on a day.
        let day = 1 + world.random.below(28);
        let wants = match world.random.below(5) {
            4 => format!("What is the {asked} that we agreed on in the call of {day} October?"),
            0 => format!("How long is the {asked} that we agreed on?"),
            1 => format!("What did Ana Ruiz say on the {asked} that we agreed on?"),
            _ => format!("What is the {asked} that we agreed on?"),
        };
        let question = format!(
            "From: Bo Lind <bo@acme.example>\nTo: Sam Rivera <sam@us.example>\n{cc}Subject: {asked}\nDate: Fri, 20 Nov 2026 16:04:00 +0100\nMessage-ID: <asked@acme.example>\n\nHi Sam,\n\n{wants}\n\nBest,\nBo\n"
        );
        world.mails.insert("asked".to_owned(), Piece { text: question, cleared: true });
        // What the owner decided about such mail stands in the draft's reason, and must not open it to notes.
        let standing = *world.random.pick(&[
            "",
            "[inbox]\nrules = [\"never for acme.example\"]\n",
            "[inbox]\nrules = [\"never for reports\", \"always for bo@acme.example\"]\n",
            "[[correction]]\nmessage = \"<asked@acme.example>\"\nsaid = \"reply\"\nshould_be = \"info\"\n",
            "[[correction]]\nmessage = \"<1@acme.example>\"\nfrom = \"bo@acme.example\"\nsubject = \"pilot end date\"\nsaid = \"reply\"\nshould_be = \"info\"\n",
        ]);
        let config = format!(
            "version = 1\n[me]\nname = \"Sam Rivera\"\naddresses = [\"sam@us.example\"]\ndomains = [\"us.example\"]\nzone = \"Europe/Berlin\"\n[party.acme]\ndomains = [\"acme.example\"]\n[party.globex]\ndomains = [\"globex.example\"]\n[folders]\n\"Globex\" = \"globex\"\n\"Acme\" = \"acme\"\n{standing}[[source]]\nid = \"mail\"\nkind = \"eml\"\npath = \"../mail\"\n"
        );
        write(&world.vault().join(".postil/config.toml"), &config);
        world.write_all();
        world
    }

    fn vault(&self) -> PathBuf {
        self.dir.path().join("vault")
    }

    /// Whether the recipients of the reply (Bo, and Gil where he is copied) may read this audience.
    fn clears(&self, audience: &str) -> bool {
        match audience {
            "public" | "[acme, globex]" => true,
            "acme" => self.to_acme_only,
            _ => false,
        }
    }

    fn line(&mut self) -> String {
        let matter = match self.random.below(5) {
            0 | 1 => self.asked,
            2 => self.random.pick(CODE_NAMES),
            _ => self.random.pick(MATTERS),
        };
        let number = 2 + self.random.below(90);
        let unit = *self.random.pick(&["months", "days", "percent", "hours"]);
        let who = *self.random.pick(NAMES);
        match self.random.below(6) {
            0 => format!("Decision: {matter} is {number} {unit}."),
            1 => format!("- {matter}: {number} {unit}"),
            2 => format!("We agreed with {who} that the {matter} is {number} {unit}."),
            3 => format!("{who} asked about the {matter} and heard {number} {unit}."),
            4 => format!("- Agreed: the {matter} stays at {number} {unit}. ^b{number}"),
            _ => format!("The {matter} was {number} {unit} before and nobody liked it."),
        }
    }

    fn note_text(&mut self, audience: &str) -> String {
        let mut text = String::new();
        let day = 1 + self.random.below(28);
        let kind = match self.random.below(5) {
            0 => "type: people\nemail: bo@acme.example\naliases: [\"Bobby\"]\n".to_owned(),
            1 => format!("type: project\naliases: [\"{}\"]\n", self.asked),
            // A code name for what is asked, or for one of its words: lines use it too.
            2 => {
                let name = *self.random.pick(CODE_NAMES);
                let word = self.asked.split(' ').next().unwrap_or_default();
                let other = *self.random.pick(&[self.asked, word, "Ana Ruiz"]);
                format!("type: project\ntitle: {name}\naliases: [\"{other}\"]\n")
            }
            _ => String::new(),
        };
        let audience = if audience.is_empty() { String::new() } else { format!("audience: {audience}\n") };
        let (about, other) = (1 + self.random.below(12), 1 + self.random.below(12));
        let about =
            if self.random.below(3) == 0 { format!("about: \"[[Note {about}]]\"\n") } else { String::new() };
        let _ = write!(text, "---\ndate: 2026-10-{day:02}\n{kind}{about}{audience}---\n# Notes\n\n");
        if self.random.below(3) == 0 {
            let _ = write!(text, "See also [[Note {other}|there]].\n\n");
        }
        let conversation = self.random.below(4) == 0;
        for turn in 0..1 + self.random.below(4) {
            let line = self.line();
            let speaker = if !conversation {
                ""
            } else if turn % 2 == 0 {
                "Ana Ruiz: I know. "
            } else {
                "Cara Voss: I think so. "
            };
            let _ = write!(text, "{speaker}{line}\n\n");
        }
        text
    }

    fn add_note(&mut self, audience: Option<&str>) -> String {
        self.made += 1;
        let audience = match audience {
            Some(audience) => audience.to_owned(),
            None => (*self.random.pick(AUDIENCES)).to_owned(),
        };
        // A folder labels what has no word of its own.
        let folder = *self.random.pick(&["Notes", "Acme", "Globex", "People"]);
        let effective = match (audience.as_str(), folder) {
            ("", "Acme") => "acme",
            ("", "Globex") => "globex",
            ("", _) => "internal",
            (word, _) => word,
        }
        .to_owned();
        let text = self.note_text(&audience);
        let path = format!("{folder}/Note {}.md", self.made);
        self.notes.insert(path.clone(), Piece { text, cleared: self.clears(&effective) });
        path
    }

    fn add_mail(&mut self) -> String {
        self.made += 1;
        let (who, cleared) = match self.random.below(3) {
            0 => ("Bo Lind <bo@acme.example>", self.to_acme_only),
            1 => ("Gil Hart <gil@globex.example>", false),
            _ => ("Lena <lena@us.example>", false),
        };
        let line = self.line();
        let day = 1 + self.random.below(19);
        let text = format!(
            "From: Sam Rivera <sam@us.example>\nTo: {who}\nSubject: {}\nDate: Tue, {day:02} Nov 2026 10:00:00 +0100\nMessage-ID: <m{}@us.example>\n\nHello,\n\n{line}\n\nSam\n",
            self.asked, self.made
        );
        let name = format!("m{}", self.made);
        self.mails.insert(name.clone(), Piece { text, cleared });
        name
    }

    fn write_all(&self) {
        for (path, note) in &self.notes {
            write(&self.vault().join(path), &note.text);
        }
        for (name, mail) in &self.mails {
            write(&self.dir.path().join("mail").join(format!("{name}.eml")), &mail.text);
        }
    }

    /// Changes, adds or deletes something that is not cleared.
    fn change_uncleared(&mut self) {
        let hidden: Vec<String> =
            self.notes.iter().filter(|(_, note)| !note.cleared).map(|(path, _)| path.clone()).collect();
        let hidden_mail: Vec<String> =
            self.mails.iter().filter(|(_, mail)| !mail.cleared).map(|(name, _)| name.clone()).collect();
        match self.random.below(5) {
            0 if !hidden.is_empty() => {
                let path = self.random.pick(&hidden).clone();
                let line = self.line();
                let note = self.notes.get_mut(&path).unwrap();
                let _ = write!(note.text, "\n{line}\n");
                write(&self.vault().join(&path), &self.notes[&path].text);
            }
            1 if !hidden.is_empty() => {
                let path = self.random.pick(&hidden).clone();
                self.notes.remove(&path);
                remove(&self.vault().join(&path));
            }
            2 if !hidden_mail.is_empty() => {
                let name = self.random.pick(&hidden_mail).clone();
                self.mails.remove(&name);
                remove(&self.dir.path().join("mail").join(format!("{name}.eml")));
            }
            3 => {
                let name = self.add_mail();
                if self.mails[&name].cleared {
                    self.mails.remove(&name);
                } else {
                    self.write_all();
                }
            }
            _ => {
                let audience = *self.random.pick(&["globex", "internal", "private"]);
                let path = self.add_note(Some(audience));
                // Long runs of the very words asked for: the strongest pull on any statistic.
                let bait = format!("\n{} {} 77 months\n", self.asked, self.asked)
                    .repeat(1 + usize::try_from(self.random.below(30)).unwrap());
                self.notes.get_mut(&path).unwrap().text.push_str(&bait);
                self.notes.get_mut(&path).unwrap().cleared = false;
                write(&self.vault().join(&path), &self.notes[&path].text);
            }
        }
    }

    fn desk(&self) -> Desk {
        let now = "2026-11-23T08:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let env = Environment {
            now,
            state_root: self.dir.path().join("state"),
            current_dir: self.dir.path().to_path_buf(),
            suggested_name: None,
        };
        Desk::open(&self.vault(), env).unwrap()
    }

    fn synced(&self) -> Desk {
        let desk = self.desk();
        let view = desk.sync(&Silent::default()).unwrap();
        assert!(view.problems.is_empty(), "{:?}", view.problems);
        desk
    }
}

/// A temporary folder, in memory where the system offers that: thousands of worlds are synced, and
/// none of them needs to survive a power cut.
fn folder_in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).unwrap()
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap();
}

/// All that could reach a recipient or a model: the brief and the draft, to the last bit.
fn snapshot(desk: &Desk) -> String {
    let prepared = desk.prepare_message("<asked@acme.example>").unwrap();
    format!("{:?}\n{:?}\n{}", prepared.brief, prepared.draft, prepared.draft.body())
}

fn pairs() -> u64 {
    std::env::var("POSTIL_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000)
}

#[test]
fn what_is_not_cleared_has_no_say_in_the_draft() {
    let vaults = pairs().div_ceil(CHANGES_PER_VAULT);
    let mut cited = 0;
    for seed in 0..vaults {
        let mut world = World::new(seed);
        let desk = world.synced();
        let before = snapshot(&desk);
        cited += u64::from(before.contains("Footnote"));
        drop(desk);
        for change in 0..CHANGES_PER_VAULT {
            world.change_uncleared();
            let desk = world.synced();
            let after = snapshot(&desk);
            assert_eq!(before, after, "seed {seed}, change {change}: an uncleared change reached the draft");
        }
    }
    // Drafts that cite nothing would make this test easy to pass.
    assert!(cited * 2 > vaults, "only {cited} of {vaults} drafts cite anything");
}

#[test]
fn what_is_cleared_and_cited_does_change_the_draft() {
    let vaults = (pairs() / 10).max(40);
    let (mut relevant, mut changed) = (0_u64, 0_u64);
    for seed in 0..vaults {
        let mut world = World::new(seed);
        let desk = world.synced();
        let prepared = desk.prepare_message("<asked@acme.example>").unwrap();
        let Some(note) = prepared.draft.footnotes.iter().find_map(|footnote| match &footnote.source {
            postil_evidence::Source::Note(path) => Some(path.to_string()),
            postil_evidence::Source::Mail(_) => None,
        }) else {
            continue;
        };
        let before = snapshot(&desk);
        drop(desk);
        relevant += 1;
        // Every number of the cited note becomes another one.
        let text = &world.notes[&note].text;
        let body_at = text.find("# Notes").unwrap();
        let (head, body) = text.split_at(body_at);
        let body: String = body
            .chars()
            .map(|c| if c.is_ascii_digit() { char::from(b'0' + (c as u8 - b'0' + 1) % 10) } else { c })
            .collect();
        let new = format!("{head}{body}");
        world.notes.get_mut(&note).unwrap().text = new.clone();
        write(&world.vault().join(&note), &new);
        changed += u64::from(snapshot(&world.synced()) != before);
    }
    assert!(relevant * 2 > vaults, "only {relevant} of {vaults} drafts cite a note");
    assert!(changed * 100 >= relevant * 95, "{changed} of {relevant} cleared changes reached the draft");
}

/// Ways in which a careless pipeline leaks, each built beside the real one.
#[derive(Clone, Copy, Debug)]
enum Leak {
    GlobalStatistics,
    GlobalOrder,
    CountOfWithheld,
    TruncatedBeforeClearing,
    CacheWithoutReaders,
    UnclearedNames,
    GlobalThreshold,
    GlobalAverageLength,
    ReasonsOfWithheld,
    NeighbourOfHit,
    SpeakersOfAll,
    UnheardByAll,
    AliasesOfAll,
}

const LEAKS: &[Leak] = &[
    Leak::GlobalStatistics,
    Leak::GlobalOrder,
    Leak::CountOfWithheld,
    Leak::TruncatedBeforeClearing,
    Leak::CacheWithoutReaders,
    Leak::UnclearedNames,
    Leak::GlobalThreshold,
    Leak::GlobalAverageLength,
    Leak::ReasonsOfWithheld,
    Leak::NeighbourOfHit,
    Leak::SpeakersOfAll,
    Leak::UnheardByAll,
    Leak::AliasesOfAll,
];

/// The snapshot of a pipeline with one leak. Each works on the owner's own search (which sees
/// everything) and clears afterwards, as systems do that filter late.
fn leaky_snapshot(desk: &Desk, world: &World, leak: Leak) -> String {
    let prepared = desk.prepare_message("<asked@acme.example>").unwrap();
    let hits = desk.search(world.asked, &Filters::default(), 50).unwrap().hits;
    let may = |label: &str| prepared.recipients.permits(&postil_evidence::Audience::parse([label]));
    let cleared: Vec<_> = hits.iter().filter(|hit| may(&hit.label) && hit.source != "mail").collect();
    let mut out = format!("{:?}", prepared.draft);
    let mut add = |text: String| out.push_str(&text);
    match leak {
        // Word statistics counted over everything.
        Leak::GlobalStatistics => {
            cleared.iter().for_each(|hit| add(format!("{} {:.6}\n", hit.text, hit.score)))
        }
        // The place in the list of everything.
        Leak::GlobalOrder => {
            hits.iter()
                .enumerate()
                .filter(|(_, hit)| may(&hit.label))
                .for_each(|(place, hit)| add(format!("{place} {}\n", hit.text)));
        }
        Leak::CountOfWithheld => add(format!("{} more notes were withheld\n", hits.len() - cleared.len())),
        Leak::TruncatedBeforeClearing => {
            hits.iter().take(3).filter(|hit| may(&hit.label)).for_each(|hit| add(format!("{}\n", hit.text)));
        }
        // A summary made once for the owner and then reused for everyone.
        Leak::CacheWithoutReaders => add(format!("{:?}", hits.first().map(|hit| &hit.text))),
        Leak::UnclearedNames => {
            let directory = desk.directory().unwrap();
            let who = postil_evidence::Addr::parse("bo@acme.example").unwrap();
            let names: Vec<_> = directory.with_addr(&who).map(|entity| entity.name.clone()).collect();
            add(format!("Hi {}", names.join(" or ")));
        }
        Leak::GlobalThreshold => {
            let bar = hits.first().map_or(0.0, |hit| hit.score) * 0.8;
            cleared.iter().filter(|hit| hit.score >= bar).for_each(|hit| add(hit.text.clone()));
        }
        Leak::GlobalAverageLength => {
            let average = hits.iter().map(|hit| hit.text.len()).sum::<usize>() / hits.len().max(1);
            cleared.iter().for_each(|hit| add(format!("{} ", hit.text.len() > average)));
        }
        Leak::ReasonsOfWithheld => {
            let context = desk.context("<asked@acme.example>").unwrap();
            context.withheld.iter().for_each(|row| add(row.reason.clone()));
        }
        // "See also": what stands beside a cleared hit in the whole ranking.
        Leak::NeighbourOfHit => {
            for pair in hits.windows(2) {
                if may(&pair[0].label) {
                    add(format!("{} ", pair[1].source));
                }
            }
        }
        // Whose story it is, judged by the turns of everybody's conversations.
        Leak::SpeakersOfAll => {
            let tell = |name: &str| hits.iter().filter(|hit| hit.text.starts_with(name)).count();
            add(format!("{} of {}", tell("Ana Ruiz:"), tell("Ana Ruiz:") + tell("Cara Voss:")));
        }
        // Other names of whom some ask about, from whatever note gives them.
        Leak::AliasesOfAll => {
            let directory = desk.directory().unwrap();
            let asked = directory.mentions("Ana Ruiz").into_iter().flat_map(|mention| mention.entities);
            let names: Vec<&String> =
                asked.flat_map(|entity| entity.aliases.iter().chain([&entity.name])).collect();
            for name in names {
                let called = desk.search(name, &Filters::default(), 50).unwrap().hits;
                called.iter().filter(|hit| may(&hit.label)).for_each(|hit| add(hit.text.clone()));
            }
        }
        // Whether anybody at all has written of it.
        Leak::UnheardByAll => {
            for name in CODE_NAMES {
                let said = desk.search(name, &Filters::default(), 50).unwrap().hits;
                add(format!("{}", said.iter().any(|hit| !may(&hit.label))));
            }
        }
    }
    out
}

#[test]
fn every_planted_leak_is_caught() {
    assert_eq!(LEAKS.len(), 13);
    let mut caught = vec![false; LEAKS.len()];
    for seed in 0..40 {
        if caught.iter().all(|caught| *caught) {
            break;
        }
        let mut world = World::new(seed);
        let desk = world.synced();
        let before: Vec<String> = LEAKS.iter().map(|leak| leaky_snapshot(&desk, &world, *leak)).collect();
        drop(desk);
        for _ in 0..4 {
            world.change_uncleared();
        }
        let desk = world.synced();
        for ((leak, before), caught) in LEAKS.iter().zip(&before).zip(&mut caught) {
            *caught |= leaky_snapshot(&desk, &world, *leak) != *before;
        }
    }
    let missed: Vec<_> =
        LEAKS.iter().zip(&caught).filter(|(_, caught)| !**caught).map(|(leak, _)| leak).collect();
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
