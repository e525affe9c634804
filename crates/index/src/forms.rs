//! The other forms of a word of a query: "Rechnung" for "Rechnungen", "contratto" for "contratti".
//!
//! English endings are taken off when text is indexed; this knows those of the other languages, and only looks for what
//! may stand there. So a name stays the word it is: "Ferraro" is not found as "Ferrari", and what a word has for forms
//! depends on the word alone, not on a guess at the language of a short question or of a mixed passage.
//! It must not decide what a form counts: the ranking does.
//!
//! # Source
//! Endings written by hand in the manner of the light stemmers of J. Savoy (UniNE, CLEF), with those of common verbs, by
//! what may stand in their place; the gates for names set with lists of names in view. Measured beside the Snowball
//! stemmers in docs/MEASURED.md.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::meaning::is_english;
use crate::thesaurus::is_common_noun;
use crate::words::{words, words_and_tokens};

/// Shorter words have no other forms: too many of them are other words.
const SHORTEST: usize = 5;
/// What must be left before "-en" of a word that may be a name: "Holst" and "Holsten" are two.
const LEFT_OF_A_NAME: usize = 6;
/// Nouns of every day that leave less, without their endings.
const SHORT_NOUNS: &str = "frag woch stund minut sach stell seit list kart reih punkt grupp bild wert grund \
    monat jahr paket projekt teil datei regel schul kurs lager hall raum platz objekt gerat";

/// Words of their own that an ending makes of others: costs are no board, a knife is no fair.
const ALONE: &[&str] = &["kosten", "messer", "ferien", "spesen"];

/// Who may have the endings of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// Nouns of German: a word with a capital may be one, or a name.
    Nouns,
    /// Words in small letters only: these would make names of other names.
    SmallWords,
    /// The same, where one of the two may be a word of English too: journal and journaux.
    Shared,
}

/// Endings that stand for each other, `-` for none; how many letters must stand before them; and whose they are.
const ENDINGS: &[(&str, usize, Of)] = &[
    // German and Dutch: Rechnung-en, Regel-n, Nummer-n, Frage-n, Ergebnis-se, Zentr-um, Fir-ma, Kon-to, mogelijk-heid.
    ("- en e", 4, Of::Nouns),
    ("el eln", 3, Of::Nouns),
    ("er ern", 3, Of::Nouns),
    ("e en", 4, Of::Nouns),
    ("nis nisse nissen", 3, Of::Nouns),
    ("in innen", 4, Of::Nouns),
    ("um en", 3, Of::Nouns),
    ("ma men", 3, Of::Nouns),
    ("to ten", 3, Of::Nouns),
    ("heid heden", 3, Of::Nouns),
    ("- en e er es em", 4, Of::SmallWords),
    ("es em en er e", 4, Of::SmallWords),
    ("en t te ten tet end", 4, Of::SmallWords),
    ("ern ert erte erten", 3, Of::SmallWords),
    ("eln elt elte elten", 3, Of::SmallWords),
    // French: journ-al, bur-eau, vend-eur, series-eux, act-if, premi-er, confirm-er, fourn-ir.
    ("al aux ale ales", 3, Of::Shared),
    ("au aux", 2, Of::Shared),
    ("eu eux", 2, Of::Shared),
    ("eur euse euses", 4, Of::SmallWords),
    ("eux euse euses", 4, Of::SmallWords),
    ("if ive ives", 3, Of::Shared),
    ("er ere eres", 4, Of::SmallWords),
    ("ien ienne", 3, Of::SmallWords),
    ("on onne", 4, Of::SmallWords),
    ("el elle", 3, Of::SmallWords),
    ("er e ee es ees ez ent ant ons ait era", 4, Of::SmallWords),
    ("ir i ie is ies it issez issons issent", 4, Of::SmallWords),
    // Spanish, Italian, Portuguese: contrat-o, reuni-on, provee-dor, confirm-ar, venc-er, reuni-ao, sucurs-al, orde-m.
    ("o a i e os as", 4, Of::SmallWords),
    ("z ces", 3, Of::SmallWords),
    ("on ones", 4, Of::SmallWords),
    ("or ora ores oras", 4, Of::SmallWords),
    ("ar a o ado ada ados adas an ando amos ara", 4, Of::SmallWords),
    ("er ir e en ido ida idos idas imos emos", 4, Of::SmallWords),
    ("ao oes aes aos", 3, Of::SmallWords),
    ("al ais", 3, Of::SmallWords),
    ("el eis", 3, Of::SmallWords),
    ("il is", 3, Of::SmallWords),
    ("ol ois", 3, Of::SmallWords),
    ("m ns", 4, Of::SmallWords),
    ("r res", 4, Of::SmallWords),
    ("co ci chi ca che", 3, Of::SmallWords),
    ("go gi ghi ga ghe", 3, Of::SmallWords),
    ("cia ce cie", 3, Of::SmallWords),
    ("gia ge gie", 3, Of::SmallWords),
    ("io i", 4, Of::SmallWords),
    ("are ato ata ati ate ano iamo ando", 4, Of::SmallWords),
    ("ere uto uta uti ute", 4, Of::SmallWords),
    ("ire ito ita iti ite", 4, Of::SmallWords),
];

