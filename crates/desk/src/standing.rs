//! `postil inbox --wrong`, and the standing decisions of the configuration: rules read, corrections added and
//! taken away. The rest of the configuration stays as its owner wrote it, byte for byte.

use std::path::Path;

use postil_evidence::PartyId;
use postil_mail::identity::KnownDomains;
use postil_mail::message::Defect;
use postil_mail::{Message, Thread};
use postil_understand::standing::{
    Correction, FORMS, Look, Rule, Standing, Wants, deciding, look_of, name_of, word,
};
use postil_understand::{Reading, Verdict};

use crate::config::{CONFIG_FILE, Config, ConfigFile, CorrectionEntry, is_freemail};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::view::CorrectionView;

/// Behind the head of each table that is written.
const HOW_TO_UNDO: &str = "# delete this table to take it back";
/// The longest text of a mail that is copied into the configuration, in characters.
const LONGEST: usize = 200;

/// The rules and corrections of a configuration.
///
/// # Errors
/// The first rule that is not understood, with its place in the list.
pub(crate) fn standing(file: &ConfigFile) -> Result<Standing, (usize, DeskError)> {
    let parties: Vec<PartyId> = file.party.keys().map(|name| PartyId::new(name)).collect();
    let mut rules = Vec::new();
    for (at, text) in file.inbox.rules.iter().enumerate() {
        let refused = |why: String, hint: &str| {
            (at, DeskError::config(format!("[inbox] rules: \"{text}\" is not understood: {why}"), hint))
        };
        let rule = Rule::parse(text, &parties).map_err(|error| refused(error.to_string(), FORMS))?;
        if let Some(domain) =
            rule.domain().filter(|domain| rule.wants == Wants::Always && is_freemail(domain))
        {
            return Err(refused(format!("{domain} serves anyone"), "name the addresses you mean instead"));
        }
        rules.push(rule);
    }
    Ok(Standing::new(rules, file.correction.iter().map(correction).collect()))
}

fn correction(entry: &CorrectionEntry) -> Correction {
    Correction {
        message: entry.message.clone(),
        look: Look {
            from: postil_evidence::Addr::parse(&entry.from),
            subject: entry.subject.clone(),
            list: entry.list.clone(),
            sent: entry.sent,
            asked: entry.asked.clone(),
        },
        said: entry.said,
        should_be: entry.should_be,
    }
}

/// The line, from 1, on which a rule stands.
pub(crate) fn line_of_rule(text: &str, at: usize) -> Option<usize> {
    let document = toml_edit::Document::parse(text).ok()?;
    let span = document.get("inbox")?.get("rules")?.as_array()?.get(at)?.span()?;
    Some(text.get(..span.start)?.matches('\n').count() + 1)
}

impl Config {
    /// Whether the sender of a message may not be who they say. `known` are the domains it is compared with.
    pub(crate) fn is_suspect(&self, known: &KnownDomains, message: &Message) -> bool {
        let looks_like = message.from.as_ref().is_some_and(|from| {
            // A domain that the owner named in a rule is one they know.
            let is_named = self.standing.rules().iter().any(|rule| rule.is_named(&from.addr));
            !is_named && known.find_like(from.addr.domain()).is_some()
        });
        let is_odd = message.defects.iter().any(|defect| {
            matches!(defect, Defect::ReplyToElsewhere | Defect::OddDomain(_) | Defect::NameIsAddress(_))
        });
        looks_like || is_odd || crate::suspicion::has_failed(message, self)
    }
}

