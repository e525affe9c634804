//! What a thread needs of the owner, and why.
//!
//! Brings together what the other files found. The newest message that is not the owner's decides;
//! an earlier ask stays open until the owner answers it.

use jiff::Zoned;
use postil_evidence::label::Reader;
use postil_evidence::{Addr, Directory, Parties};
use postil_mail::message::{Defect, Message, Zone, ZoneKind};
use postil_mail::thread::Thread;

use crate::ask;
use crate::bulk::{SentAs, sent_as};
use crate::date::dates;
use crate::language::language;
use crate::mass::mass_mailed;
use crate::meant::name_whom_they_mean;
use crate::mention::mentions;
use crate::notice::notice;
use crate::pattern::Pattern;
use crate::plain::fold;
use crate::promise::{promises, puts_off};
use crate::reading::{
    Addressee, Ask, AskKind, Confidence, DateMention, Owner, PromiseMade, Reading, Reason, Verdict,
};
use crate::taken_up::{name_the_thing, taken_up};
use crate::topic::{bare_subject, topics};

/// The reason for mail of somebody unknown that was made for many.
pub(crate) const STRANGERS_MASS_MAIL: &str = "A stranger's mass mail";
/// The most dates kept of one message.
const MOST_DATES: usize = 60;

/// Reads a whole thread for its owner: verdict with reasons, asks, dates, promises, mentions,
/// topics. `parties` tells which team addresses deliver to the owner. An empty thread reads as
/// [`Verdict::None`]. `now` stands in for the date of messages without one.
#[must_use]
pub fn read_thread(
    thread: &Thread,
    owner: &Owner,
    parties: &Parties,
    directory: &Directory,
    now: &Zoned,
) -> Reading {
    read_thread_knowing(thread, owner, parties, directory, &|_| false, now)
}

/// As [`read_thread`], where `knows` tells of an address whether the owner knows it, by having written
/// to it for example. A sender of a party, of the directory or of a thread in which the owner wrote is
/// known without it. A stranger's mail that was made for many reads as [`Verdict::Bulk`].
#[must_use]
pub fn read_thread_knowing(
    thread: &Thread,
    owner: &Owner,
    parties: &Parties,
    directory: &Directory,
    knows: &dyn Fn(&Addr) -> bool,
    now: &Zoned,
) -> Reading {
    let owner = with_aliases(owner, parties, thread);
    let is_mine =
        |message: &Message| message.from.as_ref().is_some_and(|from| owner.addrs.contains(&from.addr));
    let newest_other = thread.messages.iter().rposition(|message| !is_mine(message));
    let newest = newest_other.and_then(|at| thread.messages.get(at));
    let shown = newest.or(thread.messages.last());

    let mut asks = asks_of_thread(thread, &owner, &is_mine, now);
    name_whom_they_mean(&mut asks, thread);
    let mut promised: Vec<PromiseMade> =
        thread.messages.iter().flat_map(|message| promises(message, &owner.addrs)).collect();
    name_the_thing(&mut promised, thread, &asks);
    let is_known = thread.messages.iter().any(is_mine)
        || newest.and_then(|message| message.from.as_ref()).is_some_and(|from| {
            let of_a_party = match parties.reader(&from.addr) {
                Reader::Us | Reader::Party(_) => true,
                Reader::Unknown(_) => false,
            };
            of_a_party || directory.with_addr(&from.addr).next().is_some() || knows(&from.addr)
        });
    let place = Place {
        thread,
        owner: &owner,
        newest_other,
        asks: &asks,
        promises: &promised,
        is_mine: &is_mine,
        is_known,
    };
    let (verdict, confidence, reasons) = place.verdict();

    let own_words = shown.map(Message::own_words).unwrap_or_default();
    let subject = shown.map(|message| bare_subject(&message.subject)).unwrap_or_default();
    let kept: Vec<&Ask> = asks.iter().filter(|ask| ask.open).collect();
    Reading {
        verdict,
        confidence,
        reasons,
        answers: newest.map(|message| message.key),
        since: since(thread, verdict, &kept),
        dates: shown.map(|message| date_mentions(message, now)).unwrap_or_default(),
        promises: promised,
        mentions: mentions(thread, shown, &subject, directory),
        topics: topics(&subject, &kept, &own_words, directory),
        language: language(&own_words).map(str::to_owned),
        subject,
        asks,
    }
}

