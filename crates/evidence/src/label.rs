//! Who may read a passage, and the one gate through which passages reach a reply.
//!
//! Labels come from parsed front matter, from the configuration, and from the people on a mail;
//! never from the text of a note or a mail. Clearing is fail-closed: what is not known to be
//! readable by every recipient is withheld, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::address::Addr;
use crate::hash::ContentHash;
use crate::source::NotePath;

/// The configured name of a party, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartyId(String);

impl PartyId {
    /// The party called `name`; white space is trimmed and case is ignored.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.trim().to_lowercase())
    }

    /// The name, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The set of people who may read something in a reply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Anyone.
    Public,
    /// People of these parties, and us. Never empty.
    Parties(BTreeSet<PartyId>),
    /// Our own domains and addresses only.
    Internal,
    /// Nobody.
    Private,
}

impl Audience {
    /// The audience of these parties; [`Audience::Internal`] where there is none.
    #[must_use]
    pub fn of_parties(parties: BTreeSet<PartyId>) -> Self {
        if parties.is_empty() { Self::Internal } else { Self::Parties(parties) }
    }

    /// Reads the words of an `audience:` property. The strictest word wins; an empty list is
    /// internal.
    #[must_use]
    pub fn parse<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let words: BTreeSet<String> = words
            .into_iter()
            .flat_map(|word| word.split(','))
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        if words.contains("private") {
            return Self::Private;
        }
        if words.contains("internal") || words.is_empty() {
            return Self::Internal;
        }
        let parties: BTreeSet<_> =
            words.iter().filter(|word| *word != "public").map(|word| PartyId::new(word)).collect();
        if parties.is_empty() { Self::Public } else { Self::Parties(parties) }
    }

    /// Who may read two pieces combined: those who may read both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Private, _) | (_, Self::Private) => Self::Private,
            (Self::Internal, _) | (_, Self::Internal) => Self::Internal,
            (Self::Public, both) | (both, Self::Public) => both.clone(),
            (Self::Parties(a), Self::Parties(b)) => Self::of_parties(a.intersection(b).cloned().collect()),
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Internal => f.write_str("internal"),
            Self::Private => f.write_str("private"),
            Self::Parties(parties) => {
                for (i, party) in parties.iter().enumerate() {
                    write!(f, "{}{party}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

/// How far the words of a passage are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Written by the owner or kept in the owner's vault.
    Own,
    /// Said by someone of a known party.
    Known,
    /// Said by anyone else.
    Unknown,
}

/// Who may read a passage, how far it is trusted, and in one line why.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// Who may read it.
    pub audience: Audience,
    /// How far it is trusted.
    pub trust: Trust,
    /// The rule that decided, for `postil audience why`.
    pub why: String,
}

/// Something with a [`Label`].
pub trait Labelled {
    /// Its label.
    fn label(&self) -> &Label;
}

impl Labelled for Label {
    fn label(&self) -> &Label {
        self
    }
}

/// Whose an address is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// The owner or a colleague.
    Us,
    /// Someone of a known party.
    Party(PartyId),
    /// Anyone else.
    Unknown(Addr),
}

/// Every party by its exact domains and addresses, and which addresses are ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    /// Our domains, lower case.
    pub own_domains: BTreeSet<String>,
    /// Our addresses outside those domains.
    pub own_addrs: BTreeSet<Addr>,
    /// Exact domain (lower case) to party. A subdomain is another domain.
    pub domains: BTreeMap<String, PartyId>,
    /// Exact address to party; wins over the domain.
    pub addrs: BTreeMap<Addr, PartyId>,
    /// Address that delivers to other addresses (a team address) to those addresses.
    pub aliases: BTreeMap<Addr, Vec<Addr>>,
    /// Pairs of parties of which neither may learn that we know the other.
    pub walls: Vec<(PartyId, PartyId)>,
}

impl Parties {
    /// Whose this address is, by exact address, then exact domain.
    #[must_use]
    pub fn reader(&self, addr: &Addr) -> Reader {
        if let Some(party) = self.addrs.get(addr) {
            return Reader::Party(party.clone());
        }
        if self.own_addrs.contains(addr) || self.own_domains.contains(addr.domain()) {
            return Reader::Us;
        }
        match self.domains.get(addr.domain()) {
            Some(party) => Reader::Party(party.clone()),
            None => Reader::Unknown(addr.clone()),
        }
    }

