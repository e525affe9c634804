//! Folders of a server: their names in modified UTF-7, what they are for, and which are read.
//!
//! # Source
//! RFC 3501 section 5.1.3 (names), RFC 6154 (special use), RFC 9051 section 7.3.1 (attributes).

use super::response::said;
use crate::base64;

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// New mail.
    Inbox,
    /// What the owner sent.
    Sent,
    /// Kept mail.
    Archive,
    /// Unfinished mail.
    Drafts,
    /// Thrown away.
    Trash,
    /// Spam.
    Junk,
    /// A view on every message.
    All,
    /// A view on marked messages.
    Flagged,
    /// A view on messages that the server thinks important.
    Important,
}

/// One folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The name as the server writes it: what commands take.
    pub raw: Vec<u8>,
    /// The name as a person reads it, parts between `/`.
    pub name: String,
    /// What it is for, where that is known.
    pub role: Option<Role>,
    /// Whether mail can be in it.
    pub holds_mail: bool,
}

impl Folder {
    /// A folder from a LIST answer. `None` where its name holds a line end or another control
    /// character: no such name is ever sent back in a command.
    pub(super) fn new(raw: &[u8], delimiter: Option<u8>, attributes: &[String]) -> Option<Self> {
        if raw.is_empty() || raw.len() > 4_000 || raw.iter().any(u8::is_ascii_control) {
            return None;
        }
        let is = |name: &str| attributes.iter().any(|attribute| attribute.eq_ignore_ascii_case(name));
        let holds_mail = !is("\\Noselect") && !is("\\NonExistent");
        let mut name = decoded(raw).unwrap_or_else(|| said(raw));
        if let Some(delimiter) = delimiter.filter(|d| d.is_ascii() && *d != b'/') {
            // A slash inside a part is shown as another character, so that parts stay apart.
            name = name.replace('/', "\u{2215}").replace(char::from(delimiter), "/");
        }
        if raw.eq_ignore_ascii_case(b"INBOX") {
            name = "INBOX".to_owned();
        }
        let role = role(&is).or_else(|| role_by_name(&name));
        Some(Self { raw: raw.to_vec(), name, role, holds_mail })
    }
}

fn role(is: &dyn Fn(&str) -> bool) -> Option<Role> {
    let known = [
        ("\\All", Role::All),
        ("\\AllMail", Role::All),
        ("\\Archive", Role::Archive),
        ("\\Drafts", Role::Drafts),
        ("\\Flagged", Role::Flagged),
        ("\\Starred", Role::Flagged),
        ("\\Important", Role::Important),
        ("\\Junk", Role::Junk),
        ("\\Spam", Role::Junk),
        ("\\Sent", Role::Sent),
        ("\\Trash", Role::Trash),
        ("\\Inbox", Role::Inbox),
    ];
    known.iter().find(|(name, _)| is(name)).map(|(_, role)| *role)
}

/// Names that programs give to such folders where the server says nothing of their use. Only whole
/// names at the top or below INBOX count, so that `Projects/Spam filter` is an ordinary folder.
///
/// # Source
/// The names that Outlook, Apple Mail, Thunderbird, Gmail and GMX make, in their larger languages.
pub(crate) fn role_by_name(name: &str) -> Option<Role> {
    if name == "INBOX" {
        return Some(Role::Inbox);
    }
    let last = name.strip_prefix("INBOX/").or_else(|| name.strip_prefix("[Gmail]/")).unwrap_or(name);
    let last = last.to_lowercase();
    let known: [(&[&str], Role); 4] = [
        (
            &[
                "trash",
                "deleted items",
                "deleted messages",
                "bin",
                "papierkorb",
                "gelöschte elemente",
                "gelöschte objekte",
                "corbeille",
                "éléments supprimés",
                "papelera",
                "elementos eliminados",
                "cestino",
                "posta eliminata",
                "prullenbak",
                "lixeira",
                "kosz",
                "papperskorgen",
                "корзина",
                "已删除邮件",
                "ゴミ箱",
            ],
            Role::Trash,
        ),
        (
            &[
                "junk",
                "junk e-mail",
                "junk email",
                "junk mail",
                "spam",
                "bulk mail",
                "spamverdacht",
                "junk-e-mail",
                "courrier indésirable",
                "pourriel",
                "indésirables",
                "correo no deseado",
                "posta indesiderata",
                "ongewenste e-mail",
                "lixo eletrônico",
                "спам",
                "垃圾邮件",
                "迷惑メール",
            ],
            Role::Junk,
        ),
        (
            &[
                "drafts",
                "entwürfe",
                "brouillons",
                "borradores",
                "bozze",
                "concepten",
                "rascunhos",
                "черновики",
                "草稿箱",
                "下書き",
            ],
            Role::Drafts,
        ),
        (
            &[
                "sent",
                "sent items",
                "sent messages",
                "sent mail",
                "gesendet",
                "gesendete elemente",
                "gesendete objekte",
                "envoyés",
                "messages envoyés",
                "éléments envoyés",
                "enviados",
                "elementos enviados",
                "inviata",
                "inviati",
                "posta inviata",
                "verzonden",
                "verzonden items",
                "e-mails enviados",
                "отправленные",
                "已发送",
                "送信済み",
            ],
            Role::Sent,
        ),
    ];
    known.iter().find(|(names, _)| names.contains(&last.as_str())).map(|(_, role)| *role)
}

