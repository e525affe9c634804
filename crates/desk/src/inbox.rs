//! `postil inbox` and `postil read`: what needs the owner and why, and a message as understood.

use postil_evidence::{Addr, Source};
use postil_index::{BulkThreads, GUESSED};
use postil_mail::identity::KnownDomains;
use postil_mail::message::AddressField;
use postil_mail::{Message, ZoneKind, quotes, signature_fields};
use postil_understand::{Addressee, Ask, Reading, Verdict};
use serde::Serialize;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::progress::Progress;
use crate::suspicion::{authentication_view, warnings};
use crate::sync::defect_words;
use crate::threads::public_id;
use crate::view::{
    AskView, AttachmentView, DateView, InboxItem, MentionView, QuoteView, ReadView, ReasonView,
    SignatureFieldView, ZoneView,
};

/// Which threads the inbox shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxScope {
    /// Only those that need a reply or hold a promise of the owner's.
    NeedsMe,
    /// Every thread of the window, bulk and automated ones too.
    Everything,
}

/// Threads looked at, at most.
const LIMIT: usize = 5_000;

impl Desk {
    /// The threads of the configured window, newest first.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn inbox(&self, scope: InboxScope, progress: &dyn Progress) -> Result<Vec<InboxItem>, DeskError> {
        let directory = self.directory()?;
        let drafts = self.existing_drafts()?;
        let known = self.known_domains(&directory);
        let since = self.window_start();
        let rows = self.index.catalog().threads_active_since(since, LIMIT, BulkThreads::Include)?;
        progress.begin("reading threads", rows.len() as u64);
        let mut items = Vec::new();
        for (thread, reading) in self.readings(&rows, &directory, progress)? {
            let wanted = match scope {
                InboxScope::NeedsMe => matches!(reading.verdict, Verdict::Reply | Verdict::Promised),
                InboxScope::Everything => true,
            };
            if !wanted {
                continue;
            }
            let newest = || Ok(self.index.catalog().thread_messages(thread)?.pop().map(|(row, _)| row));
            let message = match reading.answers {
                Some(key) => self.index.catalog().message(key)?,
                None => None,
            };
            let Some(message) = message.map_or_else(newest, |row| Ok::<_, DeskError>(Some(row)))? else {
                continue;
            };
            let decided = message.key;
            let message_id =
                if message.message_id.is_empty() { decided.to_string() } else { message.message_id.clone() };
            let draft =
                drafts.iter().find(|draft| draft.answers == message_id).map(|draft| draft.path.clone());
            items.push(InboxItem {
                schema: "postil/inbox@1",
                key: decided.to_string(),
                thread_id: thread.to_string(),
                from: message.from_addr.clone(),
                subject: message.subject.clone(),
                date: date_text(&message),
                verdict: word(&reading.verdict),
                confidence: word(&reading.confidence),
                reasons: reasons(&reading),
                asks: open_asks(&reading).map(|ask| ask.text.clone()).collect(),
                draft,
                since: reading.since.as_ref().map(rfc3339),
                guessed: self.is_guessed(thread)?,
                warnings: self.warnings_of(&known, &message)?,
                message_id,
            });
        }
        progress.end();
        Ok(items)
    }

    /// Whether a message of the thread was joined to it by a guess.
    fn is_guessed(&self, thread: i64) -> Result<bool, DeskError> {
        let rows = self.index.catalog().thread_messages(thread)?;
        Ok(rows.iter().any(|(row, _)| row.flags & GUESSED != 0))
    }

    /// Why to look twice at the sender of a message in a list.
    fn warnings_of(
        &self,
        known: &KnownDomains,
        message: &postil_index::MessageRow,
    ) -> Result<Vec<String>, DeskError> {
        let defects = self.index.catalog().defects_of(&Source::Mail(message.key))?;
        let defects = defects.into_iter().map(|defect| (defect.kind, defect.detail));
        Ok(warnings(known, Addr::parse(&message.from_addr).as_ref(), defects))
    }

    /// The start of the window in which mail is proposed for a reply, in milliseconds.
    pub(crate) fn window_start(&self) -> i64 {
        let days = i64::from(self.config.file.reply.within_days);
        self.env.now.timestamp().as_millisecond() - days * 24 * 60 * 60 * 1000
    }

    /// A message as understood, with the verdict on its thread.
    ///
    /// # Errors
    /// Where nothing or more than one message fits, or its file is gone.
    pub fn read(&self, id: &str) -> Result<ReadView, DeskError> {
        let row = self.find_message(id)?;
        let directory = self.directory()?;
        let read = self.read_thread(row.thread, &directory)?;
        let key = row.key;
        let place = read.thread.messages.iter().position(|message| message.key == key);
        let Some(message) = place.and_then(|place| read.thread.messages.get(place)) else {
            let why = read.missing.join("; ");
            return Err(DeskError::user(
                format!("the message {id} cannot be read: {why}"),
                "run `postil sync`",
            ));
        };
        let reading = &read.reading;
        let signature: String = message
            .zones
            .iter()
            .filter(|zone| zone.kind == ZoneKind::PersonalSignature)
            .map(|zone| zone.span.of(&message.text))
            .collect();
        let signature = signature.trim().to_owned();
        Ok(ReadView {
            schema: "postil/read@1",
            message_id: public_id(message),
            key: message.key.to_string(),
            from: sender_words(message),
            to: message.to.iter().map(ToString::to_string).collect(),
            cc: message.cc.iter().map(ToString::to_string).collect(),
            subject: message.subject.to_string(),
            date: message.date.as_ref().map(rfc3339).unwrap_or_default(),
            answers: place
                .and_then(|place| read.thread.parents.get(place).copied().flatten())
                .and_then(|parent| read.thread.messages.get(parent))
                .map(public_id),
            answers_guessed: place.and_then(|place| read.thread.guessed.get(place).copied().flatten()),
            verdict: word(&reading.verdict),
            reasons: reasons(reading),
            text: message.text.clone(),
            own_words: message.own_words(),
            zones: message
                .zones
                .iter()
                .map(|zone| ZoneView { start: zone.span.start, end: zone.span.end, zone: word(&zone.kind) })
                .collect(),
            signature: (!signature.is_empty()).then_some(signature),
            signature_fields: signature_fields(message)
                .into_iter()
                .map(|(field, span)| SignatureFieldView {
                    field: word(&field),
                    text: span.of(&message.text).to_owned(),
                    start: span.start,
                    end: span.end,
                })
                .collect(),
            quotes: quotes(message, &read.thread.messages)
                .into_iter()
                .map(|quote| QuoteView {
                    start: quote.span.start,
                    end: quote.span.end,
                    said_in: read
                        .thread
                        .messages
                        .iter()
                        .find(|said| quote.said_in == Some(said.key))
                        .map(public_id),
                })
                .collect(),
            attachments: message
                .attachments
                .iter()
                .map(|part| AttachmentView {
                    name: part.name.to_string(),
                    content_type: part.content_type.clone(),
                    sniffed: part.sniffed.clone(),
                    size: part.size,
                    hash: part.hash.to_string(),
                    text: part.text.clone(),
                    events: part.events.clone(),
                    contacts: part.contacts.clone(),
                })
                .collect(),
            defects: message
                .defects
                .iter()
                .map(defect_words)
                .map(|(kind, detail)| if detail.is_empty() { kind } else { format!("{kind}: {detail}") })
                .collect(),
            warnings: warnings(
                &self.known_domains(&directory),
                message.from.as_ref().map(|from| &from.addr),
                message.defects.iter().map(defect_words),
            ),
            authentication: authentication_view(message, &self.config),
            asks: reading.asks.iter().map(ask_view).collect(),
            mentions: reading
                .mentions
                .iter()
                .map(|m| MentionView { text: m.text.clone(), names: m.names.clone(), notes: m.homes.clone() })
                .collect(),
            dates: reading
                .dates
                .iter()
                .map(|date| DateView {
                    text: date.text.clone(),
                    start: rfc3339(&date.start),
                    end: date.end.as_ref().map(rfc3339),
                    grain: word(&date.grain),
                })
                .collect(),
            topics: reading.topics.clone(),
            language: reading.language.clone(),
        })
    }
}

