//! What a reply whose headers do not lead to its parent most likely answers: by subject, people, time
//! and quoted text, with a likelihood. Knows no headers of threading.
//!
//! The strongest witness is the line that a program puts above a quote: it names who wrote the answered
//! message and the minute in which it was sent. Where that message is not here, the lines of the quotes
//! inside the quote name those before it, and the nearest of them that is here is the parent.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attribution::{Attribution, Fit, Named, attributions, split_depth};
use super::{base_subject, named_ids, time_of};
use crate::message::{Message, ZoneKind};
use crate::subject;

/// Percent from which a guess is good enough to join two threads for good.
///
/// # Source
/// Points of [`likelihood`]: the subject and the people both ways, or the subject and the minute, or
/// the name and the quoted text. The subject of a reply alone stays below.
pub const SURE: u8 = 90;
/// Percent from which a guess is better than none.
pub const LIKELY: u8 = 50;

/// How long after the last message a reply without headers may still belong to it, in seconds.
///
/// # Source
/// Ninety days: the longest vacation and the longest silence after which people start a new mail.
const SAME_SUBJECT_SECONDS: i64 = 90 * 24 * 3_600;
/// Clocks of two machines may differ by this much, in seconds.
const SKEW_SECONDS: i64 = 3_600;
/// The most earlier messages of one subject that are looked at.
const LOOKED_AT: usize = 64;
/// Characters of a subject that programs do not cut off, and that tell it from others.
///
/// # Source
/// RFC 5322's 78 columns less "Subject: Re: " and a list's tag; some programs cut there.
const STEM: usize = 40;
/// Words in a row that are compared with quoted words.
const SHINGLE: usize = 4;
/// Words of own and of quoted text that are compared.
const WORDS: usize = 2_000;
/// How deep a quote is looked into.
const DEEPEST: usize = 4;
/// What a line above a quote counts less for each message that lies between.
const LINE_BETWEEN: f64 = 4.0;
/// What quoted words count less for each message that lies between.
const WORDS_BETWEEN: f64 = 1.5;
/// Fewer words in a row than this prove nothing where they are missing.
const FEW_WORDS: usize = 8;
/// A share that says nothing.
const UNTOLD: f64 = 0.1;
/// Of a set of more messages no table of their words is made.
const WORDS_OF: usize = 20_000;
/// Words in a row that so many messages hold are nobody's own.
const COMMON: usize = 8;
/// So many words in a row must be the same before a message of another subject is looked at.
const SAME_WORDS: usize = 3;

/// What a message tells of the one it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clues {
    /// The [`subject_key`]s under which it may be found: its own, then one that it says it had before.
    pub keys: Vec<String>,
    /// Who wrote it, an address.
    pub from: String,
    /// To whom it goes, addresses.
    pub to: Vec<String>,
    /// When, in milliseconds since 1970.
    pub when_ms: Option<i64>,
    /// The offset of its clock from UTC in seconds.
    pub offset_seconds: i32,
    /// The lines above its quotes, the outermost first.
    pub attributions: Vec<Attribution>,
    /// Whether it says that it is a reply, by its subject or such a line. Some lists take the prefix
    /// away; then the quotes alone tell.
    pub says_so: bool,
}

/// A message that may be the one answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate<'m> {
    /// Its [`subject_key`].
    pub key: &'m str,
    /// Who wrote it: an address.
    pub from: &'m str,
    /// Their name, where it is known.
    pub name: &'m str,
    /// When it was sent.
    pub when_ms: Option<i64>,
    /// Whether the one who answers was among its recipients; `None` where that is not known.
    pub went_to_sender: Option<bool>,
    /// How much of one of the two is found in the other, 0 to 1, for a quote of each depth; empty
    /// where nothing is quoted or the text is not at hand.
    pub quoted: Vec<f64>,
}

