//! Style sheets: which rules hold for an element, and in which order. Knows selectors, media and the
//! cascade as far as hiding needs them; what declarations mean is [`super::style`]'s.
//!
//! # Source
//! Selectors Level 4, CSS Cascade Level 4, Media Queries Level 4. The screen is taken to be 1,024
//! pixels wide, in light colours: what a mail hides only on a telephone or on paper is seen.

use std::collections::HashMap;

use super::style::{Declaration, declarations, readable_css};

/// The most rules of all sheets that are kept.
const RULES: usize = 4_000;
/// The most selectors that are kept.
const SELECTORS: usize = 8_000;
/// The most parts of one selector.
const PARTS: usize = 12;
/// The deepest nesting of `@media` and the like.
const NESTING: usize = 8;
/// The most custom properties that are kept.
const VARIABLES: usize = 200;
/// The most steps that matching one selector against the elements around may take.
const STEPS: usize = 600;
const SCREEN_WIDTH: f32 = 1_024.0;

/// What a selector looks at in an element.
pub(crate) trait Matched {
    /// Its name, in any case.
    fn name(&self) -> &str;
    /// An attribute's raw value.
    fn attribute(&self, name: &str) -> Option<&str>;
}

/// A part of a selector between combinators.
#[derive(Clone, Debug, Default, PartialEq)]
struct Compound {
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    /// Name and test of each attribute.
    attributes: Vec<(String, Test)>,
    /// It holds for some state or place that is not known here, such as `:hover`.
    unknown: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Present,
    Equals(String),
    /// `~=`
    Word(String),
    /// `*=`, `^=` and `$=`, `|=` as well: nearer than nothing.
    Contains(String),
}

/// A selector: the element itself first, then what it must stand in.
#[derive(Clone, Debug, PartialEq)]
struct Selector {
    own: Compound,
    /// Outward; whether each must be the parent.
    around: Vec<(Compound, bool)>,
    specificity: u32,
    rule: usize,
}

/// The rules of all `<style>` elements.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    rules: Vec<String>,
    selectors: Vec<Selector>,
    /// Selectors by what their own part asks for first.
    by_key: HashMap<String, Vec<usize>>,
    variables: HashMap<String, String>,
}

impl Sheet {
    /// Adds the text of one `<style>`.
    pub(crate) fn add(&mut self, css: &str) {
        let css = css.replace("<!--", " ").replace("-->", " ");
        self.block(&readable_css(&css), 0);
    }

    /// Reads rules up to the end; `@media` and the like hold rules themselves.
    fn block(&mut self, mut rest: &str, depth: usize) {
        while let Some((head, after)) = rest.split_once('{') {
            if self.rules.len() >= RULES {
                return;
            }
            let head = head.rsplit([';', '}']).next().unwrap_or_default().trim();
            let (inner, behind) = block_of(after);
            rest = behind;
            if head.starts_with('@') {
                if depth < NESTING && holds(head) {
                    self.block(inner, depth + 1);
                }
                continue;
            }
            self.rule(head, inner);
        }
    }

    fn rule(&mut self, selectors: &str, declared: &str) {
        // A nested rule inside is passed over: `& p { … }`.
        let declared = declared.split('{').next().unwrap_or_default();
        for declaration in declarations(declared) {
            if declaration.property.starts_with("--") && self.variables.len() < VARIABLES {
                self.variables.insert(declaration.property.to_owned(), declaration.value.to_owned());
            }
        }
        let rule = self.rules.len();
        self.rules.push(declared.get(..declared.floor_char_boundary(4_096)).unwrap_or_default().to_owned());
        for one in split_outside(selectors, ',') {
            if self.selectors.len() >= SELECTORS {
                return;
            }
            let Some(selector) = parsed(one, rule) else { continue };
            let key = selector.own.key();
            self.by_key.entry(key).or_default().push(self.selectors.len());
            self.selectors.push(selector);
        }
    }

    /// Whether it holds no rule.
    pub(crate) fn is_empty(&self) -> bool {
        self.selectors.is_empty()
    }

    /// The rules that hold for an element, the weakest first. `around` are the elements it stands in,
    /// outermost first.
    pub(crate) fn matching<E: Matched, M: Matched>(&self, element: &E, around: &[M]) -> Vec<&str> {
        let mut found: Vec<(u32, usize)> = Vec::new();
        let mut look = |key: &str| {
            for at in self.by_key.get(key).into_iter().flatten() {
                if let Some(selector) = self.selectors.get(*at)
                    && selector.holds(element, around)
                {
                    found.push((selector.specificity, selector.rule));
                }
            }
        };
        look("*");
        look(&element.name().to_ascii_lowercase());
        for class in element.attribute("class").unwrap_or_default().split_whitespace().take(24) {
            look(&format!(".{}", class.to_ascii_lowercase()));
        }
        if let Some(id) = element.attribute("id") {
            look(&format!("#{}", id.trim().to_ascii_lowercase()));
        }
        found.sort_unstable();
        found.dedup();
        found.iter().filter_map(|(_, rule)| self.rules.get(*rule)).map(String::as_str).collect()
    }