/// The owner with every team address that delivers to them, and every address from which they sent
/// mail of this thread, as their own mailbox says.
fn with_aliases(owner: &Owner, parties: &Parties, thread: &Thread) -> Owner {
    let mut owner = owner.clone();
    for from in thread.messages.iter().filter(|message| message.sent).filter_map(|m| m.from.as_ref()) {
        if !owner.addrs.contains(&from.addr) {
            owner.addrs.push(from.addr.clone());
        }
    }
    for (alias, delivers_to) in &parties.aliases {
        if delivers_to.iter().any(|addr| owner.addrs.contains(addr)) && !owner.addrs.contains(alias) {
            owner.addrs.push(alias.clone());
        }
    }
    owner
}

/// Since when it waits: the message of the oldest open ask, else the newest message.
fn since(thread: &Thread, verdict: Verdict, open: &[&Ask]) -> Option<Zoned> {
    let date_of = |ask: &&&Ask| {
        thread
            .messages
            .iter()
            .find(|message| message.key == ask.message)
            .and_then(|message| message.date.clone())
    };
    match verdict {
        Verdict::Reply => {
            open.iter().find(|ask| !matches!(ask.addressee, Addressee::Other(_))).as_ref().and_then(date_of)
        }
        Verdict::Waiting
        | Verdict::Promised
        | Verdict::Info
        | Verdict::Bulk
        | Verdict::Automated
        | Verdict::Calendar
        | Verdict::None => None,
    }
    .or_else(|| thread.newest().and_then(|message| message.date.clone()))
}

fn date_mentions(message: &Message, now: &Zoned) -> Vec<DateMention> {
    let reference = message.date.as_ref().unwrap_or(now);
    let mut out = Vec::new();
    for zone in message.own_zones() {
        let text = zone.span.of(&message.text);
        for date in dates(text, reference) {
            let span = date.span.shifted(zone.span.start);
            out.push(DateMention {
                message: message.key,
                span,
                text: ask::folded_space(span.of(&message.text)),
                start: date.start,
                end: date.end,
                grain: date.grain,
                zone_named: date.zone_named,
            });
        }
    }
    out.truncate(MOST_DATES);
    out
}

/// The asks of all messages that are not the owner's, each open or not.
fn asks_of_thread(
    thread: &Thread,
    owner: &Owner,
    is_mine: &dyn Fn(&Message) -> bool,
    now: &Zoned,
) -> Vec<Ask> {
    let mut all: Vec<Ask> = Vec::new();
    for (at, message) in thread.messages.iter().enumerate() {
        if is_mine(message) {
            continue;
        }
        let mut found = match &message.date {
            Some(_) => ask::asks(message, owner),
            None => ask::asks(&Message { date: Some(now.clone()), ..message.clone() }, owner),
        };
        if !matches!(sent_as(message), SentAs::Person | SentAs::List) {
            // What a program or a mass mailer wants is nobody's to answer.
            found.clear();
        }
        let earlier = thread.messages.get(..at).unwrap_or_default();
        if earlier.iter().any(|asked| is_mine(asked) && asked.own_words().contains('?')) {
            found.retain(|ask| !ask::is_answer_with_please(ask));
        }
        let later = thread.messages.get(at + 1..).unwrap_or_default();
        // An answer that is here says itself what it answers.
        let answered_elsewhere = message.answered && !later.iter().any(is_mine);
        for ask in &mut found {
            ask.open = !answered_elsewhere
                && !later.iter().any(|reply| {
                    if is_mine(reply) { answers(reply, ask, owner) } else { withdraws(reply, message) }
                });
        }
        all.extend(found);
    }
    // Who asks again asks once: the later wording stands.
    let sender = |ask: &Ask| {
        let message = thread.messages.iter().find(|message| message.key == ask.message);
        message.and_then(|message| message.from.as_ref()).map(|from| from.addr.clone())
    };
    let matters: Vec<String> = all.iter().map(|ask| squeezed(&ask.matter)).collect();
    for at in 0..all.len() {
        let repeated = all.get(at).zip(matters.get(at)).is_some_and(|(ask, matter)| {
            all.iter().zip(&matters).skip(at + 1).any(|(other, words)| {
                other.message != ask.message
                    && (words == matter || (is_reworded(ask, other) && sender(ask) == sender(other)))
            })
        });
        if repeated && let Some(ask) = all.get_mut(at) {
            ask.open = false;
        }
    }
    all
}

