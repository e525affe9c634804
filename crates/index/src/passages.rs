//! The full text of passages: one tantivy document for each, and how a passage is stored in it.
//!
//! This file knows tantivy's schema and files. It must not score: tantivy's own statistics count
//! passages that a recipient may not read.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use jiff::civil::Date;
use postil_evidence::text::fold_case;
use postil_evidence::{Addr, Anchor, Audience, ContentHash, Label, PartyId, Passage, Source};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::store::Compressor;
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{
    Directory, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
};

use crate::embed::Embeddings;
use crate::error::{IndexError, guarded};
use crate::query::SourceKind;
use crate::words::{AddressTokenizer, WordTokenizer};

/// Bytes of passages that are compressed together: larger is smaller on disk and slower to read.
const STORE_BLOCK: usize = 64 * 1024;
/// Buffered bytes of each of the two writing threads before a segment is written.
const WRITER_HEAP: usize = 60_000_000;
const WRITER_THREADS: usize = 2;
/// The layout of a stored row; a change needs a new [`LAYOUT`] too.
const ROW_VERSION: u8 = 2;
/// The layout of both stores; it is part of the fingerprint, so a change empties the folder.
pub(crate) const LAYOUT: u32 = 7;

/// The fields of a passage's document.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// The 16-byte hash of the source: what is deleted by.
    pub(crate) source: Field,
    /// Kind of source and audience, see [`groups_of`]: what is cleared by.
    pub(crate) group: Field,
    /// Words of the text.
    pub(crate) text: Field,
    /// Words of the title and the headings.
    pub(crate) title: Field,
    /// Addresses, whole and as words.
    pub(crate) people: Field,
    /// Words of the names of linked notes that the text does not show.
    pub(crate) links: Field,
    row: Field,
}

/// Name of the column of days since 1970-01-01.
pub(crate) const DAY: &str = "day";
/// Name of the column of what passages of one source and one audience share, see [`place_of`].
pub(crate) const PLACE: &str = "place";
/// Name of the column of the name of a passage's note, see [`name_hash`]; messages have none.
pub(crate) const NAME: &str = "name";
/// Name of the column of the names of the notes it links to; several or none.
pub(crate) const LINK: &str = "link";
/// Name of the column of the first eight bytes of [`Passage::id`].
pub(crate) const ID: &str = "id";

fn schema() -> (Schema, Fields) {
    let words = |tokenizer: &str, option, norms| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(option)
                .set_fieldnorms(norms),
        )
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        source: builder.add_bytes_field("source", BytesOptions::default().set_indexed()),
        group: builder.add_text_field("group", words("raw", IndexRecordOption::Basic, false)),
        text: builder.add_text_field("text", words("words", IndexRecordOption::WithFreqs, true)),
        title: builder.add_text_field("title", words("words", IndexRecordOption::WithFreqs, true)),
        people: builder.add_text_field("people", words("address", IndexRecordOption::Basic, false)),
        links: builder.add_text_field("links", words("words", IndexRecordOption::Basic, false)),
        row: builder.add_bytes_field("row", STORED),
    };
    builder.add_i64_field(DAY, FAST);
    builder.add_u64_field(ID, FAST);
    builder.add_u64_field(PLACE, FAST);
    builder.add_u64_field(NAME, FAST);
    builder.add_u64_field(LINK, FAST);
    (builder.build(), fields)
}

fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    // tantivy asks for this one for fields without text too.
    manager.register("default", TextAnalyzer::from(RawTokenizer::default()));
    manager.register("raw", TextAnalyzer::from(RawTokenizer::default()));
    manager.register("words", TextAnalyzer::from(WordTokenizer::default()));
    manager.register("address", TextAnalyzer::from(AddressTokenizer::default()));
    manager
}

/// The term of a source.
pub(crate) fn source_term(fields: &Fields, source: &Source) -> Term {
    let (kind, name) = match source {
        Source::Note(path) => ("note", path.as_str().as_bytes().to_vec()),
        Source::Mail(key) => ("mail", key.0.bytes().to_vec()),
    };
    Term::from_field_bytes(fields.source, ContentHash::of_parts(&[kind.as_bytes(), &name]).bytes())
}

/// An audience of more parties is not listed under each of them: such terms would grow with the square
/// of their number. Nobody outside our house is told anything from mail that went to that many.
const NAMED_AT_MOST: usize = 64;

fn letter_of(kind: SourceKind) -> char {
    match kind {
        SourceKind::Note => 'n',
        SourceKind::Mail => 'm',
    }
}

