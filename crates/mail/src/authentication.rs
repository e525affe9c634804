//! `Authentication-Results` as data: who says what about SPF, DKIM and DMARC. Anybody can write such a
//! field, so it says nothing until [`believed`] finds it to be of the host the owner configured.
//!
//! # Source
//! RFC 8601 sections 2.2, 2.3 and 5; SECURITY.md T6.

use postil_evidence::HeaderText;
use serde::{Deserialize, Serialize};

/// The most fields, and results of one field, that are kept.
const KEPT: usize = 20;

/// One `method=result` with what it was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodResult {
    /// `spf`, `dkim`, `dmarc`, `arc`, …; lower case.
    pub method: String,
    /// `pass`, `fail`, `none`, …; lower case.
    pub result: String,
    /// The properties as written: `header.d=x.example`.
    pub about: HeaderText,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationResults {
    /// The host that says so, lower case.
    pub host: String,
    /// What it says.
    pub results: Vec<MethodResult>,
    /// Received fields above it that are no local delivery: 0 where only the last host can have
    /// written it, since each host adds its fields on top.
    pub hops_above: usize,
    /// How many of those name [`host`](Self::host) as the receiver.
    pub own_hops_above: usize,
}

/// What the owner's own mail host found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authenticated {
    /// DMARC passed, or where DMARC says nothing, DKIM or SPF did.
    Pass,
    /// DMARC failed, or everything that was tried did.
    Fail,
    /// The host says nothing, or no host is configured.
    Unknown,
}

/// Hosts that write their field below their own Received field, and delete what came with their name.
///
/// # Source
/// Mail received by Gmail; <https://support.google.com/a/answer/13198639>.
const BELOW_OWN_HOP: &[&str] = &["mx.google.com"];

/// What `host` says, where it is the owner's mail host and the field stands where only that host can
/// have put it: above every Received field but those of local delivery. A field of the same name
/// further down was brought along by the sender.
#[must_use]
pub fn believed(fields: &[AuthenticationResults], host: &str) -> Authenticated {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    if host.is_empty() {
        return Authenticated::Unknown;
    }
    let own = fields.iter().filter(|field| field.host == host && field.is_in_place());
    let results: Vec<&MethodResult> = own.flat_map(|field| &field.results).collect();
    let said = |method: &str| {
        results.iter().filter(|r| r.method == method).map(|r| r.result.as_str()).collect::<Vec<_>>()
    };
    let dmarc = said("dmarc");
    if dmarc.contains(&"fail") {
        return Authenticated::Fail;
    }
    if dmarc.contains(&"pass") {
        return Authenticated::Pass;
    }
    let (dkim, spf) = (said("dkim"), said("spf"));
    if dkim.contains(&"pass") || (dkim.is_empty() && spf.contains(&"pass")) {
        return Authenticated::Pass;
    }
    let failed = |list: &[&str]| list.iter().any(|result| matches!(*result, "fail" | "permerror" | "policy"));
    if failed(&dkim) || failed(&spf) { Authenticated::Fail } else { Authenticated::Unknown }
}

impl AuthenticationResults {
    /// Whether only the host itself can have written it here.
    fn is_in_place(&self) -> bool {
        self.hops_above == 0 || (self.own_hops_above == 1 && BELOW_OWN_HOP.contains(&self.host.as_str()))
    }
}

/// Reads the fields of a header block, given as `(name, raw value)` from the top down.
pub(crate) fn read<'f>(fields: impl Iterator<Item = (&'f [u8], &'f [u8])>) -> Vec<AuthenticationResults> {
    let mut out: Vec<AuthenticationResults> = Vec::new();
    let mut hops: Vec<String> = Vec::new();
    let mut all = 0;
    for (name, value) in fields {
        if name.eq_ignore_ascii_case(b"received") {
            let (by, is_local) = received(value);
            if !is_local {
                all += 1;
                if hops.len() < KEPT {
                    hops.push(by);
                }
            }
        } else if name.eq_ignore_ascii_case(b"authentication-results")
            && out.len() < KEPT
            && let Some((host, results)) = field(value)
        {
            let own_hops_above = hops.iter().filter(|by| **by == host).count();
            out.push(AuthenticationResults { host, results, hops_above: all, own_hops_above });
        }
    }
    out
}