/// The folders whose mail is read, in the server's order. `wanted` names them, with `*` at the end
/// for all that begin so; where it is empty every folder is read but Trash, Junk and Drafts, and but
/// views that show mail of other folders once more. Where the server is Gmail (`labels_as_folders`)
/// it is the other way round: its view on all mail is read alone, since the folders are views on it.
#[must_use]
pub fn chosen<'f>(folders: &'f [Folder], wanted: &[String], labels_as_folders: bool) -> Vec<&'f Folder> {
    let mail = folders.iter().filter(|folder| folder.holds_mail);
    if !wanted.is_empty() {
        let named = |folder: &&Folder| {
            wanted.iter().any(|name| match name.strip_suffix('*') {
                Some(start) => folder.name.starts_with(start),
                None => folder.name == *name || (folder.role == Some(Role::Inbox) && is_inbox(name)),
            })
        };
        return mail.filter(named).collect();
    }
    let all = folders.iter().find(|folder| folder.holds_mail && folder.role == Some(Role::All));
    if let Some(all) = all.filter(|_| labels_as_folders) {
        return vec![all];
    }
    let skipped = |role: Option<Role>| match role {
        Some(Role::Trash | Role::Junk | Role::Drafts | Role::All | Role::Flagged | Role::Important) => true,
        Some(Role::Inbox | Role::Sent | Role::Archive) | None => false,
    };
    // What is thrown away stays so below: Trash/2024 is Trash.
    let under_skipped = |folder: &Folder| {
        folders.iter().any(|above| {
            matches!(above.role, Some(Role::Trash | Role::Junk))
                && folder.name.strip_prefix(&above.name).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    mail.filter(|folder| !skipped(folder.role) && !under_skipped(folder)).collect()
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("INBOX")
}

/// Text of a modified UTF-7 name; `None` where it is not one. A name in plain UTF-8 is taken as it
/// is: servers with `UTF8=ACCEPT` send it.
pub(crate) fn decoded(raw: &[u8]) -> Option<String> {
    if !raw.is_ascii() {
        return std::str::from_utf8(raw).ok().map(str::to_owned);
    }
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'&', rest) {
        out.push_str(std::str::from_utf8(rest.get(..at)?).ok()?);
        let coded = rest.get(at + 1..)?;
        let end = memchr::memchr(b'-', coded)?;
        let inner = coded.get(..end)?;
        rest = coded.get(end + 1..)?;
        if inner.is_empty() {
            out.push('&');
            continue;
        }
        let bytes = base64::decode(inner)?;
        let (pairs, []) = bytes.as_chunks::<2>() else { return None };
        let decoded: Result<String, _> =
            char::decode_utf16(pairs.iter().map(|p| u16::from_be_bytes(*p))).collect();
        let decoded = decoded.ok()?;
        if decoded.chars().any(char::is_control) {
            return None;
        }
        out.push_str(&decoded);
    }
    out.push_str(std::str::from_utf8(rest).ok()?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Folder, Role, chosen, decoded};

    fn folder(line: &str) -> Folder {
        let mut words = line.split('|');
        let name = words.next().unwrap();
        let attributes: Vec<String> = words.map(str::to_owned).collect();
        Folder::new(name.as_bytes(), Some(b'.'), &attributes).unwrap()
    }

    #[test]
    fn names_are_decoded_or_shown_as_they_are() {
        for (raw, name) in [
            ("INBOX", Some("INBOX")),
            ("Entw&APw-rfe", Some("Entwürfe")),
            ("&U,BTFw-", Some("台北")),
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", Some("~peter/mail/台北/日本語")),
            ("A&-B", Some("A&B")),
            ("&2D3eAA-", Some("😀")),
            ("&2D0-", None),
            ("&AAo-", None),
            ("a&b", None),
            ("&!!!-", None),
        ] {
            assert_eq!(decoded(raw.as_bytes()).as_deref(), name, "{raw}");
        }
        assert_eq!(folder("Work.2024").name, "Work/2024");
        assert_eq!(folder("a&b").name, "a&b");
        assert_eq!(Folder::new(b"a\r\nA1 DELETE INBOX", Some(b'/'), &[]), None);
        assert_eq!(Folder::new(b"", None, &[]), None);
    }

    #[test]
    fn mail_is_read_once_and_not_from_the_bin() {
        let folders: Vec<Folder> = [
            "INBOX",
            "Archive",
            "Projects|\\Noselect",
            "Projects.Spam filter",
            "Bin2|\\Trash",
            "Bin2.2024",
            "INBOX.Spam",
            "Entw&APw-rfe",
            "Gesendet",
            "All|\\All",
            "Starred|\\Flagged",
        ]
        .map(folder)
        .to_vec();
        let names = |wanted: &[&str], labels: bool| {
            let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            chosen(&folders, &wanted, labels).iter().map(|folder| folder.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[], false), ["INBOX", "Archive", "Projects/Spam filter", "Gesendet"]);
        assert_eq!(names(&[], true), ["All"]);
        assert_eq!(names(&["inbox", "Bin2*"], false), ["INBOX", "Bin2", "Bin2/2024"]);
        assert_eq!(folder("Gesendet").role, Some(Role::Sent));
    }
}