/// Whether two questions differ in one word only, or ask with the same question word about the same
/// things: "which one does it need", "which host does it need".
fn is_reworded(one: &Ask, other: &Ask) -> bool {
    let start = |ask: &Ask| ask.matter.split(' ').next().unwrap_or_default().to_lowercase();
    if one.kind != AskKind::Question || other.kind != AskKind::Question || start(one) != start(other) {
        return false;
    }
    let words = |ask: &Ask| -> Vec<String> { fold(&ask.matter).split(' ').map(str::to_owned).collect() };
    let (left, right) = (words(one), words(other));
    let missing = |from: &[String], of: &[String]| of.iter().filter(|word| !from.contains(word)).count();
    if left.len() >= 5 && missing(&left, &right) <= 1 && missing(&right, &left) <= 1 {
        // "Which fee do we pay in March" and "… in April" are two.
        return ask::differ_in_fill(&left, &right);
    }
    let (few, many) = if one.keywords.len() <= other.keywords.len() { (one, other) } else { (other, one) };
    let known = |word: &String| many.keywords.iter().any(|other| fold(other) == fold(word));
    few.keywords.len() >= 2 && few.keywords.iter().all(known)
}

/// Whether a later message of the owner answers the ask: by following it, or, where it answers
/// between quotes, by writing under the quoted ask.
fn answers(reply: &Message, ask: &Ask, owner: &Owner) -> bool {
    let own = reply.own_words();
    if own.is_empty() {
        return !reply.attachments.is_empty();
    }
    let off: Vec<PromiseMade> = promises(reply, &owner.addrs).into_iter().filter(puts_off).collect();
    let all_off =
        !off.is_empty() && own.len() < off.iter().map(|promise| promise.text.len()).sum::<usize>() + 120;
    let interleaved = is_interleaved(reply);
    if !interleaved {
        return !all_off;
    }
    let needle = squeezed(&ask.text);
    let zones: Vec<&Zone> = reply
        .zones
        .iter()
        .filter(|zone| zone.kind != ZoneKind::Empty && zone.kind != ZoneKind::QuotationMarker)
        .collect();
    let quoted = zones.iter().position(|zone| {
        zone.kind == ZoneKind::Quotation && squeezed(zone.span.of(&reply.text)).contains(&needle)
    });
    match quoted {
        Some(at) => zones.get(at + 1).is_some_and(|next| {
            let under = next.span.of(&reply.text);
            let put_off = off.iter().any(|promise| ask::folded_space(under).contains(&promise.text))
                && under.len() < 160;
            matches!(next.kind, ZoneKind::Paragraph | ZoneKind::Technical | ZoneKind::Table | ZoneKind::Code)
                && !put_off
        }),
        None => !all_off,
    }
}

/// Whether own paragraphs stand between or under quotes.
fn is_interleaved(message: &Message) -> bool {
    let first_quote = message.zones.iter().position(|zone| zone.kind == ZoneKind::Quotation);
    first_quote.is_some_and(|at| message.zones.iter().skip(at).any(|zone| zone.kind == ZoneKind::Paragraph))
}

/// Letters and digits only, folded: equal for a quoted and an original wording.
fn squeezed(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether the asker took it back: "never mind, found it".
fn withdraws(reply: &Message, asked: &Message) -> bool {
    static BACK: Pattern = Pattern::new(
        r"\b(?:never ?mind|no longer (?:need|necessary|relevant)|(?:i|we)(?:'ve| have)? (?:just )?(?:found|solved|sorted|figured) (?:it|this|that)\b|(?:please )?disregard (?:my|the) (?:last|previous|earlier|question|request)|hat sich erledigt|c'est (?:regle|bon)|ya esta resuelto|risolto|is al opgelost)\b",
    );
    let same = match (&reply.from, &asked.from) {
        (Some(reply), Some(asked)) => reply.addr == asked.addr,
        (Some(_) | None, _) => false,
    };
    same && BACK.is_match(&fold(&reply.own_words()))
}

struct Place<'a> {
    thread: &'a Thread,
    owner: &'a Owner,
    newest_other: Option<usize>,
    asks: &'a [Ask],
    promises: &'a [PromiseMade],
    is_mine: &'a dyn Fn(&Message) -> bool,
    /// Whether the owner knows who wrote last.
    is_known: bool,
}

