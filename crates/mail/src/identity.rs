//! Who a mail claims to come from, and what is odd about it. Identity is the exact address: nothing here
//! ever makes two domains one, it only warns that a person might take one for the other.
//!
//! # Source
//! SECURITY.md T5 and M8; UTS #39 (skeletons, mixed scripts); RFC 3492 (Punycode).

use std::collections::{HashMap, HashSet};

use postil_evidence::{Addr, Mailbox};
use unicode_security::MixedScript;

use crate::message::Defect;

/// A main label shorter than this is compared with nothing: short names are near each other by chance.
const SHORTEST: usize = 5;
/// From this length on, two letters may differ.
///
/// # Source
/// SECURITY.md T5: Damerau distance at most 1, or 2 for labels of 8 and more.
const LONG: usize = 8;
/// Second-level labels below which names are registered, where the last label is a country's.
const REGISTRIES: &[&str] = &["co", "com", "org", "net", "ac", "gov", "edu", "ltd", "or", "ne"];

/// Marks what is odd about the sender of a message as far as the message itself tells.
pub(crate) fn look(from: Option<&Mailbox>, reply_to: &[Mailbox], defects: &mut Vec<Defect>) {
    for mailbox in from.into_iter().chain(reply_to.iter().take(5)) {
        if let Some(odd) = odd_domain(mailbox.addr.domain()) {
            let defect = Defect::OddDomain(odd);
            if !defects.contains(&defect) {
                defects.push(defect);
            }
        }
    }
    // "service@bank.example" <x@elsewhere.example>: the name is there to be taken for the address.
    if let Some(from) = from
        && let Some(named) = address_in(from.name.as_str())
        && named != from.addr
    {
        defects.push(Defect::NameIsAddress(named.to_string()));
    }
}

/// The address that a display name holds.
fn address_in(name: &str) -> Option<Addr> {
    let word = name.split_whitespace().find(|word| word.contains('@'))?;
    Addr::parse(word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|addr| addr.domain().contains('.'))
}

/// Why a domain is odd in itself, in words: both its forms where it is punycode, and whether it mixes
/// scripts. `None` for most.
#[must_use]
pub fn odd_domain(domain: &str) -> Option<String> {
    let shown = readable_domain(domain);
    let mixed = shown.split('.').any(|label| !label.is_ascii() && !label.is_single_script());
    match (mixed, shown != domain) {
        (true, true) => Some(format!("{domain} reads {shown} and mixes scripts")),
        (true, false) => Some(format!("{domain} mixes scripts")),
        (false, true) => Some(format!("{domain} reads {shown}")),
        (false, false) => None,
    }
}

/// The domain with its punycode labels decoded; a label that is not punycode after all stays.
#[must_use]
pub fn readable_domain(domain: &str) -> String {
    let labels = domain.split('.').map(|label| {
        let decoded = label.strip_prefix("xn--").and_then(punycode);
        let shown = decoded.map(|text| postil_evidence::text::clean(&text).0);
        shown.filter(|text| !text.is_empty()).unwrap_or_else(|| label.to_owned())
    });
    labels.collect::<Vec<_>>().join(".")
}

