//! Prints how fast the index is and how large: `cargo run --release -p postil-index --example rates -- 300000`.
//!
//! The text is made up from a generator with a fixed start and word frequencies as in ordinary prose
//! (Zipf), so that a run can be repeated. With a second argument, a folder, the passages are cut from the
//! text files under it instead.
#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use postil_evidence::{
    Addr, Audience, ContentHash, Label, MessageKey, NotePath, Parties, PartyId, Passage, Recipients, Source,
    Span, Trust,
};
use postil_index::{
    BulkThreads, DefectNote, Filters, Index, Mark, MessageRow, NoteRow, PlaceRow, Query, Word, WordField,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[expect(clippy::disallowed_methods, reason = "an example that measures; the crate reads no clock")]
fn timed<T>(what: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let start = std::time::Instant::now();
    let value = what()?;
    Ok((value, start.elapsed()))
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % most.max(1)
    }

    /// A rank from 0 on with frequencies as in prose: the product of a uniform draw in logarithms.
    fn rank(&mut self, most: usize) -> usize {
        let uniform = f64::from(u32::try_from(self.below(1 << 30)).unwrap_or(0)) / f64::from(1_u32 << 30);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a draw"
        )]
        let rank = ((most as f64).powf(uniform) - 1.0) as usize;
        rank.min(most - 1)
    }
}

/// A vocabulary of 40,000 pronounceable words, the frequent ones short.
fn vocabulary(dice: &mut Dice) -> Vec<String> {
    let parts: Vec<String> = "bcdfglmnprstv"
        .chars()
        .flat_map(|a| "aeiou".chars().map(move |b| format!("{a}{b}")))
        .chain(["st", "nd", "er", "in", "on", "ly", "ing", "ed"].map(String::from))
        .collect();
    let mut seen = BTreeSet::new();
    let mut words = Vec::new();
    while words.len() < 40_000 {
        let length = 1 + (words.len() + 1).ilog10() as usize / 2 + dice.below(3);
        let word: String = (0..length).filter_map(|_| parts.get(dice.below(parts.len())).cloned()).collect();
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn made_up(dice: &mut Dice, words: &[String]) -> String {
    let length = 80 + dice.below(41);
    let mut text = String::new();
    for i in 0..length {
        if i > 0 {
            text.push_str(if dice.below(12) == 0 { ". " } else { " " });
        }
        if dice.below(40) == 0 {
            text.push_str(&dice.below(3000).to_string());
        } else if let Some(word) = words.get(dice.rank(words.len())) {
            text.push_str(word);
        }
    }
    text
}

/// About 100 words at a time from the files under `dir`.
fn cut_from(dir: &Path, wanted: usize) -> Outcome<Vec<String>> {
    let (mut out, mut open) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path)?.filter_map(|entry| Some(entry.ok()?.path())));
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let words: Vec<&str> = text.split_whitespace().collect();
        out.extend(words.chunks(100).map(|chunk| chunk.join(" ")));
        if out.len() >= wanted {
            break;
        }
    }
    out.truncate(wanted);
    Ok(out)
}

fn message(
    number: usize,
    texts: Vec<String>,
    dice: &mut Dice,
    words: &[String],
) -> Outcome<(Source, Vec<Passage>)> {
    let source = Source::Mail(MessageKey(ContentHash::of(&number.to_le_bytes())));
    let party = dice.below(40);
    let title: Vec<&str> = (0..5).filter_map(|_| Some(words.get(dice.rank(words.len()))?.as_str())).collect();
    let people: BTreeSet<Addr> =
        ["me@us.example".to_owned(), format!("p{}@party{party}.example", dice.below(50))]
            .iter()
            .filter_map(|addr| Addr::parse(addr))
            .collect();
    let audience =
        if party < 4 { Audience::Internal } else { Audience::parse([format!("party{party}").as_str()]) };
    let why = format!("the parties on that mail: {audience}");
    let date = jiff::civil::date(2015, 1, 1)
        .checked_add(jiff::Span::new().days(i64::try_from(dice.below(4000))?))?;
    let mut at = 0;
    let passages = texts.into_iter().map(|text| {
        let span = Span::new(at, at + text.len());
        at = span.end + 2;
        Passage {
            source: source.clone(),
            span,
            line: 1,
            text,
            title: title.join(" "),
            headings: Vec::new(),
            anchor: None,
            date: Some(date),
            people: people.iter().cloned().collect(),
            links: Vec::new(),
            label: Label { audience: audience.clone(), trust: Trust::Known, why: why.clone() },
        }
    });
    let passages = passages.collect();
    Ok((source, passages))
}

/// Bytes by file name ending: `store` holds the passages, `idx` the postings, `term` the words.
fn sizes_by_part(dir: &Path) -> Outcome<String> {
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let ending = entry.path().extension().map(|ending| ending.to_string_lossy().into_owned());
        *parts.entry(ending.unwrap_or_default()).or_default() += entry.metadata()?.len();
    }
    Ok(parts.iter().map(|(part, size)| format!(" {part} {:.1} MB", *size as f64 / 1e6)).collect())
}