impl Clues {
    /// Reads the clues of a message that looks like a reply: by its subject, or because it quotes.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let subject = message.subject.as_str();
        let keys = keys_of(subject);
        let attributions = attributions(message);
        let says_so = is_prefixed(subject) || !attributions.is_empty() || keys.len() > 1;
        if !says_so && !message.zones.iter().any(|zone| zone.kind == ZoneKind::Quotation) {
            return None;
        }
        Some(Self {
            keys,
            from: message.from.as_ref().map(|from| from.addr.to_string()).unwrap_or_default(),
            to: message.to.iter().chain(&message.cc).map(|to| to.addr.to_string()).collect(),
            when_ms: time_of(message).map(Timestamp::as_millisecond),
            offset_seconds: message.date.as_ref().map_or(0, |date| date.offset().seconds()),
            attributions,
            says_so,
        })
    }

    /// Whether a message with that key has the same subject, or had it before.
    #[must_use]
    pub fn same_subject(&self, key: &str) -> bool {
        self.keys.iter().any(|own| same_key(own, key))
    }
}

/// Whether a message looks like a reply and its headers leave open to what: they name one message at
/// most. Reads no line of it, so it costs little.
#[must_use]
pub fn may_answer(message: &Message) -> bool {
    let quotes = |zone: &crate::message::Zone| {
        matches!(zone.kind, ZoneKind::Quotation | ZoneKind::QuotationMarker | ZoneKind::InlineHeaders)
    };
    let subject = message.subject.as_str();
    named_ids(message) < 2
        && (is_prefixed(subject) || keys_of(subject).len() > 1 || message.zones.iter().any(quotes))
}

/// A subject as it is looked up: without prefixes, tags and signs, lower case, one space between words.
#[must_use]
pub fn subject_key(subject: &str) -> String {
    let base = base_subject(subject);
    let words = base.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let key = words.collect::<Vec<_>>().join(" ");
    // A subject of signs alone is itself.
    if key.is_empty() { base } else { key }
}

/// The beginning of a key, equal for two subjects of which a program cut one short.
#[must_use]
pub fn subject_stem(key: &str) -> &str {
    key.char_indices().nth(STEM).map_or(key, |(end, _)| key.get(..end).unwrap_or(key))
}

/// Equal, or one is the other cut short.
fn same_key(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && (short == long || (short.chars().count() >= STEM && long.starts_with(short)))
}

/// The keys of a subject: its own, and that of the subject it names as the one before.
fn keys_of(subject: &str) -> Vec<String> {
    let base = base_subject(subject);
    let mut keys = vec![subject_key(subject)];
    if let Some((new, old)) = earlier_subject(&base) {
        keys.extend([subject_key(old), subject_key(new)]);
    }
    let mut seen = HashSet::new();
    keys.retain(|key| !key.is_empty() && seen.insert(key.clone()));
    keys
}

/// Splits a subject that names the one before: "New (was: Re: old)", "new [was old]", "new Re: old".
///
/// # Source
/// RFC 5537 section 3.4.3 ("was"), which mail took over from Usenet; German programs and people write "war".
fn earlier_subject(base: &str) -> Option<(&str, &str)> {
    for mark in ["(was", "[was", "(war", "[war"] {
        let Some(at) = base.find(mark) else { continue };
        let (new, rest) = base.split_at_checked(at)?;
        let old = rest.get(mark.len()..)?;
        if old.starts_with([':', ' ']) {
            let old = old.trim_start_matches([':', ' ']).trim_end();
            return Some((new, old.strip_suffix([')', ']']).unwrap_or(old)));
        }
    }
    let (new, old) = base.split_once(" re: ")?;
    (!new.ends_with(':')).then_some((new, old))
}

/// Whether a subject has the prefix of a reply or a forward, also behind a list's tag.
fn is_prefixed(subject: &str) -> bool {
    let has = |text: &str| subject::without_prefixes(text).len() < text.trim().len();
    has(subject) || subject::list_tag(subject.trim()).is_some_and(|(_, rest)| has(rest))
}

