//! The language of a text, by its function words.
//!
//! Six languages and English; anything else, and anything too short, is `None`.

use crate::plain;

/// Frequent words that few of the other languages share, folded.
///
/// # Source
/// Function words of each language as grammars list them; words common to two of the seven
/// ("de", "la", "en", "in") are left out or stand in both lists.
const WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "you", "we", "is", "are", "of", "for", "this", "that", "with", "have", "your",
            "our", "can", "could", "please", "will", "from", "what", "when", "which", "on", "to", "it", "be",
            "not", "but", "if", "i", "thanks", "would", "hi", "how", "do", "does", "did", "at", "an", "was",
            "by", "my", "me", "us", "any", "there", "they", "who", "where", "know", "send",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ich", "wir", "sie", "ist", "nicht", "ein", "eine", "einen", "mit",
            "fur", "auf", "den", "dem", "zu", "von", "im", "auch", "bitte", "danke", "kannst", "konnen",
            "konnten", "konntest", "mir", "uns", "euch", "ihr", "wie", "bis", "noch", "oder", "dass", "wenn",
            "aber", "sind", "haben", "hat", "wird", "werden", "schon", "zum", "zur", "am", "es", "du", "dir",
            "ob", "gruss", "grusse", "hallo", "viele", "welche", "wann", "gibt",
        ],
    ),
    (
        "fr",
        &[
            "le",
            "les",
            "des",
            "est",
            "et",
            "vous",
            "nous",
            "je",
            "que",
            "qui",
            "pour",
            "dans",
            "une",
            "un",
            "pas",
            "sur",
            "avec",
            "votre",
            "vos",
            "merci",
            "bonjour",
            "ce",
            "cette",
            "au",
            "aux",
            "du",
            "sont",
            "avez",
            "pouvez",
            "pourriez",
            "plus",
            "ne",
            "mais",
            "ou",
            "il",
            "elle",
            "sommes",
            "tres",
            "notre",
            "nos",
            "combien",
            "cordialement",
            "d'ici",
            "est-ce",
            "la",
            "de",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "que", "una", "por", "para", "con", "esta", "este", "pero", "como",
            "gracias", "hola", "usted", "nos", "se", "su", "sus", "del", "al", "lo", "muy", "mas", "puedes",
            "podrias", "podria", "cuando", "donde", "hay", "son", "tenemos", "te", "me", "saludos", "enviar",
            "hasta", "tambien", "y", "es", "un", "le", "la", "de", "en", "cuanto",
        ],
    ),
    (
        "it",
        &[
            "il",
            "lo",
            "gli",
            "che",
            "per",
            "con",
            "una",
            "sono",
            "non",
            "di",
            "del",
            "della",
            "delle",
            "dei",
            "ciao",
            "grazie",
            "puoi",
            "potresti",
            "potete",
            "questo",
            "questa",
            "anche",
            "come",
            "quando",
            "ci",
            "si",
            "mi",
            "ti",
            "vi",
            "nel",
            "nella",
            "alla",
            "al",
            "piu",
            "abbiamo",
            "hai",
            "saluti",
            "buongiorno",
            "e",
            "un",
            "la",
            "le",
            "da",
            "ma",
            "entro",
            "possiamo",
            "quale",
            "sara",
            "perche",
            "cosa",
        ],
    ),
    (
        "nl",
        &[
            "het", "een", "van", "en", "ik", "je", "jullie", "wij", "we", "niet", "dat", "voor", "met",
            "zijn", "op", "te", "aan", "kun", "kunt", "kunnen", "graag", "bedankt", "groeten", "ook", "maar",
            "als", "wat", "wanneer", "hoe", "naar", "nog", "bij", "om", "dit", "deze", "heb", "hebben",
            "heeft", "wordt", "zou", "mij", "ons", "uw", "alvast", "de", "is", "in", "of", "hallo", "er",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "as", "que", "um", "uma", "para", "por", "com", "nao", "voce", "voces", "esta",
            "este", "obrigado", "obrigada", "ola", "se", "sua", "seu", "do", "da", "dos", "das", "no", "na",
            "ao", "mais", "muito", "pode", "poderia", "quando", "como", "sao", "temos", "nos", "enviar",
            "ate", "tambem", "e", "a", "de", "em", "abracos", "qual", "quais", "foi", "me",
        ],
    ),
];

/// The language of `text` as an ISO 639-1 code: `en`, `de`, `fr`, `es`, `it`, `nl` or `pt`; `None`
/// where there are fewer than two known words or no language leads clearly.
#[must_use]
pub fn language(text: &str) -> Option<&'static str> {
    let head = text.char_indices().nth(4_000).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let folded = plain::fold(head);
    let mut hits = [0_usize; WORDS.len()];
    let mut words = 0_usize;
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'' && c != '-' && c != '_') {
        if word.is_empty() {
            continue;
        }
        words += 1;
        for (count, (_, list)) in hits.iter_mut().zip(WORDS) {
            *count += usize::from(list.contains(&word));
        }
    }
    let lower = head.to_lowercase();
    let letters: &[(&str, &[char])] = &[
        ("de", &['ß', 'ü', 'ä', 'ö']),
        ("es", &['ñ', '¿', '¡']),
        ("pt", &['ã', 'õ']),
        ("fr", &['è', 'ê', 'ù', 'œ']),
        ("it", &['ò', 'ì']),
    ];
    for (code, signs) in letters {
        if lower.contains(*signs)
            && let Some(place) = WORDS.iter().position(|(known, _)| known == code)
            && let Some(count) = hits.get_mut(place)
        {
            *count += 1;
        }
    }
    let best = hits.iter().copied().max()?;
    let second = hits.iter().copied().filter(|count| *count < best).max().unwrap_or_default();
    let tied = hits.iter().filter(|count| **count == best).count() > 1;
    let clear = best >= 2 && !tied && best * 10 >= words && (best >= second + 2 || best * 2 >= second * 3);
    let place = hits.iter().position(|count| *count == best)?;
    clear.then(|| WORDS.get(place).map(|(code, _)| *code)).flatten()
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn a_language_is_named_only_when_sure() {
        for (text, expect) in [
            ("Could you send the updated pricing sheet by Friday?", Some("en")),
            ("Kannst du mir bis Donnerstag sagen, ob der Kollektor auf Red Hat läuft?", Some("de")),
            ("Pourriez-vous nous envoyer la grille tarifaire avant vendredi ? Merci", Some("fr")),
            ("¿Podrías enviarme el contrato para el lunes? Gracias", Some("es")),
            ("Potresti inviarmi il contratto entro venerdì? Grazie, ciao", Some("it")),
            ("Kun je mij het contract sturen? Alvast bedankt voor de hulp", Some("nl")),
            ("Você poderia me enviar o contrato até sexta? Obrigado, não temos mais", Some("pt")),
            ("ok", None),
            ("", None),
            ("Привет, как дела?", None),
            ("12:30 EUR 500", None),
        ] {
            assert_eq!(language(text), expect, "{text}");
        }
    }
}
