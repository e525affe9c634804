//! What people see: tables and short texts on stdout, or JSON.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use postil_desk::StoreSpec;
use postil_desk::config::Config;
use postil_desk::init::Layout;
use postil_desk::view::{
    AudienceView, CheckView, ContextView, CorrectionView, DraftView, EvidenceView, InboxItem, ReadView,
    RunView, SearchView, SourceView, SyncView,
};
use serde::Serialize;

/// Writes to stdout. A closed pipe (`postil inbox | head`) is not an error.
pub(crate) struct Out {
    stdout: io::StdoutLock<'static>,
    json: bool,
}

impl Out {
    pub(crate) fn new(json: bool) -> Self {
        Self { stdout: io::stdout().lock(), json }
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        match writeln!(self.stdout, "{text}") {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// One JSON object on one line.
    fn json<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        let text = serde_json::to_string(value).map_err(io::Error::other)?;
        self.line(&text)
    }

    pub(crate) fn value(&mut self, value: &serde_json::Value) -> io::Result<()> {
        self.json(value)
    }

    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.line(text)
    }

    pub(crate) fn layout(&mut self, layout: &Layout) -> io::Result<()> {
        if self.json {
            return self.json(layout);
        }
        self.line(&format!(
            "{}: {}, {} with a day",
            layout.vault.display(),
            counted(layout.notes as u64, "note", "notes"),
            layout.dated
        ))?;
        for (kind, count, folder) in &layout.kinds {
            let place = match (count, folder.is_empty()) {
                (0, _) => String::new(),
                (_, true) => ", most of them at the top".to_owned(),
                (_, false) => format!(", most of them in {folder}"),
            };
            self.line(&format!("  {kind}: {count}{place}"))?;
        }
        for folder in &layout.templates {
            self.line(&format!("  templates, left alone: {folder}"))?;
        }
        self.line(&format!(
            "  drafts go to {}, mail they refer to goes to {}",
            layout.drafts, layout.sources
        ))?;
        for (party, domains, folders) in &layout.parties {
            let at =
                if folders.is_empty() { String::new() } else { format!(", notes in {}", folders.join(", ")) };
            self.line(&format!("  party {party}: {}{at}", domains.join(", ")))?;
        }
        for defect in layout.defects.iter().take(10) {
            self.line(&format!("  look at: {defect}"))?;
        }
        if let Some(config) = &layout.config {
            self.line(&format!("wrote {}", config.display()))?;
            self.line("next: postil source add maildir PLACE, then postil run")?;
        }
        Ok(())
    }

    pub(crate) fn sync(&mut self, sync: &SyncView) -> io::Result<()> {
        if self.json {
            return self.json(sync);
        }
        if let Some(why) = &sync.rebuilt {
            self.line(&format!("the index was built anew: {why}"))?;
        }
        self.line(&format!(
            "{} ({} new, {}, {} gone), {} ({} read, {} gone)",
            counted(sync.messages, "message", "messages"),
            sync.messages_new,
            counted(sync.copies, "further copy", "further copies"),
            sync.messages_gone,
            counted(sync.notes, "note", "notes"),
            sync.notes_read,
            sync.notes_gone
        ))?;
        if sync.joined_by_guess > 0 {
            let replies = counted(sync.joined_by_guess, "reply", "replies");
            self.line(&format!("{replies} without headers put into a thread"))?;
        }
        if sync.set_aside > 0 {
            let messages = counted(sync.set_aside, "message", "messages");
            self.line(&format!("{messages} labelled spam, trash or drafts passed over"))?;
        }
        if !sync.defects.is_empty() {
            let words: Vec<String> =
                sync.defects.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            self.line(&format!("oddities, kept and counted: {}", words.join(", ")))?;
        }
        if sync.stopped {
            self.line("stopped; what was read stays read, the next sync goes on from here")?;
        }
        Ok(())
    }

