//! How a message was put together: what its headers and parts show of the program that made it. No
//! reader sees these things; they tell mail that a person wrote from mail that was made for many.
//! States facts only and judges nothing.

use mail_parser::{DateTime, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use crate::fields::Fields;
use crate::html::{RAW, Token, Tokens, unescaped};
use crate::limits;

/// The most HTML of one message that is looked at, in bytes: enough for the layout of any page.
const LOOKED_AT: usize = 256 * 1024;
/// The most Received fields that are looked at.
const HOPS: usize = 30;

/// How a message was put together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    /// The Message-ID was given by a mail server on the way: the program that wrote the mail gave none.
    pub id_by_server: bool,
    /// The Message-ID has the form of Outlook's, with the time of day of another day in it.
    pub id_of_other_day: bool,
    /// The Date has no time zone, or one that no place has.
    pub odd_zone: bool,
    /// The Date is more than four hours from every time at which a server received the mail.
    pub date_off: bool,
    /// It says it comes from Outlook Express, and lacks the mark which that program always sets.
    pub posed_mailer: bool,
    /// Header bytes that are neither ASCII nor UTF-8.
    pub raw_header: bool,
    /// Marked as urgent.
    pub urgent: bool,
    /// The subject ends in white space and a mark that tells copies apart: "… 11058", `… [wz6lo]`.
    pub subject_mark: bool,
    /// It has HTML and no plain text.
    pub html_only: bool,
    /// Its plain text is HTML.
    pub plain_is_html: bool,
    /// ASCII text that was encoded as base64, which hides it from programs only.
    pub veiled_text: bool,
    /// What its HTML is made of; zeros where there is none.
    pub layout: Layout,
}

/// What HTML is made of: counts of elements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Tables.
    pub tables: usize,
    /// Pictures fetched from the web.
    pub web_pictures: usize,
    /// Pictures of one pixel or none, which tell who opens a mail.
    pub tracking_pictures: usize,
    /// Forms.
    pub forms: usize,
    /// Scripts, and handlers that run when the mail is opened.
    pub scripts: usize,
    /// Tables and cells with a colour or picture behind them.
    pub backgrounds: usize,
    /// Centred blocks.
    pub centred: usize,
    /// Coloured letters, by the element that mail programs no longer write.
    pub coloured: usize,
    /// Letters larger than a heading.
    pub large: usize,
    /// Links to the web.
    pub links: usize,
    /// Links whose host is a bare number, is encoded, has a user name before it, or an odd port.
    pub disguised_links: usize,
}

impl Build {
    /// Reads what the headers and the parts show. `subject` is decoded, with its white space.
    pub(crate) fn read(
        block: &[u8],
        fields: &Fields<'_>,
        parsed: &mail_parser::Message<'_>,
        subject: &str,
        from_domain: &str,
    ) -> Self {
        let text = |name: &str| {
            fields.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned()).unwrap_or_default()
        };
        let id = text("message-id");
        let id = id.trim_matches(['<', '>']);
        let date = text("date");
        let sent = DateTime::parse_rfc822(&date).filter(DateTime::is_valid).map(|date| date.to_timestamp());
        let hops: Vec<String> = fields
            .all("received")
            .take(HOPS)
            .map(|value| String::from_utf8_lossy(value).replace(['\r', '\n', '\t'], " "))
            .collect();
        let mut build = Self {
            id_by_server: is_given_by_server(id, &hops, from_domain),
            id_of_other_day: sent.is_some_and(|sent| is_of_other_day(id, sent)),
            odd_zone: !date.is_empty() && has_odd_zone(&date),
            date_off: sent.is_some_and(|sent| is_far_from_hops(sent, &hops)),
            posed_mailer: is_posed(&text("x-mailer"), !text("x-mimeole").is_empty()),
            raw_header: std::str::from_utf8(block).is_err(),
            urgent: text("x-priority").starts_with(['1', '2'])
                || text("importance").eq_ignore_ascii_case("high"),
            subject_mark: has_mark(subject),
            ..Self::default()
        };
        build.parts(parsed);
        build
    }

    fn parts(&mut self, parsed: &mail_parser::Message<'_>) {
        let (mut html, mut plain) = (false, false);
        let mut left = LOOKED_AT;
        let mut ids: Vec<u32> = parsed.text_body.iter().chain(&parsed.html_body).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let parts = ids.iter().filter_map(|id| parsed.parts.get(usize::try_from(*id).ok()?));
        for part in parts {
            let (PartType::Text(text) | PartType::Html(text)) = &part.body else { continue };
            let base64 = part
                .content_transfer_encoding()
                .is_some_and(|name| name.trim().eq_ignore_ascii_case("base64"));
            self.veiled_text |= base64 && text.is_ascii() && !text.trim().is_empty();
            if let PartType::Html(text) = &part.body {
                html = true;
                let text = limits::rearmed(text);
                let mut end = text.len().min(left);
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                left -= end;
                self.layout.add(text.get(..end).unwrap_or_default());
            } else {
                plain |= text.chars().any(char::is_alphanumeric);
                self.plain_is_html |= is_html(text);
            }
        }
        self.html_only = html && !plain;
    }
}