/// The receiving host of a Received field, and whether it tells of delivery inside one host.
///
/// # Source
/// RFC 5321 section 4.4; the IANA registry of mail transmission types for LMTP and its kin.
fn received(value: &[u8]) -> (String, bool) {
    let text = without_comments(&String::from_utf8_lossy(value));
    let words: Vec<&str> = text.split_ascii_whitespace().take(64).collect();
    let behind = |key: &str| {
        let at = words.iter().position(|word| word.eq_ignore_ascii_case(key))?;
        words.get(at + 1).map(|word| word.trim_end_matches([';', '.']).to_ascii_lowercase())
    };
    let with = behind("with").unwrap_or_default();
    (behind("by").unwrap_or_default(), with.starts_with("lmtp") || with == "local")
}

fn field(value: &[u8]) -> Option<(String, Vec<MethodResult>)> {
    let text = without_comments(&String::from_utf8_lossy(value));
    let mut pieces = text.split(';');
    let host = pieces.next()?.split_ascii_whitespace().next()?.trim_end_matches('.').to_ascii_lowercase();
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !plain || host.len() > 253 {
        return None;
    }
    let results = pieces.take(KEPT).filter_map(|piece| {
        let (method, rest) = piece.trim().split_once('=')?;
        let method = method.split('/').next()?.trim().to_ascii_lowercase();
        let mut words = rest.split_ascii_whitespace();
        let result = words.next()?.to_ascii_lowercase();
        let word = |s: &str| {
            !s.is_empty() && s.len() <= 40 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let about = HeaderText::clean(&words.collect::<Vec<_>>().join(" "));
        (word(&method) && word(&result)).then_some(MethodResult { method, result, about })
    });
    Some((host, results.collect()))
}

/// The text without RFC 5322 comments; quoted strings stay.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quoted) = (0_usize, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Authenticated, believed};
    use crate::parse_message;

    #[track_caller]
    fn check(headers: &str, expect: Authenticated) {
        let message = parse_message(format!("{headers}From: a@x.example\n\nhi\n").as_bytes());
        assert_eq!(believed(&message.delivery.authentication, "mx.own.example"), expect, "{headers}");
    }

    #[test]
    fn only_the_owners_host_is_believed_and_only_at_its_place() {
        use Authenticated::{Fail, Pass, Unknown};
        let own = "Received: from x by mx.own.example; Fri\n";
        let far = "Received: from y by mail.sender.example; Fri\n";
        check(
            &format!("Authentication-Results: mx.own.example; dmarc=pass header.from=x.example\n{own}"),
            Pass,
        );
        check(
            &format!("Authentication-Results: MX.Own.Example. 1; dkim=pass;\n\tspf=fail; dmarc=fail\n{own}"),
            Fail,
        );
        check(
            &format!("Authentication-Results: mx.own.example; dkim=pass (ok; dmarc=fail) header.d=x\n{own}"),
            Pass,
        );
        check(&format!("Authentication-Results: (a) mx.own.example (b); spf=softfail\n{own}"), Unknown);
        let local = "Received: from mx.own.example by mx.own.example with LMTP id x; Fri\n";
        check(&format!("{local}Authentication-Results: mx.own.example; spf=pass\n{own}"), Pass);
        // Brought along by the sender: below a hop of another network, or of the right name elsewhere.
        check(&format!("{own}{far}Authentication-Results: mx.own.example; dmarc=pass\n"), Unknown);
        check(&format!("{own}Authentication-Results: mx.own.example; dmarc=pass\n{far}"), Unknown);
        check(&format!("Authentication-Results: mx.evil.example; dmarc=pass\n{own}"), Unknown);
        check(&format!("Authentication-Results: evil mx.own.example; dmarc=pass\n{own}"), Unknown);
        check(&format!("ARC-Authentication-Results: i=1; mx.own.example; dmarc=pass\n{own}"), Unknown);
        check(&format!("Authentication-Results: mx.own.example; none\n{own}"), Unknown);
        // The host's verdict stands above the forged one.
        check(
            &format!(
                "Authentication-Results: mx.own.example; dmarc=fail\n{own}{far}Authentication-Results: mx.own.example; dmarc=pass\n"
            ),
            Fail,
        );
        check(&format!("{own}Authentication-Results: mx.own.example; dmarc=pass\n{own}"), Unknown);
        check("", Unknown);
    }

    #[test]
    fn no_configured_host_believes_nothing() {
        let message = parse_message(
            b"Authentication-Results: ; dmarc=pass\nAuthentication-Results: x; dmarc=pass\n\nhi",
        );
        assert_eq!(believed(&message.delivery.authentication, ""), Authenticated::Unknown);
    }
}
