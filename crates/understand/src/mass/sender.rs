//! Who sends a mail, with what, and to whom.

use postil_evidence::Mailbox;
use postil_mail::message::Message;

use super::{Letter, Signs};
use crate::pattern::has_word;
use crate::plain::fold;
use crate::reading::Owner;

/// Programs that people write mail with, as words of User-Agent and X-Mailer.
const PERSONAL: &[&str] = &[
    "mutt",
    "neomutt",
    "pine",
    "alpine",
    "thunderbird",
    "mozilla",
    "seamonkey",
    "evolution",
    "kmail",
    "kontact",
    "apple mail",
    "mew",
    "gnus",
    "sylpheed",
    "claws",
    "eudora",
    "exmh",
    "vm ",
    "k-9",
    "fairemail",
    "iphone",
    "ipad",
    "outlook",
    "the bat",
    "internet mail service",
    "exchange",
    "lotus",
    "notes",
    "domino",
    "pegasus",
    "mulberry",
    "entourage",
    "nmh",
    "mh-e",
    "mh ",
    "wanderlust",
    "ximian",
    "becky",
    "opera",
    "calypso",
    "nail",
    "mailx",
    "elm",
    "squirrelmail",
    "horde",
    "imp",
    "roundcube",
    "zimbra",
    "webmail",
    "web mail",
    "forte",
    "groupwise",
    "novell",
    "airmail",
    "spark",
    "mailmate",
    "mailbird",
    "em client",
    "emclient",
    "postbox",
    "proton",
    "canary",
    "open-xchange",
    "sogo",
    "rainloop",
    "snappymail",
    "nextcloud",
    "icloud",
    "android",
    "samsung",
    "bluemail",
    "superhuman",
    "aerc",
    "git-send-email",
    "geary",
    "trojita",
    "notmuch",
    "balsa",
    "zoho",
    "yahoo",
    "webservice/",
    "gmail",
    "tutanota",
    "fastmail",
    "mailspring",
    "vivaldi",
    "betterbird",
    "rmail",
    "zmail",
    "mailsmith",
    "powermail",
    "emailer",
    "quickmail",
    "poco",
    "turnpike",
    "ameol",
    "cyrus",
    "openwebmail",
    "ilohamail",
    "wemail",
    "twig",
    "z-mail",
    "dtmail",
    "aol",
    "hotmail",
    "qqmail",
    "foxmail",
    "coremail",
    "msn",
    "incredimail",
    "windows mail",
    "live mail",
];

/// Words of names that are no person's.
const OF_NO_PERSON: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "team",
    "offer",
    "offers",
    "news",
    "newsletter",
    "shop",
    "store",
    "service",
    "services",
    "support",
    "info",
    "sales",
    "dept",
    "department",
    "customer",
    "customers",
    "online",
    "webmaster",
    "admin",
    "administrator",
    "marketing",
    "deals",
    "club",
    "member",
    "members",
    "update",
    "updates",
    "media",
    "magazine",
    "center",
    "centre",
    "editor",
    "editors",
    "daily",
    "weekly",
    "report",
    "alert",
    "alerts",
    "the",
    "vertrieb",
    "kundenservice",
    "ventes",
    "ventas",
    "vendite",
    "verkoop",
    "vendas",
];

/// Local parts of a role and not a person.
///
/// # Source
/// RFC 2142, and the usual ones of shops and publishers.
const ROLES: &[&str] = &[
    "info",
    "sales",
    "support",
    "service",
    "services",
    "admin",
    "webmaster",
    "office",
    "contact",
    "help",
    "billing",
    "order",
    "orders",
    "team",
    "news",
    "mail",
    "member",
    "members",
    "update",
    "updates",
    "hello",
    "store",
    "shop",
    "editor",
    "editors",
    "press",
    "list",
    "lists",
    "online",
    "jobs",
    "careers",
    "magazine",
    "club",
    "customerservice",
    "vertrieb",
    "kontakt",
    "ventas",
    "ventes",
    "contacto",
    "success",
    "accounts",
    "legal",
    "people",
    "nic",
    "registrar",
    "reminder",
    "reminders",
    "renewal",
];

pub(super) fn signs(message: &Message, owner: &Owner, letter: &Letter, signs: &mut Signs) {
    if let Some(from) = &message.from {
        name(from, letter, signs);
    }
    program(message, letter, signs);
    answers_to(message, letter, signs);
    readers(message, owner, letter, signs);
}

/// Whether a name as shown, or the address below it, is that of a role or an office and not a person's.
pub(crate) fn is_office(from: &Mailbox) -> bool {
    is_no_person(from.name.as_str().trim()) || is_role(from.addr.local())
}

fn is_no_person(shown: &str) -> bool {
    let plain = fold(shown);
    shown.chars().any(|c| c.is_ascii_digit() || matches!(c, '!' | '$' | '%' | '&' | '*' | '|'))
        || [".com", ".net", ".org", ".de"].iter().any(|end| plain.contains(end))
        || has_word(&plain, OF_NO_PERSON)
}