/// One row of [`ENDINGS`].
struct Set {
    endings: Vec<&'static str>,
    left: usize,
    of: Of,
}

static SETS: LazyLock<Vec<Set>> = LazyLock::new(|| {
    let set = |(endings, left, of): &(&'static str, usize, Of)| Set {
        endings: endings.split(' ').map(|ending| if ending == "-" { "" } else { ending }).collect(),
        left: *left,
        of: *of,
    };
    ENDINGS.iter().map(set).collect()
});

/// The words of a piece of a query in order, as the index has them, each with its other forms, which may be none.
///
/// A piece that is written with a capital has those of a German noun only, unless it is known to be none but a thing.
#[must_use]
pub fn words_with_forms(piece: &str) -> Vec<(String, BTreeSet<String>)> {
    let written = Written::of(piece);
    let with_forms = |(plain, token): (String, String)| {
        let forms = forms(&plain, &token, written);
        (token, forms)
    };
    words_and_tokens(piece).into_iter().map(with_forms).collect()
}

/// How a word of a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Small,
    /// With a capital, and known to be a thing: a noun of German, or the first word of a title.
    Noun,
    /// As a name is.
    Name,
}

impl Written {
    pub(crate) fn of(word: &str) -> Self {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let singular = word.strip_suffix("en").or_else(|| word.strip_suffix('n'));
        let is_noun = is_common_noun(word) || singular.is_some_and(is_common_noun);
        match (word.starts_with(char::is_uppercase), is_noun) {
            (false, _) => Self::Small,
            (true, true) => Self::Noun,
            (true, false) => Self::Name,
        }
    }
}

/// The tokens of the other forms of a folded word; `token` is its own.
pub(crate) fn forms(word: &str, token: &str, written: Written) -> BTreeSet<String> {
    let mut found = Forms::default();
    let stands_alone = word.len() < SHORTEST || ALONE.contains(&word);
    if stands_alone || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return found.tokens;
    }
    let (english, small) = (is_english(word), written == Written::Small);
    let sets = SETS.iter().filter(|set| match set.of {
        Of::Nouns => !english,
        Of::SmallWords => !english && small,
        Of::Shared => small,
    });
    for set in sets {
        found.add_set(word, set, written == Written::Name);
    }
    if small {
        if english {
            // Dutch and German took it over: "contracten".
            found.add(word, "en");
        }
        found.add_dutch(word, english);
    }
    found.tokens.remove(token);
    found.tokens
}

#[derive(Default)]
struct Forms {
    tokens: BTreeSet<String>,
}

impl Forms {
    /// Adds what English does not have; what it has is another word: "porta" is no "port".
    fn add(&mut self, stem: &str, ending: &str) {
        let form = format!("{stem}{ending}");
        if !is_english(&form) && !is_english(form.trim_end_matches('s')) {
            self.add_shared(stem, ending, &form);
        }
    }

