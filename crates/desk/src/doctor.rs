//! `postil doctor`: what is wrong and what to do. Looks only.

use postil_evidence::{Audience, PartyId};
use postil_mail::store::{StoreKind, StoreSpec};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::view::CheckView;

impl Desk {
    /// Looks at the vault, the mailboxes, the state and the labels.
    ///
    /// # Errors
    /// Where the index cannot be read at all.
    pub fn doctor(&self) -> Result<Vec<CheckView>, DeskError> {
        let mut checks = Vec::new();
        self.check_vault(&mut checks)?;
        self.check_stores(&mut checks);
        self.check_labels(&mut checks)?;
        self.check_corrections(&mut checks)?;
        self.check_index(&mut checks)?;
        self.check_model(&mut checks);
        self.check_defects(&mut checks)?;
        checks.push(check(
            "ok",
            "state",
            self.state_dir.display().to_string(),
            "it is derived but for the ledger; it can be deleted",
        ));
        Ok(checks)
    }

    fn check_vault(&self, checks: &mut Vec<CheckView>) -> Result<(), DeskError> {
        let (settings, defects) = postil_vault::read_settings(&self.vault);
        let walk = postil_vault::walk(&self.vault, &settings)?;
        checks.push(check(
            "ok",
            "vault",
            format!("{} notes in {}", walk.notes.len(), self.vault.display()),
            "",
        ));
        for defect in defects {
            checks.push(check(
                "note",
                "vault settings",
                defect.to_string(),
                "Obsidian's defaults are taken instead",
            ));
        }
        for (path, why) in &walk.unreadable {
            checks.push(check(
                "problem",
                "vault",
                format!("{}: {why}", path.display()),
                "check that you may read it",
            ));
        }
        for name in [&self.config.file.vault.drafts, &self.config.file.vault.sources] {
            let folder = self.vault.join(name);
            if std::fs::metadata(&folder).is_ok_and(|meta| meta.permissions().readonly()) {
                checks.push(check(
                    "problem",
                    "vault",
                    format!("{} is read only", folder.display()),
                    "drafts cannot be written there",
                ));
            }
        }
        Ok(())
    }

    fn check_stores(&self, checks: &mut Vec<CheckView>) {
        if self.config.stores.is_empty() {
            checks.push(check(
                "problem",
                "mail",
                "no mailbox is set up".to_owned(),
                "run: postil source add maildir PLACE",
            ));
        }
        for spec in &self.config.stores {
            if spec.kind == StoreKind::Imap {
                self.check_server(spec, checks);
                continue;
            }
            let found = format!("{} ({}) at {}", spec.id, spec.kind, spec.path.display());
            if spec.path.exists() {
                checks.push(check("ok", "mail", found, ""));
            } else {
                checks.push(check(
                    "problem",
                    "mail",
                    format!("{found} is not there"),
                    "mend its path in .postil/config.toml; what was read of it stays",
                ));
            }
        }
    }

    /// Logs in and lists the folders.
    fn check_server(&self, spec: &StoreSpec, checks: &mut Vec<CheckView>) {
        let looked = self.imap_source(&spec.id).and_then(|source| {
            self.look_at_server(source)
                .map(|found| format!("{} (imap) at {}: {found}", spec.id, source.address))
        });
        checks.push(match looked {
            Ok(found) => check("ok", "mail", found, ""),
            Err(error) => {
                let todo = if error.hint.is_empty() { "what was read of it stays" } else { &error.hint };
                check("problem", "mail", format!("{} (imap): {}", spec.id, error.what), todo)
            }
        });
    }

    fn check_index(&self, checks: &mut Vec<CheckView>) -> Result<(), DeskError> {
        if let Some(why) = self.nothing_read()? {
            checks.push(check("note", "index", why, "run: postil sync"));
        } else if let Err(error) = self.index.verify() {
            checks.push(check("problem", "index", error.to_string(), "run: postil sync"));
        } else {
            let counts = self.index.catalog().counts()?;
            let found = format!("{} messages, {} notes, whole", counts.messages, counts.notes);
            checks.push(check("ok", "index", found, ""));
        }
        Ok(())
    }

    /// Asks the embedding model for one vector, where one is set up.
    fn check_model(&self, checks: &mut Vec<CheckView>) {
        let (Some(model), Some(embeddings)) = (&self.config.model, self.index.embeddings()) else { return };
        checks.push(match embeddings.check() {
            Ok((numbers, kept)) => {
                let found = format!("{model} answers, {numbers} numbers a text; {kept} texts are kept");
                check("ok", "recall", found, "")
            }
            Err(error) => {
                let todo = "recall goes on by words alone";
                check("problem", "recall", format!("{model}: {error}"), todo)
            }
        });
    }

    fn check_labels(&self, checks: &mut Vec<CheckView>) -> Result<(), DeskError> {
        let named = self.config.rules.parties.named();
        if named.is_empty() {
            checks.push(check(
                "note",
                "parties",
                "no party is named".to_owned(),
                "without parties only public notes reach replies to others: add [party.NAME]",
            ));
        }
        for row in self.index.catalog().notes()? {
            let Audience::Parties(parties) = &row.audience else { continue };
            let unknown: Vec<&str> =
                parties.iter().filter(|party| !named.contains(party)).map(PartyId::as_str).collect();
            if !unknown.is_empty() {
                let found = format!("{} is for {}, and there is no such party", row.path, unknown.join(", "));
                checks.push(check(
                    "problem",
                    "labels",
                    found,
                    "add [party.NAME] to .postil/config.toml or mend the note's audience",
                ));
            }
        }
        for folder in self.config.rules.folders.keys() {
            if !self.vault.join(folder).is_dir() {
                checks.push(check(
                    "note",
                    "labels",
                    format!("[folders] names {folder}, which is not there"),
                    "mend the name",
                ));
            }
        }
        Ok(())
    }

    fn check_corrections(&self, checks: &mut Vec<CheckView>) -> Result<(), DeskError> {
        for entry in &self.config.file.correction {
            if self.index.catalog().find_messages(&entry.message)?.is_empty() {
                let found = format!("the mail {} (\"{}\") is gone", entry.message, entry.subject);
                let todo = "what it taught stays; delete its table in .postil/config.toml to forget that too";
                checks.push(check("note", "correction", found, todo));
            }
        }
        Ok(())
    }

    fn check_defects(&self, checks: &mut Vec<CheckView>) -> Result<(), DeskError> {
        let (notes, mails): (Vec<_>, Vec<_>) =
            self.index.catalog().defects(2_000)?.into_iter().partition(|row| !row.item.starts_with("mail:"));
        for row in notes.iter().take(50) {
            checks.push(check(
                "note",
                "notes",
                format!("{}: {}", row.item, row.defect.detail),
                "mend it by hand; Postil reads it as text and never writes it",
            ));
        }
        if !mails.is_empty() {
            let found = format!("{} oddities in mail: {}", mails.len(), kinds(&mails));
            checks.push(check("note", "mail", found, "`postil read ID` shows those of a message"));
        }
        Ok(())
    }
}

fn kinds(defects: &[postil_index::DefectRow]) -> String {
    let counted = crate::sync::counted(defects.iter().map(|row| row.defect.kind.clone()));
    let words: Vec<String> = counted.into_iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    words.join(", ")
}

fn check(state: &str, what: &str, found: String, todo: &str) -> CheckView {
    CheckView {
        schema: "postil/doctor@1",
        state: state.to_owned(),
        what: what.to_owned(),
        found,
        todo: todo.to_owned(),
    }
}