fn size_of(dir: &Path) -> Outcome<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        total += if entry.file_type()?.is_dir() { size_of(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(total)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    peak.unwrap_or_default().split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

fn main() -> Outcome<()> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(300_000), |n| n.parse())?;
    let dir = tempfile::tempdir()?;
    let mut dice = Dice(88_172_645_463_325_252);
    let words = vocabulary(&mut dice);
    let given = match std::env::args().nth(2) {
        Some(folder) => cut_from(Path::new(&folder), wanted)?,
        None => Vec::new(),
    };
    let mut texts = given.into_iter();
    let (index, _) = Index::open(dir.path(), "1")?;

    let (mut added, mut messages, mut bytes, mut adding) = (0, 0, 0, Duration::ZERO);
    let mut batch = index.writer()?;
    let mut ended = false;
    while added < wanted && !ended {
        // Messages are made outside the clock, a thousand at a time.
        let mut round = Vec::new();
        while round.len() < 1000 && added < wanted && !ended {
            let count = 1 + dice.below(3);
            let mut own: Vec<String> = texts.by_ref().take(count).collect();
            if own.is_empty() && std::env::args().nth(2).is_some() {
                ended = true;
                break;
            }
            while own.len() < count && std::env::args().nth(2).is_none() {
                own.push(made_up(&mut dice, &words));
            }
            added += own.len();
            bytes += own.iter().map(String::len).sum::<usize>();
            round.push(message(messages, own, &mut dice, &words)?);
            messages += 1;
        }
        let ((), time) =
            timed(|| Ok(round.into_iter().try_for_each(|(source, own)| batch.add(&source, own))?))?;
        adding += time;
    }
    let ((), commit) = timed(|| Ok(batch.commit()?))?;
    let ((), merging) = timed(|| {
        drop(batch);
        Ok(())
    })?;
    let size = size_of(&dir.path().join("text"))?;
    println!("{messages} messages, {added} passages, {:.1} MB of text", bytes as f64 / 1e6);
    println!(
        "adding {:.0} messages/s ({:.0} passages/s) with commit; merging after {merging:.1?}; peak memory {}",
        per_second(messages, adding + commit),
        per_second(added, adding + commit),
        peak_memory()
    );
    println!(
        "full text {:.1} MB, {:.1} % of the text, {} segments",
        size as f64 / 1e6,
        100.0 * size as f64 / bytes as f64,
        index.segments()?
    );
    println!(" {}", sizes_by_part(&dir.path().join("text"))?);
    drop(index);
    let index = reopened(dir.path())?;
    searches(&index, &mut dice, &words)?;
    catalogue(&index, messages, dir.path())?;
    Ok(())
}

fn reopened(dir: &Path) -> Outcome<Index> {
    let ((index, opened), time) = timed(|| Ok(Index::open(dir, "1")?))?;
    println!("open {time:.2?} ({opened:?})");
    Ok(index)
}

/// Words of middling frequency, as people search for.
fn query(dice: &mut Dice, words: &[String], count: usize) -> Query {
    let pick = |dice: &mut Dice| words.get(dice.rank(words.len())).cloned().unwrap_or_default();
    let words = (0..count).map(|_| Word { text: pick(dice), weight: 1.0, field: WordField::Any });
    Query { words: words.collect(), ..Query::default() }
}

fn searches(index: &Index, dice: &mut Dice, words: &[String]) -> Outcome<()> {
    let mut parties = Parties::default();
    for party in 0..40 {
        parties.domains.insert(format!("party{party}.example"), PartyId::new(&format!("party{party}")));
    }
    parties.own_domains.insert("us.example".to_owned());
    let us = Addr::parse("me@us.example").ok_or("an address")?;
    let them = Addr::parse("p1@party7.example").ok_or("an address")?;
    let filters = Filters::default();
    let report = |what: &str, mut times: Vec<Duration>| {
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
        println!("{what}: median {:.2?}, 95th of 100 {:.2?}", at(50), at(95));
    };
    let mut run = |what: &str, count: usize, to: Option<&Addr>, rounds: usize| -> Outcome<()> {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let query = query(dice, words, count);
            let (_, time) = timed(|| {
                Ok(match to {
                    Some(to) => {
                        let to = Recipients::resolve([to], &parties);
                        index.view()?.recall(&query, &filters, &to, 10)?.0.len()
                    }
                    None => index.search(&query, &filters, 10)?.len(),
                })
            })?;
            times.push(time);
        }
        report(what, times);
        Ok(())
    };
    run("search, 2 words, first of all", 2, None, 1)?;
    run("search, 2 words", 2, None, 100)?;
    run("recall, 8 words, to ourselves", 8, Some(&us), 100)?;
    run("recall, 8 words, to one party", 8, Some(&them), 100)
}

