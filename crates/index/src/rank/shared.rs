//! Whom a passage shares with the reply: its readers themselves, and their organisations.
//!
//! Of two lines that fit alike, the one from a mail with the reader, or from a note for their organisation, is sooner meant
//! than one for everybody. What nearly all passages share tells nothing; how many do is counted over the cleared ones.

use postil_evidence::{Addr, PartyId, Reader};

use super::matches::Found;
use super::{Asker, Candidate, Ranking};
use crate::error::IndexError;

/// What a passage adds on which a reader stands, as a share of what all words of the query together weigh.
///
/// # Source
/// As `recent`, it orders passages that say the same; 0.02 to 0.1 order the demo's and our own asks alike.
const A_PERSON: f64 = 0.05;
/// The same for one that is for a reader's organisation.
const A_PARTY: f64 = 0.03;

/// Gives the candidates what the people and organisations add that they share with the readers; `asked` is what the words
/// of the query together weigh.
pub(super) fn add(ranking: &Ranking<'_>, asked: f64, candidates: &mut [Candidate]) -> Result<(), IndexError> {
    let Asker::Recipients(to) = ranking.asker else { return Ok(()) };
    if candidates.is_empty() {
        return Ok(());
    }
    for addr in to.addrs() {
        let of_one = with_person(ranking, addr)?;
        raise(ranking, &of_one, asked * A_PERSON, candidates);
    }
    for reader in to.readers() {
        if let Reader::Party(party) = reader {
            let of_one = for_party(ranking, party)?;
            raise(ranking, &of_one, asked * A_PARTY, candidates);
        }
    }
    Ok(())
}

/// Raises the candidates among some documents, given by segment, to what sharing them is worth.
fn raise(ranking: &Ranking<'_>, found: &[Found], most: f64, candidates: &mut [Candidate]) {
    let worth = most * rarity(ranking, found);
    for candidate in candidates {
        let is_one = found.get(candidate.segment as usize).is_some_and(|found| found.contains(candidate.doc));
        if is_one {
            candidate.shared = candidate.shared.max(worth);
        }
    }
}

/// The share of the cleared passages that are not among `found`.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rarity(ranking: &Ranking<'_>, found: &[Found]) -> f64 {
    let (mut with, mut all) = (0, 0);
    for (segment, found) in ranking.segments.iter().zip(found) {
        #[cfg(test)]
        if ranking.leak == super::Leak::Shared {
            with += found.count();
            all += segment.cleared.alive_or_not;
            continue;
        }
        with += segment.cleared.shared(&found.0);
        all += segment.cleared.count;
    }
    1.0 - with as f64 / all.max(1) as f64
}

fn with_person(ranking: &Ranking<'_>, addr: &Addr) -> Result<Vec<Found>, IndexError> {
    let readers = ranking.snapshot.searcher.segment_readers().iter();
    readers
        .map(|reader| {
            let mut found = Found::default();
            found.add(reader, ranking.snapshot.fields.people, addr.as_str())?;
            Ok(found)
        })
        .collect()
}

fn for_party(ranking: &Ranking<'_>, party: &PartyId) -> Result<Vec<Found>, IndexError> {
    let readers = ranking.snapshot.searcher.segment_readers().iter();
    readers.map(|reader| Found::for_party(reader, ranking.snapshot.fields.group, party)).collect()
}
