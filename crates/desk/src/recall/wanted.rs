//! What an answer to an ask must hold, and how well a passage holds it.
//!
//! Looks at one passage of the pool and what stands close to it. It must not order passages: the choice does.

use std::collections::BTreeSet;

use postil_evidence::text::fold_case;
use postil_evidence::{Passage, Recipients, Source};
use postil_index::{WordMeanings, WordRarity, is_common_noun, words_with_forms};
use postil_understand::date::words::is_day_word;
use postil_understand::{Ask, AskKind};

use super::called::Called;
use super::exact::Exact;
use super::forms::Forms;
use super::leaning::Leaning;
use super::pool::Looked;
use super::{COVERAGE, has_one_of, words};

/// With this coverage a line may lack the first word of the ask.
const SURE: f64 = 0.7;

/// How much another name of what a word names counts in its place.
const OTHER_NAME: f64 = 0.95;

/// How much a word counts that stands around a passage (title, headings, folder) and not in it.
const AROUND: f64 = 0.55;

/// From this closeness on a word of the passage stands for one that was asked.
const MEANS_THE_SAME: f64 = 0.6;
/// From this closeness on it counts as if it stood there: "pay" and "payment".
const SURELY_THE_SAME: f64 = 0.7;
/// The share that a line with the shape of the answer must cover.
///
/// # Source
/// Between 0.5 and 0.7 on `corpus/recall`, both halves: .80 to .70 answered and two to one of 40 wrongly.
const EXACT_COVERAGE: f64 = 0.5;

/// The same for a line that names somebody, where that is asked: more lines have names than have prices.
const NAMED_COVERAGE: f64 = 0.6;

/// How much a word counts that stands in a line close to a passage.
const NEAR: f64 = 0.35;

/// How much a word counts that no cleared passage has, as a share of the average known word: it
/// makes an answer less likely and says nothing about which.
const UNHEARD: f64 = 0.8;

/// What a line loses that holds none of the names, where the ask has several.
const NAME_MISSING: f64 = 0.5;

/// How much more a name counts than another word of the same rarity: a line about somebody else
/// answers nothing.
const NAME: f64 = 1.4;

/// Of two words of an ask, one must stand in the line itself and the other in it or in a line close by; of more, two in
/// it. What stands close by counts so much of a word, once.
const IN_A_LINE_NEAR: f64 = 0.5;

/// The words by which one asks for a name, as the index has them.
const NAMING: &[&str] = &["name", "call"];

/// Bytes of mail that may be one matter.
const ONE_MATTER: usize = 400;

/// How much a word counts that tells only in which case something is asked: "if the line is down".
const IN_A_CASE: f64 = 0.5;

/// What an answer to an ask must hold.
pub(super) struct Wanted<'d> {
    /// The ask's words as the index has them, with their weights, most telling first.
    pub(super) words: Vec<(String, f64)>,
    /// Their other forms.
    pub(super) forms: Forms,
    /// In the order of `words`: what is known of each.
    about: Vec<About>,
    /// What is asked about: the first word that is no name.
    subject: Option<String>,
    /// What there may be any of: "products" of "are there any financial products for the west".
    sought: Option<String>,
    kind: AnswerKind,
    /// What there are several of: "operating systems" of "on which operating systems does it run".
    of_kind: BTreeSet<String>,
    /// The shape that the answer has, where it has one.
    pub(super) exact: Option<Exact>,
    leaning: Leaning,
    called: &'d Called<'d>,
}

/// What is known of a word of an ask.
struct About {
    /// What it means, so that "kept" may answer "stored". Nothing means the same as a name or a number.
    meant: Option<WordMeanings>,
    /// Whether it is written as a name is.
    is_name: bool,
    /// Whether it stands in the ask itself; else it comes from what was asked before.
    is_own: bool,
    /// Whether any cleared passage has it.
    is_heard: bool,
    /// Whether it names a month or a weekday.
    is_calendar: bool,
    /// Whether it asks for the shape of the answer and not for the thing.
    asks_for_shape: bool,
}

