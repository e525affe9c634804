//! Which passages of a segment may be looked at: the gate and the filters as a set of documents.

use postil_evidence::{Audience, Reach, Recipients};
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader, TantivyError, Term};

use crate::error::IndexError;
use crate::passages::{Fields, day_number, groups_naming, groups_of, parse_group, source_term};
use crate::query::{Filters, SourceKind};
use crate::rank::docs::Docs;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asker<'r> {
    /// The owner, who may read everything.
    Owner,
    /// Everyone who will read a reply.
    Recipients(&'r Recipients),
}

/// Who asks, and what they look at.
pub(crate) struct Gate<'g> {
    pub(crate) asker: Asker<'g>,
    pub(crate) filters: &'g Filters,
}

/// In which groups to look for what passes; each is asked all the same.
enum Listed {
    /// All of them.
    All,
    /// Those between the two, the second left out.
    Between(String, String),
    /// This one.
    One(String),
}

impl Gate<'_> {
    fn may_read(&self, audience: &Audience) -> bool {
        match self.asker {
            Asker::Owner => true,
            Asker::Recipients(to) => to.permits(audience),
        }
    }

    /// Whether everything passes but what is in groups that refuse: for us, whose refusals are few.
    /// It saves looking at each of the audiences, which are many where parties are.
    fn refuses_few(&self) -> bool {
        let filters = self.filters;
        let ours = match self.asker {
            Asker::Owner => true,
            Asker::Recipients(to) => to.reach() == Reach::House,
        };
        ours && filters.kind.is_none() && filters.audience.is_none() && filters.party.is_none()
    }

    /// Where what passes is listed.
    fn listed(&self) -> Result<Vec<Listed>, IndexError> {
        let Asker::Recipients(to) = self.asker else { return Ok(vec![Listed::All]) };
        let mut listed = Vec::new();
        for kind in [SourceKind::Note, SourceKind::Mail] {
            match to.reach() {
                Reach::House => return Ok(vec![Listed::All]),
                Reach::Public => {}
                Reach::Naming(party) => {
                    let (from, to) = groups_naming(kind, party)?;
                    listed.push(Listed::Between(from, to));
                }
            }
            listed.extend(groups_of(kind, &Audience::Public)?.into_iter().map(Listed::One));
        }
        Ok(listed)
    }

    /// Where what we may not read is listed.
    fn refused(&self) -> Result<Vec<Listed>, IndexError> {
        let mut listed = Vec::new();
        for kind in [SourceKind::Note, SourceKind::Mail] {
            listed.extend(groups_of(kind, &Audience::Private)?.into_iter().map(Listed::One));
        }
        Ok(listed)
    }

    /// Whether passages of this kind and audience are looked at.
    fn lets_through(&self, group: &[u8]) -> Result<bool, IndexError> {
        let (kind, audience) = parse_group(group)?;
        let filters = self.filters;
        let named = |party| matches!(&audience, Audience::Parties(parties) if parties.contains(party));
        Ok(filters.kind.is_none_or(|wanted| wanted == kind)
            && filters.audience.as_ref().is_none_or(|wanted| *wanted == audience)
            && filters.party.as_ref().is_none_or(named)
            && self.may_read(&audience))
    }
}

/// The documents of one segment that pass, and what is counted over them.
pub(crate) struct Cleared {
    /// Which pass.
    pub(crate) docs: Docs,
    /// How many pass.
    pub(crate) count: u64,
    /// How many the two sums cover.
    pub(crate) measured: u64,
    /// Sum of their text lengths.
    pub(crate) text_words: u64,
    /// Sum of their title and heading lengths.
    pub(crate) title_words: u64,
    /// Every document, also deleted and uncleared ones: for planted leaks only.
    #[cfg(test)]
    pub(crate) alive_or_not: u64,
}

impl Cleared {
    /// Clears a segment.
    pub(crate) fn of(
        reader: &SegmentReader,
        fields: &Fields,
        gate: &Gate<'_>,
        days: Option<&Column<i64>>,
    ) -> Result<Self, IndexError> {
        let size = reader.max_doc() as usize;
        let mut set = Self {
            docs: Docs::none_of(size),
            count: 0,
            measured: 0,
            text_words: 0,
            title_words: 0,
            #[cfg(test)]
            alive_or_not: size as u64,
        };
        set.add_groups(reader, fields, gate)?;
        set.keep_alive(reader);
        set.apply(reader, fields, gate.filters, days)?;
        set.count = set.docs.count();
        Ok(set)
    }

    /// How many documents the segment has room for.
    pub(crate) fn len(&self) -> usize {
        self.docs.size()
    }

    /// Whether `doc` passes.
    #[inline]
    pub(crate) fn contains(&self, doc: u32) -> bool {
        self.docs.contains(doc)
    }

