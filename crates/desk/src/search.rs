//! `postil search` and `postil audience why`.

use std::collections::BTreeMap;

use postil_evidence::{Addr, Audience, Directory, Entity, MessageKey, NotePath, PartyId, Source, name_words};
use postil_index::{Filters, Hit, OtherName, Query, Word, WordField};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::view::{AudienceView, EvidenceView, SearchView};

impl Desk {
    /// Searches notes and mail: the owner's own search, over everything.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn search(&self, query: &str, filters: &Filters, limit: usize) -> Result<SearchView, DeskError> {
        let mut filters = filters.clone();
        for place in self.places_named(query)? {
            filters.only.extend(place.into_iter().map(Source::Mail));
        }
        let wanted = Query { names: self.other_names(query)?, ..search_query(query) };
        let view = |hits: &[Hit], day| {
            let hits = hits.iter().map(hit_view).collect();
            SearchView { schema: "postil/search@1", day, hits }
        };
        let day = crate::recall::day_of_event(query, &self.env.now);
        if let (Some(day), None, None) = (day, filters.from, filters.until) {
            let of_day = Filters { from: Some(day.first), until: Some(day.last), ..filters.clone() };
            let hits = self.index.search(&wanted, &of_day, limit)?;
            if !hits.is_empty() {
                return Ok(view(&hits, Some(day.first.to_string())));
            }
        }
        Ok(view(&self.index.search(&wanted, &filters, limit)?, None))
    }

    /// The other names of whom and what a query names. In a search box nobody minds capitals.
    fn other_names(&self, query: &str) -> Result<Vec<OtherName>, DeskError> {
        let directory = self.directory_around(query)?;
        let mut names = crate::recall::other_names(query, &directory);
        if !is_question(query) {
            names.extend(crate::recall::other_names(&query.to_uppercase(), &directory));
        }
        Ok(names)
    }

    /// As much of the directory as tells whom a text names and whether others bear their names too: all of it takes
    /// longer to read than a search.
    fn directory_around(&self, text: &str) -> Result<Directory, DeskError> {
        let catalog = self.index.catalog();
        let read = |rows: BTreeMap<String, String>| -> Vec<Entity> {
            rows.values().filter_map(|json| serde_json::from_str(json).ok()).collect()
        };
        let named = read(catalog.entities_named(&name_words(text).collect())?);
        let words = named.iter().flat_map(Entity::names).flat_map(name_words);
        Ok(Directory::new(read(catalog.entities_named(&words.collect())?)))
    }

    /// The mail of each folder and each label that a query names.
    fn places_named(&self, query: &str) -> Result<Vec<Vec<MessageKey>>, DeskError> {
        let catalog = self.index.catalog();
        let (folders, labels) = (catalog.folders()?, catalog.labels()?);
        // A Maildir keeps the mail of a folder in `cur` and `new` below it.
        let last = |path: &str| {
            let mut parts = path.rsplit(['/', '\\']).skip_while(|part| matches!(*part, "cur" | "new" | ""));
            parts.next().unwrap_or_default().trim_start_matches('.').to_owned()
        };
        let folder_names: Vec<String> = folders.iter().map(|path| last(path)).collect();
        let label_names: Vec<String> = labels.iter().map(|label| last(label)).collect();
        let names = folder_names.iter().chain(&labels).chain(&label_names).map(String::as_str);
        let named = crate::folders::named_in(query, names);
        let is_named = |name: &str| named.contains(&name);
        let mut out = Vec::new();
        for (path, _) in folders.iter().zip(&folder_names).filter(|(_, name)| is_named(name)) {
            out.push(catalog.filed_in(path)?);
        }
        for (label, _) in
            labels.iter().zip(&label_names).filter(|(label, last)| is_named(label) || is_named(last))
        {
            out.push(catalog.labelled(label)?);
        }
        Ok(out)
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

/// A query of more words than this, without quotes or fields, is a question and not a list of words.
const QUESTION_WORDS: usize = 6;

fn is_question(text: &str) -> bool {
    !text.contains("title:") && text.split_whitespace().count() > QUESTION_WORDS
}

/// The words of a search box; of a whole question, its content words and the addresses it names.
pub(crate) fn search_query(text: &str) -> Query {
    if !is_question(text) {
        return Query::parse(text);
    }
    let mut query = crate::recall::query_of(text);
    let addresses =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | ';' | '"'));
    for addr in addresses.map(|word| word.trim_end_matches(['.', '?', '!', ':'])).filter_map(Addr::parse) {
        query.words.push(Word { text: addr.as_str().to_owned(), weight: ADDRESS, field: WordField::Any });
    }
    query
}

/// How much an address counts that a question names: whoever names it means that person.
const ADDRESS: f32 = 2.0;

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