/// How likely `candidate` is the message that one with these clues answers, or the nearest of those
/// before it, in percent; 0 where it cannot be. With the same subject it is [`LIKELY`] at least: who
/// answers a subject is in its conversation, also where what they answer is not here.
///
/// # Source
/// A sum of points, made a probability by the logistic function. Points by what each witness excludes:
/// a minute is shared by one message in hundreds, a name by one in tens; a subject of a reply alone is
/// right more often than not. One set of points for all mail; not fitted to a data set.
#[must_use]
pub fn likelihood(clues: &Clues, candidate: &Candidate<'_>) -> u8 {
    points(clues, candidate).map_or(0, |points| percent(points, clues, candidate.key))
}

fn percent(points: f64, clues: &Clues, key: &str) -> u8 {
    let share = 100.0 / (1.0 + (1.6 - points).exp());
    // Between 0 and 100 by construction.
    let percent = share.clamp(0.0, 100.0) as u8;
    if clues.says_so && clues.same_subject(key) { percent.max(LIKELY) } else { percent }
}

/// The points of a candidate; `None` where it cannot be the one.
fn points(clues: &Clues, candidate: &Candidate<'_>) -> Option<f64> {
    let time = fit(clues, candidate);
    if let (Some(now), Some(then)) = (clues.when_ms, candidate.when_ms) {
        let gap = (now - then) / 1_000;
        // Only a line that names the very minute shows that two clocks differ.
        let named = matches!(time, Fit::Exact | Fit::Near);
        let least = if named { -SKEW_SECONDS } else { 0 };
        if gap < least || (gap > SAME_SUBJECT_SECONDS && !named) {
            return None;
        }
    }
    let mut points = if !clues.same_subject(candidate.key) {
        -3.0
    } else if candidate.key.contains(' ') {
        2.0
    } else {
        // "Question", "Hello": one word is shared by many conversations.
        1.0
    };
    points += best(clues.attributions.iter().map(|said| witness(said, candidate, clues)), LINE_BETWEEN);
    points += best(candidate.quoted.iter().map(|share| quote_points(*share)), WORDS_BETWEEN);
    if !candidate.from.is_empty() && candidate.from != clues.from {
        points += if clues.to.iter().any(|to| to == candidate.from) { 1.5 } else { 0.0 };
        points += if candidate.went_to_sender == Some(true) { 1.0 } else { 0.0 };
    } else {
        points -= 0.3;
    }
    Some(points)
}

/// The best of the witnesses, each counting less the deeper in the quotes it stands; 0 of none.
fn best(witnesses: impl Iterator<Item = f64>, less: f64) -> f64 {
    let lessened = witnesses.enumerate().map(|(depth, points)| points - less * depth as f64);
    lessened
        .fold(None, |best: Option<f64>, points| Some(best.map_or(points, |best| best.max(points))))
        .unwrap_or(0.0)
}

/// What one line above a quote says for a candidate.
fn witness(said: &Attribution, candidate: &Candidate<'_>, clues: &Clues) -> f64 {
    let when = candidate.when_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let time = match said.fits(when, clues.offset_seconds) {
        Fit::Exact => 5.0,
        Fit::Near => 4.0,
        Fit::OtherZone => 3.0,
        Fit::Before => 2.5,
        Fit::Day => 1.0,
        Fit::Unknown => 0.0,
        Fit::OtherDay => -2.0,
        Fit::Off => -4.0,
    };
    time + match said.names(candidate.from, candidate.name) {
        Named::Whole => 3.0,
        Named::Part => 1.5,
        Named::Not => -1.0,
    }
}

/// What a share of quoted words says.
fn quote_points(share: f64) -> f64 {
    match share {
        share if share >= 0.6 => 4.0,
        share if share >= 0.25 => 2.0,
        share if share < 0.05 => -2.0,
        _ => 0.0,
    }
}

/// How well the time of a candidate fits any of the lines.
fn fit(clues: &Clues, candidate: &Candidate<'_>) -> Fit {
    let when = candidate.when_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let fits = clues.attributions.iter().map(|said| said.fits(when, clues.offset_seconds));
    let named = |fit: &Fit| matches!(fit, Fit::Exact | Fit::Near);
    fits.clone().find(named).or(fits.clone().next()).unwrap_or(Fit::Unknown)
}