impl Desk {
    /// Records that the verdict on a message's thread is wrong. `should_be` is a verdict's word; without it,
    /// what needed a reply needs none, and the other way round. In force at once.
    ///
    /// # Errors
    /// Where nothing or more than one message fits, the word is none, Postil says so already, or the
    /// configuration cannot be written.
    pub fn wrong(&mut self, id: &str, should_be: Option<&str>) -> Result<CorrectionView, DeskError> {
        let (thread, reading) = self.uncorrected(id)?;
        let (Some(newest), Some(message)) = (thread.newest(), deciding(&reading, &thread)) else {
            return Err(DeskError::user(format!("the thread of {id} cannot be read"), "run `postil sync`"));
        };
        let said = reading.verdict;
        let should_be = match should_be {
            Some(word) => parse_verdict(word)?,
            None => match said {
                Verdict::Reply | Verdict::Promised => Verdict::Info,
                Verdict::Waiting
                | Verdict::Info
                | Verdict::Bulk
                | Verdict::Automated
                | Verdict::Calendar
                | Verdict::None => Verdict::Reply,
            },
        };
        let known = self.known_domains(&*self.directory()?);
        if should_be == Verdict::Reply && self.config.is_suspect(&known, newest) {
            return Err(DeskError::user(
                "the sender of that mail may not be who they say, so it is never listed as needing a reply",
                format!("`postil read {id}` says why; `postil draft {id}` drafts one all the same"),
            ));
        }
        let name = name_of(newest);
        let look = look_of(message, &reading);
        let is_new = said != should_be;
        let entry = CorrectionEntry {
            date: self.env.now.date().to_string(),
            message: name.clone(),
            from: look.from.map(|from| from.to_string()).unwrap_or_default(),
            subject: cut(&look.subject),
            list: cut(&look.list),
            sent: look.sent,
            asked: cut(&look.asked),
            said,
            should_be,
        };
        let known = self.change_corrections(&[name], is_new.then_some(&entry))?;
        if !is_new && known == 0 {
            let what = format!("Postil says {} of that thread already", word(said));
            return Err(DeskError::user(what, "nothing was changed; --is VERDICT names another"));
        }
        Ok(self.correction_view(if is_new { "noted" } else { "taken back" }, &entry))
    }

    /// Takes back what was recorded on a message's thread. In force at once.
    ///
    /// # Errors
    /// Where nothing was recorded on it, or the configuration cannot be written.
    pub fn unwrong(&mut self, id: &str) -> Result<CorrectionView, DeskError> {
        // The mail itself may be gone: its correction can still be named.
        let bare = id.trim().trim_matches(['<', '>']);
        let is_named = |entry: &&CorrectionEntry| entry.message.trim_matches(['<', '>']) == bare;
        let mut names: Vec<String> =
            self.config.file.correction.iter().filter(is_named).map(|entry| entry.message.clone()).collect();
        if names.is_empty() {
            let row = self.find_message(id)?;
            names.extend(self.load_thread(row.thread)?.0.messages.iter().map(name_of));
        }
        let entry = self.config.file.correction.iter().rfind(|entry| names.contains(&entry.message)).cloned();
        let Some(entry) = entry else {
            let hint = format!("[[correction]] in {CONFIG_FILE} lists what was; nothing was changed");
            return Err(DeskError::user(format!("no correction was made of the thread of {id}"), hint));
        };
        self.change_corrections(&names, None)?;
        Ok(self.correction_view("taken back", &entry))
    }

    /// A message's thread, read as if no correction had been made of it.
    fn uncorrected(&self, id: &str) -> Result<(Thread, Reading), DeskError> {
        let row = self.find_message(id)?;
        let names: Vec<String> = self.load_thread(row.thread)?.0.messages.iter().map(name_of).collect();
        let standing = self.config.standing.without(&names);
        let read = self.read_thread_under(row.thread, &*self.directory()?, &standing, &Default::default())?;
        Ok((read.thread, read.reading))
    }

    fn correction_view(&self, state: &str, entry: &CorrectionEntry) -> CorrectionView {
        CorrectionView {
            schema: "postil/correction@1",
            state: state.to_owned(),
            message_id: entry.message.clone(),
            from: entry.from.clone(),
            subject: entry.subject.clone(),
            said: word(entry.said).to_owned(),
            should_be: word(entry.should_be).to_owned(),
            file: self.vault.join(CONFIG_FILE).display().to_string(),
        }
    }

    /// Takes the corrections of these messages away, adds one, and reads the configuration again. How many
    /// were taken away.
    fn change_corrections(
        &mut self,
        of: &[String],
        add: Option<&CorrectionEntry>,
    ) -> Result<usize, DeskError> {
        let path = self.vault.join(CONFIG_FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| DeskError::io(&path, &error))?;
        let file = parsed(&path, &text)?;
        let stale: Vec<usize> = file
            .correction
            .iter()
            .enumerate()
            .filter(|(_, entry)| of.contains(&entry.message))
            .map(|(at, _)| at)
            .collect();
        let mut changed = without_tables(&text, &stale).ok_or_else(|| {
            DeskError::config(
                format!("{}: correction is not a list of tables", path.display()),
                "write [[correction]]",
            )
        })?;
        if let Some(entry) = add {
            append_table(&mut changed, entry);
        }
        if changed != text {
            // What we write must load, and hold what it should.
            let now = parsed(&path, &changed)?;
            let expected = file.correction.len() - stale.len() + usize::from(add.is_some());
            if now.correction.len() != expected {
                let what = format!("{}: the corrections cannot be changed by program", path.display());
                return Err(DeskError::config(what, "edit the [[correction]] tables by hand"));
            }
            crate::state::replace_file(&path, changed.as_bytes())?;
            let mut config = Config::load(&self.vault, &self.env.zone())?;
            config.place_spools(&self.state_dir);
            self.config = config;
        }
        Ok(stale.len())
    }
}