/// The sender, or where there is no address the words that stand for one.
fn sender_words(message: &Message) -> String {
    let words = || {
        let mut words = message.delivery.unaddressed.iter().filter(|w| w.field == AddressField::From);
        words.next().map(|w| w.text.to_string())
    };
    message.from.as_ref().map(ToString::to_string).or_else(words).unwrap_or_default()
}

/// The asks that wait for the owner.
pub(crate) fn open_asks(reading: &Reading) -> impl Iterator<Item = &Ask> {
    reading.asks.iter().filter(|ask| ask.open && !matches!(ask.addressee, Addressee::Other(_)))
}

pub(crate) fn ask_view(ask: &Ask) -> AskView {
    AskView {
        text: ask.text.clone(),
        kind: word(&ask.kind),
        to_owner: !matches!(ask.addressee, Addressee::Other(_)),
        due: ask.due.map(|due| due.to_string()),
        open: ask.open,
        start: ask.span.start,
        end: ask.span.end,
        reason: ask.reason.clone(),
        message: ask.message.to_string(),
    }
}

fn reasons(reading: &Reading) -> Vec<ReasonView> {
    reading
        .reasons
        .iter()
        .map(|reason| ReasonView { kind: reason.kind.clone(), text: reason.text.clone() })
        .collect()
}

/// The word that a value is written as in JSON.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(crate) fn rfc3339(time: &jiff::Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn date_text(row: &postil_index::MessageRow) -> String {
    let Some(ms) = row.date_ms else { return String::new() };
    let Ok(time) = jiff::Timestamp::from_millisecond(ms) else { return String::new() };
    let Ok(offset) = jiff::tz::Offset::from_seconds(row.offset_minutes * 60) else { return String::new() };
    rfc3339(&time.to_zoned(offset.to_time_zone()))
}