/// How a passage holds a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The share of its weight.
    value: f64,
    place: Place,
}

/// Where a passage holds a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the line itself, or a word that surely means the same.
    Line,
    /// In its title or headings, or a word that may mean the same.
    Around,
    /// In a line close by.
    Near,
    Nowhere,
}

/// What sort of thing answers a question, told by its question words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerKind {
    Name,
    /// One or several of a kind: "which regions".
    Which,
    Anything,
}

impl<'d> Wanted<'d> {
    pub(super) fn of(
        ask: &Ask,
        rarities: &[WordRarity],
        recipients: &Recipients,
        called: &'d Called<'d>,
    ) -> Self {
        let known: Vec<f64> = rarities.iter().filter_map(|word| word.rarity).collect();
        // Where no passage has any of the words, all of them weigh alike.
        let average = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
        let found = |word: &str| rarities.iter().find(|rarity| rarity.word == word)?.rarity;
        let exact = Exact::of(ask);
        let leaning = Leaning::of(ask, recipients);
        let text = words(&ask.text);
        let (asked_first, case) = without_case(&ask.matter);
        let (asked_first, case) = (words(asked_first), words(case));
        let mut wanted = Self {
            words: Vec::new(),
            forms: Forms::default(),
            about: Vec::new(),
            subject: None,
            sought: sought(&ask.matter),
            kind: answer_kind(ask),
            of_kind: of_kind(&ask.matter),
            exact,
            leaning,
            called,
        };
        for (place, keyword) in ask.keywords.iter().enumerate() {
            let capital = keyword.chars().next().is_some_and(char::is_uppercase);
            let small = keyword.chars().next().is_some_and(char::is_lowercase);
            let common = capital && is_common_noun(keyword);
            let is_name = capital && !common;
            for (word, forms) in words_with_forms(keyword) {
                let is_known = wanted.words.iter().any(|(known, _)| *known == word);
                if word.len() < 2 || is_known || wanted.forms.has(&word) {
                    continue;
                }
                // "What is the name of our tenant?" asks what "What is our tenant called?" does: no line need say "name".
                if wanted.kind == AnswerKind::Name && NAMING.contains(&word.as_str()) {
                    continue;
                }
                let rarity = found(&word).unwrap_or(average * UNHEARD);
                // The name that everything here bears (our own product's) tells nothing.
                let tells = is_name && rarity >= average * UNHEARD;
                let of_case = case.contains(&word) && !asked_first.contains(&word);
                let share = if tells { NAME } else { 1.0 } * if of_case { IN_A_CASE } else { 1.0 };
                let weight = share * rarity / (1.0 + 0.08 * place as f64);
                if !is_name {
                    wanted.subject.get_or_insert_with(|| word.clone());
                }
                wanted.about.push(About {
                    meant: (small || common).then(|| WordMeanings::of(keyword)),
                    is_name,
                    is_own: text.contains(&word),
                    is_heard: found(&word).is_some(),
                    is_calendar: is_day_word(&fold_case(keyword)),
                    asks_for_shape: (exact.is_some() && Exact::asks_with(&word))
                        || wanted.leaning.asks_with(&word),
                });
                wanted.forms.add(&word, forms);
                wanted.words.push((word, weight));
            }
        }
        wanted
    }

    /// Whether an ask wants to hear what its reader thinks and nothing else: that stands in no line.
    pub(super) fn asks_for_a_view(&self) -> bool {
        const VIEWS: &[&str] =
            &["thought", "comment", "feedback", "opinion", "view", "input", "reaction", "appreci"];
        !self.words.is_empty() && self.words.iter().all(|(word, _)| VIEWS.contains(&word.as_str()))
    }