fn is_role(local: &str) -> bool {
    let first = local.split(['.', '_', '-', '+']).next().unwrap_or_default();
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    ROLES.contains(&first.to_ascii_lowercase().as_str())
}

/// The sender's name and address.
fn name(from: &Mailbox, letter: &Letter, signs: &mut Signs) {
    let shown = from.name.as_str().trim();
    let plain = fold(shown);
    let nameless = shown.is_empty() || shown.contains('@');
    let odd = !nameless && is_no_person(shown);
    let letters = shown.chars().filter(|c| c.is_alphabetic()).count();
    signs.add(1, nameless && !letter.listed, "a sender without a name");
    signs.add(2, odd, "a sender's name that is no person's");
    signs.add(1, letters > 4 && shown.chars().all(|c| !c.is_lowercase()), "a sender's name in capitals");
    let local = from.addr.local();
    let run = local.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    let numbered = run >= 3 || local.starts_with(|c: char| c.is_ascii_digit());
    signs.add(2, numbered, "a numbered address");
    // "jane84": people whose name was taken have such addresses too.
    signs.add(1, !numbered && run == 2, "an address with a number");
    signs.add(1, is_role(local), "a role's address");
    signs.add(-1, !odd && !nameless && is_signed(&plain, letter), "signed by its sender");
}

/// Whether one of the last lines holds nothing but the sender's name or a part of it.
fn is_signed(name: &str, letter: &Letter) -> bool {
    let parts: Vec<&str> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    letter.lines().rev().take(8).any(|line| {
        let line = fold(line);
        let mut words =
            line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).peekable();
        words.peek().is_some()
            && words.clone().count() <= 3
            && words.all(|word| word.len() == 1 || parts.contains(&word))
    })
}

/// The program that made it.
fn program(message: &Message, letter: &Letter, signs: &mut Signs) {
    let Some(mailer) = &message.delivery.mailer else { return };
    let plain = mailer.as_str().to_lowercase();
    // CDO is a library that programs send with, whatever it says behind that.
    let personal = !plain.contains("cdo") && PERSONAL.iter().any(|name| plain.contains(name));
    let build = &message.delivery.build;
    signs.add(-1, personal && !build.posed_mailer && !build.id_of_other_day, "a person's mail program");
    let shown: String = mailer.as_str().chars().take(40).collect();
    // A list's own page, where members write, is such a program.
    signs.add(2, !personal && !letter.listed, format!("made by {shown}"));
}

/// Where answers go, and who is said to have sent it.
fn answers_to(message: &Message, letter: &Letter, signs: &mut Signs) {
    let Some(from) = &message.from else { return };
    if letter.listed {
        return;
    }
    let elsewhere = message.reply_to.first().is_some_and(|to| {
        let (a, b) = (to.addr.domain(), from.addr.domain());
        a != b && !a.ends_with(&format!(".{b}")) && !b.ends_with(&format!(".{a}"))
    });
    signs.add(1, elsewhere, "answers go elsewhere");
    // A program that fills in every field; people's programs leave out what says nothing new.
    let repeats = message.reply_to.first().is_some_and(|to| to.addr == from.addr);
    signs.add(1, repeats, "a Reply-To that repeats From");
    let repeats = message.sender.as_ref().is_some_and(|sender| sender.addr == from.addr);
    signs.add(1, repeats, "a Sender that repeats From");
}

/// To whom it is addressed.
fn readers(message: &Message, owner: &Owner, letter: &Letter, signs: &mut Signs) {
    if letter.listed {
        return;
    }
    let readers: Vec<&Mailbox> = message.to.iter().chain(&message.cc).collect();
    signs.add(2, readers.is_empty() && !letter.replies, "addressed to nobody");
    let to_owner = readers.iter().any(|reader| owner.addrs.contains(&reader.addr));
    signs.add(2, !readers.is_empty() && !to_owner && !letter.replies, "not addressed to you");
    if let (Some(from), [only]) = (&message.from, readers.as_slice()) {
        let same = only.addr.local().eq_ignore_ascii_case(from.addr.local());
        signs.add(2, same, "addressed to its sender");
    }
    let mut domains: Vec<&str> = readers.iter().map(|reader| reader.addr.domain()).collect();
    domains.sort_unstable();
    domains.dedup();
    let strewn = readers.len() >= 5 && domains.len() >= 4 && !letter.replies;
    signs.add(1, strewn, "readers who have nothing in common");
    let start =
        |reader: &Mailbox| reader.addr.local().chars().take(2).collect::<String>().to_ascii_lowercase();
    let neighbours = readers
        .iter()
        .map(|reader| readers.iter().filter(|other| start(other) == start(reader)).count())
        .max()
        .unwrap_or_default();
    signs.add(
        2,
        domains.len() >= 3 && readers.len() >= 4 && neighbours * 10 >= readers.len() * 7,
        "readers in the order of a list",
    );
}
