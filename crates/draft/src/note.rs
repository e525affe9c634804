//! The draft note: how it is written, what it is called, and how it is read back.
//!
//! All text of a mail passes [`VaultText`]; only our own structure is live in a vault.

use jiff::civil::{Date, DateTime};
use postil_evidence::vault_text::without_joiners;
use postil_evidence::{Anchor, Mailbox, Source, VaultText};
use postil_mail::Message;
use postil_mail::subject::without_prefixes;
use postil_understand::Confidence;

use crate::brief::{Brief, ContextGroup};
use crate::draft::{AskOutcome, Draft, FindingKind, Footnote, Outcome};
use crate::language::Language;
use crate::names::called;
use crate::yaml;

/// The longest file name, in bytes, with its `.md`. 255 is the limit of most systems; synchronising
/// services and encrypted folders take less.
const NAME_LIMIT: usize = 120;

/// What a note needs that the draft does not know.
pub struct Frame<'a> {
    /// When it is written, in the owner's zone.
    pub created: DateTime,
    /// File name of the mail note.
    pub original: String,
    /// The link to a place: `[[2026-11-10 - Retention workshop#^d1]]`. Its text stands in the note
    /// as it is.
    pub link_for: &'a dyn Fn(&Source, Option<&Anchor>) -> String,
    /// Who composed it: `none`, or the name of a model.
    pub composer: &'a str,
}

/// Writes the note of a draft. The text between `%% reply %%` and `%% /reply %%` is the reply.
#[must_use]
pub fn render(draft: &Draft, brief: &Brief, frame: &Frame<'_>) -> String {
    let blocks = [
        front_matter(draft, brief, frame),
        heading(draft, brief),
        "---".to_owned(),
        format!("%% reply %%\n{}\n%% /reply %%", body(draft)),
        "---".to_owned(),
        asks(draft, frame),
        format!("## Original Email\n\n{}", original(brief.message(), brief.owner.zone.clone())),
        context(brief, frame),
        footnotes(draft, frame),
    ];
    let blocks: Vec<String> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
    format!("{}\n", blocks.join("\n\n"))
}

fn front_matter(draft: &Draft, brief: &Brief, frame: &Frame<'_>) -> String {
    let reading = brief.reading();
    let to = draft.to.iter().map(|mailbox| mailbox.addr.as_str()).collect::<Vec<_>>().join(", ");
    let to_name = draft.to.first().map(shown_name).unwrap_or_default();
    let reason = reading.reasons.first().map(|reason| reason.kind.as_str()).unwrap_or_default();
    let people = reading.mentions.iter().map(|mention| match mention.names.as_slice() {
        [only] => only.as_str(),
        _ => mention.text.as_str(),
    });
    let message_id = brief.message().message_id.as_ref().map(|id| yaml::message_id(id.as_str()));
    let mut lines = vec![
        "---".to_owned(),
        "status: draft".to_owned(),
        "type: email-draft".to_owned(),
        format!("original: {}", yaml::quoted(&frame.original)),
        format!("created: {}", frame.created.strftime("%Y-%m-%dT%H:%M:%S")),
        format!("to: {}", yaml::quoted(&to)),
        format!("to_name: {}", yaml::quoted(&to_name)),
        format!("cc: {}", yaml::list(draft.cc.iter().map(|mailbox| mailbox.addr.as_str()))),
        format!("subject: {}", yaml::quoted(&draft.subject)),
        format!("reason: {}", yaml::quoted(reason)),
        format!("topics: {}", yaml::list(reading.topics.iter().map(String::as_str))),
        format!("people_mentioned: {}", yaml::list(people)),
        format!("vault_context_used: {}", !draft.footnotes.is_empty() || !brief.context().is_empty()),
    ];
    lines.extend(message_id.map(|id| format!("message_id: {id}")));
    lines.push(format!(
        "confidence: {}",
        match draft.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    ));
    lines.push(format!("composer: {}", yaml::quoted(frame.composer)));
    lines.push("---".to_owned());
    lines.join("\n")
}