/// Whether more than subject and people speaks for a candidate: the minute, the day and the name, or
/// the quoted words. A message whose headers name one that is not here is joined by nothing less,
/// since that one may never have come.
#[must_use]
pub fn is_vouched(clues: &Clues, candidate: &Candidate<'_>) -> bool {
    let when = candidate.when_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let by_line = clues.attributions.iter().any(|said| {
        let named = said.names(candidate.from, candidate.name) == Named::Whole;
        match said.fits(when, clues.offset_seconds) {
            Fit::Exact => true,
            Fit::Near | Fit::OtherZone | Fit::Before => named,
            Fit::Day | Fit::Unknown | Fit::OtherDay | Fit::Off => false,
        }
    });
    by_line || candidate.quoted.iter().any(|share| *share >= 0.6)
}

/// What a message may be joined by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// By whatever is likely.
    Likely,
    /// Only by what is sure and [vouched for](is_vouched).
    Vouched,
    /// Not at all: its headers say enough.
    Nothing,
}

/// A parent that was guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) parent: usize,
    pub(super) percent: u8,
}

/// For each message that wants one: the earlier message that it most likely answers, where that is at
/// least so likely.
pub(super) fn parents(messages: &[Message], wanted: &[Wanted], at_least: u8) -> Vec<Option<Guess>> {
    let clues: Vec<Option<Clues>> = messages
        .iter()
        .zip(wanted)
        .map(|(message, wanted)| if *wanted == Wanted::Nothing { None } else { Clues::of(message) })
        .collect();
    if clues.iter().all(Option::is_none) {
        return vec![None; messages.len()];
    }
    let mut known = Earlier::of(messages);
    let mut guesses = Vec::with_capacity(messages.len());
    for (at, (clues, wanted)) in clues.iter().zip(wanted).enumerate() {
        let at_least = if *wanted == Wanted::Vouched { at_least.max(SURE) } else { at_least };
        let guess = clues.as_ref().and_then(|clues| {
            let found = known.best(at, clues, &known.candidates(at, clues), *wanted);
            // Only where subject and time find nothing sure are the quoted words looked up.
            let found = match found {
                Some(found) if found.0 >= SURE => Some(found),
                Some(_) | None => {
                    let quoting = known.quoted_in(at);
                    let other = known.best(at, clues, &quoting, *wanted);
                    [found, other].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1))
                }
            };
            found.filter(|(percent, _, _)| *percent >= at_least)
        });
        guesses.push(guess.map(|(percent, _, parent)| Guess { parent, percent }));
    }
    guesses
}

/// Messages, ready to be looked up.
struct Earlier<'m> {
    messages: &'m [Message],
    keys: Vec<String>,
    by_stem: HashMap<String, Vec<usize>>,
    by_minute: HashMap<i64, Vec<usize>>,
    texts: HashMap<usize, Text>,
    by_words: Option<HashMap<u64, Vec<usize>>>,
}

/// The words of a message, four in a row: its own, and those it quotes by depth.
#[derive(Default)]
struct Text {
    own: HashSet<u64>,
    quoted: Vec<HashSet<u64>>,
}