    /// Whether an ask points at its own mail and has but one word for it: "Have you heard of this yet?" No line of the notes
    /// is known to speak of that.
    pub(super) fn points_at_its_mail(&self, ask: &Ask) -> bool {
        const POINTING: &[&str] = &[
            "this", "that", "it", "these", "those", "them", "das", "dies", "diese", "davon", "ca", "cela",
            "esto", "eso", "questo", "dit", "dat", "isto", "isso",
        ];
        self.words.len() <= 1
            && !self.about.iter().any(|about| about.is_name)
            && has_one_of(&fold_case(&ask.text), POINTING)
    }

    fn each(&self) -> impl Iterator<Item = (&str, f64, &About)> {
        self.words.iter().zip(&self.about).map(|((word, weight), about)| (word.as_str(), *weight, about))
    }

    /// How a passage holds each of the words.
    fn each_held<'a>(&'a self, looked: &Looked<'a>) -> impl Iterator<Item = (&'a str, f64, &'a About, Held)> {
        let read = || self.each().map(|(word, _, about)| self.held(word, about, looked)).collect();
        let held = looked.held(read);
        self.each().zip(held).map(|((word, weight, about), held)| (word, weight, about, *held))
    }

    /// How a passage holds a word: in the line itself, by one that means the same, by its title and headings, or by a
    /// line close by.
    fn held(&self, word: &str, about: &About, looked: &Looked<'_>) -> Held {
        let held = |value, place| Held { value, place };
        if looked.inside().contains(word) {
            return held(1.0, Place::Line);
        }
        if let Some(home) = self.called.home(word) {
            if looked.names_inside(self.called).contains(home) {
                return held(OTHER_NAME, Place::Line);
            }
            if looked.names_around(self.called).contains(home) && !looked.around().contains(word) {
                return held(AROUND * OTHER_NAME, Place::Around);
            }
        }
        let closeness = about.meant.as_ref().map_or(0.0, |meant| meant.closest(looked.meanings()));
        if closeness >= SURELY_THE_SAME {
            held(closeness, Place::Line)
        } else if closeness >= MEANS_THE_SAME {
            held(closeness, Place::Around)
        } else if looked.around().contains(word) {
            held(AROUND, Place::Around)
        } else if looked.stands_near(word) {
            held(NEAR, Place::Near)
        } else {
            held(0.0, Place::Nowhere)
        }
    }

    /// How well the passage covers what is asked: its [`Wanted::share`], or 0 where the line itself
    /// holds too little of it or is about something else.
    pub(super) fn coverage(&self, looked: &Looked<'_>) -> f64 {
        let inside = looked.inside();
        // One word of many in the line itself: its heading may fit, the line does not. "In which regions
        // can the data be kept?" is answered by "It runs in three regions: …" in a note on just that.
        let listed = self.kind == AnswerKind::Which
            && self.subject.as_ref().is_some_and(|subject| {
                inside.contains(subject)
                    && self.forms.words_of(&looked.passage.title).contains(subject)
                    && names_several(looked.said())
            });
        let (mut in_line, mut near, mut own, mut any_own) = (0_usize, false, false, false);
        let mut on_subject = self.subject.is_none();
        for (word, _, about, Held { place, .. }) in self.each_held(looked) {
            in_line += usize::from(place == Place::Line);
            near |= place == Place::Near;
            any_own |= about.is_own;
            own |= about.is_own && place == Place::Line;
            on_subject |=
                self.subject.as_deref() == Some(word) && matches!(place, Place::Line | Place::Around);
        }
        let listed = listed || self.tells_of_a_kind(looked);
        let near = if near { IN_A_LINE_NEAR } else { 0.0 };
        let wanted = [1.0, 1.0, 1.0 + IN_A_LINE_NEAR].get(self.words.len()).copied().unwrap_or(2.0);
        let enough = in_line > 0 && (in_line as f64 + near >= wanted || listed);
        let share = self.share(looked);
        let on_subject = on_subject || listed || share >= SURE;
        // Words taken over from an earlier question alone do not make an answer to this one.
        let own = own || !any_own;
        match (enough && own && on_subject && self.holds_more_than_names(looked), listed) {
            (true, true) => share.max(COVERAGE),
            (true, false) => share,
            (false, _) => 0.0,
        }
    }

    /// Whether a line of mail holds so much that it must be about the same: it tells rather than asks, is short
    /// enough to be one matter, and has most of the ask's own words as they are.
    pub(super) fn is_told_in_mail(&self, looked: &Looked<'_>) -> bool {
        let words = self.each_held(looked).filter(|(_, _, about, _)| about.is_own && !about.asks_for_shape);
        let (mut all, mut in_line) = (0_usize, 0_usize);
        for (word, _, about, held) in words {
            all += 1;
            let as_it_is = looked.inside().contains(word) || about.is_name;
            in_line += usize::from(held.place == Place::Line && as_it_is);
        }
        let (least, enough) = if self.exact.is_some() { (1, 2) } else { (2, 3) };
        // "Please send the logs to port 6514" asks for something and tells where to send them.
        let tells = self.exact.is_some() || !requests(looked.said());
        in_line >= all.min(enough).max(least) && looked.said().len() <= ONE_MATTER && tells
    }

    /// Whether a line names several and holds all that is asked of them: "It runs on Debian, Ubuntu and Windows" need not
    /// say that these are operating systems.
    fn tells_of_a_kind(&self, looked: &Looked<'_>) -> bool {
        if self.of_kind.is_empty() || !names_several(looked.said()) {
            return false;
        }
        let others = self.each_held(looked).filter(|(word, ..)| !self.of_kind.contains(*word));
        let held: Vec<Place> = others.map(|(.., held)| held.place).collect();
        held.len() >= 2 && held.iter().all(|place| *place == Place::Line)
    }

    /// As [`Wanted::coverage`], for a line that has the shape of the answer: the words that ask for the shape need not stand
    /// in it, and one of the others is enough where it weighs enough.
    pub(super) fn exact_coverage(&self, looked: &Looked<'_>) -> f64 {
        let (mut total, mut held, mut inside_words) = (0.0, 0.0, 0_usize);
        let (mut own, mut any_own) = (false, false);
        let others = self.about.iter().any(|about| !about.asks_for_shape);
        for (word, weight, about, found) in self.each_held(looked) {
            if others && about.asks_for_shape {
                // Where it does stand there, so much the better: "how many months" is not told in days.
                if looked.inside().contains(word) {
                    total += weight;
                    held += weight;
                }
                continue;
            }
            total += weight;
            held += weight * found.value;
            // "31 January" is a date as any other is: it does not make the line one about what is asked.
            let counts = self.exact != Some(Exact::Date) || !about.is_calendar;
            inside_words += usize::from(found.place == Place::Line && counts);
            any_own |= about.is_own;
            own |= about.is_own && found.place == Place::Line;
            // Seven of something else are no answer.
            let counted = self.exact == Some(Exact::Count) && self.subject.as_deref() == Some(word);
            if counted && found.place != Place::Line {
                return 0.0;
            }
        }
        let share = if total > 0.0 { held / total } else { 0.0 };
        let own = own || !any_own;
        if own && inside_words > 0 && share >= EXACT_COVERAGE {
            share.max(self.coverage(looked))
        } else {
            0.0
        }
    }

    /// How well the passage answers: what it covers, or 0 where it holds too little.
    pub(super) fn answered(&self, looked: &Looked<'_>) -> f64 {
        if self.exact.is_some() {
            return self.exact_coverage(looked);
        }
        if self.lacks_an_unheard_subject(looked) || self.lacks_what_is_sought(looked) {
            return 0.0;
        }
        let coverage = self.coverage(looked) * self.names_held(looked);
        if !self.leaning.may_rest_on_it(looked.passage) || !self.holds_the_thing(looked) {
            return coverage;
        }
        let named = self.exact_coverage(looked);
        if named >= NAMED_COVERAGE { coverage.max(named) } else { coverage }
    }

    /// Whether a line cannot answer, whatever words it has.
    pub(super) fn is_ruled_out(&self, passage: &Passage) -> bool {
        self.leaning.rules_out(passage)
    }

    /// What the passage is worth beside others that cover as much.
    pub(super) fn leaning(&self, passage: &Passage) -> f64 {
        self.leaning.factor(passage)
    }

    /// Whether what is asked about is a word that no cleared passage has, and nothing in this one means the same.
    fn lacks_an_unheard_subject(&self, looked: &Looked<'_>) -> bool {
        let subject = self.each().find(|(word, _, _)| self.subject.as_deref() == Some(*word));
        let Some((_, _, about)) = subject.filter(|(_, _, about)| !about.is_heard) else { return false };
        let closeness = about.meant.as_ref().map_or(0.0, |meant| meant.closest(looked.meanings()));
        closeness < MEANS_THE_SAME && !self.tells_of_a_kind(looked)
    }

    /// Whether neither the line nor what it stands in holds the thing that there may be any of.
    fn lacks_what_is_sought(&self, looked: &Looked<'_>) -> bool {
        let sought = self.each_held(looked).find(|(word, ..)| self.sought.as_deref() == Some(*word));
        sought.is_some_and(|(.., held)| held.place == Place::Nowhere)
    }

    /// Less than 1 where the ask names several and a mail and its subject leave some of them out: what was said of one of
    /// two is no answer about both. A note is about what its title says, which the ask need not repeat.
    fn names_held(&self, looked: &Looked<'_>) -> f64 {
        if !matches!(looked.passage.source, Source::Mail(_)) {
            return 1.0;
        }
        let names = self.each_held(looked);
        let names = names.filter(|(_, _, about, _)| about.is_name && about.is_own && !about.is_calendar);
        let (mut all, mut missing) = (0_usize, 0_usize);
        for (.., held) in names {
            all += 1;
            missing += usize::from(held.place == Place::Nowhere);
        }
        if all < 2 { 1.0 } else { 1.0 - NAME_MISSING * missing as f64 / all as f64 }
    }

    /// Whether a line or its headings hold the first word that is neither a name nor asks for the shape.
    fn holds_the_thing(&self, looked: &Looked<'_>) -> bool {
        let mut things = self.things(looked);
        things.next().is_none_or(|held| matches!(held.place, Place::Line | Place::Around))
    }

    /// Whether a line is about more than whom or what the ask names: where that is all it has of the ask, it tells
    /// something else of them.
    fn holds_more_than_names(&self, looked: &Looked<'_>) -> bool {
        let mut others = self.things(looked).peekable();
        others.peek().is_none() || others.any(|held| matches!(held.place, Place::Line | Place::Around))
    }

    /// How a passage holds the words that are no names and do not ask for the shape of the answer.
    fn things<'a>(&'a self, looked: &Looked<'a>) -> impl Iterator<Item = Held> {
        let words = self.each_held(looked).filter(|(_, _, about, _)| !about.is_name && !about.asks_for_shape);
        words.map(|(.., held)| held)
    }

    /// The share of the wanted weight that the passage, its title and its headings hold. Words of the
    /// passage itself count in full, those around it less.
    pub(super) fn share(&self, looked: &Looked<'_>) -> f64 {
        let total: f64 = self.words.iter().map(|(_, weight)| weight).sum();
        let held: f64 = self.each_held(looked).map(|(_, weight, _, held)| weight * held.value).sum();
        if total == 0.0 { 0.0 } else { held / total }
    }

    /// What is asked about, where the passage itself names it; else the heaviest word it holds.
    pub(super) fn subject_in(&self, passage: &Passage) -> Option<&str> {
        let inside = self.forms.words_of(&passage.text);
        if let Some(subject) = self.subject.as_deref().filter(|subject| inside.contains(*subject)) {
            return Some(subject);
        }
        let held = self.words.iter().filter(|(word, _)| inside.contains(word));
        held.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(word, _)| word.as_str())
    }

    pub(super) fn has_the_kind_of_answer(&self, looked: &Looked<'_>) -> bool {
        let text = looked.said();
        let folded = fold_case(text);
        let one_of = |list: &[&str]| has_one_of(&folded, list);
        match self.kind {
            AnswerKind::Anything => true,
            AnswerKind::Which => tells_which(looked, self.subject.as_deref()),
            AnswerKind::Name => {
                one_of(&["called", "named", "name", "names", "heisst", "genannt", "appelle", "llama"])
            }
        }
    }
}