/// What passages of one kind and one audience share: few values, each asked once whether it is cleared.
/// An audience of parties is listed once under each of them, as `kind "party" NUL audience`, so that
/// whoever asks for a party meets that party's audiences only; the party is in JSON, which holds no NUL.
pub(crate) fn groups_of(kind: SourceKind, audience: &Audience) -> Result<Vec<String>, IndexError> {
    let letter = letter_of(kind);
    let json = to_json(audience)?;
    match audience {
        Audience::Parties(parties) if parties.len() <= NAMED_AT_MOST => {
            parties.iter().map(|party| Ok(format!("{letter}{}\0{json}", to_json(party)?))).collect()
        }
        Audience::Parties(_) | Audience::Public | Audience::Internal | Audience::Private => {
            Ok(vec![format!("{letter}{json}")])
        }
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String, IndexError> {
    serde_json::to_string(value).map_err(|error| IndexError::damaged(error.to_string()))
}

/// The first and the first no longer meant of the groups listed under a party.
pub(crate) fn groups_naming(kind: SourceKind, party: &PartyId) -> Result<(String, String), IndexError> {
    let (letter, party) = (letter_of(kind), to_json(party)?);
    Ok((format!("{letter}{party}\0"), format!("{letter}{party}\u{1}")))
}

/// Reads one of what [`groups_of`] wrote.
pub(crate) fn parse_group(group: &[u8]) -> Result<(SourceKind, Audience), IndexError> {
    let parts = group.split_first().and_then(|(letter, rest)| {
        let kind = match letter {
            b'n' => SourceKind::Note,
            b'm' => SourceKind::Mail,
            _ => return None,
        };
        let json = rest.iter().position(|byte| *byte == 0).map_or(Some(rest), |nul| rest.get(nul + 1..))?;
        Some((kind, serde_json::from_slice(json).ok()?))
    });
    parts.ok_or_else(|| IndexError::damaged("an audience in the full text index"))
}

/// What passages of one source and one audience share: the start of a hash of both.
fn place_of(source: &Source, audience: &Audience) -> Result<u64, IndexError> {
    let parts = serde_json::to_vec(&(source, audience));
    let parts = parts.map_err(|error| IndexError::damaged(error.to_string()))?;
    Ok(id_prefix(ContentHash::of_parts(&[&parts])))
}

/// The name of a note, as links write it, whatever its case.
fn name_hash(name: &str) -> u64 {
    id_prefix(ContentHash::of_parts(&[fold_case(name).as_bytes()]))
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    let since = Date::constant(1970, 1, 1).until(date).map(|span| span.get_days());
    since.map_or(0, i64::from)
}

/// The first eight bytes of a passage's id, big end first, so they sort as the id does.
fn id_prefix(id: ContentHash) -> u64 {
    id.bytes().iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// What passages of one source share comes first, so that it compresses to almost nothing.
type Row = (
    u8,
    Source,
    String,
    Vec<String>,
    Vec<Addr>,
    Vec<String>,
    Label,
    Option<Date>,
    usize,
    usize,
    u32,
    Option<Anchor>,
    String,
);

/// A passage as it is stored: a JSON array, which repeats no field names.
pub(crate) fn row_of(p: &Passage) -> Result<Vec<u8>, IndexError> {
    let row = (
        ROW_VERSION,
        &p.source,
        &p.title,
        &p.headings,
        &p.people,
        &p.links,
        &p.label,
        &p.date,
        p.span.start,
        p.span.end,
        p.line,
        &p.anchor,
        &p.text,
    );
    serde_json::to_vec(&row).map_err(|error| IndexError::damaged(error.to_string()))
}

fn parse_row(row: &[u8]) -> Result<Passage, IndexError> {
    let bad = |error: serde_json::Error| IndexError::damaged(format!("a stored passage: {error}"));
    let (version, source, title, headings, people, links, label, date, start, end, line, anchor, text): Row =
        serde_json::from_slice(row).map_err(bad)?;
    if version != ROW_VERSION {
        return Err(IndexError::damaged(format!("a stored passage of layout {version}")));
    }
    let span = postil_evidence::Span::new(start, end);
    Ok(Passage { source, span, line, text, title, headings, anchor, date, people, links, label })
}

/// The full text store.
pub(crate) struct Passages {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// The file that changes with every commit, and how it looked when it was last read.
    commit_file: Option<std::path::PathBuf>,
    seen: Mutex<Option<(SystemTime, u64)>>,
}

/// One unchanging view of the full text.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    /// What tells how close texts are in meaning; mostly nothing does.
    pub(crate) embeddings: Option<Arc<Embeddings>>,
}

impl Snapshot {
    /// Reads one passage.
    pub(crate) fn passage(&self, segment: u32, doc: u32) -> Result<Passage, IndexError> {
        let found: TantivyDocument = self.searcher.doc(tantivy::DocAddress::new(segment, doc))?;
        let row = found.get_first(self.fields.row).and_then(|value| value.as_bytes());
        parse_row(row.ok_or_else(|| IndexError::damaged("a passage without its text"))?)
    }
}

impl Passages {
    /// Creates an empty store in a folder that exists and holds none.
    pub(crate) fn create(dir: &Path) -> Result<Self, IndexError> {
        Self::create_in(mmap(dir)?, Some(dir))
    }

    #[cfg(test)]
    pub(crate) fn in_memory() -> Result<Self, IndexError> {
        Self::create_in(tantivy::directory::RamDirectory::create(), None)
    }

    fn create_in<D: Directory>(directory: D, dir: Option<&Path>) -> Result<Self, IndexError> {
        let settings = IndexSettings {
            docstore_compression: Compressor::Lz4,
            docstore_compress_dedicated_thread: false,
            docstore_blocksize: STORE_BLOCK,
            ..IndexSettings::default()
        };
        let (schema, fields) = schema();
        let index = tantivy::Index::create(directory, schema, settings)?;
        Self::with(index, fields, dir)
    }

    /// Opens the store in `dir`.
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexError> {
        guarded(|| {
            let index = tantivy::Index::open(mmap(dir)?)?;
            let (schema, fields) = schema();
            if index.schema() != schema {
                return Err(IndexError::damaged("the full text index has another layout"));
            }
            Self::with(index, fields, Some(dir))
        })
    }

    fn with(mut index: tantivy::Index, fields: Fields, dir: Option<&Path>) -> Result<Self, IndexError> {
        index.set_tokenizers(tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let commit_file = dir.map(|dir| dir.join("meta.json"));
        let this = Self { index, reader, fields, commit_file, seen: Mutex::new(None) };
        let state = this.commit_state();
        this.note_seen(state);
        Ok(this)
    }

    fn commit_state(&self) -> Option<(SystemTime, u64)> {
        let meta = std::fs::metadata(self.commit_file.as_ref()?).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    }

    fn note_seen(&self, state: Option<(SystemTime, u64)>) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The newest committed state, also where another process committed it.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, IndexError> {
        let state = self.commit_state();
        if state != *self.seen.lock().unwrap_or_else(PoisonError::into_inner) {
            self.reload()?;
            self.note_seen(state);
        }
        Ok(Snapshot { searcher: self.reader.searcher(), fields: self.fields, embeddings: None })
    }

    /// Makes a commit of this process visible.
    pub(crate) fn reload(&self) -> Result<(), IndexError> {
        guarded(|| Ok(self.reader.reload()?))
    }

    /// The number of the last commit, 0 for none.
    pub(crate) fn generation(&self) -> Result<u64, IndexError> {
        let payload = self.index.load_metas()?.payload;
        payload.map_or(Ok(0), |text| text.parse().map_err(|_bad| IndexError::damaged("the commit number")))
    }

    /// Reads every byte and compares checksums; returns the files that differ.
    pub(crate) fn verify(&self) -> Result<Vec<String>, IndexError> {
        let bad = guarded(|| Ok(self.index.validate_checksum()?))?;
        Ok(bad.into_iter().map(|path| path.display().to_string()).collect())
    }

    /// Starts writing. The caller holds the folder's lock.
    pub(crate) fn writer(&self) -> Result<PassageWriter, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(WRITER_THREADS)
            .memory_budget_per_thread(WRITER_HEAP)
            .num_merge_threads(1)
            .build();
        let writer = self.index.writer_with_options(options)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(5);
        merging.set_min_layer_size(5_000);
        merging.set_del_docs_ratio_before_merge(0.3);
        writer.set_merge_policy(Box::new(merging));
        Ok(PassageWriter { writer, fields: self.fields })
    }
}

fn mmap(dir: &Path) -> Result<MmapDirectory, IndexError> {
    MmapDirectory::open(dir)
        .map_err(|error| IndexError::Io { path: dir.to_owned(), source: io::Error::other(error.to_string()) })
}

/// Adds and removes passages; nothing is visible before [`PassageWriter::commit`].
pub(crate) struct PassageWriter {
    writer: IndexWriter,
    fields: Fields,
}

impl PassageWriter {
    pub(crate) fn remove(&mut self, source: &Source) {
        self.writer.delete_term(source_term(&self.fields, source));
    }

    #[cfg(test)]
    pub(crate) fn add(&mut self, source: &Source, passage: Passage) -> Result<(), IndexError> {
        self.add_all(source, vec![passage])
    }

    /// Adds passages of one source. Those of one audience come to stand side by side, in their order.
    pub(crate) fn add_all(&mut self, source: &Source, passages: Vec<Passage>) -> Result<(), IndexError> {
        let mut placed = Vec::with_capacity(passages.len());
        for passage in passages {
            placed.push((place_of(source, &passage.label.audience)?, passage));
        }
        placed.sort_by_key(|(place, _)| *place);
        let mut operations = Vec::with_capacity(placed.len());
        for (place, passage) in placed {
            operations.push(UserOperation::Add(self.document(source, place, passage)?));
        }
        // One batch is never split between segments.
        self.writer.run(operations)?;
        Ok(())
    }

    fn document(
        &self,
        source: &Source,
        place: u64,
        mut passage: Passage,
    ) -> Result<TantivyDocument, IndexError> {
        if passage.source != *source {
            passage.source = source.clone();
        }
        let mut doc = TantivyDocument::default();
        let source_hash = source_term(&self.fields, source);
        doc.add_bytes(self.fields.source, source_hash.value().as_bytes().unwrap_or_default());
        for group in groups_of(SourceKind::of(source), &passage.label.audience)? {
            doc.add_text(self.fields.group, group);
        }
        doc.add_text(self.fields.text, &passage.text);
        doc.add_text(self.fields.title, &passage.title);
        for heading in &passage.headings {
            doc.add_text(self.fields.title, heading);
        }
        for addr in &passage.people {
            doc.add_text(self.fields.people, addr.as_str());
        }
        let shown = fold_case(&passage.text);
        for name in passage.links.iter().filter(|name| !shown.contains(&fold_case(name))) {
            doc.add_text(self.fields.links, name);
        }
        let schema = self.writer.index().schema();
        if let Some(date) = passage.date {
            doc.add_i64(schema.get_field(DAY)?, day_number(date));
        }
        doc.add_u64(schema.get_field(ID)?, id_prefix(passage.id()));
        doc.add_u64(schema.get_field(PLACE)?, place);
        if let Source::Note(path) = source {
            doc.add_u64(schema.get_field(NAME)?, name_hash(path.title()));
        }
        let linked: BTreeSet<u64> = passage.links.iter().map(|name| name_hash(name)).collect();
        for name in linked {
            doc.add_u64(schema.get_field(LINK)?, name);
        }
        doc.add_bytes(self.fields.row, &row_of(&passage)?);
        Ok(doc)
    }

    /// Publishes everything at once, as commit number `generation`.
    pub(crate) fn commit(&mut self, generation: u64) -> Result<(), IndexError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&generation.to_string());
        prepared.commit()?;
        Ok(())
    }

    /// Ends writing after the merges that were started. What is not committed is forgotten.
    pub(crate) fn finish(self) -> Result<(), IndexError> {
        Ok(self.writer.wait_merging_threads()?)
    }
}

