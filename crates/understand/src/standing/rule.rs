//! A standing rule in the owner's plain words, and the mail it fits. The grammar is closed: what is not
//! understood is an error that says which forms there are, never a guess.
//!
//! ```text
//! rule   = ("never" | "always") ["draft" | "reply" | "answer"] ("for" | "to") what
//! what   = who | kind ["from" who] | ["subject"] quoted ["from" who]
//! who    = address | domain | party        a domain is meant with those below it
//! kind   = receipts | invoices | newsletters | notifications | …      see `KINDS`
//! quoted = words of the subject, in this order, as whole words, in " or '
//! ```

use std::fmt;

use postil_evidence::label::Reader;
use postil_evidence::{Addr, Parties, PartyId};
use postil_mail::message::Message;

use super::kind::{KINDS, Kind, find_kind};

/// The forms of a rule, for whoever wrote one that is not understood.
pub const FORMS: &str = "write \"never for\" or \"always for\" and then an address (ana@acme.example), a domain (acme.example), \
     a party of this file, a kind of mail, or words of the subject in quotes (subject 'status report'); \
     a kind and a subject may end in \"from\" and an address, domain or party";

/// What the owner wants of the mail that a rule fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// No draft, and not listed as needing a reply.
    Never,
    /// Listed as needing a reply.
    Always,
}

