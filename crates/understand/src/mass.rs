//! Mail from a stranger that was made for many, though no header says so: known by how it was sent and
//! built, never by what it offers. Looks alone never decide over anybody the owner knows; who that is,
//! the caller says.
//!
//! # Source
//! The signs are those that RFC 5322, RFC 2076 and the structural tests of mail filters look at (forged
//! program names and ids, impossible dates, page layout, tracking pictures, ways out of a list). The
//! weights were set by hand: one for what people do too, two for what they seldom do, three and four
//! for what only programs do. They were watched on SpamAssassin's public corpus and learned from none.

use std::collections::HashSet;

use postil_mail::message::{Layout, Message, ZoneKind};

use crate::pattern::{Pattern, has_word};
use crate::plain::fold;
use crate::reading::Owner;

mod sender;

pub(crate) use sender::is_office;

/// From here on a stranger's mail counts as made for many.
const ENOUGH: i32 = 4;
/// What layout weighs at most beside plain text: a company's signature is a small page of its own.
const LAYOUT_BESIDE_TEXT: i32 = 3;
/// Text longer than this many words is long for a first letter.
const LONG_WORDS: usize = 400;
/// A greeting ends within this many characters of its line.
const GREETING: usize = 40;
/// Signs that are told to the owner.
const TOLD: usize = 4;

/// What gave a mail away, the weightiest first, as phrases; `None` where it may be a person's.
///
/// `message` is from somebody the owner does not know. A letter that calls the owner by name, and is no
/// page with a name filled in, is a person's whatever it looks like: it is for the owner to judge.
#[must_use]
pub fn mass_mailed(message: &Message, owner: &Owner) -> Option<Vec<String>> {
    let mut signs = Signs::default();
    let letter = Letter::read(message, owner);
    if letter.names_owner && !letter.is_page(message) {
        return None;
    }
    signs.personal(message, &letter);
    sender::signs(message, owner, &letter, &mut signs);
    signs.sending(message, &letter);
    signs.subject(message, &letter);
    signs.layout(message);
    signs.text(&letter);
    signs.verdict()
}

/// The signs found so far.
#[derive(Debug, Default)]
struct Signs {
    score: i32,
    found: Vec<(i32, String)>,
}

impl Signs {
    fn add(&mut self, weight: i32, is_so: impl Into<Option<bool>>, words: impl Into<String>) {
        if is_so.into() == Some(true) {
            self.score += weight;
            self.found.push((weight, words.into()));
        }
    }

    /// Enough in sum, and not of trifles only.
    fn verdict(mut self) -> Option<Vec<String>> {
        let is_strong = self.found.iter().any(|(weight, _)| *weight >= 2);
        if self.score < ENOUGH || !is_strong {
            return None;
        }
        self.found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let told = self.found.into_iter().filter(|(weight, _)| *weight > 0);
        Some(told.map(|(_, words)| words).take(TOLD).collect())
    }
}

/// What the text of a message looks like.
#[derive(Debug)]
struct Letter {
    /// All but what is quoted, signature and footers included.
    text: String,
    /// The same, folded.
    plain: String,
    words: usize,
    links: usize,
    /// It came over a discussion list, whose footers and addressing say nothing of the sender.
    listed: bool,
    /// It answers a mail, or holds one.
    replies: bool,
    quotes: bool,
    /// It calls the owner by name in its first lines.
    names_owner: bool,
    /// It has a greeting, a closing or a signature.
    has_form: bool,
}

impl Letter {
    fn read(message: &Message, owner: &Owner) -> Self {
        let mut text = String::new();
        let answers = !message.in_reply_to.is_empty() || !message.references.is_empty();
        let mut quotes = false;
        for zone in &message.zones {
            match zone.kind {
                // A line that begins with ">" is no quote of its own accord.
                ZoneKind::Quotation => quotes |= answers,
                ZoneKind::QuotationMarker | ZoneKind::InlineHeaders => quotes = true,
                ZoneKind::Paragraph
                | ZoneKind::Salutation
                | ZoneKind::Closing
                | ZoneKind::PersonalSignature
                | ZoneKind::MuaSignature
                | ZoneKind::Disclaimer
                | ZoneKind::Separator
                | ZoneKind::Code
                | ZoneKind::Patch
                | ZoneKind::Log
                | ZoneKind::Table
                | ZoneKind::Technical
                | ZoneKind::SectionHeading
                | ZoneKind::Empty => text.push_str(zone.span.of(&message.text)),
            }
        }
        let has_form = message.zones.iter().any(|zone| {
            matches!(zone.kind, ZoneKind::Salutation | ZoneKind::Closing | ZoneKind::PersonalSignature)
        });
        let plain = fold(&text);
        let links = plain.matches("http://").count() + plain.matches("https://").count();
        let links = links.max(plain.matches("www.").count()).max(message.delivery.build.layout.links);
        let listed = message.delivery.list_id.is_some() || message.delivery.list_post.is_some();
        Self {
            words: text.split_whitespace().count(),
            // The list's own footer holds one or two.
            links: if listed { links.saturating_sub(2) } else { links },
            listed,
            replies: answers || quotes,
            quotes,
            names_owner: names_owner(&text, owner),
            has_form,
            text,
            plain,
        }
    }

