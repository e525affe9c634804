//! A mail folder that a search names: "in the rt_strat folder" looks there and nowhere else.
//!
//! How the owner files mail is the owner's own: only their search looks at it, never recall for a reply.

use postil_evidence::text::fold_case;

/// Words beside which a plain word is the name of a folder.
const CALLED: &[&str] = &[
    "folder",
    "folders",
    "mailbox",
    "pack",
    "label",
    "directory",
    "ordner",
    "postfach",
    "dossier",
    "carpeta",
    "cartella",
    "map",
    "pasta",
];

/// The names among `folders` that `query` means: the whole name stands in it, and is either no ordinary word (it has a sign or a
/// digit inside) or stands beside "folder" or its like. Where names lie inside each other, the longest.
pub(crate) fn named_in<'f>(query: &str, folders: impl IntoIterator<Item = &'f str>) -> Vec<&'f str> {
    let query = fold_case(query);
    let mut named: Vec<(&str, String)> = Vec::new();
    for folder in folders {
        let folded = fold_case(folder);
        if folded.chars().count() > 2 && stands_in(&query, &folded) {
            named.push((folder, folded));
        }
    }
    let longest = named.iter().map(|(_, folded)| folded.clone()).collect::<Vec<_>>();
    named.retain(|(_, folded)| {
        !longest.iter().any(|other| other != folded && other.contains(folded.as_str()))
    });
    named.into_iter().map(|(folder, _)| folder).collect()
}

fn stands_in(query: &str, folder: &str) -> bool {
    let odd = folder.chars().any(|c| !c.is_alphabetic() && !c.is_whitespace());
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    query.match_indices(folder).any(|(at, _)| {
        let (before, rest) = query.split_at_checked(at).unwrap_or_default();
        let after = rest.strip_prefix(folder).unwrap_or_default();
        let whole = !before.ends_with(in_name) && !after.starts_with(in_name);
        let beside = |word: Option<&str>| word.is_some_and(|word| CALLED.contains(&word));
        let words = |text: &'_ str| {
            text.split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        whole
            && (odd
                || beside(words(before).last().map(String::as_str))
                || beside(words(after).first().map(String::as_str)))
    })
}

#[cfg(test)]
mod tests {
    use super::named_in;

    #[test]
    fn a_folder_is_named_by_an_odd_word_or_beside_its_kind() {
        let folders = ["inbox", "rt_strat", "strategy", "ana__rt_strat", "2026"];
        let check = |query: &str, expect: &[&str]| assert_eq!(named_in(query, folders), expect, "{query}");
        check("who wrote in rt_strat?", &["rt_strat"]);
        check("the pack 'ana__rt_strat' (rt_strat folder)", &["ana__rt_strat"]);
        check("what is our strategy", &[]);
        check("the Strategy folder", &["strategy"]);
        check("folder inbox, strategy", &["inbox"]);
        check("x2026y", &[]);
    }
}
