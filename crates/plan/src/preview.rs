//! What a plan would change, as raw text for a person to read.

use std::path::Path;

use crate::disk::RealDisk;
use crate::prepare::prepare;
use crate::{Change, Plan};

/// One step as it would change its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
    /// The change as a unified diff with two lines of context; empty where nothing would change or
    /// the step is refused. Never rendered: shown as it is.
    pub diff: String,
    /// Why the step would be refused.
    pub refused: Option<String>,
}

/// How many unchanged lines are shown around a change.
const CONTEXT: usize = 2;

/// Shows what each step would do on its own. Reads the vault and writes nothing.
#[must_use]
pub fn preview(root: &Path, plan: &Plan) -> Vec<Preview> {
    plan.steps
        .iter()
        .map(|step| {
            let path = step.change.path().to_owned();
            let alone = Plan { id: plan.id.clone(), steps: vec![step.clone()] };
            let (diff, refused) = match prepare(root, &alone, &RealDisk) {
                Ok(targets) => {
                    let diffs: Vec<String> = targets
                        .iter()
                        .map(|target| diff(&path, target.before.as_deref(), &target.after))
                        .collect();
                    (diffs.concat(), None)
                }
                Err(error) => (String::new(), Some(error.to_string())),
            };
            Preview { path, reason: step.reason.clone(), diff, refused }
        })
        .collect()
}

impl Change {
    /// Whether it makes a new file.
    #[must_use]
    pub fn is_new_file(&self) -> bool {
        match self {
            Self::Create { .. } => true,
            Self::SetProperty { .. } => false,
        }
    }
}

fn diff(path: &str, before: Option<&[u8]>, after: &[u8]) -> String {
    let from = before.map_or_else(|| "--- /dev/null".to_owned(), |_| format!("--- {path}"));
    let old_text = String::from_utf8_lossy(before.unwrap_or_default());
    let new_text = String::from_utf8_lossy(after);
    let old: Vec<&str> = old_text.lines().collect();
    let new: Vec<&str> = new_text.lines().collect();
    let same_head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same_head;
    let same_tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let first = same_head.saturating_sub(CONTEXT);
    let tail = same_tail.min(CONTEXT);
    let old_end = old.len() - same_tail;
    let new_end = new.len() - same_tail;
    let mut lines = vec![
        from,
        format!("+++ {path}"),
        format!(
            "@@ -{},{} +{},{} @@",
            if old.is_empty() { 0 } else { first + 1 },
            old_end + tail - first,
            first + 1,
            new_end + tail - first
        ),
    ];
    let between = |lines: &[&str], from: usize, to: usize, mark: char| -> Vec<String> {
        lines.iter().take(to).skip(from).map(|line| format!("{mark}{line}")).collect()
    };
    lines.extend(between(&old, first, same_head, ' '));
    lines.extend(between(&old, same_head, old_end, '-'));
    lines.extend(between(&new, same_head, new_end, '+'));
    lines.extend(between(&old, old_end, old_end + tail, ' '));
    lines.push(String::new());
    lines.join("\n")
}