impl Layout {
    fn add(&mut self, html: &str) {
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next() {
            let Token::Start(tag) = token else { continue };
            if RAW.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
                tokens.raw_text(tag.name);
            }
            let name = tag.name.to_ascii_lowercase();
            let get = |attribute: &str| tag.get(attribute).unwrap_or_default().trim().to_ascii_lowercase();
            let has = |attribute: &str, value: &str| usize::from(get(attribute) == value);
            self.scripts += usize::from(name == "script" || tag.get("onload").is_some());
            self.centred += usize::from(name == "center") + has("align", "center");
            match name.as_str() {
                "table" | "td" | "tr" => {
                    self.tables += usize::from(name == "table");
                    let color = get("bgcolor");
                    let is_plain = matches!(color.trim_start_matches('#'), "" | "ffffff" | "fff" | "white");
                    self.backgrounds += usize::from(!is_plain || tag.get("background").is_some());
                }
                "img" => {
                    self.web_pictures += usize::from(is_web(&get("src")));
                    let tiny = |attribute: &str| matches!(get(attribute).as_str(), "0" | "1");
                    self.tracking_pictures += usize::from(tiny("width") || tiny("height"));
                }
                "form" => self.forms += 1,
                "font" => {
                    let size = get("size");
                    let grown = size.strip_prefix('+').unwrap_or(&size).parse::<u32>().unwrap_or_default();
                    let most = if size.starts_with('+') { 2 } else { 5 };
                    self.large += usize::from(grown >= most);
                    let color = get("color");
                    let is_plain = matches!(color.trim_start_matches('#'), "" | "000000" | "000" | "black");
                    self.coloured += usize::from(!is_plain);
                }
                "a" | "area" => {
                    let target = unescaped(tag.get("href").unwrap_or_default());
                    self.links += usize::from(is_web(&target));
                    self.disguised_links += usize::from(is_disguised(&target));
                }
                _ => {}
            }
        }
    }
}

fn is_web(target: &str) -> bool {
    let start = target.trim_start().get(..8).unwrap_or(target).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// Whether a web address does not show plainly where it leads.
#[must_use]
pub fn is_disguised(target: &str) -> bool {
    let Some((scheme, rest)) = target.trim().split_once("://") else { return false };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return false;
    }
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    let is_number = !host.is_empty() && host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    place.contains('@')
        || host.contains('%')
        || is_number
        || !matches!(port, "" | "80" | "443" | "8080" | "8443")
}

/// Whether plain text is the source of a page.
fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(4_000).collect::<String>().to_ascii_lowercase();
    let opens = |tag: &str| head.contains(tag);
    (opens("<html") && (opens("<body") || opens("<head")))
        || (opens("<table") && opens("<td"))
        || opens("<a href=")
}

/// The last two labels of a domain, or three below a registry such as `co.uk`.
fn organisation(domain: &str) -> &str {
    let mut dots = domain.rmatch_indices('.').map(|(at, _)| at);
    let (last, second, third) = (dots.next(), dots.next(), dots.next());
    let label = |from: Option<usize>, to: Option<usize>| {
        domain.get(from.map_or(0, |at| at + 1)..to.unwrap_or(domain.len())).unwrap_or_default()
    };
    let is_registry = label(last, None).len() == 2 && label(second, last).len() <= 3 && second.is_some();
    let cut = if is_registry { third } else { second };
    domain.get(cut.map_or(0, |at| at + 1)..).unwrap_or(domain)
}

/// Whether a server on the way made the id: it has the form of a server's, and the host of one that
/// took the mail in, which is not the sender's.
///
/// # Source
/// RFC 6409 section 8.3 (a server may add a Message-ID); the forms are those of sendmail
/// (`200208251724.SAA22481@host`), Postfix (`20020826151302.DD0E44416B@host`) and Exim
/// (`E17ZL6I-000NHk-0Y@host`).
fn is_given_by_server(id: &str, hops: &[String], from_domain: &str) -> bool {
    let Some((local, host)) = id.rsplit_once('@') else { return false };
    let digits = local.bytes().take_while(u8::is_ascii_digit).count();
    let dated = matches!(digits, 12 | 14) && local.get(digits..).is_some_and(|rest| rest.starts_with('.'));
    let of_exim = local.starts_with('E') && local.len() == 17 && local.matches('-').count() == 2;
    if !(dated || of_exim) {
        return false;
    }
    let host = host.to_ascii_lowercase();
    let took_in = hops.iter().filter_map(|hop| {
        let after = hop
            .split_once(" by ")
            .map(|(_, after)| after)
            .or_else(|| hop.trim_start().strip_prefix("by "))?;
        Some(after.split([' ', ';', '(']).next().unwrap_or_default().to_ascii_lowercase())
    });
    organisation(&host) != organisation(&from_domain.to_ascii_lowercase())
        && took_in.into_iter().any(|by| !by.is_empty() && organisation(&by) == organisation(&host))
}