    /// Adds the documents of every group that passes.
    fn add_groups(
        &mut self,
        reader: &SegmentReader,
        fields: &Fields,
        gate: &Gate<'_>,
    ) -> Result<(), IndexError> {
        let inverted = reader.inverted_index(fields.group)?;
        if gate.refuses_few() {
            self.docs.fill();
            for listed in gate.refused()? {
                each_group(&inverted, &listed, &mut |group, info| {
                    if gate.lets_through(group)? {
                        return Ok(());
                    }
                    each_doc(&inverted, info, &mut |doc| self.docs.remove(doc))
                })?;
            }
            return Ok(());
        }
        for listed in gate.listed()? {
            each_group(&inverted, &listed, &mut |group, info| {
                if !gate.lets_through(group)? {
                    return Ok(());
                }
                each_doc(&inverted, info, &mut |doc| self.docs.insert(doc))
            })?;
        }
        Ok(())
    }

    fn keep_alive(&mut self, reader: &SegmentReader) {
        if let Some(alive) = reader.alive_bitset() {
            (0..reader.max_doc()).filter(|doc| !alive.is_alive(*doc)).for_each(|doc| self.docs.remove(doc));
        }
    }

    fn apply(
        &mut self,
        reader: &SegmentReader,
        fields: &Fields,
        filters: &Filters,
        days: Option<&Column<i64>>,
    ) -> Result<(), IndexError> {
        if filters.from.is_some() || filters.until.is_some() {
            let from = filters.from.map_or(i64::MIN, day_number);
            let until = filters.until.map_or(i64::MAX, day_number);
            let inside =
                |doc| days.and_then(|days| days.first(doc)).is_some_and(|day| from <= day && day <= until);
            for doc in 0..reader.max_doc() {
                if self.contains(doc) && !inside(doc) {
                    self.docs.remove(doc);
                }
            }
        }
        if !filters.people.is_empty() {
            let mut named = Docs::none_of(self.len());
            for addr in &filters.people {
                let term = Term::from_field_text(fields.people, addr.as_str());
                for doc in docs_with(reader, &term)? {
                    named.insert(doc);
                }
            }
            self.docs.keep(&named);
        }
        if !filters.only.is_empty() {
            let mut named = Docs::none_of(self.len());
            for source in &filters.only {
                for doc in docs_with(reader, &source_term(fields, source))? {
                    named.insert(doc);
                }
            }
            self.docs.keep(&named);
        }
        for source in &filters.exclude {
            for doc in docs_with(reader, &source_term(fields, source))? {
                self.docs.remove(doc);
            }
        }
        Ok(())
    }

    /// Sums the lengths of what passes.
    pub(crate) fn measure(&mut self, text: &FieldNormReader, title: &FieldNormReader) {
        self.measured = self.count;
        let (mut text_words, mut title_words) = (0, 0);
        for doc in self.docs.iter() {
            text_words += u64::from(text.fieldnorm(doc));
            title_words += u64::from(title.fieldnorm(doc));
        }
        (self.text_words, self.title_words) = (text_words, title_words);
    }

    /// Sums the lengths of everything: a planted leak.
    #[cfg(test)]
    pub(crate) fn measure_all(&mut self, text: &FieldNormReader, title: &FieldNormReader) {
        let docs = 0..u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.measured = self.len() as u64;
        self.text_words = docs.clone().map(|doc| u64::from(text.fieldnorm(doc))).sum();
        self.title_words = docs.map(|doc| u64::from(title.fieldnorm(doc))).sum();
    }
}

/// What is done with a group and its documents.
type Visit<'v> = &'v mut dyn FnMut(&[u8], &TermInfo) -> Result<(), IndexError>;

/// Visits the groups that are listed, in the order of their names.
fn each_group(inverted: &InvertedIndexReader, listed: &Listed, visit: Visit<'_>) -> Result<(), IndexError> {
    let groups = inverted.terms();
    let range = match listed {
        Listed::All => groups.range(),
        Listed::Between(from, to) => groups.range().ge(from.as_bytes()).lt(to.as_bytes()),
        Listed::One(group) => groups.range().ge(group.as_bytes()).le(group.as_bytes()),
    };
    let mut stream = range.into_stream().map_err(TantivyError::from)?;
    while let Some((group, info)) = stream.next() {
        visit(group, info)?;
    }
    Ok(())
}

fn each_doc(
    inverted: &InvertedIndexReader,
    info: &TermInfo,
    visit: &mut dyn FnMut(u32),
) -> Result<(), IndexError> {
    let read = inverted.read_block_postings_from_terminfo(info, IndexRecordOption::Basic);
    each_block(read.map_err(TantivyError::from)?, |docs| docs.iter().for_each(|doc| visit(*doc)));
    Ok(())
}

fn docs_with(reader: &SegmentReader, term: &Term) -> Result<Vec<u32>, IndexError> {
    let inverted = reader.inverted_index(term.field())?;
    let mut out = Vec::new();
    if let Some(info) = inverted.get_term_info(term).map_err(TantivyError::from)? {
        each_doc(&inverted, &info, &mut |doc| out.push(doc))?;
    }
    Ok(out)
}

/// Visits the documents of a list, as many at a time as it unpacks.
pub(super) fn each_block(mut postings: BlockSegmentPostings, mut visit: impl FnMut(&[u32])) {
    while !postings.docs().is_empty() {
        visit(postings.docs());
        postings.advance();
    }
}