fn parsed(path: &Path, text: &str) -> Result<ConfigFile, DeskError> {
    toml::from_str(text).map_err(|error| {
        DeskError::config(
            format!("{}: {}", path.display(), error.to_string().trim()),
            "mend that line and run again; nothing was changed",
        )
    })
}

fn parse_verdict(text: &str) -> Result<Verdict, DeskError> {
    let may_be =
        [Verdict::Reply, Verdict::Info, Verdict::Bulk, Verdict::Automated, Verdict::Calendar, Verdict::None];
    may_be.into_iter().find(|verdict| word(*verdict) == text).ok_or_else(|| {
        let words: Vec<&str> = may_be.into_iter().map(word).collect();
        DeskError::user(
            format!("a thread cannot be corrected to \"{text}\""),
            format!("say one of {}", words.join(", ")),
        )
    })
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Puts a `[[correction]]` at the end. A blank line goes before it, or where the text has no last line end, that
/// line end: taking the table away gives the text back either way.
fn append_table(text: &mut String, entry: &CorrectionEntry) {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let string = |key: &'static str, text: &str| (key, text.to_owned());
    let mut lines = vec![format!("[[correction]] {HOW_TO_UNDO}")];
    let sent = crate::inbox::word(&entry.sent);
    let values = [
        string("date", &entry.date),
        string("from", &entry.from),
        string("subject", &entry.subject),
        string("list", &entry.list),
        string("sent", if sent == "person" { "" } else { &sent }),
        string("asked", &entry.asked),
        string("message", &entry.message),
        string("said", word(entry.said)),
        string("should_be", word(entry.should_be)),
    ];
    let written = values.into_iter().filter(|(_, value)| !value.is_empty());
    lines.extend(written.map(|(key, value)| format!("{key} = {}", toml::Value::String(value))));
    for line in lines {
        text.push_str(end);
        text.push_str(&line);
    }
    text.push_str(end);
}

/// The text without these tables of its list of corrections, counted from 0. `None` where they are written in
/// another way than as tables.
fn without_tables(text: &str, tables: &[usize]) -> Option<String> {
    if tables.is_empty() {
        return Some(text.to_owned());
    }
    let document = toml_edit::Document::parse(text).ok()?;
    let list = document.get("correction")?.as_array_of_tables()?;
    let mut left = text.to_owned();
    // From the last, so that the places of those before stay.
    for at in tables.iter().rev() {
        let table = list.get(*at)?;
        let head = table.span()?;
        let ends = table.iter().filter_map(|(_, item)| item.span()).map(|span| span.end);
        let last = ends.chain([head.end]).max()?;
        let mut start = text.get(..head.start)?.rfind('\n').map_or(0, |at| at + 1);
        let mut end = text
            .get(last.saturating_sub(1)..)?
            .find('\n')
            .map_or(text.len(), |at| last.saturating_sub(1) + at + 1);
        // A table without a blank line behind it may have lost its line end to the next one.
        end = end.min(left.len());
        // The line end that was written with the table: that of the blank line before it, or of the last line of
        // a text that had none. Then the next table takes its place and leaves its own blank line.
        let before = left.get(..start)?;
        let after = left.get(end..)?;
        for line_end in ["\r\n", "\n"] {
            let Some(rest) = before.strip_suffix(line_end) else { continue };
            let next = after.strip_prefix(line_end).filter(|next| next.starts_with("[[correction]]"));
            if rest.ends_with('\n') || after.is_empty() {
                start = rest.len();
            } else if let Some(next) = next {
                end = left.len() - next.len();
            }
            break;
        }
        left.replace_range(start..end, "");
    }
    Some(left)
}

#[cfg(test)]
mod tests;