/// A rule, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule as the owner wrote it, white space folded.
    pub text: String,
    /// What it wants.
    pub wants: Wants,
    what: What,
    from: Option<Who>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Anything,
    Kind(&'static Kind),
    Subject(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Addr(Addr),
    Domain(String),
    Party(PartyId),
}

/// Why a rule is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// It begins with neither "never" nor "always".
    Start,
    /// "for" or "to" is missing.
    For,
    /// Nothing stands behind "for".
    Nothing,
    /// A quote is not closed, or holds no word.
    Quote,
    /// These words are no address, domain, party or kind.
    Unknown(String),
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("it begins with neither never nor always"),
            Self::For => f.write_str("\"for\" is missing"),
            Self::Nothing => f.write_str("it does not say for what"),
            Self::Quote => f.write_str("the quoted words are empty or not closed"),
            Self::Unknown(words) => {
                let kinds: Vec<&str> = KINDS.iter().filter_map(|kind| kind.names.first().copied()).collect();
                write!(
                    f,
                    "`{words}` is no address, domain or party of this file, and no kind of mail (kinds are {})",
                    kinds.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for RuleError {}

impl Rule {
    /// Reads one rule. `parties` are those that a rule may name.
    ///
    /// # Errors
    /// [`RuleError`] where it has none of the forms.
    pub fn parse(text: &str, parties: &[PartyId]) -> Result<Self, RuleError> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (first, rest) = first_word(&text);
        let wants = match first.to_lowercase().as_str() {
            "never" => Wants::Never,
            "always" => Wants::Always,
            _ => return Err(RuleError::Start),
        };
        let (word, after) = first_word(rest);
        let rest =
            if ["draft", "reply", "answer"].contains(&word.to_lowercase().as_str()) { after } else { rest };
        let (word, rest) = first_word(rest);
        if !["for", "to"].contains(&word.to_lowercase().as_str()) {
            return Err(RuleError::For);
        }
        if rest.is_empty() {
            return Err(RuleError::Nothing);
        }
        let (what, from) = what(rest, parties)?;
        Ok(Self { text, wants, what, from })
    }

    /// Whether the rule fits a message. Senders fit by exact address, by exact domain or one below it, or
    /// by their party; names that a sender gives themselves never do.
    #[must_use]
    pub fn fits(&self, message: &Message, parties: &Parties) -> bool {
        let from = message.from.as_ref().map(|from| &from.addr);
        let sender_fits = match &self.from {
            None => true,
            Some(who) => from.is_some_and(|addr| who.is(addr, parties)),
        };
        sender_fits
            && match &self.what {
                What::Anything => true,
                What::Kind(kind) => kind.fits(message),
                What::Subject(phrase) => says(message.subject.as_str(), phrase),
            }
    }

    /// Whether the rule names a sender; one that does not fits anybody's mail.
    #[must_use]
    pub fn names_sender(&self) -> bool {
        self.from.is_some()
    }

    /// Whether the rule names this address or a domain it is of.
    #[must_use]
    pub fn is_named(&self, addr: &Addr) -> bool {
        match &self.from {
            Some(Who::Party(_)) | None => false,
            Some(who @ (Who::Addr(_) | Who::Domain(_))) => who.is(addr, &Parties::default()),
        }
    }

    /// The domain whose whole mail the rule speaks of, where it names one.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match self.from.as_ref()? {
            Who::Domain(domain) => Some(domain),
            Who::Addr(_) | Who::Party(_) => None,
        }
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn what(text: &str, parties: &[PartyId]) -> Result<(What, Option<Who>), RuleError> {
    let (word, rest) = first_word(text);
    let is_subject = ["subject", "subjects"].contains(&word.to_lowercase().as_str());
    let quoted = if is_subject { rest } else { text };
    if let Some(mark) = quoted.chars().next().filter(|c| matches!(c, '"' | '\'' | '\u{201c}')) {
        let end = if mark == '\u{201c}' { '\u{201d}' } else { mark };
        let (phrase, behind) =
            quoted.get(mark.len_utf8()..).and_then(|inner| inner.split_once(end)).ok_or(RuleError::Quote)?;
        if words(phrase).is_empty() {
            return Err(RuleError::Quote);
        }
        return Ok((What::Subject(phrase.trim().to_owned()), sender(behind.trim(), parties)?));
    }
    if is_subject {
        return Err(RuleError::Quote);
    }
    let unknown = |words: &str| RuleError::Unknown(words.to_owned());
    if let Some((kind, who)) = text.split_once(" from ") {
        let kind = find_kind(kind).ok_or_else(|| unknown(kind))?;
        return Ok((What::Kind(kind), Some(find_who(who, parties).ok_or_else(|| unknown(who))?)));
    }
    if let Some(kind) = find_kind(text) {
        return Ok((What::Kind(kind), None));
    }
    let who = find_who(text, parties).ok_or_else(|| unknown(text))?;
    Ok((What::Anything, Some(who)))
}

/// "from WHO", or nothing.
fn sender(text: &str, parties: &[PartyId]) -> Result<Option<Who>, RuleError> {
    if text.is_empty() {
        return Ok(None);
    }
    let who = text.strip_prefix("from ").and_then(|who| find_who(who, parties));
    who.map(Some).ok_or_else(|| RuleError::Unknown(text.to_owned()))
}

fn find_who(text: &str, parties: &[PartyId]) -> Option<Who> {
    let text = text.trim();
    if let Some(addr) = Addr::parse(text) {
        return Some(Who::Addr(addr));
    }
    let party = PartyId::new(text);
    if parties.contains(&party) {
        return Some(Who::Party(party));
    }
    // What an address may have behind its @ is a domain; one without a dot would be a whole zone.
    let domain = text.strip_prefix('@').unwrap_or(text);
    let addr = Addr::parse(&format!("x@{domain}"))?;
    let is_whole = addr.domain().split('.').filter(|label| !label.is_empty()).count() >= 2;
    is_whole.then(|| Who::Domain(addr.domain().to_owned()))
}

impl Who {
    fn is(&self, addr: &Addr, parties: &Parties) -> bool {
        match self {
            Self::Addr(own) => own == addr,
            Self::Domain(domain) => {
                addr.domain() == domain
                    || addr.domain().strip_suffix(domain.as_str()).is_some_and(|below| below.ends_with('.'))
            }
            Self::Party(party) => parties.reader(addr) == Reader::Party(party.clone()),
        }
    }
}

/// The words of a text in lower case: runs of letters and figures.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether `subject` has the words of `phrase` one behind the other, each as a whole word. Scripts that put
/// no spaces between words have no whole words: there the phrase may stand anywhere.
pub(super) fn says(subject: &str, phrase: &str) -> bool {
    let is_unspaced =
        |c: char| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    if phrase.chars().any(is_unspaced) {
        return subject.to_lowercase().contains(&phrase.to_lowercase());
    }
    let (subject, phrase) = (words(subject), words(phrase));
    !phrase.is_empty() && subject.windows(phrase.len()).any(|run| run == phrase)
}