/// A question without the case in which it is asked, and that case: "how long does it buffer" and "the line is down". A
/// question that begins with the case, or asks for nothing else, has none.
fn without_case(matter: &str) -> (&str, &str) {
    const CASES: &[&str] = &[" if ", " in case ", " falls ", " wenn "];
    let folded = fold_case(matter);
    if folded.len() != matter.len() {
        return (matter, "");
    }
    // "What happens if" and "do you know if" ask for what comes after it.
    let tells = |first: &str| {
        postil_understand::ask::keywords(first)
            .iter()
            .any(|word| !HAPPENS.contains(&fold_case(word).as_str()))
    };
    let at = CASES.iter().filter_map(|case| folded.rfind(case)).max();
    match at.and_then(|at| matter.split_at_checked(at)) {
        Some((first, case)) if tells(first) => (first, case),
        Some(_) | None => (matter, ""),
    }
}

/// Verbs that ask for what happens in a case, or whether it is so.
const HAPPENS: &[&str] = &[
    "happen",
    "happens",
    "happened",
    "know",
    "tell",
    "check",
    "see",
    "wonder",
    "wondering",
    "sure",
    "ask",
    "confirm",
];

fn answer_kind(ask: &Ask) -> AnswerKind {
    if ask.kind != AskKind::Question {
        return AnswerKind::Anything;
    }
    let text = fold_case(&ask.matter);
    let says = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    if says(&["the name of", " called", "what name", "wie heisst"]) {
        AnswerKind::Name
    } else if says(&["which ", "welche", "quelle ", "quel ", "quels ", "quelles ", "cuales ", "que region"]) {
        AnswerKind::Which
    } else {
        AnswerKind::Anything
    }
}