type Outcome = (Verdict, Confidence, Vec<Reason>);

impl Place<'_> {
    fn verdict(&self) -> Outcome {
        let Some(last) = self.thread.newest() else {
            return (Verdict::None, Confidence::High, vec![reason("Empty thread", "", None)]);
        };
        if (self.is_mine)(last) {
            return self.owner_wrote_last(last);
        }
        let (verdict, confidence, reasons) = self.other_wrote_last(last);
        let doubtful = last.defects.iter().any(|defect| {
            matches!(
                defect,
                Defect::ReplyToElsewhere
                    | Defect::NoSender
                    | Defect::PartsDisagree
                    | Defect::Unreadable(_)
                    | Defect::OverLimit(_)
            )
        });
        (verdict, if doubtful { Confidence::Low } else { confidence }, reasons)
    }

    fn owner_wrote_last(&self, last: &Message) -> Outcome {
        let wrote = reason("You wrote last", first_words(last), Some(last));
        let run = self.newest_other.map_or(0, |at| at + 1);
        let mine = self.thread.messages.get(run..).unwrap_or_default();
        let is_recent = |promise: &&PromiseMade| {
            promise.by_owner && mine.iter().any(|message| message.key == promise.message)
        };
        if let Some(promise) = self.promises.iter().filter(is_recent).find(|promise| !self.is_kept(promise)) {
            let mut reasons = self.promised(promise);
            reasons.push(wrote);
            return (Verdict::Promised, Confidence::High, reasons);
        }
        let asked = mine.iter().rev().flat_map(|message| ask::asks(message, &nobody(self.owner))).next();
        if let Some(asked) = asked {
            return (
                Verdict::Waiting,
                Confidence::High,
                vec![wrote, quoted("You asked", &asked.text, asked.message)],
            );
        }
        if let Some(open) = self.asks.iter().find(|ask| ask.open && ask.addressee == Addressee::Owner) {
            return (
                Verdict::Reply,
                Confidence::Low,
                vec![quoted(kind_phrase(open), &open.text, open.message), wrote],
            );
        }
        (Verdict::None, Confidence::Medium, vec![wrote])
    }

    /// The words of a promise, and those that say what "it" is in them.
    fn promised(&self, promise: &PromiseMade) -> Vec<Reason> {
        let asked = promise.thing.as_ref().and_then(|_| taken_up(promise, self.thread, self.asks));
        let asked = asked.map(|ask| quoted("You were asked", &ask.text, ask.message));
        std::iter::once(quoted("You promised", &promise.text, promise.message)).chain(asked).collect()
    }

    /// Whether the owner did later what they promised, as far as mail can tell: a later message of
    /// theirs with an attachment, or one that says so.
    fn is_kept(&self, promise: &PromiseMade) -> bool {
        static DONE: Pattern = Pattern::new(
            r"\b(?:as promised|attached|here (?:is|are)|done|please find|i(?:'ve| have) (?:sent|shared|now|just)|wie versprochen|anbei|erledigt|comme promis|ci-joint|voici|adjunto|como prometi|in allegato|bijgevoegd|zoals beloofd|em anexo)\b",
        );
        let made = self.thread.messages.iter().position(|message| message.key == promise.message);
        let later = made.and_then(|at| self.thread.messages.get(at + 1..)).unwrap_or_default();
        later.iter().any(|message| {
            (self.is_mine)(message)
                && (!message.attachments.is_empty() || DONE.is_match(&fold(&message.own_words())))
        })
    }

    fn other_wrote_last(&self, last: &Message) -> Outcome {
        match sent_as(last) {
            SentAs::Automated(why) => {
                return (Verdict::Automated, Confidence::High, vec![reason(why.kind, &why.text, Some(last))]);
            }
            SentAs::Calendar(why) => {
                return (Verdict::Calendar, Confidence::High, vec![reason(why.kind, &why.text, Some(last))]);
            }
            SentAs::Bulk(why) => {
                return (Verdict::Bulk, Confidence::High, vec![reason(why.kind, &why.text, Some(last))]);
            }
            SentAs::List => {
                let direct =
                    last.to.iter().chain(&last.cc).any(|mailbox| self.owner.addrs.contains(&mailbox.addr));
                let named = self
                    .asks
                    .iter()
                    .any(|ask| ask.open && ask.message == last.key && ask.addressee == Addressee::Owner);
                if !direct && !named {
                    let header = last
                        .delivery
                        .list_id
                        .as_ref()
                        .map_or_else(|| "List-Post".to_owned(), ToString::to_string);
                    return (
                        Verdict::Bulk,
                        Confidence::Medium,
                        vec![reason("Discussion on a mailing list", &header, Some(last))],
                    );
                }
            }
            SentAs::Person => {}
        }
        if !self.is_known
            && let Some(signs) = mass_mailed(last, self.owner)
        {
            let why = reason(STRANGERS_MASS_MAIL, &signs.join(", "), Some(last));
            return (Verdict::Bulk, Confidence::Medium, vec![why]);
        }
        let wants_none = wants_no_reply(last);
        let open: Vec<&Ask> = self
            .asks
            .iter()
            .filter(|ask| ask.open && !matches!(ask.addressee, Addressee::Other(_)))
            .collect();
        // "No reply needed" speaks of its own message only.
        let open: Vec<&Ask> =
            open.into_iter().filter(|ask| wants_none.is_none() || ask.message != last.key).collect();
        if last.answered && open.is_empty() {
            let why = reason("Your mail program marks it as answered", first_words(last), Some(last));
            return (Verdict::None, Confidence::Medium, vec![why]);
        }
        if let Some(words) = notice(last, &open) {
            return (Verdict::Info, Confidence::Medium, vec![reason("A notice", &words, Some(last))]);
        }
        if !open.is_empty() {
            return self.needs_reply(last, &open);
        }
        if let Some(other) = self
            .asks
            .iter()
            .rev()
            .find(|ask| ask.message == last.key && matches!(ask.addressee, Addressee::Other(_)))
        {
            return (
                Verdict::Info,
                Confidence::Medium,
                vec![quoted("Addressed to someone else", &other.text, other.message)],
            );
        }
        if let Some(promise) = self
            .promises
            .iter()
            .find(|promise| promise.by_owner && !self.is_kept(promise) && self.still_waits(promise))
        {
            return (Verdict::Promised, Confidence::Medium, self.promised(promise));
        }
        if let Some(words) = wants_none {
            return (Verdict::Info, Confidence::High, vec![reason("No reply needed", &words, Some(last))]);
        }
        let own = last.own_words();
        if own.is_empty() && last.attachments.is_empty() {
            return (
                Verdict::None,
                Confidence::Medium,
                vec![reason("Nothing written", last.subject.as_str(), Some(last))],
            );
        }
        let kind = if is_thanks(&own) { "Thanks only" } else { "Asks nothing of you" };
        let confidence = if own.len() < 400 { Confidence::High } else { Confidence::Medium };
        (Verdict::Info, confidence, vec![reason(kind, first_words(last), Some(last))])
    }

    /// Whether a promise of the owner is the last word of theirs in the thread.
    fn still_waits(&self, promise: &PromiseMade) -> bool {
        let last_of_mine = self.thread.messages.iter().rev().find(|message| (self.is_mine)(message));
        last_of_mine.is_some_and(|message| message.key == promise.message)
    }

    fn needs_reply(&self, last: &Message, open: &[&Ask]) -> Outcome {
        let mut reasons: Vec<Reason> = Vec::new();
        let mut ranked: Vec<&&Ask> = open.iter().collect();
        ranked.sort_by_key(|ask| (ask.message != last.key, std::cmp::Reverse(ask.confidence)));
        for ask in ranked.iter().take(6) {
            reasons.push(quoted(kind_phrase(ask), &ask.text, ask.message));
        }
        let best = open.iter().map(|ask| ask.confidence).max().unwrap_or(Confidence::Low);
        let direct = open.iter().any(|ask| ask.addressee == Addressee::Owner);
        let in_to = last.to.iter().any(|mailbox| self.owner.addrs.contains(&mailbox.addr));
        let many = last.to.len() + last.cc.len() > 8;
        let lowered = !direct || (!in_to && !last.to.is_empty()) || many;
        let confidence = match (best, lowered) {
            (Confidence::High, false) => Confidence::High,
            (Confidence::High, true) | (Confidence::Medium, false) => Confidence::Medium,
            (Confidence::Medium, true) | (Confidence::Low, _) => Confidence::Low,
        };
        (Verdict::Reply, confidence, reasons)
    }
}