    /// Whether this address is ours.
    #[must_use]
    pub fn is_us(&self, addr: &Addr) -> bool {
        self.reader(addr) == Reader::Us
    }

    /// Every party that is named.
    #[must_use]
    pub fn named(&self) -> BTreeSet<&PartyId> {
        self.domains.values().chain(self.addrs.values()).collect()
    }

    /// `addrs` with every alias replaced by what it delivers to (the alias itself stays, as a
    /// reader of its own). Loops end: an address is expanded once.
    fn expanded<'a>(&self, addrs: impl IntoIterator<Item = &'a Addr>) -> BTreeSet<Addr> {
        let mut out = BTreeSet::new();
        let mut open: Vec<Addr> = addrs.into_iter().cloned().collect();
        while let Some(addr) = open.pop() {
            open.extend(
                self.aliases.get(&addr).into_iter().flatten().filter(|to| !out.contains(*to)).cloned(),
            );
            out.insert(addr);
        }
        out
    }
}

/// The rules that label notes and mail: parties, and folders of the vault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRules {
    /// The parties.
    pub parties: Parties,
    /// Folder (relative to the vault, no slash at either end) to audience; the deepest folder that
    /// holds a note wins.
    pub folders: BTreeMap<String, Audience>,
}

/// What a note's front matter says of its audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared<'n> {
    /// There is no `audience` property.
    Absent,
    /// The words of the property.
    Words(&'n [String]),
    /// The front matter could not be read, so nobody knows what it says.
    Unreadable,
}

impl LabelRules {
    /// Labels a note: its own `audience`, else its deepest folder rule, else internal. A note whose
    /// front matter cannot be read is private, since what it says of its audience is unknown.
    #[must_use]
    pub fn label_note(&self, path: &NotePath, declared: Declared<'_>) -> Label {
        let (audience, why) = match declared {
            Declared::Unreadable => {
                (Audience::Private, "its front matter cannot be read, so its audience is unknown".to_owned())
            }
            Declared::Words(words) => {
                let audience = Audience::parse(words.iter().map(String::as_str));
                let why = format!("its property says audience: {}", words.join(", "));
                (audience, why)
            }
            Declared::Absent => match self.folder_rule(path) {
                Some((folder, audience)) => (
                    audience.clone(),
                    format!("its folder {folder} is labelled {audience} in the configuration"),
                ),
                None => {
                    (Audience::Internal, "nothing labels it, and an unlabelled note is internal".to_owned())
                }
            },
        };
        Label { audience, trust: Trust::Own, why }
    }

    fn folder_rule(&self, path: &NotePath) -> Option<(&str, &Audience)> {
        let mut folder = path.folder();
        loop {
            if let Some((name, audience)) = self.folders.get_key_value(folder) {
                return Some((name, audience));
            }
            folder = folder.rsplit_once('/')?.0;
        }
    }

    /// Labels what a message says: readable by the parties on it (From, To, Cc), and by us. Bcc
    /// adds nobody, and an address of no known party adds no reader.
    #[must_use]
    pub fn label_mail<'a>(&self, from: Option<&'a Addr>, on_it: impl IntoIterator<Item = &'a Addr>) -> Label {
        let mut parties = BTreeSet::new();
        for addr in on_it.into_iter().chain(from) {
            if let Reader::Party(party) = self.parties.reader(addr) {
                parties.insert(party);
            }
        }
        let trust = match from.map(|addr| self.parties.reader(addr)) {
            Some(Reader::Us) => Trust::Own,
            Some(Reader::Party(_)) => Trust::Known,
            Some(Reader::Unknown(_)) | None => Trust::Unknown,
        };
        let audience = Audience::of_parties(parties);
        let why = match &audience {
            Audience::Parties(_) => format!("the parties on that mail: {audience}"),
            Audience::Public | Audience::Internal | Audience::Private => {
                "no known party was on that mail".to_owned()
            }
        };
        Label { audience, trust, why }
    }
}

/// Everyone who will read a reply: To, Cc and Bcc after alias expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    addrs: BTreeSet<Addr>,
    readers: BTreeSet<Reader>,
    walled: Option<(PartyId, PartyId)>,
    fingerprint: ContentHash,
}