    /// Readable CSS with `var( … )` replaced by what the sheets, or the text itself, say.
    pub(crate) fn resolved(&self, readable: &str) -> String {
        if !readable.contains("var(") {
            return readable.to_owned();
        }
        let own: HashMap<&str, &str> = declarations(readable)
            .into_iter()
            .filter(|d: &Declaration<'_>| d.property.starts_with("--"))
            .map(|d| (d.property, d.value))
            .collect();
        let mut out = String::with_capacity(readable.len());
        let mut rest = readable;
        while let Some((before, after)) = rest.split_once("var(") {
            out.push_str(before);
            let (inner, behind) = after.split_once(')').unwrap_or((after, ""));
            let (name, otherwise) = inner.split_once(',').unwrap_or((inner, ""));
            let name = name.trim();
            let value = own.get(name).copied().or_else(|| self.variables.get(name).map(String::as_str));
            out.push_str(value.unwrap_or(otherwise));
            rest = behind;
            if out.len() > 16 * 1024 {
                break;
            }
        }
        out.push_str(rest);
        out
    }
}

impl Compound {
    fn key(&self) -> String {
        match (&self.id, self.classes.first(), &self.name) {
            (Some(id), _, _) => format!("#{id}"),
            (None, Some(class), _) => format!(".{class}"),
            (None, None, Some(name)) => name.clone(),
            (None, None, None) => "*".to_owned(),
        }
    }

    fn holds<M: Matched>(&self, element: &M) -> bool {
        let has_class = |wanted: &String| {
            let classes = element.attribute("class").unwrap_or_default();
            classes.split_whitespace().any(|class| class.eq_ignore_ascii_case(wanted))
        };
        !self.unknown
            && self.name.as_ref().is_none_or(|name| element.name().eq_ignore_ascii_case(name))
            && self.id.as_ref().is_none_or(|id| {
                element.attribute("id").is_some_and(|own| own.trim().eq_ignore_ascii_case(id))
            })
            && self.classes.iter().all(has_class)
            && self.attributes.iter().all(|(name, test)| {
                element.attribute(name).is_some_and(|value| test.holds(&value.to_ascii_lowercase()))
            })
    }
}

impl Test {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Equals(wanted) => value.trim() == wanted,
            Self::Word(wanted) => value.split_whitespace().any(|word| word == wanted),
            Self::Contains(wanted) => !wanted.is_empty() && value.contains(wanted.as_str()),
        }
    }
}

impl Selector {
    fn holds<E: Matched, M: Matched>(&self, element: &E, around: &[M]) -> bool {
        let mut steps = STEPS;
        self.own.holds(element) && stands_in(&self.around, around, &mut steps)
    }
}

/// Whether the parts of a selector are found around, from the inside out.
fn stands_in<M: Matched>(parts: &[(Compound, bool)], around: &[M], steps: &mut usize) -> bool {
    let Some(((part, is_parent), rest)) = parts.split_first() else { return true };
    for at in (0..around.len()).rev() {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        let (Some(element), Some(outside)) = (around.get(at), around.get(..at)) else { return false };
        if part.holds(element) && stands_in(rest, outside, steps) {
            return true;
        }
        if *is_parent {
            return false;
        }
    }
    false
}

/// The content of a block whose `{` has just been read, and what stands behind it.
fn block_of(css: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (css.get(..at).unwrap_or_default(), css.get(at + 1..).unwrap_or_default());
        }
    }
    (css, "")
}

/// Whether rules inside an at-rule hold on the screen.
fn holds(head: &str) -> bool {
    if let Some(queries) = head.strip_prefix("@media") {
        return queries.split(',').any(query_holds);
    }
    if let Some(condition) = head.strip_prefix("@supports") {
        return !condition.trim_start().starts_with("not");
    }
    ["@layer", "@scope", "@container", "@document", "@-moz-document", "@starting-style"]
        .iter()
        .any(|name| head.starts_with(name))
}

/// One media query, such as `only screen and (max-width: 600px)`.
fn query_holds(query: &str) -> bool {
    let query = query.trim();
    let (negated, query) = match query.strip_prefix("not ") {
        Some(rest) => (true, rest.trim()),
        None => (false, query.strip_prefix("only ").unwrap_or(query).trim()),
    };
    let kind = query.split(['(', ' ']).next().unwrap_or_default().trim();
    let right_kind = matches!(kind, "" | "all" | "screen" | "not");
    let features = query.split('(').skip(1).filter_map(|piece| piece.split(')').next());
    let holds = right_kind && features.into_iter().all(feature_holds);
    holds != negated
}