impl<'m> Earlier<'m> {
    fn of(messages: &'m [Message]) -> Self {
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|at| messages.get(*at).and_then(time_of));
        let keys: Vec<String> =
            messages.iter().map(|message| subject_key(message.subject.as_str())).collect();
        let mut by_stem: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_minute: HashMap<i64, Vec<usize>> = HashMap::new();
        for at in order {
            if let Some(key) = keys.get(at).filter(|key| !key.is_empty()) {
                by_stem.entry(subject_stem(key).to_owned()).or_default().push(at);
            }
            if let Some(time) = messages.get(at).and_then(time_of) {
                by_minute.entry(time.as_second().div_euclid(60).rem_euclid(1_440)).or_default().push(at);
            }
        }
        Self { messages, keys, by_stem, by_minute, texts: HashMap::new(), by_words: None }
    }

    /// The likeliest of some candidates: percent, points and place; of equal ones the newest.
    fn best(
        &mut self,
        at: usize,
        clues: &Clues,
        places: &[usize],
        wanted: Wanted,
    ) -> Option<(u8, f64, usize)> {
        let mut best: Option<(f64, Option<Timestamp>, usize, u8)> = None;
        for place in places.iter().copied().filter(|place| *place != at) {
            let Some(earlier) = self.messages.get(place) else { continue };
            let quoted = self.shares(place, at);
            let key = self.keys.get(place).map(String::as_str).unwrap_or_default();
            let candidate = candidate(earlier, key, quoted, &clues.from);
            if wanted == Wanted::Vouched && !is_vouched(clues, &candidate) {
                continue;
            }
            let Some(points) = points(clues, &candidate) else { continue };
            let time = time_of(earlier);
            if best.is_none_or(|(most, newest, _, _)| points > most || (points == most && time > newest)) {
                best = Some((points, time, place, percent(points, clues, key)));
            }
        }
        best.map(|(points, _, place, percent)| (percent, points, place))
    }

    /// Earlier messages of the same subject, the newest of them, and those sent in the very minute that
    /// a line above a quote names.
    fn candidates(&self, at: usize, clues: &Clues) -> Vec<usize> {
        let when = self.messages.get(at).and_then(time_of);
        let latest = when.map(|when| when.as_second() + SKEW_SECONDS);
        let early = |place: &usize| {
            let time = self.messages.get(*place).and_then(time_of);
            latest.is_none_or(|latest| time.is_none_or(|time| time.as_second() <= latest))
        };
        let mut out: Vec<usize> = Vec::new();
        for key in &clues.keys {
            let same = self.by_stem.get(subject_stem(key)).map(Vec::as_slice).unwrap_or_default();
            let same = same.iter().rev().filter(|place| {
                early(place) && self.keys.get(**place).is_some_and(|other| same_key(key, other))
            });
            out.extend(same.take(LOOKED_AT));
        }
        for clock in clues.attributions.iter().filter_map(|said| said.clock) {
            let halves: &[i64] = if clock.half.is_some() { &[0] } else { &[0, 720] };
            let offset = clock.offset_seconds.unwrap_or(clues.offset_seconds);
            let minute = i64::from(clock.minute_of_day()) - i64::from(offset) / 60;
            let buckets =
                halves.iter().filter_map(|half| self.by_minute.get(&(minute + half).rem_euclid(1_440)));
            out.extend(buckets.flat_map(|places| places.iter().rev().filter(|at| early(at)).take(LOOKED_AT)));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Messages whose own words stand in the quotes of a message, those with most of them first.
    fn quoted_in(&mut self, at: usize) -> Vec<usize> {
        let quotes = self.text(at).quoted.iter().flatten().copied().collect::<HashSet<u64>>();
        if quotes.len() < SAME_WORDS || self.messages.len() > WORDS_OF {
            return Vec::new();
        }
        if self.by_words.is_none() {
            let mut by_words: HashMap<u64, Vec<usize>> = HashMap::new();
            for place in 0..self.messages.len() {
                for word in &self.text(place).own {
                    let places = by_words.entry(*word).or_default();
                    if places.len() <= COMMON {
                        places.push(place);
                    }
                }
            }
            self.by_words = Some(by_words);
        }
        let mut hits: HashMap<usize, usize> = HashMap::new();
        for word in &quotes {
            let places = self.by_words.as_ref().and_then(|by_words| by_words.get(word));
            for place in places.filter(|places| places.len() <= COMMON).into_iter().flatten() {
                *hits.entry(*place).or_default() += 1;
            }
        }
        let mut hits: Vec<(usize, usize)> =
            hits.into_iter().filter(|(_, hits)| *hits >= SAME_WORDS).collect();
        hits.sort_by_key(|(place, hits)| (std::cmp::Reverse(*hits), *place));
        hits.into_iter().take(LOOKED_AT).map(|(place, _)| place).collect()
    }

    /// How much of what `reply` quotes at each depth is `earlier`'s own.
    fn shares(&mut self, earlier: usize, reply: usize) -> Vec<f64> {
        self.text(earlier);
        self.text(reply);
        let (Some(own), Some(quoting)) = (self.texts.get(&earlier), self.texts.get(&reply)) else {
            return Vec::new();
        };
        shares(&own.own, &quoting.quoted)
    }

    fn text(&mut self, at: usize) -> &Text {
        let message = self.messages.get(at);
        self.texts.entry(at).or_insert_with(|| message.map(Text::of).unwrap_or_default())
    }
}

/// How much of the quoted words of each depth are in a message's own, or the other way round.
fn shares(own: &HashSet<u64>, quoted: &[HashSet<u64>]) -> Vec<f64> {
    if own.is_empty() || quoted.iter().all(HashSet::is_empty) {
        return Vec::new();
    }
    let share = |quoted: &HashSet<u64>| {
        let both = own.iter().filter(|words| quoted.contains(words)).count();
        let most = own.len().min(quoted.len());
        // That three words are not found says nothing.
        if most < FEW_WORDS && both == 0 { UNTOLD } else { both as f64 / most.max(1) as f64 }
    };
    quoted.iter().map(share).collect()
}

fn candidate<'m>(message: &'m Message, key: &'m str, quoted: Vec<f64>, replier: &str) -> Candidate<'m> {
    let from = message.from.as_ref();
    let to = || message.to.iter().chain(&message.cc).any(|to| to.addr.as_str() == replier);
    Candidate {
        key,
        from: from.map_or("", |from| from.addr.as_str()),
        name: from.map_or("", |from| from.name.as_str()),
        when_ms: time_of(message).map(Timestamp::as_millisecond),
        went_to_sender: Some(to()),
        quoted,
    }
}

/// How likely `reply`, with these clues, answers `earlier`, both at hand; 0 where it cannot.
/// With it, whether that is [vouched for](is_vouched).
#[must_use]
pub fn likelihood_of(clues: &Clues, reply: &Message, earlier: &Message) -> (u8, bool) {
    let quoted = shares(&Text::of(earlier).own, &Text::of(reply).quoted);
    let key = subject_key(earlier.subject.as_str());
    let candidate = candidate(earlier, &key, quoted, &clues.from);
    (likelihood(clues, &candidate), is_vouched(clues, &candidate))
}

impl Text {
    fn of(message: &Message) -> Self {
        let own = shingles(message.own_zones().map(|zone| zone.span.of(&message.text)));
        let mut depths: Vec<Vec<&str>> = Vec::new();
        // What a program copies below its header block bears no marks: each block goes one deeper.
        let mut blocks = 0;
        let mut in_marker = false;
        for zone in message.zones.iter().filter(|zone| zone.kind != ZoneKind::Empty) {
            let text = zone.span.of(&message.text);
            let marker = matches!(zone.kind, ZoneKind::QuotationMarker | ZoneKind::InlineHeaders);
            blocks += usize::from(marker && !in_marker);
            in_marker = marker;
            if zone.kind != ZoneKind::Quotation {
                continue;
            }
            for line in text.lines() {
                let (marks, words) = split_depth(line);
                let depth = if marks == 0 { blocks } else { marks };
                let depth = depth.clamp(1, DEEPEST) - 1;
                if depths.len() <= depth {
                    depths.resize_with(depth + 1, Vec::new);
                }
                if let Some(lines) = depths.get_mut(depth) {
                    lines.push(words);
                }
            }
        }
        Self { own, quoted: depths.into_iter().map(|lines| shingles(lines.into_iter())).collect() }
    }
}

/// Hashes of every four words in a row, without quote marks: equal however the lines were broken.
fn shingles<'t>(texts: impl Iterator<Item = &'t str>) -> HashSet<u64> {
    let mut window: Vec<u64> = Vec::new();
    let mut out = HashSet::new();
    let words = texts
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(WORDS);
    for word in words {
        // FNV-1a: only equality within one run matters.
        let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
        });
        if window.len() == SHINGLE {
            window.remove(0);
        }
        window.push(hash);
        if window.len() == SHINGLE {
            out.insert(window.iter().fold(0, |sum: u64, hash| sum.rotate_left(17) ^ hash));
        }
    }
    out
}
