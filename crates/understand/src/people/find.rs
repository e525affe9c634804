//! Finds the mentions in what one person wrote to others, given who they are.

use postil_evidence::Span;

use super::block::Field;
use super::given::{is_given, is_word_too};
use super::known::{Fit, Register};
use super::words::{TITLES, Word, words};
use super::{Meant, MentionedBy};
use crate::reading::Confidence;

/// A line of a turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Where it begins.
    pub(super) start: usize,
    /// Without its line end.
    pub(super) text: &'t str,
}

/// What one person wrote to others.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene<'t> {
    pub(super) author: Option<usize>,
    pub(super) to: Vec<usize>,
    pub(super) cc: Vec<usize>,
    /// Whom its header lines name.
    pub(super) headers: Vec<Seen>,
    /// Its lines that are no header lines and not empty.
    pub(super) lines: Vec<Line<'t>>,
}

impl Scene<'_> {
    /// Notes the people of a header line. A second line of the same kind says the same people in another way:
    /// exported mail has addresses in `To` and names in `X-To`.
    pub(super) fn enter(&mut self, field: Field, people: &[usize], register: &mut Register) {
        let known: Vec<usize> = match field {
            Field::From => self.author.into_iter().collect(),
            Field::To => self.to.clone(),
            Field::Cc => self.cc.clone(),
            Field::Other => return,
        };
        if known.len() == people.len() {
            for (one, other) in known.iter().zip(people) {
                register.join(*one, *other);
            }
        }
        match field {
            Field::From => self.author = self.author.or(people.first().copied()),
            Field::To if known.is_empty() => self.to.extend(people),
            Field::Cc if known.is_empty() => self.cc.extend(people),
            Field::To | Field::Cc | Field::Other => {}
        }
    }
}

/// A mention in one turn.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) span: Span,
    pub(super) meant: Meant,
    pub(super) by: MentionedBy,
    pub(super) confidence: Confidence,
}

/// Words that close a mail, before the name.
const CLOSINGS: [&str; 24] = [
    "thanks",
    "thank",
    "thx",
    "regards",
    "best",
    "cheers",
    "sincerely",
    "love",
    "yours",
    "cordially",
    "later",
    "bye",
    "grüße",
    "gruß",
    "gruss",
    "cordialement",
    "merci",
    "saludos",
    "gracias",
    "saluti",
    "groeten",
    "abraços",
    "mfg",
    "respectfully",
];

/// Words that open one.
const GREETINGS: [&str; 16] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "morning",
    "afternoon",
    "evening",
    "hallo",
    "liebe",
    "lieber",
    "bonjour",
    "hola",
    "cher",
    "chère",
    "ciao",
    "caro",
];

/// Takes the name under a mail as a name of its author, where all that is known of them is an address.
pub(super) fn learn_signature(scene: &Scene<'_>, register: &mut Register) {
    let Some(author) = scene.author.filter(|author| register.is_nameless(*author)) else { return };
    if let Some((_, name)) = signature(scene) {
        let text: Vec<&str> = name.iter().map(|word| word.text).collect();
        register.also_called(author, &text.join(" "));
    }
}