/// Decodes Punycode without its prefix.
///
/// # Source
/// RFC 3492 section 6.2.
fn punycode(text: &str) -> Option<String> {
    let (basic, extended) = text.rsplit_once('-').unwrap_or(("", text));
    if !text.is_ascii() || text.len() > 63 {
        return None;
    }
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = extended.bytes().peekable();
    while digits.peek().is_some() {
        let before = i;
        let (mut weight, mut k) = (1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'A'..=b'Z' => u32::from(byte - b'A'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let len = u32::try_from(out.len()).ok()? + 1;
        bias = adapted(i - before, len, before == 0);
        n = n.checked_add(i / len)?;
        i %= len;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

fn adapted(delta: u32, len: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / len;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// How a domain resembles a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// It looks the same to the eye.
    LooksTheSame,
    /// The same name in another zone.
    OtherZone,
    /// A letter or two are different.
    Misspelt,
    /// The known name is part of it.
    Contains,
}

impl Likeness {
    /// The likeness in words: "looks like".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::LooksTheSame => "looks like",
            Self::OtherZone => "has the name of, in another zone,",
            Self::Misspelt => "is spelt almost like",
            Self::Contains => "contains the name of",
        }
    }
}

/// The domains that the owner knows, ready to be compared with.
#[derive(Clone, Debug, Default)]
pub struct KnownDomains {
    exact: HashSet<String>,
    by_skeleton: HashMap<String, String>,
    /// Main label, folded, to the domain.
    by_label: HashMap<String, String>,
    by_length: HashMap<usize, Vec<(Vec<char>, String)>>,
}

impl KnownDomains {
    /// Prepares the domains, lower case.
    #[must_use]
    pub fn new(domains: impl IntoIterator<Item = String>) -> Self {
        let mut known = Self::default();
        let mut domains: Vec<String> = domains.into_iter().filter(|domain| domain.contains('.')).collect();
        domains.sort();
        domains.dedup();
        for domain in domains {
            known.by_skeleton.entry(skeleton(&domain)).or_insert_with(|| domain.clone());
            let label = folded(main_label(&domain));
            if label.chars().count() >= SHORTEST {
                let chars: Vec<char> = label.chars().collect();
                known.by_length.entry(chars.len()).or_default().push((chars, domain.clone()));
                known.by_label.entry(label).or_insert_with(|| domain.clone());
            }
            known.exact.insert(domain);
        }
        known
    }

    /// The known domain that a person might take this one for, and why. `None` for a known domain, one
    /// below a known domain, and one that resembles none.
    #[must_use]
    pub fn find_like(&self, domain: &str) -> Option<(Likeness, &str)> {
        let mut above = Some(domain);
        while let Some(name) = above {
            if self.exact.contains(name) {
                return None;
            }
            above = name.split_once('.').map(|(_, rest)| rest);
        }
        let shown = readable_domain(domain);
        if let Some(known) = self.by_skeleton.get(&skeleton(&shown)) {
            return Some((Likeness::LooksTheSame, known));
        }
        let label = folded(main_label(&shown));
        if let Some(known) = self.by_label.get(&label) {
            let same_zone = zone_of(known) == zone_of(&shown);
            return Some((if same_zone { Likeness::LooksTheSame } else { Likeness::OtherZone }, known));
        }
        self.contained(&shown).or_else(|| self.misspelt(&label))
    }

    /// A known name among the labels of a domain, or their parts between hyphens.
    fn contained(&self, domain: &str) -> Option<(Likeness, &str)> {
        let head = domain.rsplit_once('.').map_or(domain, |(head, _)| head);
        let pieces = head.split(['.', '-', '_']).chain(head.split('.'));
        pieces.take(40).find_map(|piece| {
            self.by_label.get(&folded(piece)).map(|known| (Likeness::Contains, known.as_str()))
        })
    }

    fn misspelt(&self, label: &str) -> Option<(Likeness, &str)> {
        let chars: Vec<char> = label.chars().collect();
        if chars.len() < SHORTEST || chars.len() > 63 {
            return None;
        }
        let lengths = chars.len().saturating_sub(2)..=chars.len() + 2;
        let candidates = lengths.filter_map(|length| self.by_length.get(&length)).flatten();
        let near = candidates.filter_map(|(known, domain)| {
            // Two letters off, the first one is not among them: a person reads that one.
            let most = if known.len() >= LONG && known.first() == chars.first() { 2 } else { 1 };
            let distance = damerau(known, &chars, most)?;
            Some((distance, domain.as_str()))
        });
        near.min().map(|(_, known)| (Likeness::Misspelt, known))
    }
}

/// The label that names the organisation: the one before the zone.
fn main_label(domain: &str) -> &str {
    let labels: Vec<&str> = domain.rsplit('.').collect();
    let zone = if is_registry(&labels) { 2 } else { 1 };
    labels.get(zone).or_else(|| labels.last()).copied().unwrap_or(domain)
}

fn zone_of(domain: &str) -> String {
    let labels: Vec<&str> = domain.rsplit('.').collect();
    labels.iter().take(if is_registry(&labels) { 2 } else { 1 }).copied().collect::<Vec<_>>().join(".")
}

fn is_registry(labels: &[&str]) -> bool {
    labels.len() > 2
        && labels.first().is_some_and(|top| top.len() == 2)
        && labels.get(1).is_some_and(|second| REGISTRIES.contains(second))
}

/// What a name looks like: its UTS #39 skeleton, and the pairs and digits that fonts and eyes confuse.
fn skeleton(name: &str) -> String {
    folded(&unicode_security::skeleton(name).collect::<String>())
}

/// Digits for letters, pairs for letters, no hyphens, no accents.
fn folded(label: &str) -> String {
    let plain = postil_evidence::text::fold_case(label);
    let plain: String = unicode_security::skeleton(&plain).collect::<String>().to_lowercase();
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '0' => out.push('o'),
            '1' | '|' | 'i' => out.push('l'),
            '3' => out.push('e'),
            '4' => out.push('a'),
            '5' => out.push('s'),
            '7' => out.push('t'),
            '8' => out.push('b'),
            '-' | '_' => {}
            c => out.push(c),
        }
    }
    // The skeleton writes m as rn.
    out.replace("vv", "w").replace("cl", "d")
}

