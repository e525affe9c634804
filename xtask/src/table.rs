//! One Markdown table with its columns lined up: read on a terminal and pasted into a document alike.

/// Lays out rows under a header. Rows may be shorter than the header: missing cells are empty.
pub(crate) fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |row: &[String], column: usize| row.get(column).map_or("", String::as_str).replace('|', "\\|");
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(column, title)| {
            rows.iter()
                .map(|row| cell(row, column).chars().count())
                .chain([title.chars().count(), 3])
                .max()
                .unwrap_or(3)
                // A cell of many figures runs on; the others stay beneath each other.
                .min(72)
        })
        .collect();
    let line = |cells: Vec<String>| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let mut text = line(header.iter().map(|title| (*title).to_owned()).collect());
    text.push_str(&line(widths.iter().map(|width| "-".repeat(*width)).collect()));
    for row in rows {
        text.push_str(&line((0..header.len()).map(|column| cell(row, column)).collect()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_up_and_fills_short_rows() {
        let rows = vec![vec!["first sync".to_owned(), "1|2".to_owned()], vec!["size".to_owned()]];
        let expected = "\
| what       | postil |
| ---------- | ------ |
| first sync | 1\\|2   |
| size       |        |
";
        assert_eq!(markdown(&["what", "postil"], &rows), expected);
    }
}