/// The words between "which" and the verb, as the index has them; empty where nothing is asked so.
fn of_kind(matter: &str) -> BTreeSet<String> {
    const ENDS: &[&str] = &[
        "do", "does", "did", "is", "are", "was", "were", "can", "could", "will", "would", "should", "has",
        "have", "of", "you", "we", "the", "may", "must",
    ];
    let folded = fold_case(matter);
    let mut tokens = folded.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty());
    if !tokens.any(|token| token == "which") {
        return BTreeSet::new();
    }
    let kind: Vec<&str> = tokens.by_ref().take_while(|token| !ENDS.contains(token)).collect();
    // Without a verb behind it, all of the rest would be the kind.
    if tokens.next().is_none() { BTreeSet::new() } else { words(&kind.join(" ")) }
}

/// The noun of "are there any …", "is there a …", "do you have any …", as the index has it.
fn sought(matter: &str) -> Option<String> {
    const BEGINNINGS: &[&str] = &[
        "are there any ",
        "are there ",
        "is there any ",
        "is there an ",
        "is there a ",
        "do you have any ",
        "do you have an ",
        "do you have a ",
        "do we have any ",
        "do we have an ",
        "do we have a ",
        "have you got any ",
        "have you got a ",
        "gibt es ein ",
        "gibt es eine ",
        "gibt es einen ",
        "y a-t-il un ",
        "y a-t-il une ",
        "hay algun ",
        "hay alguna ",
        "c'e un ",
        "c'e una ",
    ];
    const ENDS: &[&str] = &[
        "for", "of", "on", "in", "at", "with", "to", "from", "about", "that", "which", "who", "by", "under",
        "over", "we", "you", "i", "and", "or", "as", "if", "when", "fur", "von", "auf", "im", "mit", "zu",
        "die", "der", "das", "pour", "de", "du", "des", "sur", "dans", "avec", "qui", "que", "para", "del",
        "en", "con", "per", "di", "su",
    ];
    // Of these there is always one, and no line says so.
    const EMPTY: &[&str] = &[
        "way",
        "chance",
        "option",
        "possibility",
        "reason",
        "plan",
        "update",
        "updates",
        "news",
        "idea",
        "thing",
        "need",
        "limit",
        "word",
        "weg",
        "moglichkeit",
        "moyen",
        "manera",
        "modo",
    ];
    let folded = fold_case(matter);
    let rest = BEGINNINGS.iter().find_map(|words| folded.trim_start().strip_prefix(words))?;
    let mut phrase = rest
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .take_while(|word| !ENDS.contains(word));
    let noun = phrase.by_ref().take(5).filter(|word| !word.is_empty()).last()?;
    if EMPTY.contains(&noun) { None } else { postil_index::words(noun).into_iter().next() }
}

