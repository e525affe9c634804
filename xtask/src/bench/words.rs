//! Words and sentences with the frequencies of real text: 25,000 words, a few hundred of them English.

use std::collections::HashSet;

use super::random::Random;

/// Roughly in order of how often they come.
const ENGLISH: &str = "the to and of a in is that it for on you this be with we are as have not can if i or but at by \
from will was an do so which there would they all should what when has about just my your one also more no our use some \
any like only how then than them could their out other see get up may need because make now very time work same after \
code where test been into here does first even think using file change different these problem might way well still \
right why me most since such its had before used case list both system line being two name those good version set many \
want data user error add point second back too next long look know every possible between support without start \
number run better thing while new however issue value message order over patch build sure part really call \
working else another down current probably instead question already seems through something mail following fix \
actually reason quite end read write thanks example options rather place either idea old few default open project \
release great help try around last available least table customer meeting contract price offer invoice payment \
schedule deadline budget report review draft notes agenda decision action team manager partner office account \
delivery product service security audit retention backup export import server network firewall database storage \
license renewal discount quarter annual month week today tomorrow yesterday monday tuesday wednesday thursday friday \
morning afternoon please regards hello best kind attached below above confirm agree approve update send share check \
discuss plan propose suggest remind follow expect deliver ship sign cancel delay move book travel flight hotel \
conference workshop training demo pilot rollout migration upgrade outage incident ticket request requirement \
specification design document page section figure policy process access password login key certificate token \
configuration setting feature performance memory processor queue cache index search query result record field column \
history branch commit merge conflict comment reply thread subject sender recipient address attachment signature";

const VOCABULARY: usize = 25_000;
const SLOTS: usize = 1 << 20;

/// The vocabulary, most frequent first, and a table to draw from it.
pub(super) struct Words {
    words: Vec<String>,
    /// Indexes into `words`, each as often as its word is frequent.
    slots: Vec<u16>,
}

impl Words {
    /// Draws follow Zipf and Mandelbrot: the word of rank r comes as often as 1 / (r + 2.7).
    pub(super) fn new(random: &mut Random) -> Self {
        let mut seen = HashSet::new();
        let mut words: Vec<String> = Vec::with_capacity(VOCABULARY);
        for word in ENGLISH.split_whitespace() {
            if seen.insert(word.to_owned()) {
                words.push(word.to_owned());
            }
        }
        while words.len() < VOCABULARY {
            let word = made_word(random);
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        let weight = |rank: usize| 1.0 / (rank as f64 + 2.7);
        let total: f64 = (0..words.len()).map(weight).sum();
        let mut slots = Vec::with_capacity(SLOTS);
        let mut reached = 0.0;
        for rank in 0..words.len() {
            reached += weight(rank) / total;
            let end = ((reached * SLOTS as f64) as usize).min(SLOTS);
            slots.resize(end.max(slots.len()), rank as u16);
        }
        slots.resize(SLOTS, 0);
        Self { words, slots }
    }

    pub(super) fn word(&self, random: &mut Random) -> &str {
        let rank = self.slots[random.below(SLOTS)];
        &self.words[usize::from(rank)]
    }

    /// A word that says what a text is about: none of the most frequent.
    pub(super) fn topic(&self, random: &mut Random) -> &str {
        let at = random.between(150, 3_000);
        &self.words[at]
    }

    /// Five to twenty-two words with a capital and a full stop or a question mark.
    pub(super) fn sentence(&self, random: &mut Random) -> String {
        let mut text = String::with_capacity(100);
        let length = random.between(5, 22);
        for at in 0..length {
            let word = self.word(random);
            if at == 0 {
                text.push_str(&capital(word));
            } else {
                text.push_str(if random.chance(5) { ", " } else { " " });
                text.push_str(word);
            }
        }
        text.push(if random.chance(8) { '?' } else { '.' });
        text
    }

    /// Two to six sentences on one line.
    pub(super) fn paragraph(&self, random: &mut Random) -> String {
        let sentences: Vec<String> = (0..random.between(2, 6)).map(|_| self.sentence(random)).collect();
        sentences.join(" ")
    }

    /// Pairs of words that stand in many mails but not in most, as a person would search for.
    pub(super) fn queries(&self, random: &mut Random, count: usize) -> Vec<[String; 2]> {
        let mut word = || self.words[random.between(100, 600)].clone();
        (0..count).map(|_| [word(), word()]).collect()
    }
}

/// The word with a capital first letter.
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Two or three syllables: about as long as a word of real text that is no longer frequent.
pub(super) fn made_word(random: &mut Random) -> String {
    const STARTS: &[&str] = &[
        "b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pr", "r",
        "s", "st", "t", "tr", "v", "w", "z", "sh", "th", "",
    ];
    const MIDDLES: &[&str] = &["a", "e", "i", "o", "u", "ai", "ea", "ou", "io", "ee"];
    const ENDS: &[&str] = &["", "", "", "", "", "", "n", "r", "l", "s", "t", "m", "nd", "ck", "st"];
    let mut word = String::new();
    let syllables = if random.chance(65) { 2 } else { 3 };
    for _ in 0..syllables {
        word.push_str(random.pick_word(STARTS));
        word.push_str(random.pick_word(MIDDLES));
        word.push_str(random.pick_word(ENDS));
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_come_most_and_rare_ones_come() {
        let mut random = Random::new(3);
        let words = Words::new(&mut random);
        assert_eq!(words.words.len(), VOCABULARY);
        let mut counts = vec![0_usize; VOCABULARY];
        for slot in &words.slots {
            counts[usize::from(*slot)] += 1;
        }
        assert!(counts[0] > counts[10] && counts[10] > counts[1000]);
        assert!(counts.iter().all(|count| *count > 0), "every word can be drawn");
    }

    #[test]
    fn a_sentence_starts_and_ends() {
        let mut random = Random::new(3);
        let words = Words::new(&mut random);
        for _ in 0..100 {
            let sentence = words.sentence(&mut random);
            assert!(
                sentence.starts_with(|c: char| c.is_uppercase()) && sentence.ends_with(['.', '?']),
                "{sentence}"
            );
        }
    }
}