    fn add_shared(&mut self, stem: &str, ending: &str, form: &str) {
        let token = words(form).into_iter().next().unwrap_or_default();
        // Where the English endings took more than this one ("Bach-inge"), nothing is known of what is left.
        let is_left = ending.is_empty() || token.len() + 1 >= stem.len();
        if is_left && !ALONE.contains(&form) {
            self.tokens.insert(token);
        }
    }

    /// The forms by one set of endings: the word's own is the longest that leaves enough.
    fn add_set(&mut self, word: &str, set: &Set, name: bool) {
        let stems = set.endings.iter().filter_map(|ending| Some((*ending, word.strip_suffix(ending)?)));
        let fitting = stems.filter(|(ending, stem)| {
            stem.len() >= set.left
                && !(ending.is_empty() && ends_with_vowel(stem))
                && !(name && set.endings.contains(&"e") && may_be_another_name(stem, ending))
        });
        let Some((own, stem)) = fitting.max_by_key(|(ending, _)| ending.len()) else { return };
        for ending in set.endings.iter().filter(|ending| **ending != own) {
            if ending.is_empty() && ends_with_vowel(stem) {
                continue;
            }
            if set.of == Of::Shared {
                self.add_shared(stem, ending, &format!("{stem}{ending}"));
            } else {
                self.add(stem, ending);
            }
        }
    }

    /// Where Dutch writes the vowel or the consonant before an ending otherwise: afspraak and afspraken, prijs and prijzen,
    /// les and lessen.
    fn add_dutch(&mut self, word: &str, english: bool) {
        let letters: Vec<char> = word.chars().collect();
        if let Some(stem) = letters.strip_suffix(&['e', 'n']).filter(|_| !english) {
            let [start @ .., before, vowel, last] = stem else { return };
            if vowel == last && !is_vowel(*last) {
                self.add_letters(start, &[*before, *vowel]);
            } else if !is_vowel(*last) && "aeou".contains(*vowel) && !is_vowel(*before) {
                self.add_letters(start, &[*before, *vowel, *vowel, hard(*last)]);
            } else if hard(*last) != *last {
                // "Brief" is English too.
                let form: String = start.iter().chain([before, vowel, &hard(*last)]).collect();
                self.add_shared("", "", &form);
            }
            return;
        }
        let [start @ .., before, vowel, last] = letters.as_slice() else { return };
        if is_vowel(*last) {
            return;
        }
        if before == vowel && "aeou".contains(*vowel) {
            self.add_letters(start, &[*vowel, soft(*last), 'e', 'n']);
            self.add_letters(start, &[*vowel, *last, 'e', 'n']);
        } else if is_vowel(*vowel) && !is_vowel(*before) {
            self.add_letters(start, &[*before, *vowel, *last, *last, 'e', 'n']);
        } else if soft(*last) != *last {
            self.add_letters(start, &[*before, *vowel, soft(*last), 'e', 'n']);
        }
    }

    fn add_letters(&mut self, start: &[char], end: &[char]) {
        let form: String = start.iter().chain(end).collect();
        self.add(&form, "");
    }
}

/// "Peters" and "Petersen", "Holst" and "Holsten" are two names; "Adresse" and "Adressen", "Hinweis" and "Hinweisen",
/// "Pumpe" and "Pumpen" are one word.
fn may_be_another_name(stem: &str, ending: &str) -> bool {
    let may_have_a_son = stem.ends_with('s') && !["ss", "reis", "weis"].iter().any(|end| stem.ends_with(end));
    let short = stem.len() < LEFT_OF_A_NAME && !SHORT_NOUNS.split_whitespace().any(|noun| noun == stem);
    may_have_a_son || (short && ending != "e")
}

fn ends_with_vowel(stem: &str) -> bool {
    stem.chars().next_back().is_none_or(is_vowel)
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The consonant at the end of a Dutch word for one between vowels.
fn hard(c: char) -> char {
    match c {
        'v' => 'f',
        'z' => 's',
        _ => c,
    }
}

fn soft(c: char) -> char {
    match c {
        'f' => 'v',
        's' => 'z',
        _ => c,
    }
}

#[cfg(test)]
mod tests;