/// The distance in letters put in, left out, changed or swapped with the next one, if it is at most
/// `most` and more than 0.
fn damerau(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut cost = at(&last, j) + usize::from(x != y);
            cost = cost.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| (1..=most).contains(distance))
}

#[cfg(test)]
mod tests {
    use super::{KnownDomains, Likeness, odd_domain, readable_domain};

    #[track_caller]
    fn check(domain: &str, expect: Option<(Likeness, &str)>) {
        let known = ["northwind.example", "tessel-bank.example", "kestrel.co.uk", "acme.example"];
        let known = KnownDomains::new(known.map(str::to_owned));
        assert_eq!(known.find_like(domain), expect, "{domain}");
    }

    #[test]
    fn look_alikes_are_told_and_others_are_not() {
        use Likeness::{Contains, LooksTheSame, Misspelt, OtherZone};
        let northwind = "northwind.example";
        for same in [
            "n0rthwind.example",
            "northw1nd.example",
            "nоrthwind.example",
            "northvvind.example",
            "ńorthwind.example",
            "xn--nrthwind-nbh.example",
            "north-wind.example",
        ] {
            check(same, Some((LooksTheSame, northwind)));
        }
        for other in ["northwind.test", "northwind.com", "northwind.co.uk", "n0rthwind.test"] {
            check(other, Some((OtherZone, northwind)));
        }
        for misspelt in ["nortwhind.example", "northwnd.example", "northwiind.test", "nortwinds.example"] {
            check(misspelt, Some((Misspelt, northwind)));
        }
        for inside in [
            "northwind-billing.example",
            "northwind.example.evil.test",
            "secure.northwind.evil.test",
            "my-northwind.test",
        ] {
            check(inside, Some((Contains, northwind)));
        }
        check("tesselbank.example", Some((LooksTheSame, "tessel-bank.example")));
        check("kestrel.org.uk", Some((OtherZone, "kestrel.co.uk")));
        for plain in [
            northwind,
            "mail.northwind.example",
            "southwind.example",
            "windnorth.example",
            "acne.example",
            "example",
            "a.test",
            "kestrel.co.uk",
            "co.uk",
        ] {
            check(plain, None);
        }
    }

    #[test]
    fn odd_domains_are_shown_in_both_forms() {
        assert_eq!(readable_domain("xn--mnchen-3ya.example"), "münchen.example");
        assert_eq!(
            odd_domain("xn--mnchen-3ya.example").as_deref(),
            Some("xn--mnchen-3ya.example reads münchen.example")
        );
        assert_eq!(odd_domain("nоrthwind.example").as_deref(), Some("nоrthwind.example mixes scripts"));
        for plain in [
            "northwind.example",
            "münchen.example",
            "例え.example",
            "xn--.example",
            "xn--99999999999.example",
        ] {
            assert!(odd_domain(plain).is_none_or(|odd| odd.contains("reads")), "{plain}");
        }
        assert_eq!(odd_domain("northwind.example"), None);
    }
}