#[cfg(test)]
mod tests {
    use postil_evidence::{Addr, Anchor, Audience, Label, NotePath, Passage, Source, Span, Trust};

    use super::{day_number, parse_row, row_of};

    #[test]
    fn a_passage_is_stored_whole() {
        let passage = Passage {
            source: Source::Note(NotePath::parse("Meetings/a \"b\".md").unwrap()),
            span: Span::new(3, 40),
            line: 2,
            text: "Größe:\n\"24\"\u{1F600}".to_owned(),
            title: "a".to_owned(),
            headings: vec!["h1".to_owned(), "h2".to_owned()],
            anchor: Some(Anchor::Block("d1".to_owned())),
            date: Some(jiff::civil::date(2026, 11, 10)),
            people: vec![Addr::parse("maya@northwind.example").unwrap()],
            links: vec!["Northwind Traders".to_owned()],
            label: Label {
                audience: Audience::parse(["acme, globex"]),
                trust: Trust::Known,
                why: "x".to_owned(),
            },
        };
        assert_eq!(parse_row(&row_of(&passage).unwrap()).unwrap(), passage);
        assert!(parse_row(b"[1,2]").unwrap_err().is_damage());
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number(jiff::civil::date(1970, 1, 2)), 1);
        assert_eq!(day_number(jiff::civil::date(2026, 11, 23)), 20_780);
        assert_eq!(day_number(jiff::civil::date(1969, 12, 31)), -1);
    }
}
