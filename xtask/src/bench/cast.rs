//! The people and organisations of the made-up mail and vault. All domains end in `.example`.

use std::collections::HashSet;

use super::random::Random;
use super::words::{capital, made_word};

const FIRST: &[&str] = &[
    "Ana", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Lena",
    "Mateo", "Nadia", "Omar", "Priya", "Quentin", "Rosa", "Søren", "Tomás", "Ulla", "Victor", "Wen", "Yusuf",
    "Zoë", "Amara", "Bruno", "Chloé", "Dana", "Emil",
];
const ROLES: &[&str] = &[
    "Engineer",
    "Head of Operations",
    "Account Manager",
    "Security Officer",
    "Buyer",
    "Project Lead",
    "Legal Counsel",
    "Support",
    "Director",
    "Analyst",
];

pub(super) struct Organisation {
    pub(super) name: String,
    pub(super) domain: String,
}

pub(super) struct Person {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) role: &'static str,
    /// Index into [`Cast::organisations`].
    pub(super) organisation: usize,
}

/// Everyone. Nobody shares a name or an address.
pub(super) struct Cast {
    pub(super) people: Vec<Person>,
    pub(super) organisations: Vec<Organisation>,
}

/// Whose mail and vault it is.
pub(super) const OWNER_NAME: &str = "Sam Rivera";
pub(super) const OWNER_ADDRESS: &str = "sam@halyard.example";

impl Cast {
    /// Two people in five notes, one organisation in ten, and never so few that every mail is between the same.
    pub(super) fn new(random: &mut Random, notes: usize) -> Self {
        let mut taken = HashSet::new();
        let mut fresh = |random: &mut Random| loop {
            let word = capital(&made_word(random));
            if taken.insert(word.clone()) {
                return word;
            }
        };
        let organisations: Vec<Organisation> = (0..(notes / 10).max(50))
            .map(|_| {
                let name = fresh(random);
                Organisation { domain: format!("{}.example", name.to_lowercase()), name }
            })
            .collect();
        let people = (0..(notes * 2 / 5).max(500))
            .map(|_| {
                let (first, last) = (random.pick_word(FIRST), fresh(random));
                let organisation = random.skewed(organisations.len());
                let domain =
                    organisations.get(organisation).map_or("nowhere.example", |it| it.domain.as_str());
                let local: String = first.to_lowercase().chars().filter(char::is_ascii).collect();
                Person {
                    name: format!("{first} {last}"),
                    address: format!("{local}.{}@{domain}", last.to_lowercase()),
                    role: random.pick_word(ROLES),
                    organisation,
                }
            })
            .collect();
        Self { people, organisations }
    }
}