impl Recipients {
    /// Resolves who reads mail sent to `addrs`.
    #[must_use]
    pub fn resolve<'a>(addrs: impl IntoIterator<Item = &'a Addr>, parties: &Parties) -> Self {
        let addrs = parties.expanded(addrs);
        let readers: BTreeSet<Reader> = addrs.iter().map(|addr| parties.reader(addr)).collect();
        let has = |party: &PartyId| readers.contains(&Reader::Party(party.clone()));
        let walled = parties.walls.iter().find(|(a, b)| has(a) && has(b)).cloned();
        let texts: Vec<&[u8]> = addrs.iter().map(|addr| addr.as_str().as_bytes()).collect();
        let fingerprint = ContentHash::of_parts(&texts);
        Self { addrs, readers, walled, fingerprint }
    }

    /// The addresses, sorted.
    #[must_use]
    pub fn addrs(&self) -> &BTreeSet<Addr> {
        &self.addrs
    }

    /// Whose they are.
    #[must_use]
    pub fn readers(&self) -> &BTreeSet<Reader> {
        &self.readers
    }

    /// Which recipients these are; a [`Cleared`] value carries the fingerprint it was cleared for.
    #[must_use]
    pub fn fingerprint(&self) -> ContentHash {
        self.fingerprint
    }

    /// Whether every recipient may read something with this audience. With no recipient, or with
    /// both sides of a wall among them, only what is public.
    #[must_use]
    pub fn permits(&self, audience: &Audience) -> bool {
        self.refusal(audience).is_none()
    }

    /// Where something that every recipient may read can be found at all. It narrows a search; it
    /// clears nothing: what is found there is still asked for, one audience at a time.
    #[must_use]
    pub fn reach(&self) -> Reach<'_> {
        let mut party = None;
        for reader in &self.readers {
            match reader {
                Reader::Us => {}
                Reader::Party(named) => party = party.or(Some(named)),
                Reader::Unknown(_) => return Reach::Public,
            }
        }
        match party {
            _ if self.walled.is_some() || self.readers.is_empty() => Reach::Public,
            Some(party) => Reach::Naming(party),
            None => Reach::House,
        }
    }

    /// Why something with this audience is withheld; `None` where it is not.
    fn refusal(&self, audience: &Audience) -> Option<String> {
        if *audience == Audience::Public {
            return None;
        }
        if *audience == Audience::Private {
            return Some("it is private".to_owned());
        }
        if let Some((a, b)) = &self.walled {
            return Some(format!("{a} and {b} are both recipients and a wall stands between them"));
        }
        if self.readers.is_empty() {
            return Some("there is no recipient to clear it for".to_owned());
        }
        let stranger = self.readers.iter().find(|reader| match (reader, audience) {
            (Reader::Us, _) => false,
            (Reader::Party(party), Audience::Parties(may)) => !may.contains(party),
            (Reader::Party(_) | Reader::Unknown(_), _) => true,
        })?;
        Some(match stranger {
            Reader::Us => return None,
            Reader::Party(party) => format!("it is for {audience}, and someone of {party} would read it"),
            Reader::Unknown(addr) => format!("it is for {audience}, and {addr} belongs to no known party"),
        })
    }

    /// Passes `item` through the gate, or says why it is withheld.
    ///
    /// # Errors
    /// [`Withheld`] where any recipient may not read it.
    pub fn clear<T: Labelled>(&self, item: T) -> Result<Cleared<T>, Withheld> {
        match self.refusal(&item.label().audience) {
            None => Ok(Cleared { item, fingerprint: self.fingerprint }),
            Some(reason) => Err(Withheld { audience: item.label().audience.clone(), reason }),
        }
    }

    /// Passes a piece of the thread itself: every recipient outside our house was on that message,
    /// so it tells nobody anything new. Private stays private.
    ///
    /// # Errors
    /// [`Withheld`] where a recipient was not on the message and may not read it by its label.
    pub fn clear_said_to<T: Labelled>(
        &self,
        item: T,
        on_it: &BTreeSet<Addr>,
    ) -> Result<Cleared<T>, Withheld> {
        let outsiders_were_there = self.addrs.iter().all(|addr| on_it.contains(addr));
        if outsiders_were_there && !self.addrs.is_empty() && item.label().audience != Audience::Private {
            return Ok(Cleared { item, fingerprint: self.fingerprint });
        }
        self.clear(item)
    }
}