/// The name under what was written: the last line of nothing but one to three capital words that are no closing, or
/// what follows a closing on its line. Its place in the text too.
fn signature<'t>(scene: &Scene<'t>) -> Option<(Span, Vec<Word<'t>>)> {
    for (back, line) in scene.lines.iter().rev().take(6).enumerate() {
        let mut all = words(line.text);
        let closes = all.first().is_some_and(|word| CLOSINGS.contains(&word.folded.as_str()));
        let under = scene.lines.iter().rev().nth(back + 1).is_some_and(|above| closing_only(above.text));
        if closes {
            let last = all.iter().rposition(|word| !word.runs_on() && !word.after.trim().is_empty());
            let tail = last.map_or(1, |at| at + 1);
            let lowercase = all.iter().rposition(|word| !word.is_capital()).map_or(1, |at| at + 1);
            all.drain(..tail.max(lowercase).max(1).min(all.len()));
            // "Thanks Dana." ends in a stop, and the name stands before it.
            if all.is_empty() {
                all = words(line.text).into_iter().skip(lowercase.max(1)).collect();
            }
        } else if !under && back > 0 {
            continue;
        }
        let plain = line.text.chars().all(|letter| letter.is_alphabetic() || " .,-'!".contains(letter));
        // "FYI, Ana" is signed by Ana.
        let last_run =
            all.iter().rev().skip(1).position(|word| !word.runs_on()).map_or(0, |at| all.len() - 1 - at);
        all.drain(..last_run);
        let name = (1..=3).contains(&all.len()) && all.iter().all(Word::is_capital) && plain;
        let known = all.iter().all(|word| !CLOSINGS.contains(&word.folded.as_str()) && !is_shout(word));
        if name && known {
            let span = Span::new(all.first()?.span.start, all.last()?.span.end).shifted(line.start);
            return Some((span, all));
        }
    }
    None
}

/// A line such as "Thanks," with nobody's name.
fn closing_only(line: &str) -> bool {
    let all = words(line);
    all.len() <= 4
        && all.first().is_some_and(|word| CLOSINGS.contains(&word.folded.as_str()))
        && all.iter().skip(1).all(|word| !word.is_capital() || CLOSINGS.contains(&word.folded.as_str()))
}

/// Capitals that are no initials.
fn is_shout(word: &Word<'_>) -> bool {
    word.text.chars().count() > 3 && all_capitals(word)
}

fn all_capitals(word: &Word<'_>) -> bool {
    word.text.chars().all(char::is_uppercase)
}

/// Every mention in `scene`.
pub(super) fn mentions(scene: &Scene<'_>, taking_part: &[usize], register: &mut Register) -> Vec<Seen> {
    let mut finder = Finder {
        scene,
        taking_part,
        seen: scene.headers.clone(),
        named: Vec::new(),
        greeted: Vec::new(),
        sentence: 0,
        pronouns: Vec::new(),
    };
    let signed = signature(scene);
    for (number, line) in scene.lines.iter().enumerate() {
        finder.line(number, *line, signed.as_ref(), register);
    }
    finder.seen
}

struct Finder<'a, 't> {
    scene: &'a Scene<'t>,
    taking_part: &'a [usize],
    seen: Vec<Seen>,
    /// Third persons named so far, with the number of their sentence.
    named: Vec<(usize, usize)>,
    /// Who was greeted by name.
    greeted: Vec<usize>,
    sentence: usize,
    /// Of whom "he" (`true`) or "she" was said.
    pronouns: Vec<(usize, bool)>,
}