fn heading(draft: &Draft, brief: &Brief) -> String {
    let subject = without_prefixes(draft.subject.as_str());
    let subject = if subject.is_empty() { "(no subject)" } else { subject };
    let people = |mailboxes: &[Mailbox]| {
        mailboxes.iter().map(|m| VaultText::line(&m.to_string()).to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![
        format!("# Draft Reply: {}", VaultText::line(subject)),
        String::new(),
        format!("**To:** {}", people(&draft.to)),
    ];
    if !draft.cc.is_empty() {
        lines.push(format!("**Cc:** {}", people(&draft.cc)));
    }
    lines.push(format!("**Subject:** {}", VaultText::line(&draft.subject)));
    if let Some(reason) = brief.reading().reasons.first() {
        let quote = if reason.text.is_empty() {
            String::new()
        } else {
            format!(": \"{}\"", VaultText::line(&reason.text))
        };
        lines.push(format!("**Context:** {}{quote}", VaultText::line(&reason.kind)));
    }
    for finding in draft.findings.iter().filter(|finding| finding.kind == FindingKind::Recipients) {
        lines.push(format!("**Note:** {}", VaultText::line(&finding.text)));
    }
    lines.join("\n")
}

/// The reply with marks, each sentence made safe before its marks are put on.
fn body(draft: &Draft) -> String {
    draft.text(|sentence| {
        let marks: String = sentence.footnotes.iter().map(|number| format!("[^{number}]")).collect();
        // A bracket and a mark side by side would read as a link.
        let joiner = if sentence.text.ends_with(']') && !marks.is_empty() { "\u{2060}" } else { "" };
        format!("{}{joiner}{marks}", VaultText::lines(&sentence.text))
    })
}

fn asks(draft: &Draft, frame: &Frame<'_>) -> String {
    if draft.asks.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = draft.asks.iter().map(|ask| ask_line(ask, draft, frame)).collect();
    format!("## Asks\n\n{}", lines.join("\n"))
}

fn ask_line(ask: &AskOutcome, draft: &Draft, frame: &Frame<'_>) -> String {
    let text = VaultText::line(&ask.text);
    let links = |numbers: &[usize]| {
        let links: Vec<String> = draft
            .footnotes
            .iter()
            .filter(|footnote| numbers.contains(&footnote.number))
            .map(|footnote| named_link(footnote, frame))
            .collect();
        links.join(" and ")
    };
    match &ask.outcome {
        Outcome::Answered { footnotes } => format!("- [x] \"{text}\" answered from {}", links(footnotes)),
        Outcome::Acknowledged => format!("- [x] \"{text}\" taken notice of"),
        Outcome::Missing { what }
            if ask.text.to_lowercase().contains(what.to_lowercase().trim_end_matches('?')) =>
        {
            format!("- [ ] \"{text}\" nothing found that answers it")
        }
        Outcome::Missing { what } => {
            format!("- [ ] \"{text}\" nothing found that answers it: {}", VaultText::line(what))
        }
        Outcome::Promise { due } => {
            let due = due.map(|due| format!(": due 📅 {due}")).unwrap_or_default();
            format!("- [ ] \"{text}\" **you would be promising this**{due}")
        }
        Outcome::Slot { what } => format!("- [ ] \"{text}\" to fill in: {}", VaultText::line(what)),
        Outcome::Conflict { footnotes } => {
            format!("- [ ] \"{text}\" **your notes disagree**: {}", links(footnotes))
        }
    }
}

/// A link that shows the source's day and title.
fn named_link(footnote: &Footnote, frame: &Frame<'_>) -> String {
    let link = (frame.link_for)(&footnote.source, footnote.anchor.as_ref());
    let title: String = footnote.title.chars().filter(|c| !matches!(c, '|' | '[' | ']' | '\n')).collect();
    let title = VaultText::line(title.trim());
    match link.strip_suffix("]]").filter(|inside| !inside.contains('|') && !title.as_str().is_empty()) {
        Some(inside) => format!("{inside}|{title}]]"),
        None => link,
    }
}

/// The whole text of a message in a folded quote, made safe for a vault; never empty.
pub(crate) fn original(message: &Message, zone: jiff::tz::TimeZone) -> String {
    let name = message.from.as_ref().map_or("Unknown sender", |from| {
        if from.name.is_empty() { from.addr.as_str() } else { from.name.as_str() }
    });
    let when = message.date.as_ref().map(|date| {
        let date = date.with_time_zone(zone);
        let month: String = Language::English
            .day(date.date(), date.date())
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .chars()
            .take(3)
            .collect();
        format!(", {} {month} {}, {:02}:{:02}", date.day(), date.year(), date.hour(), date.minute())
    });
    let mut text = message.text.trim_end().to_owned();
    if text.trim().is_empty() {
        text = "(no text)".to_owned();
    }
    if !message.attachments.is_empty() {
        let names: Vec<&str> = message.attachments.iter().map(|part| part.name.as_str()).collect();
        text.push_str(&format!("\n\nAttached: {}", names.join(", ")));
    }
    format!(
        "> [!quote]- {}{}\n{}",
        VaultText::line(name),
        when.unwrap_or_default(),
        VaultText::lines(&text).quoted()
    )
}

fn context(brief: &Brief, frame: &Frame<'_>) -> String {
    let groups = [
        (ContextGroup::People, "People Context"),
        (ContextGroup::Customers, "Customer/Partner Context"),
        (ContextGroup::Projects, "Project Context"),
        (ContextGroup::PastMail, "Past Mail"),
        (ContextGroup::Notes, "Notes"),
    ];
    let mut lines = Vec::new();
    for (group, title) in groups {
        let items: Vec<_> = brief.context().iter().filter(|item| item.group == group).collect();
        if items.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(">".to_owned());
        }
        lines.push(format!("> ### {title}"));
        let mut last = None;
        for item in items {
            let passage = item.passage.get();
            let link = (frame.link_for)(&passage.source, passage.anchor.as_ref());
            if last != Some((&item.heading, &passage.source)) {
                lines.push(format!("> **{}** {link}", VaultText::line(&item.heading)));
            }
            last = Some((&item.heading, &passage.source));
            lines.push(VaultText::lines(&passage.text).quoted());
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "## Vault Context Used\n\n> [!note]- Context from notes that informed this draft\n{}",
        lines.join("\n")
    )
}

fn footnotes(draft: &Draft, frame: &Frame<'_>) -> String {
    let lines: Vec<String> = draft
        .footnotes
        .iter()
        .map(|footnote| {
            let link = (frame.link_for)(&footnote.source, footnote.anchor.as_ref());
            format!("[^{}]: {link}: \"{}\"", footnote.number, VaultText::line(&footnote.quote))
        })
        .collect();
    lines.join("\n")
}

/// The note's file name: `2026-11-23 Re Retention terms - Maya Okafor.md`. Safe on every system: at
/// most 120 bytes, none of `# | ^ : [ ] \ / * ? " < >`, no leading or trailing dot, no control.
#[must_use]
pub fn file_name(draft: &Draft, created: Date) -> String {
    let to = draft.to.first().map(|mailbox| {
        if mailbox.name.is_empty() { mailbox.addr.local().to_owned() } else { shown_name(mailbox) }
    });
    let to = fitting(&plain_name(&to.unwrap_or_default()), 40);
    let subject = plain_name(without_prefixes(&draft.subject));
    let fixed = created.to_string().len() + " Re ".len() + " - ".len() + ".md".len() + to.len();
    let subject = fitting(&subject, NAME_LIMIT.saturating_sub(fixed));
    let mut name = format!("{created} Re");
    if !subject.is_empty() {
        name.push(' ');
        name.push_str(&subject);
    }
    if !to.is_empty() {
        name.push_str(" - ");
        name.push_str(&to);
    }
    format!("{name}.md")
}

/// A display name in the order it is spoken: "Reiss, Claudia" is "Claudia Reiss".
fn shown_name(mailbox: &Mailbox) -> String {
    let name = mailbox.name.as_str();
    match called(mailbox) {
        Some(called) if name.contains(',') => called.full,
        Some(_) | None => name.to_owned(),
    }
}

/// Text without characters that a file system, a link or a plugin acts on.
pub(crate) fn plain_name(text: &str) -> String {
    let (cleaned, _) = postil_evidence::text::clean(text);
    let spaced: String = cleaned
        .chars()
        .map(|c| if c.is_control() || "#|^:[]\\/*?\"<>%{}$`~=!;&".contains(c) { ' ' } else { c })
        .collect();
    let folded = postil_evidence::text::fold_space(&spaced);
    folded.trim_matches(|c: char| c == '.' || c == ' ' || c == '-').to_owned()
}

/// The leading characters that fit into `limit` bytes, cut at a word where there is one near.
pub(crate) fn fitting(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= limit)
        .last()
        .unwrap_or(0);
    let cut = text.get(..end).unwrap_or_default();
    let cut = match cut.rsplit_once(' ') {
        Some((head, _)) if head.len() * 2 > limit => head,
        Some(_) | None => cut,
    };
    cut.trim_end_matches(['.', ' ', '-', ',']).to_owned()
}

/// A draft note as its owner left it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftNote {
    /// `draft`, `approved`, `queued`, `sent`, `discarded`, `superseded`, or what else stands there.
    pub status: String,
    /// File name of the mail note.
    pub original: String,
    /// As written: `2026-11-23T08:30:00`.
    pub created: String,
    /// Addresses of To.
    pub to: Vec<String>,
    /// Name of the first of them.
    pub to_name: String,
    /// Addresses of Cc.
    pub cc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// Message-ID of the answered mail, with its brackets.
    pub message_id: Option<String>,
    /// Who composed it.
    pub composer: String,
    /// The reply as it would be sent: without footnote marks and joiners.
    pub reply: String,
    /// Numbers of the footnotes that stand in the reply.
    pub footnotes: Vec<usize>,
}

