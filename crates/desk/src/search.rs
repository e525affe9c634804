//! `postil search` and `postil audience why`.

use postil_evidence::{Addr, Audience, NotePath, PartyId};
use postil_index::{Filters, Hit, Query};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::view::{AudienceView, EvidenceView, SearchView};

impl Desk {
    /// Searches notes and mail: the owner's own search, over everything.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn search(&self, query: &str, filters: &Filters, limit: usize) -> Result<SearchView, DeskError> {
        let hits = self.index.search(&Query::parse(query), filters, limit)?;
        Ok(SearchView { schema: "postil/search@1", hits: hits.iter().map(hit_view).collect() })
    }

    /// Adds filters given as words: an audience, a party, people's addresses.
    ///
    /// # Errors
    /// Where a word is no address.
    pub fn narrow(
        &self,
        filters: &mut Filters,
        label: Option<&str>,
        party: Option<&str>,
        people: &[String],
    ) -> Result<(), DeskError> {
        filters.audience = label.map(|label| Audience::parse([label]));
        filters.party = party.map(PartyId::new);
        for text in people {
            let addr = Addr::parse(text).ok_or_else(|| {
                DeskError::user(format!("{text} is not a mail address"), "give it as name@domain")
            })?;
            filters.people.push(addr);
        }
        Ok(())
    }

    /// Who may read a note, and the rule that decided.
    ///
    /// # Errors
    /// Where the vault has no such note, or the name fits several.
    pub fn audience_why(&self, name: &str) -> Result<AudienceView, DeskError> {
        let path = self.find_note(name)?;
        let (_, note) = postil_vault::read_note(&self.vault, &path)?;
        let label = self.config.rules.label_note(&path, note.declared());
        Ok(AudienceView {
            schema: "postil/audience@1",
            note: path.to_string(),
            audience: label.audience.to_string(),
            why: label.why,
        })
    }

    /// The note that `name` means: a path, a path without `.md`, or a title that only one note has.
    fn find_note(&self, name: &str) -> Result<NotePath, DeskError> {
        let wanted = name.trim_start_matches("./").trim_end_matches(".md");
        let walk = postil_vault::walk(&self.vault, &self.settings)?;
        let exact = walk.notes.iter().find(|seen| seen.path.as_str().trim_end_matches(".md") == wanted);
        if let Some(seen) = exact {
            return Ok(seen.path.clone());
        }
        let folded = wanted.to_lowercase();
        let mut fits = walk.notes.iter().filter(|seen| seen.path.title().to_lowercase() == folded);
        match (fits.next(), fits.next()) {
            (Some(seen), None) => Ok(seen.path.clone()),
            (None, _) => {
                Err(DeskError::user(format!("the vault has no note {name}"), "give its path in the vault"))
            }
            (Some(a), Some(b)) => {
                let what = format!("{} and {} are both called {name}", a.path, b.path);
                Err(DeskError::user(what, "give the path in the vault"))
            }
        }
    }
}

fn hit_view(hit: &Hit) -> EvidenceView {
    let passage = &hit.passage;
    EvidenceView {
        source: passage.source.to_string(),
        line: passage.line,
        text: passage.text.clone(),
        score: hit.score,
        reasons: hit.reasons.iter().map(|part| format!("{} {:.2}", part.what, part.score)).collect(),
        label: passage.label.audience.to_string(),
        date: passage.date.map(|date| date.to_string()),
    }
}