/// The audiences among which all that some recipients may read is found: [`Recipients::reach`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach<'r> {
    /// [`Audience::Public`] alone.
    Public,
    /// [`Audience::Public`], and [`Audience::Parties`] that names this party.
    Naming(&'r PartyId),
    /// Everything but [`Audience::Private`], and all of it may be read.
    House,
}

/// A value that every one of some recipients may read. Only [`Recipients`] makes one.
///
/// ```compile_fail
/// use postil_evidence::{Cleared, ContentHash};
/// let forged = Cleared { item: "secret", fingerprint: ContentHash::of(b"") };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared<T> {
    item: T,
    fingerprint: ContentHash,
}

impl<T> Cleared<T> {
    /// The value, to read.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.item
    }

    /// Whether it was cleared for exactly these recipients.
    #[must_use]
    pub fn is_for(&self, recipients: &Recipients) -> bool {
        self.fingerprint == recipients.fingerprint
    }
}

/// Why something may not be used in a reply. Shown to the owner and to nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Who may read it.
    pub audience: Audience,
    /// The reason in one line, without its text.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{Audience, Declared, Label, LabelRules, Parties, PartyId, Reach, Recipients, Trust};
    use crate::address::Addr;
    use crate::source::NotePath;

    fn addr(text: &str) -> Addr {
        Addr::parse(text).unwrap()
    }

    fn rules() -> LabelRules {
        let parties = Parties {
            own_domains: BTreeSet::from(["us.example".to_owned()]),
            domains: BTreeMap::from([
                ("acme.example".to_owned(), PartyId::new("acme")),
                ("globex.example".to_owned(), PartyId::new("globex")),
            ]),
            aliases: BTreeMap::from([(addr("project@us.example"), vec![addr("bo@acme.example")])]),
            walls: vec![(PartyId::new("acme"), PartyId::new("globex"))],
            ..Parties::default()
        };
        let folders = BTreeMap::from([
            ("Customers/Acme".to_owned(), Audience::parse(["acme"])),
            ("Customers".to_owned(), Audience::Internal),
        ]);
        LabelRules { parties, folders }
    }

    fn permitted(to: &[&str], audience: &str) -> bool {
        let addrs: Vec<Addr> = to.iter().map(|text| addr(text)).collect();
        let audience = Audience::parse([audience]);
        let recipients = Recipients::resolve(&addrs, &rules().parties);
        let label = Label { audience: audience.clone(), trust: Trust::Own, why: String::new() };
        assert_eq!(recipients.clear(label).is_ok(), recipients.permits(&audience));
        recipients.permits(&audience)
    }

    #[test]
    fn clearing_needs_every_recipient() {
        assert!(permitted(&["bo@acme.example"], "acme"));
        assert!(permitted(&["bo@acme.example", "me@us.example"], "acme, globex"));
        assert!(permitted(&["me@us.example"], "internal"));
        assert!(permitted(&["x@nowhere.example"], "public"));
        assert!(!permitted(&["bo@acme.example", "gil@globex.example"], "acme"));
        assert!(!permitted(&["bo@acme.example", "gil@globex.example"], "acme, globex"), "a wall");
        assert!(!permitted(&["bo@acme.example"], "internal"));
        assert!(!permitted(&["x@nowhere.example"], "acme"));
        assert!(!permitted(&["bo@sub.acme.example"], "acme"), "a subdomain is another domain");
        assert!(!permitted(&["me@us.example"], "private"));
        assert!(!permitted(&[], "internal"));
        assert!(!permitted(&["project@us.example"], "internal"), "an alias of ours that delivers outside");
    }

    /// Every audience of parties a to d, and the other three.
    fn audiences() -> Vec<Audience> {
        let names = ["acme", "globex", "initech", "hooli"];
        let of_parties = (1..16_usize).map(|set| {
            let chosen = names.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            Audience::of_parties(chosen.map(|(_, name)| PartyId::new(name)).collect())
        });
        of_parties.chain([Audience::Public, Audience::Internal, Audience::Private]).collect()
    }

    proptest! {
        #[test]
        fn what_may_be_read_is_within_reach(
            picked in prop::collection::vec(
                prop::sample::select(vec![
                    "me@us.example", "bo@acme.example", "gil@globex.example", "ida@initech.example",
                    "project@us.example", "x@nowhere.example",
                ]),
                0..4,
            ),
            walls in any::<bool>(),
        ) {
            let mut parties = rules().parties;
            parties.domains.insert("initech.example".to_owned(), PartyId::new("initech"));
            if !walls {
                parties.walls.clear();
            }
            let to: Vec<Addr> = picked.iter().map(|text| addr(text)).collect();
            let recipients = Recipients::resolve(&to, &parties);
            for audience in audiences() {
                let within = match recipients.reach() {
                    Reach::Public => audience == Audience::Public,
                    Reach::Naming(party) => match &audience {
                        Audience::Public => true,
                        Audience::Parties(named) => named.contains(party),
                        Audience::Internal | Audience::Private => false,
                    },
                    // Here the reach says all: nothing else is asked.
                    Reach::House => {
                        prop_assert_eq!(recipients.permits(&audience), audience != Audience::Private);
                        true
                    }
                };
                prop_assert!(within || !recipients.permits(&audience), "{audience} for {picked:?}");
            }
        }
    }

    #[test]
    fn a_note_is_labelled_by_property_then_deepest_folder_then_internal() {
        let rules = rules();
        let label =
            |path: &str, declared| rules.label_note(&NotePath::parse(path).unwrap(), declared).audience;
        let words = ["globex".to_owned()];
        assert_eq!(label("Customers/Acme/Meetings/a.md", Declared::Absent), Audience::parse(["acme"]));
        assert_eq!(label("Customers/Acme/a.md", Declared::Words(&words)), Audience::parse(["globex"]));
        assert_eq!(label("Customers/b.md", Declared::Absent), Audience::Internal);
        assert_eq!(label("Customers Acme/b.md", Declared::Absent), Audience::Internal);
        assert_eq!(label("c.md", Declared::Absent), Audience::Internal);
        assert_eq!(label("Customers/Acme/a.md", Declared::Unreadable), Audience::Private);
    }

    #[test]
    fn a_mail_is_readable_by_the_parties_on_it() {
        let rules = rules();
        let (bo, gil, stranger) =
            (addr("bo@acme.example"), addr("gil@globex.example"), addr("x@nowhere.example"));
        assert_eq!(rules.label_mail(Some(&bo), [&gil]).audience, Audience::parse(["acme, globex"]));
        assert_eq!(rules.label_mail(Some(&stranger), [&addr("me@us.example")]).audience, Audience::Internal);
    }

    #[test]
    fn the_thread_itself_is_cleared_for_those_who_were_on_it() {
        let rules = rules();
        let stranger = addr("x@nowhere.example");
        let label = rules.label_mail(Some(&stranger), []);
        let on_it = BTreeSet::from([stranger.clone(), addr("me@us.example")]);
        let to = |addrs: &[&Addr]| Recipients::resolve(addrs.iter().copied(), &rules.parties);
        assert!(to(&[&stranger]).clear_said_to(label.clone(), &on_it).is_ok());
        assert!(to(&[&stranger, &addr("bo@acme.example")]).clear_said_to(label, &on_it).is_err());
    }

    fn any_audience() -> impl Strategy<Value = Audience> {
        prop_oneof![
            Just(Audience::Public),
            Just(Audience::Internal),
            Just(Audience::Private),
            proptest::collection::btree_set(prop_oneof![Just("acme"), Just("globex"), Just("tri")], 1..4)
                .prop_map(|names| Audience::Parties(names.into_iter().map(PartyId::new).collect())),
        ]
    }

    proptest! {
        #[test]
        fn joining_labels_never_widens(a in any_audience(), b in any_audience(), to in proptest::collection::vec(
            prop_oneof![Just("bo@acme.example"), Just("gil@globex.example"), Just("me@us.example"), Just("x@nowhere.example")], 0..4)) {
            let parties = Parties { walls: Vec::new(), ..rules().parties };
            let addrs: Vec<Addr> = to.iter().map(|text| addr(text)).collect();
            let recipients = Recipients::resolve(&addrs, &parties);
            let both = a.and(&b);
            prop_assert_eq!(&both, &b.and(&a));
            if recipients.permits(&both) {
                prop_assert!(recipients.permits(&a) && recipients.permits(&b));
            }
        }
    }
}