fn feature_holds(feature: &str) -> bool {
    let px = |value: &str| -> Option<f32> {
        let value = value.trim();
        let digits = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
        let n: f32 = value.get(..digits)?.parse().ok()?;
        Some(if matches!(value.get(digits..), Some("em" | "rem")) { n * 16.0 } else { n })
    };
    if let Some((name, value)) = feature.split_once(':') {
        let (name, value) = (name.trim(), value.trim());
        return match name {
            "min-width" | "min-device-width" => px(value).is_some_and(|px| px <= SCREEN_WIDTH),
            "max-width" | "max-device-width" => px(value).is_some_and(|px| px >= SCREEN_WIDTH),
            "min-height" | "min-device-height" => px(value).is_some_and(|px| px <= 768.0),
            "max-height" | "max-device-height" => px(value).is_some_and(|px| px >= 768.0),
            "orientation" => value == "landscape",
            "prefers-color-scheme" => value == "light",
            "hover" | "any-hover" => value == "hover",
            "pointer" | "any-pointer" => value == "fine",
            "min-resolution" | "-webkit-min-device-pixel-ratio" => px(value).is_some_and(|n| n <= 1.0),
            _ => false,
        };
    }
    if let Some((name, value)) = feature.split_once(">=") {
        return name.trim() == "width" && px(value).is_some_and(|px| px <= SCREEN_WIDTH);
    }
    if let Some((name, value)) = feature.split_once("<=") {
        return name.trim() == "width" && px(value).is_some_and(|px| px >= SCREEN_WIDTH);
    }
    matches!(feature.trim(), "color" | "width" | "height" | "hover" | "min-width" | "grid")
}

/// Splits at a character that stands outside of brackets.
fn split_outside(text: &str, at: char) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == at && depth == 0
    })
    .collect()
}

/// A selector; `None` where it holds for no element.
fn parsed(text: &str, rule: usize) -> Option<Selector> {
    let mut parts: Vec<(Compound, bool)> = Vec::new();
    // Whether the part that comes next is the child of the one before.
    let mut child = false;
    let mut beside = false;
    let mut specificity = 0;
    for piece in words(text) {
        match piece {
            ">" => child = true,
            "+" | "~" => beside = true,
            piece => {
                let (compound, weight) = compound(piece)?;
                specificity += weight;
                if beside {
                    // What stands before an element is not known: only the element itself counts.
                    parts.pop();
                    beside = false;
                }
                parts.push((compound, child));
                child = false;
                if parts.len() > PARTS {
                    return None;
                }
            }
        }
    }
    let (own, own_is_child) = parts.pop()?;
    // Each part carries whether it is the child of the next one outward.
    let mut around = Vec::new();
    let mut is_parent = own_is_child;
    while let Some((part, is_child)) = parts.pop() {
        around.push((part, is_parent));
        is_parent = is_child;
    }
    Some(Selector { own, around, specificity, rule })
}

/// Compounds and combinators of a selector.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for word in split_outside(text.trim(), ' ') {
        let mut rest = word.trim();
        while !rest.is_empty() {
            let outside = |c: char| matches!(c, '>' | '+' | '~');
            let mut depth = 0_usize;
            let end = rest.char_indices().find_map(|(at, c)| {
                match c {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (depth == 0 && outside(c)).then_some(at)
            });
            let (piece, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
            if !piece.is_empty() {
                out.push(piece);
            }
            if let Some(combinator) = after.get(..1) {
                out.push(combinator);
            }
            rest = after.get(1..).unwrap_or_default();
        }
    }
    out
}