impl Finder<'_, '_> {
    fn line(
        &mut self,
        number: usize,
        line: Line<'_>,
        signed: Option<&(Span, Vec<Word<'_>>)>,
        register: &mut Register,
    ) {
        let all = words(line.text);
        let mut at = self.salutation(number, line, &all, register);
        self.sentence += 1;
        while at < all.len() {
            let Some(word) = all.get(at) else { break };
            let span = word.span.shifted(line.start);
            let behind = Span::new(word.span.end, line.text.len()).of(line.text);
            if behind.starts_with('@')
                || line.text.get(..word.span.start).is_some_and(|text| text.ends_with('@'))
            {
                at += self.address(line, word, &all, at, register);
                continue;
            }
            let mut taken = 1;
            if let Some((sign, name)) = signed.filter(|(sign, _)| sign.start == span.start) {
                self.signs(*sign, name, register);
                taken = name.len();
            } else if !self.pronoun(word, span) {
                taken = self.name(line, &all, at, register).max(1);
            }
            if all.get(at..at + taken).unwrap_or_default().iter().any(Word::ends_sentence) {
                self.sentence += 1;
            }
            at += taken;
        }
    }

    /// An address in running text. Returns how many words it is.
    fn address(
        &mut self,
        line: Line<'_>,
        word: &Word<'_>,
        all: &[Word<'_>],
        at: usize,
        register: &mut Register,
    ) -> usize {
        let breaks = |letter: char| letter.is_whitespace() || "<>()[],;\"'".contains(letter);
        let before = line.text.get(..word.span.start).unwrap_or_default();
        let start = before.len() - before.rsplit(breaks).next().unwrap_or_default().len();
        let rest = line.text.get(start..).unwrap_or_default();
        let whole = rest.get(..rest.find(breaks).unwrap_or(rest.len())).unwrap_or_default();
        let whole = whole.trim_end_matches(['.', ':', '!', '?']);
        let end = start + whole.len();
        if register.has_room() && whole.contains('@') && whole.split('@').all(|part| !part.is_empty()) {
            let span = Span::new(start, end).shifted(line.start);
            self.seen.retain(|seen| !span.contains(seen.span));
            let person = register.enter("", whole);
            self.push(span, Meant::One(person), MentionedBy::Address, Confidence::High);
        }
        all.iter().skip(at).take_while(|word| word.span.start < end).count().max(1)
    }

    fn push(&mut self, span: Span, meant: Meant, by: MentionedBy, confidence: Confidence) {
        self.seen.push(Seen { span, meant, by, confidence });
    }

    /// "Hi Ana and Bo," at the start of what was written. Returns how many words it was.
    fn salutation(
        &mut self,
        number: usize,
        line: Line<'_>,
        all: &[Word<'_>],
        register: &mut Register,
    ) -> usize {
        let mut at = 0;
        if all.first().is_some_and(|word| word.folded == "good") {
            at += 1;
        }
        let greets = all.get(at).is_some_and(|word| GREETINGS.contains(&word.folded.as_str()));
        at = if greets { at + 1 } else { 0 };
        let begin = at;
        let mut names: Vec<(Span, Vec<&Word<'_>>)> = Vec::new();
        let mut ends = false;
        while let Some(word) = all.get(at) {
            if ["and", "und", "et", "y", "e"].contains(&word.folded.as_str()) && !names.is_empty() {
                at += 1;
                continue;
            }
            if !word.is_capital() || is_shout(word) || is_pronoun(&word.folded) {
                break;
            }
            let length = 1 + all.iter().skip(at).take_while(|word| word.runs_on()).count();
            let run: Vec<&Word<'_>> =
                all.iter().skip(at).take(length).take_while(|word| word.is_capital()).collect();
            let Some(last) = run.last() else { break };
            let stop = last.after.trim();
            at += run.len();
            names.push((Span::new(word.span.start, last.span.end).shifted(line.start), run.clone()));
            // "and" and a slash join names; a comma may, and may end the salutation.
            let joins = stop.is_empty() || stop == "/" || stop == "&";
            if !joins {
                ends = stop.starts_with([',', ':', '-', '!', ';', '–']);
                let more = stop == ","
                    && all.get(at).is_some_and(|next| next.is_capital() && self.is_to(next, register));
                if !more {
                    break;
                }
            } else if at >= all.len() {
                ends = true;
            }
        }
        let fits = names.iter().all(|(_, run)| run.len() <= 3);
        if names.is_empty() || !ends || !fits {
            return if greets { begin } else { 0 };
        }
        // Further down, and where there is nothing else, only people of this mail are spoken to: any other name at the
        // start of a line is a signature, or just named.
        let later = number > 1 || !self.greeted.is_empty() || self.scene.lines.len() == 1;
        if later && !names.iter().all(|(_, run)| self.is_spoken_to(&called(run), register)) {
            return if greets { begin } else { 0 };
        }
        let mut taken = Vec::new();
        for (span, run) in names {
            let called: Vec<&str> = called(&run);
            let resolved = self.resolve(&called, register).or_else(|| {
                let sole = match self.scene.to.as_slice() {
                    [one] if register.is_nameless(*one) => Some(Meant::One(*one)),
                    _ => None,
                };
                let initials =
                    run.len() == 1 && run.iter().all(|word| word.text.chars().all(char::is_uppercase));
                let by_initials = self.scene.to.iter().copied().find(|to| {
                    initials && run.first().is_some_and(|word| register.has_initials(*to, word.text))
                });
                sole.or(by_initials.map(Meant::One))
            });
            let resolved = match resolved {
                Some(resolved) => resolved,
                None if register.has_room()
                    && (greets || called.iter().any(|word| is_given(word) && !is_word_too(word))) =>
                {
                    Meant::One(register.enter(&texts(&run), ""))
                }
                None => continue,
            };
            if let Meant::One(person) = &resolved {
                taken.push(*person);
            }
            self.push(span, resolved, MentionedBy::Name, Confidence::High);
        }
        if taken.is_empty() {
            return if greets { begin } else { 0 };
        }
        self.greeted = taken;
        at
    }

    /// Whether the one who is called so got this mail and did not write it.
    fn is_spoken_to(&self, called: &[&str], register: &Register) -> bool {
        match self.resolve(called, register) {
            Some(Meant::One(person)) => {
                let is = |other: &usize| register.root(*other) == person;
                !self.scene.author.as_ref().is_some_and(is)
                    && self.scene.to.iter().chain(&self.scene.cc).any(is)
            }
            Some(Meant::All(_) | Meant::OneOf(_) | Meant::Someone) | None => false,
        }
    }

    fn is_to(&self, word: &Word<'_>, register: &Register) -> bool {
        self.scene
            .to
            .iter()
            .chain(&self.scene.cc)
            .any(|to| register.fit(*to, &[word.folded.as_str()]).is_some())
    }

    /// The name under the mail.
    fn signs(&mut self, span: Span, name: &[Word<'_>], register: &mut Register) {
        let run: Vec<&Word<'_>> = name.iter().collect();
        let called = called(&run);
        let written = texts(&run);
        let author = self.scene.author;
        let fits = author.filter(|author| {
            register.fit(*author, &called).is_some()
                || register.has_initials(*author, &written.replace(['.', ' '], ""))
        });
        let meant = match (fits, self.resolve(&called, register)) {
            (Some(author), _) => Meant::One(author),
            (None, Some(resolved)) => resolved,
            (None, None)
                if register.has_room() && called.iter().any(|word| is_given(word) && !is_word_too(word)) =>
            {
                Meant::One(register.enter(&written, ""))
            }
            (None, None) => return,
        };
        self.push(span, meant, MentionedBy::Name, Confidence::High);
    }

    /// Who is called so: of the people of this mail, else of the thread, else of those known.
    fn resolve(&self, called: &[&str], register: &Register) -> Option<Meant> {
        let here: Vec<usize> =
            self.scene.to.iter().chain(&self.scene.cc).chain(&self.scene.author).copied().collect();
        let rest: Vec<usize> = register.roots().collect();
        for circle in [here.as_slice(), self.taking_part, rest.as_slice()] {
            let mut best: Option<Fit> = None;
            let mut fits: Vec<usize> = Vec::new();
            for person in circle.iter().map(|person| register.root(*person)) {
                let Some(fit) = register.fit(person, called) else { continue };
                if best.is_none_or(|best| fit < best) {
                    best = Some(fit);
                    fits.clear();
                }
                if best == Some(fit) && !fits.contains(&person) {
                    fits.push(person);
                }
            }
            match fits.as_slice() {
                [] => {}
                [one] => return Some(Meant::One(*one)),
                several => return Some(Meant::OneOf(several.to_vec())),
            }
        }
        None
    }

    /// A name at word `at`. Returns how many words it was, 0 where there is none.
    fn name(&mut self, line: Line<'_>, all: &[Word<'_>], at: usize, register: &mut Register) -> usize {
        let mut run: Vec<&Word<'_>> = Vec::new();
        for word in all.iter().skip(at).take(5) {
            if !word.is_capital() {
                break;
            }
            run.push(word);
            if !word.runs_on() {
                break;
            }
        }
        // "MS" in capitals is a firm.
        let titled = usize::from(
            run.first().is_some_and(|word| TITLES.contains(&word.folded.as_str()) && !all_capitals(word)),
        );
        let Some(first) = run.first().copied() else { return 0 };
        let room = register.has_room();
        let begins = at == 0 || all.get(at - 1).is_some_and(Word::ends_sentence);
        for length in (titled + 1..=run.len()).rev() {
            let part = run.get(titled..length).unwrap_or_default();
            let called = called(part);
            let alone = called.len() == 1;
            let Some(word) = part.first() else { continue };
            // "Will you" and "May I" begin sentences; "Mark it" is told from Mark by what follows.
            let doubtful = alone && titled == 0 && is_word_too(&word.folded);
            if (doubtful && begins && !is_vocative(part)) || (alone && word.is_initial()) {
                continue;
            }
            let Some(last) = part.last() else { continue };
            if last.after == "." && at + length < all.len() && !last.is_initial() {
                // The name of a file: "Ana Lima.doc".
                return length;
            }
            let span = Span::new(first.span.start, last.span.end).shifted(line.start);
            let resolved = self.resolve(&called, register);
            // A longer name that nobody known has is another person's, not that of whom its first word fits.
            let surname = alone && titled == 0 && run.get(length).is_some_and(|next| is_surname(next));
            let is_new = !alone
                && part.len() <= 3
                && is_given(&word.folded)
                && part.iter().skip(1).all(|word| is_surname(word) || word.is_initial())
                && part.last().is_some_and(|word| !word.is_initial())
                && !is_word_too(&word.folded);
            let meant = match resolved {
                Some(Meant::One(_)) if surname && is_given(&word.folded) && length + 1 == run.len() => {
                    continue;
                }
                Some(resolved) => resolved,
                None if room && (is_new || (titled == 1 && !is_shout(word))) => {
                    Meant::One(register.enter(&texts(part), ""))
                }
                None if room
                    && alone
                    && is_given(&word.folded)
                    && !is_word_too(&word.folded)
                    && !surname
                    && !is_shout(word) =>
                {
                    Meant::One(register.enter(&texts(part), ""))
                }
                None => continue,
            };
            let confidence = match (&meant, alone) {
                (Meant::One(_), false) => Confidence::High,
                (Meant::One(_) | Meant::All(_), _) => Confidence::Medium,
                (Meant::OneOf(_) | Meant::Someone, _) => Confidence::Low,
            };
            if let Meant::One(person) = &meant {
                let person = register.root(*person);
                self.named.push((person, self.sentence));
                self.role(line, last, person);
            }
            self.push(span, meant, MentionedBy::Name, confidence);
            return length;
        }
        0
    }

    /// "…, a financial trader," behind a name.
    fn role(&mut self, line: Line<'_>, name: &Word<'_>, person: usize) {
        if name.after.trim() != "," {
            return;
        }
        let start = name.span.end + name.after.len();
        let behind = line.text.get(start..).unwrap_or_default();
        let end = behind.find([',', '.', ';', ')', '(']).unwrap_or(behind.len());
        let all = words(behind.get(..end).unwrap_or_default());
        let article = all
            .first()
            .is_some_and(|word| ["a", "an", "the", "our", "my", "your"].contains(&word.folded.as_str()));
        let role = all.iter().take(6).position(|word| ROLES.contains(&word.folded.as_str()));
        if let Some(role) = role.filter(|_| article).and_then(|at| all.get(at)) {
            let span = Span::new(start, start + role.span.end).shifted(line.start);
            self.push(span, Meant::One(person), MentionedBy::Role, Confidence::High);
        }
    }

    /// Whether the word is a pronoun for a person; it is told where it is.
    fn pronoun(&mut self, word: &Word<'_>, span: Span) -> bool {
        match word.folded.as_str() {
            "i" | "me" | "my" | "mine" | "myself" => {
                let meant = self.scene.author.map_or(Meant::Someone, Meant::One);
                self.push(span, meant, MentionedBy::Author, Confidence::High);
            }
            "you" | "your" | "yours" | "yourself" | "yourselves" | "ya" => {
                let meant = match (self.greeted.as_slice(), self.scene.to.as_slice()) {
                    ([one], _) | ([], [one]) => Meant::One(*one),
                    ([], []) => return true,
                    ([], all) | (all, _) => Meant::All(all.to_vec()),
                };
                let confidence =
                    if matches!(meant, Meant::One(_)) { Confidence::High } else { Confidence::Medium };
                self.push(span, meant, MentionedBy::Addressee, confidence);
            }
            "everyone" | "everybody" => {
                let all: Vec<usize> = self.scene.to.iter().chain(&self.scene.cc).copied().collect();
                let meant = if all.is_empty() { Meant::Someone } else { Meant::All(all) };
                self.push(span, meant, MentionedBy::Addressee, Confidence::Low);
            }
            "he" | "him" | "his" | "himself" => self.third(span, true),
            "she" | "her" | "hers" | "herself" => self.third(span, false),
            _ => return false,
        }
        true
    }

    /// "He" and "she": the one third person who was named in this sentence or the two before it.
    fn third(&mut self, span: Span, is_he: bool) {
        const BACK: usize = 2;
        let from = self.sentence.saturating_sub(BACK);
        let other = |person: usize| self.pronouns.iter().any(|(whom, he)| *whom == person && *he != is_he);
        let mut fits: Vec<usize> = Vec::new();
        for (person, sentence) in &self.named {
            let present = self.scene.author == Some(*person) || self.greeted.contains(person);
            if *sentence >= from && !present && !other(*person) && !fits.contains(person) {
                fits.push(*person);
            }
        }
        let meant = match fits.as_slice() {
            [] => Meant::Someone,
            [one] => {
                self.pronouns.push((*one, is_he));
                // Who was just meant stays near: "he … he … he".
                self.named.push((*one, self.sentence));
                Meant::One(*one)
            }
            several => Meant::OneOf(several.to_vec()),
        };
        let confidence = if matches!(meant, Meant::One(_)) { Confidence::Medium } else { Confidence::Low };
        self.push(span, meant, MentionedBy::Pronoun, confidence);
    }
}

/// What a person may be beside their name.
const ROLES: [&str; 40] = [
    "manager",
    "director",
    "trader",
    "lawyer",
    "attorney",
    "engineer",
    "accountant",
    "analyst",
    "assistant",
    "president",
    "chairman",
    "ceo",
    "cfo",
    "cto",
    "secretary",
    "officer",
    "partner",
    "associate",
    "professor",
    "doctor",
    "teacher",
    "editor",
    "reporter",
    "consultant",
    "colleague",
    "friend",
    "boss",
    "brother",
    "sister",
    "wife",
    "husband",
    "son",
    "daughter",
    "coordinator",
    "specialist",
    "architect",
    "designer",
    "developer",
    "lead",
    "head",
];

fn is_pronoun(folded: &str) -> bool {
    ["i", "we", "you", "it", "he", "she", "they", "my", "our", "your", "this", "that"].contains(&folded)
}

/// Whether a mark behind the name shows that someone is spoken to or listed: "Mark, …".
fn is_vocative(part: &[&Word<'_>]) -> bool {
    part.last().is_some_and(|word| word.after.trim_start().starts_with([',', '/', '&', '-']))
}

/// Whether a word may be a last name behind a given one: a capital, with small letters, and no word of companies.
fn is_surname(word: &Word<'_>) -> bool {
    const FIRMS: [&str; 16] = [
        "inc",
        "llc",
        "corp",
        "company",
        "group",
        "team",
        "meeting",
        "university",
        "street",
        "road",
        "avenue",
        "energy",
        "gas",
        "report",
        "county",
        "city",
    ];
    word.is_capital()
        && word.text.chars().count() > 1
        && !is_shout(word)
        && !FIRMS.contains(&word.folded.as_str())
        && !is_pronoun(&word.folded)
}

/// The folded words of a run, without titles.
fn called<'w>(run: &[&'w Word<'_>]) -> Vec<&'w str> {
    run.iter().map(|word| word.folded.as_str()).filter(|word| !TITLES.contains(word)).collect()
}

/// The words of a run as they are written.
fn texts(run: &[&Word<'_>]) -> String {
    run.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}