/// An owner whom nobody addresses: for reading what the owner asks of others.
fn nobody(owner: &Owner) -> Owner {
    Owner { name: String::new(), names: Vec::new(), addrs: Vec::new(), zone: owner.zone.clone() }
}

fn kind_phrase(ask: &Ask) -> &'static str {
    match ask.kind {
        AskKind::Question => "Contains question",
        AskKind::Request => "Asks you to do something",
        AskKind::Time => "Asks for a time",
        AskKind::Document => "Asks for a document",
        AskKind::Decision => "Asks for a decision",
        AskKind::Introduction => "Asks for an introduction",
    }
}

fn reason(kind: &str, text: &str, message: Option<&Message>) -> Reason {
    Reason { kind: kind.to_owned(), text: text.to_owned(), message: message.map(|message| message.key) }
}

fn quoted(kind: &str, text: &str, message: postil_evidence::MessageKey) -> Reason {
    Reason { kind: kind.to_owned(), text: text.to_owned(), message: Some(message) }
}

/// The first own line that is no greeting, as written; at most 120 characters.
fn first_words(message: &Message) -> &str {
    let zone = message.own_zones().find(|zone| !matches!(zone.kind, ZoneKind::Salutation | ZoneKind::Empty));
    let line = zone
        .and_then(|zone| zone.span.of(&message.text).lines().map(str::trim).find(|line| !line.is_empty()))
        .unwrap_or_default();
    line.char_indices().nth(120).map_or(line, |(end, _)| line.get(..end).unwrap_or(line))
}