fn catalogue(index: &Index, messages: usize, dir: &Path) -> Outcome<()> {
    let mut batch = index.writer()?;
    let writer = batch.catalog();
    let id = |n: usize| format!("<{n}.abcdef0123456789@mail.party{}.example>", n % 40);
    let (threads, time) = timed(|| {
        let mut threads = Vec::new();
        for n in 0..messages {
            let (own, parent, root) = (id(n), id(n.saturating_sub(7)), id(n / 9 * 9));
            let count = if n % 9 == 0 { 1 } else { 2 + usize::from(n % 50 == 3) };
            let ids = [own.as_str(), &root, &parent];
            threads.push(writer.thread_for(ids.get(..count).unwrap_or_default())?);
        }
        Ok(threads)
    })?;
    println!("thread_for {:.0} messages/s", per_second(messages, time));
    let key = |n: usize| MessageKey(ContentHash::of(&n.to_le_bytes()));
    let ((), time) = timed(|| {
        for (n, thread) in threads.iter().enumerate() {
            writer.set_message(&MessageRow {
                key: key(n),
                thread: *thread,
                message_id: id(n),
                date_ms: Some(1_400_000_000_000 + i64::try_from(n * 7919 % messages)? * 3_000_000),
                offset_minutes: 60,
                from_addr: format!("p{}@party{}.example", n % 50, n % 40),
                subject: "Re: some subject of usual length".to_owned(),
                flags: u8::from(n % 3 == 0),
                size: 4000,
                topic: 0,
            })?;
        }
        Ok(())
    })?;
    println!("set_message {:.0} rows/s", per_second(messages, time));
    let ((), time) = timed(|| {
        for n in 0..messages {
            writer.add_place(&PlaceRow {
                key: key(n),
                store: "archive".to_owned(),
                container: format!("folder{}", n * 20 / messages),
                path: format!("cur/{n}.host.example:2,S"),
                offset: 0,
                len: 4000,
                format: 1,
            })?;
        }
        for n in 0..20 {
            let mark = Mark { mtime_ns: 1, size: 2, digest: [3; 16] };
            writer.set_container("archive", &format!("folder{n}"), Some(&mark))?;
        }
        Ok(())
    })?;
    println!("add_place {:.0} rows/s", per_second(messages, time));
    let ((), time) = timed(|| {
        for n in 0..10_000 {
            let path =
                NotePath::parse(&format!("Customers/Party {}/Meetings/{n}.md", n % 40)).ok_or("a path")?;
            writer.set_note(&NoteRow {
                path: path.clone(),
                size: 900,
                mtime_ns: 1,
                hash: ContentHash::of(b"x"),
                title: format!("Meeting {n}"),
                audience: Audience::parse(["party1"]),
                why: "its folder Customers/Party is labelled party1 in the configuration".to_owned(),
                entity: None,
                defects: "[]".to_owned(),
                passages: 4,
            })?;
            let defect = DefectNote {
                place: "front matter".to_owned(),
                kind: "date".to_owned(),
                detail: String::new(),
            };
            writer.set_defects(&Source::Note(path), &[defect])?;
        }
        Ok(())
    })?;
    println!("set_note with a defect {:.0} rows/s", per_second(10_000, time));
    let ((), time) = timed(|| Ok(batch.commit()?))?;
    println!("commit {time:.1?}; peak memory {}", peak_memory());
    drop(batch);
    println!("catalogue {:.1} MB", size_of(dir)? as f64 / 1e6 - size_of(&dir.join("text"))? as f64 / 1e6);
    let ((), time) = timed(|| {
        let (index, _) = Index::open(dir, "1")?;
        for n in 0..8 {
            index.catalog().mark("archive", &format!("folder{n}"))?.ok_or("a mark")?;
        }
        Ok(())
    })?;
    println!("open and 8 marks {time:.2?}");
    let catalog = index.catalog();
    let (notes, time) = timed(|| Ok(catalog.notes()?.len()))?;
    let mut best = time;
    for _ in 0..9 {
        best = best.min(timed(|| Ok(catalog.notes()?.len()))?.1);
    }
    println!("{notes} notes in {time:.2?}, best of 10 {best:.2?}");
    for (what, bulk) in [("all", BulkThreads::Include), ("not bulk", BulkThreads::Exclude)] {
        let (found, time) = timed(|| Ok(catalog.threads_active_since(1_400_000_000_000, 50, bulk)?))?;
        println!("50 newest threads, {what}: {time:.2?}");
        let first = found.first().ok_or("a thread")?;
        let (count, time) = timed(|| Ok(catalog.thread_messages(first.thread)?.len()))?;
        println!("one thread of {count} messages: {time:.2?}");
    }
    let (counts, time) = timed(|| Ok(catalog.counts()?))?;
    println!("{counts:?} in {time:.2?}");
    Ok(())
}
