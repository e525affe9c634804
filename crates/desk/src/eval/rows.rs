//! Rows of labelled data: one JSON value a line. Reads files; knows no task.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::DeskError;

/// The rows of a file, in order. Blank lines are passed over.
///
/// # Errors
/// Where the file cannot be read, or a line is not a row: the file and the line are named.
pub(super) fn read_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, DeskError> {
    let text = std::fs::read_to_string(path).map_err(|error| DeskError::io(path, &error))?;
    let lines = text.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty());
    let row = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            let what = format!("{}:{} is not a row of this task: {error}", path.display(), number + 1);
            DeskError::user(what, "mend that line, or name the task that the file is for")
        })
    };
    lines.map(row).collect()
}
