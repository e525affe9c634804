//! `postil run`: the daily job: sync, read, draft.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::inbox::InboxScope;
use crate::progress::Progress;
use crate::sync::counted;
use crate::view::RunView;

impl Desk {
    /// Reads what is new, says what needs the owner, and drafts what needs a reply. A second run
    /// with nothing new writes nothing.
    ///
    /// # Errors
    /// Where the vault or the index cannot be used; what fails for one message is told in the view.
    pub fn run(&self, progress: &dyn Progress) -> Result<RunView, DeskError> {
        let sync = self.sync(progress)?;
        let items = self.inbox(InboxScope::Everything, progress)?;
        let drafts = self.draft(&[], progress)?;
        let failed = drafts.iter().filter(|draft| draft.state == "failed");
        let problems: Vec<String> = sync
            .problems
            .iter()
            .cloned()
            .chain(failed.map(|draft| format!("{}: {}", draft.message_id, draft.findings.join("; "))))
            .collect();
        let verdicts = counted(items.into_iter().map(|item| item.verdict));
        Ok(RunView { schema: "postil/run@1", sync, verdicts, drafts, problems })
    }
}