    /// Whether it is a page or shows a way out of a list, so that a name in it was filled in.
    fn is_page(&self, message: &Message) -> bool {
        let Layout { tables, web_pictures, .. } = message.delivery.build.layout;
        tables >= 3 || web_pictures >= 3 || self.links >= 3 || shows_way_out(self)
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

/// Whether one of the first two lines begins by calling the owner by a name of theirs.
fn names_owner(text: &str, owner: &Owner) -> bool {
    let mut names: Vec<String> = owner.names.iter().map(|name| fold(name)).collect();
    names.extend(fold(&owner.name).split(' ').map(str::to_owned));
    names.retain(|name| name.len() > 1);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(2).any(|line| has_word(&fold(&line.chars().take(GREETING).collect::<String>()), &names))
}

impl Signs {
    /// What people do and mass mail does not: answering, calling by name, signing.
    fn personal(&mut self, message: &Message, letter: &Letter) {
        let answers = !message.in_reply_to.is_empty() || !message.references.is_empty();
        self.add(-4, answers, "answers a mail");
        self.add(-2, letter.quotes, "quotes a mail");
        self.add(-3, letter.names_owner, "calls you by name");
        self.add(1, !letter.listed && !letter.replies && !letter.names_owner, "does not call you by name");
        self.add(1, !letter.listed && !letter.replies && !letter.has_form, "neither greets nor signs");
        self.add(1, greets_anybody(letter), "a greeting that fits anybody");
    }

    /// How it was sent.
    fn sending(&mut self, message: &Message, letter: &Letter) {
        let build = &message.delivery.build;
        self.add(4, build.id_of_other_day, "a forged Message-ID");
        self.add(3, build.odd_zone, "a Date with no zone on earth");
        self.add(2, build.date_off, "a Date hours off");
        self.add(3, build.posed_mailer, "a forged program name");
        self.add(if letter.listed { 1 } else { 2 }, build.id_by_server, "no Message-ID of its own");
        self.add(2, build.raw_header, "damaged headers");
        self.add(1, build.urgent, "marked urgent");
    }

    fn subject(&mut self, message: &Message, letter: &Letter) {
        let subject = message.subject.as_str();
        let bare =
            subject.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(subject, |(_, rest)| rest);
        let in_words =
            bare.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2);
        let all = in_words.clone().count();
        let capitals = in_words.filter_map(shouted).count();
        let start: String = subject.to_lowercase().chars().take(4).collect();
        let says_reply = start.starts_with("re:") || start.starts_with("fw:") || start.starts_with("fwd:");
        self.add(3, message.delivery.build.subject_mark, "a serial mark in the subject");
        self.add(2, capitals >= 2 && capitals * 2 > all, "a subject in capitals");
        self.add(1, subject.contains('!'), "an exclamation mark in the subject");
        self.add(1, ["!!", "$", "**", "%"].iter().any(|sign| subject.contains(sign)), "signs in the subject");
        self.add(1, says_reply && !letter.replies, "\"Re:\" that answers nothing");
        self.add(1, subject.is_empty(), "no subject");
    }

    /// What its HTML is made of.
    fn layout(&mut self, message: &Message) {
        let build = &message.delivery.build;
        let Layout {
            tables,
            web_pictures,
            tracking_pictures,
            forms,
            scripts,
            backgrounds,
            centred,
            coloured,
            large,
            links: _,
            disguised_links,
        } = build.layout;
        self.add(3, disguised_links > 0, "links that hide where they lead");
        self.add(2, forms > 0, "a form");
        self.add(2, scripts > 0, "a script");
        self.add(2, build.veiled_text, "text veiled in base64");
        self.add(3, build.plain_is_html, "a web page as plain text");
        let before = self.score;
        self.add(2, web_pictures > 0, "pictures from the web");
        self.add(2, tracking_pictures > 0, "a tracking picture");
        self.add(2, tables >= 3, "laid out in tables");
        self.add(1, backgrounds > 0, "coloured backgrounds");
        self.add(1, centred > 0, "centred text");
        self.add(1, coloured > 0, "coloured letters");
        self.add(1, large > 0, "large letters");
        let painted = self.score - before;
        if build.html_only {
            self.add(if painted > 0 { 3 } else { 2 }, true, "HTML without plain text");
        } else {
            self.score -= (painted - LAYOUT_BESIDE_TEXT).max(0);
        }
    }

    /// What its text looks like.
    fn text(&mut self, letter: &Letter) {
        let Letter { words, links, .. } = *letter;
        self.add(2, !letter.listed && shows_way_out(letter), "a way to unsubscribe");
        self.add(2, links >= 3, format!("{links} links"));
        self.add(1, links >= 6, "more links than a letter has");
        self.add(1, links >= 2 && words < 60 * links, "mostly links");
        let disguised = letter.text.split_whitespace().any(|word| {
            let start = word.find("http");
            start.and_then(|at| word.get(at..)).is_some_and(postil_mail::build::is_disguised)
        });
        self.add(3, disguised, "a link that hides where it leads");
        let shouts = letter.text.matches('!').count();
        self.add(2, shouts >= 2 && shouts * 200 >= words * 3, "exclamation marks");
        let shouted: HashSet<&str> = letter.text.split_whitespace().filter_map(shouted).collect();
        self.add(2, shouted.len() > 5 && shouted.len() * 100 > words * 5, "words in capitals");
        let is_rule = |line: &&str| {
            line.len() >= 8
                && line.bytes().all(|b| matches!(b, b'-' | b'=' | b'*' | b'_' | b'~' | b'#' | b'+'))
        };
        self.add(1, !letter.listed && letter.lines().filter(is_rule).count() >= 2, "ruled lines");
        self.add(1, words > LONG_WORDS && !letter.replies, "long for a first letter");
    }
}

/// The word where it is one in capitals: no number, no name of a variable, no abbreviation in three letters.
fn shouted(word: &str) -> Option<&str> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_letter = |c: char| (c.is_alphabetic() && !c.is_lowercase()) || matches!(c, '\'' | '-');
    (word.chars().count() > 3 && word.chars().all(is_letter) && word.chars().any(char::is_uppercase))
        .then_some(word)
}