/// Reads a draft note; `None` where it has no front matter of ours or no reply.
#[must_use]
pub fn read_back(text: &str) -> Option<DraftNote> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (front, rest) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    let value = |key: &str| yaml::value(front, key).map(|value| without_joiners(&value)).unwrap_or_default();
    if value("type") != "email-draft" {
        return None;
    }
    let (_, rest) = rest.split_once("%% reply %%")?;
    let (reply, _) = rest.split_once("%% /reply %%")?;
    let (reply, footnotes) = without_marks(reply.trim_matches('\n'));
    let addresses = |key: &str| -> Vec<String> {
        yaml::values(front, key)
            .iter()
            .flat_map(|value| value.split(", ").map(without_joiners).collect::<Vec<_>>())
            .filter(|value| !value.is_empty())
            .collect()
    };
    Some(DraftNote {
        status: value("status"),
        original: value("original"),
        created: value("created"),
        to: addresses("to"),
        to_name: value("to_name"),
        cc: addresses("cc"),
        subject: value("subject"),
        message_id: Some(value("message_id")).filter(|id| !id.is_empty()),
        composer: value("composer"),
        reply: without_joiners(&reply).trim().to_owned(),
        footnotes,
    })
}

/// Takes out `[^1]`; a mark of ours is a number, so that other brackets stay.
fn without_marks(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[^") {
        out.push_str(before);
        match after.split_once(']').map(|(number, tail)| (number.parse::<usize>(), tail)) {
            Some((Ok(number), tail)) => {
                numbers.push(number);
                rest = tail;
            }
            Some((Err(_), _)) | None => {
                out.push_str("[^");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    (out, numbers)
}