/// One compound and its specificity: 1 for a name, 100 for a class, 10,000 for an id.
fn compound(text: &str) -> Option<(Compound, u32)> {
    let mut out = Compound::default();
    let mut weight = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let body = rest.get(first.len_utf8()..)?;
        let len = |text: &str| text.find(['.', '#', '[', ':', '*']).unwrap_or(text.len());
        match first {
            '*' => rest = body,
            '.' | '#' => {
                let (name, after) = body.split_at_checked(len(body))?;
                if first == '.' {
                    out.classes.push(name.to_owned());
                    weight += 100;
                } else {
                    out.id = Some(name.to_owned());
                    weight += 10_000;
                }
                rest = after;
            }
            '[' => {
                let (inner, after) = body.split_once(']').unwrap_or((body, ""));
                out.attributes.push(attribute(inner));
                weight += 100;
                rest = after;
            }
            ':' => {
                let (pseudo, after) = pseudo(body);
                // `::before` and its kin are no text of the mail.
                if pseudo.starts_with(':')
                    || matches!(pseudo, "before" | "after" | "first-line" | "first-letter")
                {
                    return None;
                }
                let always = [
                    "root",
                    "link",
                    "any-link",
                    "first-child",
                    "last-child",
                    "only-child",
                    "not(",
                    "is(",
                    "where(",
                    "nth-",
                    "first-of",
                    "last-of",
                    "enabled",
                    "scope",
                    "has(",
                ];
                out.unknown |= !always.iter().any(|name| pseudo.starts_with(name));
                weight += 100;
                rest = after;
            }
            _ => {
                let (name, after) = rest.split_at_checked(len(rest))?;
                let name = name.rsplit('|').next().unwrap_or(name);
                let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '&'));
                if !plain {
                    return None;
                }
                out.name = Some(name.to_owned());
                weight += 1;
                rest = after;
            }
        }
    }
    Some((out, weight))
}

/// A pseudo-class with its arguments, and what stands behind it.
fn pseudo(body: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    let end = body.char_indices().skip(1).find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0 && matches!(c, '.' | '#' | '[' | ':')).then_some(at)
    });
    body.split_at_checked(end.unwrap_or(body.len())).unwrap_or((body, ""))
}

fn attribute(inner: &str) -> (String, Test) {
    let Some((name, value)) = inner.split_once('=') else {
        return (inner.trim().to_owned(), Test::Present);
    };
    let value = value.trim().trim_end_matches(" i").trim_matches(['"', '\'']).to_owned();
    let (name, test) = match name.chars().next_back() {
        Some('~') => (name.get(..name.len() - 1), Test::Word(value)),
        Some('*' | '^' | '$' | '|') => (name.get(..name.len() - 1), Test::Contains(value)),
        Some(_) | None => (Some(name), Test::Equals(value)),
    };
    (name.unwrap_or_default().trim().to_owned(), test)
}

#[cfg(test)]
mod tests {
    use super::{Matched, Sheet};

    struct Plain(&'static str, &'static str, &'static str);

    impl Matched for Plain {
        fn name(&self) -> &str {
            self.0
        }

        fn attribute(&self, name: &str) -> Option<&str> {
            match name {
                "class" => Some(self.1),
                "id" => Some(self.2),
                _ => None,
            }
        }
    }

    #[track_caller]
    fn check(css: &str, rules: &[&str]) {
        let mut sheet = Sheet::default();
        sheet.add(css);
        let around = [Plain("body", "", ""), Plain("table", "outer", ""), Plain("td", "cell wide", "c1")];
        let found = sheet.matching(&Plain("p", "note Small", "n1"), &around);
        assert_eq!(found.iter().map(|rule| rule.trim()).collect::<Vec<_>>(), rules, "{css}");
    }

    #[test]
    fn selectors_hold_where_they_should() {
        check("p{a}.note{b}#n1{c}*{d}div{e}.other{f}", &["d", "a", "b", "c"]);
        check(
            "p.note.small{a}p.note.big{b}td p{c}td>p{d}table>p{e}.outer .cell p#n1{f}",
            &["c", "d", "a", "f"],
        );
        check(
            "p:hover{a}p::before{b}p:first-child{c}[class~=note]{d}[class*=\"ote\"]{e}[title]{f}",
            &["d", "e", "c"],
        );
        check("div,p{a} h1 , .x p{b} body > table td.wide > p.note{c}", &["a", "c"]);
    }

    #[test]
    fn media_hold_on_a_screen() {
        check("@media (max-width:600px){p{a}}@media screen{p{b}}@media print{p{c}}", &["b"]);
        check(
            "@media only screen and (min-width:480px){p{a}}@media (prefers-color-scheme:dark){p{b}}",
            &["a"],
        );
        check(
            "@media print, (min-width:1px){p{a}}@media not print{p{b}}@supports (display:grid){p{c}}",
            &["a", "b", "c"],
        );
        check("@font-face{src:x}@import url(x);p{a}@keyframes k{from{b}}p{c}", &["a", "c"]);
        check("@media{@media screen{p{a}}}<!-- p{b} -->", &["a", "b"]);
    }

    #[test]
    fn variables_are_put_in() {
        let mut sheet = Sheet::default();
        sheet.add(":root{--c:#fff}");
        assert_eq!(sheet.resolved("color:var(--c);width:var(--w, 0)"), "color:#fff;width: 0");
        assert_eq!(sheet.resolved("--c:red;color:var(--c)"), "--c:red;color:red");
    }
}