    /// The sources whose ids are wanted. Of an IMAP server its address is shown.
    pub(crate) fn sources(&mut self, config: &Config, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
        for StoreSpec { id, kind, path } in config.stores.iter().filter(|spec| wanted(&spec.id)) {
            let server = config.imap.iter().find(|source| source.id == *id);
            let path = server.map_or_else(|| path.display().to_string(), |source| source.address.to_string());
            if self.json {
                let (schema, kind) = ("postil/source@1", kind.to_string());
                self.json(&SourceView { schema, id: id.clone(), kind, path })?;
            } else {
                self.line(&format!("{id}\t{kind}\t{path}"))?;
            }
        }
        Ok(())
    }

    pub(crate) fn inbox(&mut self, items: &[InboxItem]) -> io::Result<()> {
        if self.json {
            return items.iter().try_for_each(|item| self.json(item));
        }
        if items.is_empty() {
            return self.line("nothing needs you");
        }
        let mut table = new_table();
        table.set_header(["id", "from", "subject", "verdict", "why", "draft"]);
        for item in items {
            let why = item
                .reasons
                .first()
                .map(|reason| reason_text(&reason.kind, &reason.text))
                .unwrap_or_default();
            let draft = if item.draft.is_some() { "yes" } else { "" };
            let verdict = format!("{} ({})", item.verdict, item.confidence);
            let key: String = item.key.chars().take(8).collect();
            table.add_row([
                key,
                item.from.clone(),
                short(&item.subject, 40),
                verdict,
                short(&why, 80),
                draft.to_owned(),
            ]);
        }
        self.line(&table.to_string())?;
        for item in items.iter().filter(|item| !item.warnings.is_empty()) {
            let key: String = item.key.chars().take(8).collect();
            self.line(&format!("WARNING {key}: {}", item.warnings.join("; ")))?;
        }
        Ok(())
    }