/// Whether a line tells one of a kind apart: by a name, a number or a word of a program, or by what
/// stands before or after the kind. "In the region of the primary data" tells none apart.
fn tells_which(looked: &Looked<'_>, subject: Option<&str>) -> bool {
    let text = looked.said();
    let mut tokens = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'));
    let mut first = true;
    let names = tokens.any(|token| {
        let begins = std::mem::take(&mut first);
        let capital = !begins && token.chars().next().is_some_and(char::is_uppercase);
        capital || token.contains('_') || token.chars().any(|c| c.is_ascii_digit())
    });
    // The kind itself is not what the line speaks of: no need to be told apart from its like.
    let of_another = subject.is_none_or(|subject| !looked.inside().contains(subject));
    // "Three groups: readers, writers and guests".
    let lists = text.split_once(": ").is_some_and(|(_, list)| list.contains(", ") || list.contains(" and "));
    names || of_another || lists || text.contains(['"', '“', '`', '«'])
}

/// Whether a text asks for something itself, also out of courtesy, which is no ask to answer and tells nothing either.
fn requests(text: &str) -> bool {
    const ASKING: &[&str] = &[
        " please ",
        " kindly ",
        " let me know ",
        " let us know ",
        " can you ",
        " could you ",
        " would you ",
        " i would like to ",
        " i would like you ",
        " for you to ",
        " bitte ",
        " konnten sie ",
        " kannst du ",
        " s il vous plait ",
        " merci de ",
        " pourriez ",
        " por favor ",
        " podria ",
        " podrian ",
        " per favore ",
        " alstublieft ",
        " graag ",
    ];
    let folded = fold_case(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    // Whole words: who is pleased, or tells of something bitter, asks for nothing.
    let spaced = format!(" {} ", words.join(" "));
    ASKING.iter().any(|asking| spaced.contains(asking))
}

/// Whether a line lists names: three of them, or two after a colon. A word that begins a sentence is none.
fn names_several(text: &str) -> bool {
    let names = |text: &str, begins: bool| {
        let mut begins = begins;
        let mut count = 0;
        for token in text.split_whitespace() {
            let capital = token.chars().next().is_some_and(char::is_uppercase);
            count += usize::from(capital && !begins);
            begins = token.ends_with(['.', '!', '?']);
        }
        count
    };
    names(text, true) >= 3 || text.split_once(':').is_some_and(|(_, list)| names(list, false) >= 2)
}