/// Whether an id of Outlook's form (`<counter><time>$<time>$<address>@host`, the first time being the
/// upper half of a Windows file time) was made more than two days from when the mail was sent.
///
/// # Source
/// MS-DTYP 2.3.3 (FILETIME: steps of 100 ns since 1601); one step of the upper half is 429 s. The form
/// is that of ids that Outlook and Outlook Express make.
fn is_of_other_day(id: &str, sent: i64) -> bool {
    let (Some(counter), Some(time)) = (id.get(..4), id.get(4..12)) else { return false };
    let rest = id.get(12..).unwrap_or_default();
    let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let formed = rest.starts_with('$') && rest.get(9..10) == Some("$") && rest.get(1..9).is_some_and(is_hex);
    if !formed || !is_hex(counter) {
        return false;
    }
    let Ok(upper) = i64::from_str_radix(time, 16) else { return false };
    let expected = sent.saturating_add(11_644_473_600).saturating_mul(10_000_000) >> 32;
    (upper - expected).abs() > 2 * 86_400 / 429
}

/// Whether a Date has no time zone or one that no place has.
///
/// # Source
/// RFC 5322 section 3.3; zones on earth are from -1200 to +1400.
fn has_odd_zone(date: &str) -> bool {
    let date = date.split('(').next().unwrap_or_default().trim_end();
    let Some(last) = date.split_whitespace().last() else { return false };
    let Some(digits) = last.strip_prefix(['+', '-']) else {
        // A name such as GMT is a zone; a time of day or a year is none.
        return !last.starts_with(|c: char| c.is_ascii_alphabetic());
    };
    let number: u32 = digits.parse().unwrap_or(9_999);
    digits.len() != 4 || number / 100 > 14 || !matches!(number % 100, 0 | 30 | 45)
}

/// Whether a mail was sent more than four hours from every time at which a server took it in.
fn is_far_from_hops(sent: i64, hops: &[String]) -> bool {
    let times: Vec<i64> = hops
        .iter()
        .filter_map(|hop| DateTime::parse_rfc822(hop.rsplit_once(';')?.1.trim()))
        .filter(DateTime::is_valid)
        .map(|time| time.to_timestamp())
        .collect();
    !times.is_empty() && times.iter().all(|time| (time - sent).abs() > 4 * 3_600)
}

/// Whether a mail says it is from Outlook Express, or from Outlook of that time, without X-MimeOLE.
///
/// # Source
/// Both wrote X-MimeOLE into every mail; Outlook since 2003 is not asked for it.
fn is_posed(mailer: &str, has_mime_ole: bool) -> bool {
    let of_that_time = ["Microsoft Outlook Express", "Microsoft Outlook IMO", "Microsoft Outlook CWS"];
    let build =
        mailer.starts_with("Microsoft Outlook, Build 10.") || mailer.starts_with("Microsoft Outlook 8");
    !has_mime_ole && (build || of_that_time.iter().any(|name| mailer.starts_with(name)))
}

/// Whether a subject ends in a mark that tells one copy from another.
fn has_mark(subject: &str) -> bool {
    let subject = subject.trim_end();
    if let Some(at) = subject.rfind("    ")
        && at > 0
        && subject.get(at..).is_some_and(|tail| !tail.trim().is_empty() && !tail.trim().contains(' '))
    {
        return true;
    }
    let last = subject.rsplit(' ').next().unwrap_or_default();
    let inner = last.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let token = inner.unwrap_or(last).trim_matches('-');
    let plain = token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let (letters, vowels) = (token.len() - digits, token.matches(['a', 'e', 'i', 'o', 'u', 'y']).count());
    // "wz6lo", "rjgu10"; no version ("v2", "2.40") and no bug ("bug704").
    let mixed = token.len() >= 5 && digits > 0 && letters >= 3 && vowels * 4 <= letters;
    plain && last.len() < subject.len() && (mixed || (inner.is_some() && token.len() >= 4 && vowels == 0))
}

#[cfg(test)]
mod tests;