/// Whether the greeting would fit anybody.
fn greets_anybody(letter: &Letter) -> bool {
    static ANYBODY: Pattern = Pattern::new(
        r"^(?:(?:dear|attn|attention|hello|hi)[:,]? (?:sir|madam|friend|all|customer|member|subscriber|user|reader|colleague|home ?owner|business|webmaster|valued|internet|the )|to whom it may|greetings\b|sehr geehrte damen und herren|(?:liebe|sehr geehrte)r? (?:kund|mitglied|leser|abonnent)|(?:cher|chere)s? (?:client|abonne|membre|ami)|madame, monsieur|estimad[oa]s? (?:client|senor|amig|suscriptor)|gentile (?:cliente|abbonat)|(?:beste|geachte) (?:klant|lezer|heer/mevrouw|mevrouw/heer|abonnee)|(?:caro|prezado|estimado) (?:cliente|amigo|assinante|senhor))",
    );
    // On a list "Hi all" is the greeting; "Dear Sir" is none.
    let of_lists =
        |line: &str| letter.listed && has_word(line, &["all", "colleagues", "users", "hi", "hello", "the"]);
    letter.lines().take(3).map(fold).any(|line| ANYBODY.is_match(&line) && !of_lists(&line))
}

/// Whether the mail tells how to leave a list or change what it sends, by a link or an address: what
/// laws and senders' rules ask of mass mail, and what no letter has.
///
/// # Source
/// RFC 8058 section 1; 15 U.S.C. 7704(a)(3) (CAN-SPAM) and § 7 UWG ask for such a way out.
fn shows_way_out(letter: &Letter) -> bool {
    static WAY: Pattern = Pattern::new(
        r"unsubscri|subscri(?:be|ption|ber)|opt[ -]?(?:out|in)\b|\bremov(?:e|al|ed)\b|mailing list|(?:e-?mail|communication|newsletter|contact) (?:preference|setting)|preference cent|abmelde|abbestell|austrag|abonnement|desabonn|desinscri|darse de baja|dar(?:te|me) de baja|suscri|disiscri|cancella(?:re|ti)|iscrizione|afmeld|uitschrijv|descadastr|cancelar (?:a )?(?:inscri|assinatura)|avprenumerer|afmeld|odhlasit|wypisz",
    );
    let reachable = letter.links > 0 || letter.plain.contains('@') || letter.plain.contains("subject");
    reachable && WAY.is_match(&letter.plain)
}

#[cfg(test)]
mod tests;
