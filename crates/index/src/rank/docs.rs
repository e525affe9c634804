//! A set of documents of one segment, as bits.

/// The documents of a segment that are in the set.
#[derive(Clone)]
pub(crate) struct Docs {
    bits: Vec<u64>,
    size: usize,
}

impl Docs {
    /// None of so many documents.
    pub(crate) fn none_of(size: usize) -> Self {
        Self { bits: vec![0; size.div_ceil(64)], size }
    }

    /// Adds all documents of the segment.
    pub(crate) fn fill(&mut self) {
        self.bits.fill(u64::MAX);
        let used = self.size % 64;
        if let (Some(last), true) = (self.bits.last_mut(), used > 0) {
            *last = (1 << used) - 1;
        }
    }

    /// How many documents the segment has room for.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// How many are in the set.
    pub(crate) fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether `doc` is in the set. Without a branch on the answer, which is often a toss-up.
    #[inline]
    pub(crate) fn contains(&self, doc: u32) -> bool {
        self.bits.get(doc as usize / 64).copied().unwrap_or_default() >> (doc % 64) & 1 == 1
    }

    #[inline]
    pub(crate) fn insert(&mut self, doc: u32) {
        if let Some(word) = self.bits.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    #[inline]
    pub(crate) fn remove(&mut self, doc: u32) {
        if let Some(word) = self.bits.get_mut(doc as usize / 64) {
            *word &= !(1 << (doc % 64));
        }
    }

    /// Leaves only those that are among `others` too.
    pub(crate) fn keep(&mut self, others: &Self) {
        self.bits.iter_mut().zip(&others.bits).for_each(|(word, other)| *word &= other);
    }

    /// The documents in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).step_by(64).zip(&self.bits).flat_map(|(first, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let doc = (left != 0).then(|| first + left.trailing_zeros())?;
                left &= left - 1;
                Some(doc)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Docs;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_behind_its_end() {
        let mut docs = Docs::none_of(70);
        docs.fill();
        assert_eq!(
            (docs.count(), docs.contains(69), docs.contains(70), docs.contains(1_000)),
            (70, true, false, false)
        );
        docs.remove(64);
        docs.insert(1_000);
        let mut others = Docs::none_of(70);
        [3, 64, 69].into_iter().for_each(|doc| others.insert(doc));
        docs.keep(&others);
        assert_eq!(docs.iter().collect::<Vec<_>>(), [3, 69]);
    }
}
