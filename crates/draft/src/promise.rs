//! What the owner may be made to promise, and in which words.
//!
//! Money, legal acceptance, credentials and deletion are never promised by Postil: the owner writes
//! that sentence.

use jiff::civil::Date;
use postil_understand::{Ask, Reading};

use crate::english;
use crate::language::Language;
use crate::say::unstopped;

/// Words of requests that only a person answers, in the languages of the phrases.
///
/// # Source
/// SECURITY.md T2: payments, acceptance and access are what an attacker wants promised.
const FORBIDDEN: &[&str] = &[
    // Money.
    "pay",
    "payment",
    "payments",
    "refund",
    "refunds",
    "transfer",
    "wire",
    "iban",
    "bank",
    "account",
    "discount",
    "reimburse",
    "deposit",
    "gift",
    "bitcoin",
    "crypto",
    "zahlen",
    "zahlung",
    "überweisen",
    "überweisung",
    "konto",
    "rabatt",
    "payer",
    "paiement",
    "virement",
    "compte",
    "remise",
    "pagar",
    "pago",
    "transferencia",
    "cuenta",
    "descuento",
    // Legal acceptance.
    "sign",
    "signature",
    "countersign",
    "accept",
    "agree",
    "approve",
    "approval",
    "contract",
    "nda",
    "liability",
    "guarantee",
    "warrant",
    "warranty",
    "indemnify",
    "confirm",
    "commit",
    "authorise",
    "authorize",
    "consent",
    "waive",
    "unterschreiben",
    "unterzeichnen",
    "akzeptieren",
    "zustimmen",
    "genehmigen",
    "vertrag",
    "bestätigen",
    "signer",
    "accepter",
    "approuver",
    "contrat",
    "confirmer",
    "firmar",
    "aceptar",
    "aprobar",
    "contrato",
    "confirmar",
    // Credentials.
    "password",
    "passwords",
    "passphrase",
    "credential",
    "credentials",
    "token",
    "tokens",
    "secret",
    "secrets",
    "login",
    "2fa",
    "otp",
    "pin",
    "private",
    "passwort",
    "kennwort",
    "zugangsdaten",
    "anmelden",
    "identifiants",
    "contraseña",
    "credenciales",
    // Deletion.
    "delete",
    "deletion",
    "erase",
    "wipe",
    "remove",
    "destroy",
    "purge",
    "drop",
    "löschen",
    "entfernen",
    "vernichten",
    "supprimer",
    "effacer",
    "détruire",
    "eliminar",
    "borrar",
];

/// Whether only the owner may answer this request.
pub(crate) fn is_forbidden(ask: &Ask) -> bool {
    let text = format!("{} {}", ask.text, ask.matter).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    FORBIDDEN.iter().any(|word| words.contains(word))
        || text.contains("mot de passe")
        || text.contains("api key")
        || text.contains("between us")
}

/// The request as what the owner will do: "send the updated pricing sheet by Friday, 27 November";
/// `None` where the matter is not a verb phrase.
pub(crate) fn text(ask: &Ask, reading: &Reading, language: Language, today: Date) -> Option<String> {
    let matter = unstopped(ask.matter.trim());
    let matter = matter.strip_prefix("please ").unwrap_or(&matter);
    if !english::starts_with_base_verb(&format!("{matter} x")) || matter.contains(['?', '\n', '[', ']']) {
        return None;
    }
    let small = english::small_word(matter);
    let matter = small.as_str();
    let dated = match ask.due {
        Some(due) if due >= today => with_day(matter, due, ask, reading, language, today),
        Some(_) | None => matter.to_owned(),
    };
    Some(english::turned(&dated))
}

/// Puts the day behind the words that name it: "by Friday" is "by Friday, 27 November".
fn with_day(
    matter: &str,
    due: Date,
    ask: &Ask,
    reading: &Reading,
    language: Language,
    today: Date,
) -> String {
    let mention = reading
        .dates
        .iter()
        .filter(|date| date.message == ask.message && ask.span.overlaps(date.span))
        .map(|date| date.text.to_lowercase())
        .find(|text| matter.to_lowercase().contains(text.as_str()));
    let weekday = language.weekday_and_day(due, today).split(',').next().unwrap_or_default().to_lowercase();
    let Some(words) =
        mention.or_else(|| Some(weekday).filter(|day| matter.to_lowercase().contains(day.as_str())))
    else {
        return matter.to_owned();
    };
    let Some(at) = matter.to_lowercase().find(&words) else { return matter.to_owned() };
    let (Some(before), Some(own), Some(after)) =
        (matter.get(..at), matter.get(at..at + words.len()), matter.get(at + words.len()..))
    else {
        return matter.to_owned();
    };
    let says_day = own.chars().any(|c| c.is_ascii_digit())
        || after.trim_start_matches([',', ' ']).starts_with(|c: char| c.is_ascii_digit());
    if says_day || before.ends_with(|c: char| c.is_ascii_digit()) {
        return matter.to_owned();
    }
    let comma = if after.trim().is_empty() || after.starts_with([',', '.', ';', ')']) { "" } else { "," };
    format!("{before}{own}, {}{comma}{after}", language.day(due, today))
}

/// Whether the words point at something said before: "send it".
pub(crate) fn points(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().take(4).map(english::bare).collect();
    words.iter().skip(1).any(|word| ["it", "them", "this", "that", "one"].contains(&word.as_str()))
        && !words.iter().any(|word| ["the", "a", "an", "my", "your"].contains(&word.as_str()))
}

/// An ask inside quotation marks: without its full stop, and without marks of its own.
pub(crate) fn quoted(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if matches!(c, '“' | '”' | '"' | '„' | '«' | '»' | '[' | ']') { ' ' } else { c })
        .collect();
    let text = postil_evidence::text::fold_space(&spaced);
    text.trim_end_matches(['.', ' ']).to_owned()
}
