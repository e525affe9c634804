//! Whom a passage shares with the reply: its readers themselves, and their organisations.
//!
//! Of two lines that fit alike, the one from a mail with the reader, or from a note for their organisation, is sooner meant
//! than one for everybody. What all that was found shares tells nothing.

use postil_evidence::{Audience, Reader};
use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, Term};

use super::{Asker, Candidate, Ranking};
use crate::error::IndexError;
use crate::passages::groups_of;
use crate::query::SourceKind;

/// What a passage adds on which a reader stands, as a share of what all words of the query together weigh.
///
/// # Source
/// As `recent`, it orders passages that say the same: no figure of the demo's or of our own asks moves by it.
const A_PERSON: f64 = 0.05;
/// The same for one that is for a reader's organisation and not for everybody.
const A_PARTY: f64 = 0.03;

/// Gives the candidates what the people and organisations add that they share with the readers; `asked` is what the words
/// of the query together weigh. Candidates come in the order of segments and documents.
pub(super) fn add(ranking: &Ranking<'_>, asked: f64, candidates: &mut [Candidate]) -> Result<(), IndexError> {
    let Asker::Recipients(to) = ranking.asker else { return Ok(()) };
    let fields = ranking.snapshot.fields;
    for addr in to.addrs() {
        let term = Term::from_field_text(fields.people, addr.as_str());
        let found = with_any(ranking, &[term], candidates)?;
        raise(ranking, found, asked * A_PERSON, candidates);
    }
    if to.readers().iter().any(|reader| matches!(reader, Reader::Party(_))) {
        // What is cleared for somebody of a party is public or names it.
        let mut public = Vec::new();
        for kind in [SourceKind::Note, SourceKind::Mail] {
            let groups = groups_of(kind, &Audience::Public)?;
            public.extend(groups.iter().map(|group| Term::from_field_text(fields.group, group)));
        }
        let found = with_any(ranking, &public, candidates)?.into_iter().map(|is_public| !is_public);
        raise(ranking, found.collect(), asked * A_PARTY, candidates);
    }
    Ok(())
}

/// Raises those candidates that are `found` to what sharing is worth: nothing where all of them are.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn raise(ranking: &Ranking<'_>, found: Vec<bool>, most: f64, candidates: &mut [Candidate]) {
    let with = found.iter().filter(|found| **found).count();
    let worth = most * (1.0 - with as f64 / ranking.counted_among(found.len()).max(1) as f64);
    for (candidate, _) in candidates.iter_mut().zip(found).filter(|(_, found)| *found) {
        candidate.shared = candidate.shared.max(worth);
    }
}

impl Ranking<'_> {
    /// Among how many passages it is counted how many share: the candidates.
    fn counted_among(&self, candidates: usize) -> usize {
        #[cfg(test)]
        if self.leak == super::Leak::Shared {
            return self.segments.iter().map(|segment| segment.cleared.len()).sum();
        }
        candidates
    }
}

/// For each candidate, whether it has any of the terms.
fn with_any(
    ranking: &Ranking<'_>,
    terms: &[Term],
    candidates: &[Candidate],
) -> Result<Vec<bool>, IndexError> {
    let mut found = Vec::with_capacity(candidates.len());
    for (number, reader) in (0..).zip(ranking.snapshot.searcher.segment_readers()) {
        let mut lists = Vec::new();
        for term in terms {
            lists.extend(postings(reader, term)?);
        }
        let here = candidates.iter().filter(|candidate| candidate.segment == number);
        // Each list is only ever moved forward: the documents come in their order.
        found.extend(here.map(|candidate| {
            lists.iter_mut().any(|list| {
                let at = if list.doc() < candidate.doc { list.seek(candidate.doc) } else { list.doc() };
                at == candidate.doc
            })
        }));
    }
    Ok(found)
}

fn postings(reader: &SegmentReader, term: &Term) -> Result<Option<SegmentPostings>, IndexError> {
    let read = reader.inverted_index(term.field())?.read_postings(term, IndexRecordOption::Basic);
    Ok(read.map_err(tantivy::TantivyError::from)?)
}
