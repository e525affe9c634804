//! Sets of UIDs, as ranges: what `1:4,7` says. A set as wide as a server likes takes no memory.

use std::fmt;

/// The most ranges of a set that is read.
pub(super) const RANGES: usize = 2_000_000;

/// UIDs, ascending, in ranges that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UidSet(Vec<(u32, u32)>);

impl UidSet {
    /// Reads `1:4,7`. `None` where it is not one; `*` is not known here.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut ranges = Vec::new();
        for part in text.split(|byte| *byte == b',') {
            if ranges.len() >= RANGES {
                return None;
            }
            let part = std::str::from_utf8(part).ok()?;
            let (from, to) = part.split_once(':').unwrap_or((part, part));
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            ranges.push((from.min(to), from.max(to)));
        }
        Some(Self::joined(ranges))
    }

    fn joined(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match joined.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }

    /// All of these as one set.
    pub(super) fn union(sets: &[Self]) -> Self {
        Self::joined(sets.iter().flat_map(|set| set.0.iter().copied()).collect())
    }

    /// How many ranges it takes in memory.
    pub(super) fn ranges(&self) -> usize {
        self.0.len()
    }

    /// Whether a UID is in it.
    #[must_use]
    pub fn contains(&self, uid: u32) -> bool {
        let after = self.0.partition_point(|(from, _)| *from <= uid);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, to)| uid <= *to)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many UIDs are in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(from, to)| u64::from(to - from) + 1).sum()
    }
}

impl FromIterator<u32> for UidSet {
    fn from_iter<I: IntoIterator<Item = u32>>(uids: I) -> Self {
        Self::joined(uids.into_iter().map(|uid| (uid, uid)).collect())
    }
}

impl fmt::Display for UidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.0.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            if from == to { write!(f, "{comma}{from}")? } else { write!(f, "{comma}{from}:{to}")? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::UidSet;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(UidSet::parse(text.as_bytes()).map(|set| set.to_string()).as_deref(), expect, "{text}");
    }

    #[test]
    fn sets_are_read_joined_and_written() {
        check("7,1:4", Some("1:4,7"));
        check("4:1,5,9:6", Some("1:9"));
        check("1:4294967295", Some("1:4294967295"));
        for not_one in ["", "1:*", "1,,2", "x", "4294967296", "-1"] {
            check(not_one, None);
        }
        let set: UidSet = [3, 1, 2, 9].into_iter().collect();
        assert_eq!((set.to_string().as_str(), set.len(), set.is_empty()), ("1:3,9", 4, false));
        assert!(set.contains(2) && set.contains(9) && !set.contains(4) && !set.contains(0));
    }
}