    pub(crate) fn correction(&mut self, view: &CorrectionView) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        let CorrectionView { state, message_id, from, subject, said, should_be, file, .. } = view;
        self.line(&format!("{state}: {said} should be {should_be}: \"{}\" from {from}", short(subject, 60)))?;
        if state == "noted" {
            self.line(&format!("  it is a [[correction]] in {file}"))?;
            self.line(&format!(
                "  to take it back, delete that table, or: postil inbox --unwrong \"{message_id}\""
            ))?;
        }
        Ok(())
    }

    pub(crate) fn read(&mut self, view: &ReadView) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        self.line(&format!("From:    {}\nTo:      {}", view.from, view.to.join(", ")))?;
        if !view.cc.is_empty() {
            self.line(&format!("Cc:      {}", view.cc.join(", ")))?;
        }
        self.line(&format!("Date:    {}\nSubject: {}\n", view.date, view.subject))?;
        self.line(&view.own_words)?;
        if let Some(signature) = &view.signature {
            self.line(&format!("\n[signature]\n{signature}"))?;
        }
        let claimed = view.quotes.iter().filter(|quote| quote.said_in.is_none()).count();
        if claimed > 0 {
            let quotes =
                if claimed == 1 { "1 quote holds".to_owned() } else { format!("{claimed} quotes hold") };
            self.line(&format!("\n[claimed] {quotes} words that no message of this thread has"))?;
        }
        self.line(&format!("\nverdict: {}", view.verdict))?;
        for reason in &view.reasons {
            self.line(&format!("  {}", reason_text(&reason.kind, &reason.text)))?;
        }
        for ask in &view.asks {
            let whom = if ask.to_owner { "" } else { " (asked of someone else)" };
            let due = ask.due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
            let open = if ask.open { "" } else { ", answered" };
            self.line(&format!("ask: {}{whom}{due}{open}: \"{}\"", ask.kind, ask.text))?;
        }
        for date in &view.dates {
            self.line(&format!("date: \"{}\" is {} ({})", date.text, date.start, date.grain))?;
        }
        for mention in &view.mentions {
            self.line(&format!("name: \"{}\" is {}", mention.text, mention.names.join(" or ")))?;
        }
        if !view.topics.is_empty() {
            self.line(&format!("topics: {}", view.topics.join(", ")))?;
        }
        for part in &view.attachments {
            let shows = part.sniffed.as_ref().filter(|shows| **shows != part.content_type);
            let shows = shows.map(|shows| format!(", its bytes show {shows}")).unwrap_or_default();
            let (name, kind, size) = (&part.name, &part.content_type, part.size);
            self.line(&format!("attachment: {name} ({kind}{shows}, {size} bytes)"))?;
        }
        for defect in &view.defects {
            self.line(&format!("oddity: {defect}"))?;
        }
        for warning in &view.warnings {
            self.line(&format!("WARNING: {warning}"))?;
        }
        if view.authentication.state != "unknown" {
            self.line(&format!("sender checked by your mail host: {}", view.authentication.state))?;
        }
        Ok(())
    }

    pub(crate) fn context(&mut self, view: &ContextView) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        self.line(&format!("a reply would be read by {}", view.recipients.join(", ")))?;
        for ask in &view.asks {
            self.line(&format!("\n{}: \"{}\"", ask.kind, ask.text))?;
            if ask.evidence.is_empty() {
                self.line("  nothing relevant that they may read")?;
            }
            for evidence in &ask.evidence {
                self.evidence(evidence)?;
            }
        }
        if !view.withheld.is_empty() {
            self.line("\nwithheld from them:")?;
            for row in &view.withheld {
                self.line(&format!("  {}:{} because {}", row.source, row.line, row.reason))?;
            }
        }
        Ok(())
    }

    fn evidence(&mut self, evidence: &EvidenceView) -> io::Result<()> {
        self.found(evidence)?;
        self.line(&format!("    {}", evidence.reasons.join(", ")))
    }

    fn found(&mut self, evidence: &EvidenceView) -> io::Result<()> {
        let date = evidence.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        self.line(&format!(
            "  {}:{} [{}{date}] {:.2}",
            evidence.source, evidence.line, evidence.label, evidence.score
        ))?;
        self.line(&format!("    {}", short(&evidence.text, 160)))
    }

    pub(crate) fn drafts(&mut self, drafts: &[DraftView]) -> io::Result<()> {
        if self.json {
            return drafts.iter().try_for_each(|draft| self.json(draft));
        }
        if drafts.is_empty() {
            return self.line("nothing to draft");
        }
        for draft in drafts {
            let path = draft.path.as_deref().unwrap_or("-");
            self.line(&format!("{:<10} {path}", draft.state))?;
            for finding in &draft.findings {
                self.line(&format!("           {finding}"))?;
            }
        }
        Ok(())
    }

    pub(crate) fn search(&mut self, view: &SearchView, explain: bool) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        if view.hits.is_empty() {
            return self.line("nothing found");
        }
        if let Some(day) = &view.day {
            self.line(&format!("only {day}, which the search names"))?;
        }
        view.hits.iter().try_for_each(|hit| if explain { self.evidence(hit) } else { self.found(hit) })
    }

    pub(crate) fn audience(&mut self, view: &AudienceView) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        self.line(&format!("{}: {}, because {}", view.note, view.audience, view.why))
    }

    pub(crate) fn run(&mut self, view: &RunView) -> io::Result<()> {
        if self.json {
            return self.json(view);
        }
        self.sync(&view.sync)?;
        let words: Vec<String> =
            view.verdicts.iter().map(|(verdict, count)| format!("{verdict} {count}")).collect();
        self.line(&format!("threads: {}", words.join(", ")))?;
        let written = view.drafts.iter().filter(|draft| draft.state == "written").count();
        self.line(&format!("drafts: {written} written, {} were there", view.drafts.len() - written))
    }

    pub(crate) fn doctor(&mut self, checks: &[CheckView]) -> io::Result<()> {
        if self.json {
            return checks.iter().try_for_each(|check| self.json(check));
        }
        for check in checks {
            let todo =
                if check.todo.is_empty() { String::new() } else { format!("\n          {}", check.todo) };
            self.line(&format!("{:<8} {}: {}{todo}", check.state, check.what, check.found))?;
        }
        Ok(())
    }
}

fn reason_text(kind: &str, text: &str) -> String {
    if text.is_empty() { kind.to_owned() } else { format!("{kind}: \"{text}\"") }
}

fn new_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// A number with what is counted.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// At most `limit` characters, cut at a word.
fn short(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit).collect();
    let cut = head.rsplit_once(' ').map_or(head.as_str(), |(before, _)| before);
    format!("{cut} …")
}