/// The words that say no reply is wanted.
fn wants_no_reply(message: &Message) -> Option<String> {
    static NONE: Pattern = Pattern::when(
        concat!(
            "no reply|no response|no answer|no action|no need|information|=fyi|nur zur info|zur kenntnis|",
            "keine antwort|pour votre info|pour ton info|pas besoin|informacion|no hace falta|informazione|",
            "ter info|informacao|conhecimento"
        ),
        r"\bno (?:reply|response|answer|action)(?: is)? (?:needed|necessary|required|expected)\b|\bno need to (?:reply|respond|answer)\b|\b(?:just )?for your information\b|(?:^|\n| )fyi\b|\bnur zur info\b|\bzur kenntnis\b|\bkeine antwort (?:notig|erforderlich)\b|\bpour (?:votre |ton )?info(?:rmation)?\b|\bpas besoin de repondre\b|\bpara tu informacion\b|\bno hace falta (?:que respond|responder)|\bper (?:tua |vostra )?informazione\b|\bter info(?:rmatie)?\b|\bpara (?:sua|seu) (?:informacao|conhecimento)\b",
    );
    let own = message.own_words();
    let plain = fold(&own);
    let found = NONE.find(&plain)?;
    let words = plain.get(found)?.trim().to_owned();
    // "FYI" before a real question does not take the question back.
    let weak = !words.starts_with("no ") && !words.starts_with("keine") && !words.starts_with("pas");
    (!weak || !own.contains('?')).then_some(words)
}

/// Whether the words are little more than thanks.
fn is_thanks(own: &str) -> bool {
    let plain = fold(own);
    let thanks = [
        "thank", "thx", "cheers", "danke", "merci", "gracias", "grazie", "bedankt", "dank", "obrigad",
        "perfect", "great", "super",
    ];
    own.len() < 400 && thanks.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests;
