//! What a style says about being seen: the few declarations that hide text. Knows no layout, and
//! reads only rules of one simple selector from a style sheet.
//!
//! # Source
//! SECURITY.md T3 and M6: thirty ways in which mails hide text from people.

use std::collections::HashMap;

/// The smallest text that a person reads, in pixels.
const READABLE_PX: f32 = 6.0;
/// Farther out than this, in pixels, nothing is on a screen.
const OFF_SCREEN_PX: f32 = -400.0;
/// The most rules of a style sheet that are kept.
const RULES: usize = 2_000;

/// What an element's own style changes. `None` leaves what its parent has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// It hides itself and all inside it.
    pub(crate) hidden: bool,
    /// Text size in pixels.
    pub(crate) font_px: Option<f32>,
    /// Text colour.
    pub(crate) color: Option<[u8; 3]>,
    /// What is behind the text.
    pub(crate) background: Option<Background>,
    /// White space is kept as written.
    pub(crate) keeps_space: bool,
}

/// What is behind a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Background {
    /// One colour.
    Plain([u8; 3]),
    /// A picture, a gradient: nobody can tell.
    Unknown,
}

impl Look {
    /// Adds the declarations of a `style` attribute or rule.
    pub(crate) fn apply(&mut self, declarations: &str, element: &str) {
        let readable = readable_css(declarations);
        let sized = !matches!(element, "td" | "th" | "tr" | "table" | "tbody" | "img" | "col");
        let mut absolute = false;
        let mut offset = false;
        for declaration in readable.split(';') {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            let property = property.trim();
            let value = value.trim().trim_end_matches("!important").trim();
            match property {
                "display" => self.hidden |= value == "none",
                "visibility" => self.hidden |= matches!(value, "hidden" | "collapse"),
                "mso-hide" => self.hidden |= value == "all",
                "opacity" => self.hidden |= number(value).is_some_and(|n| n <= 0.1),
                "font-size" => self.font_px = pixels(value).or(self.font_px),
                "width" | "height" if sized => self.hidden |= pixels(value).is_some_and(|px| px <= 1.0),
                "max-height" | "max-width" => self.hidden |= pixels(value).is_some_and(|px| px <= 1.0),
                "text-indent" => self.hidden |= pixels(value).is_some_and(|px| px <= -99.0),
                "margin-left" | "margin-top" => {
                    self.hidden |= pixels(value).is_some_and(|px| px <= OFF_SCREEN_PX);
                }
                "position" => absolute |= matches!(value, "absolute" | "fixed" | "relative"),
                "left" | "top" | "right" | "bottom" => {
                    offset |= pixels(value).is_some_and(|px| px <= OFF_SCREEN_PX);
                }
                "clip" => self.hidden |= value.starts_with("rect(0") || value.starts_with("rect(1px"),
                "clip-path" => self.hidden |= value.contains("100%") || value.contains("50%"),
                "transform" => {
                    self.hidden |= value.contains("scale(0)") || value.contains("translatex(-9");
                }
                "color" => {
                    self.hidden |= value == "transparent";
                    self.color = color(value).or(self.color);
                }
                "background" | "background-color" | "background-image" => {
                    if let Some(plain) = color(value) {
                        self.background = Some(Background::Plain(plain));
                    } else if !matches!(value, "" | "none" | "transparent" | "inherit" | "initial") {
                        self.background = Some(Background::Unknown);
                    }
                }
                "white-space" => self.keeps_space |= value.starts_with("pre"),
                _ => {}
            }
        }
        self.hidden |= absolute && offset;
    }
}

/// Whether text of that size cannot be read.
pub(crate) fn too_small(px: f32) -> bool {
    px < READABLE_PX
}

/// Whether text of colour `a` cannot be told from a background of colour `b`.
///
/// # Source
/// WCAG 2.2, contrast ratio; SECURITY.md T3 takes 1.5 as invisible, here 1.2 since pale grey on
/// white is common and read.
pub(crate) fn same_color(a: [u8; 3], b: [u8; 3]) -> bool {
    let (a, b) = (luminance(a), luminance(b));
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    (high + 0.05) / (low + 0.05) < 1.2
}

fn luminance(color: [u8; 3]) -> f32 {
    let [r, g, b] = color.map(|channel| {
        let c = f32::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Lower case, without comments, escapes resolved: `d\69splay:/**/none` is `display:none`.
fn readable_css(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '/' && chars.peek() == Some(&'*') {
            chars.next();
            let mut before = ' ';
            for inner in chars.by_ref() {
                if before == '*' && inner == '/' {
                    break;
                }
                before = inner;
            }
        } else if c == '\\' {
            let mut code = 0;
            let mut digits = 0;
            while let Some(digit) = chars.peek().and_then(|d| d.to_digit(16)).filter(|_| digits < 6) {
                code = code * 16 + digit;
                digits += 1;
                chars.next();
            }
            if digits == 0 {
                continue;
            }
            if chars.peek() == Some(&' ') {
                chars.next();
            }
            out.extend(char::from_u32(code).map(|c| c.to_ascii_lowercase()));
        } else if !c.is_control() || c.is_whitespace() {
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}

fn number(value: &str) -> Option<f32> {
    let end =
        value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    let n: f32 = value.get(..end)?.parse().ok()?;
    Some(if value.get(end..) == Some("%") { n / 100.0 } else { n })
}

/// A length in pixels; `None` for percentages and what depends on the layout (unless it is 0).
pub(crate) fn pixels(value: &str) -> Option<f32> {
    let end =
        value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    let n: f32 = value.get(..end)?.parse().ok()?;
    match value.get(end..)?.trim() {
        "px" | "" => Some(n),
        "pt" => Some(n * 4.0 / 3.0),
        "em" | "rem" | "ex" => Some(n * 16.0),
        "in" => Some(n * 96.0),
        "cm" => Some(n * 37.8),
        "mm" => Some(n * 3.78),
        _ => (n == 0.0).then_some(0.0),
    }
}

/// A colour: `#fff`, `#ffffff`, `rgb(…)`, or one of the names that mails use to hide text.
pub(crate) fn color(value: &str) -> Option<[u8; 3]> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let digits: Vec<u8> =
            hex.get(..end)?.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
        return match digits.as_slice() {
            [r, g, b] | [r, g, b, _] => Some([r * 17, g * 17, b * 17]),
            [r1, r2, g1, g2, b1, b2, ..] => Some([r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2]),
            _ => None,
        };
    }
    if let Some(inner) = value.strip_prefix("rgb").and_then(|rest| rest.split_once('(')).map(|(_, r)| r) {
        let inner = inner.split(')').next()?;
        let mut parts =
            inner.split([',', ' ', '/']).filter(|p| !p.is_empty()).map(|p| p.parse::<f32>().unwrap_or(255.0));
        let mut next = || parts.next().map(|p| p.clamp(0.0, 255.0) as u8);
        return Some([next()?, next()?, next()?]);
    }
    let name = value.split_whitespace().next()?;
    Some(match name {
        "white" => [255, 255, 255],
        "black" => [0, 0, 0],
        "snow" | "ghostwhite" | "whitesmoke" | "ivory" | "floralwhite" | "azure" | "mintcream" => {
            [250, 250, 250]
        }
        "red" => [255, 0, 0],
        "blue" => [0, 0, 255],
        "green" => [0, 128, 0],
        "gray" | "grey" => [128, 128, 128],
        "silver" | "lightgray" | "lightgrey" => [200, 200, 200],
        "yellow" => [255, 255, 0],
        "orange" => [255, 165, 0],
        "navy" => [0, 0, 128],
        _ => return None,
    })
}

/// The rules of style sheets whose selector is one class, one id, or one element name.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    rules: HashMap<String, String>,
    /// A background was set by a selector that is not understood here: colours prove nothing.
    pub(crate) unknown_background: bool,
}

impl Sheet {
    /// Adds the text of one `<style>`. Rules inside `@media` and the like are passed over: they
    /// hide on one device what they show on another.
    pub(crate) fn add(&mut self, css: &str) {
        let css = css.replace("<!--", " ").replace("-->", " ");
        let css = readable_css(&css);
        let mut rest = css.as_str();
        while let Some((selectors, after)) = rest.split_once('{') {
            if self.rules.len() >= RULES {
                return;
            }
            let selectors = selectors.rsplit(';').next().unwrap_or_default().trim();
            if selectors.starts_with('@') {
                rest = behind_block(after);
                continue;
            }
            let (declarations, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            for selector in selectors.split(',').map(str::trim) {
                self.add_rule(selector, declarations);
            }
        }
    }

    fn add_rule(&mut self, selector: &str, declarations: &str) {
        let simple = |s: &str| {
            !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let key = match selector.split_once('.') {
            Some((element, class)) if simple(class) && (element.is_empty() || simple(element)) => selector,
            _ if selector.strip_prefix('#').is_some_and(simple) || simple(selector) => selector,
            _ => {
                self.unknown_background |=
                    declarations.contains("background") || declarations.contains("color");
                return;
            }
        };
        let rule = self.rules.entry(key.to_owned()).or_default();
        if rule.len() + declarations.len() < 4_096 {
            rule.push_str(declarations);
            rule.push(';');
        }
    }

    /// Whether it holds no rule.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Applies what the sheet says of an element.
    pub(crate) fn apply(&self, look: &mut Look, element: &str, class: &str, id: &str) {
        if self.rules.is_empty() {
            return;
        }
        let mut apply = |key: &str| {
            if let Some(declarations) = self.rules.get(key) {
                look.apply(declarations, element);
            }
        };
        apply(element);
        for class in class.split_whitespace().take(16).map(str::to_ascii_lowercase) {
            apply(&format!(".{class}"));
            apply(&format!("{element}.{class}"));
        }
        if !id.is_empty() {
            apply(&format!("#{}", id.to_ascii_lowercase()));
        }
    }
}

/// What stands behind the block whose `{` has just been read.
fn behind_block(css: &str) -> &str {
    let mut depth = 1_usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return css.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::{Look, Sheet, color, same_color};

    fn look(css: &str) -> Look {
        let mut look = Look::default();
        look.apply(css, "div");
        look
    }

    #[test]
    fn hiding_is_seen() {
        for css in [
            "display:none",
            "DISPLAY : none !important",
            "d\\69splay:/**/none",
            "visibility:hidden",
            "opacity:0.05",
            "opacity: 5%",
            "max-height:0",
            "width:0px;overflow:hidden",
            "position:absolute;left:-9999px",
            "text-indent:-999em",
            "mso-hide:all",
            "clip:rect(0 0 0 0)",
            "color:transparent",
            "transform:scale(0)",
        ] {
            assert!(look(css).hidden, "{css}");
        }
        for css in ["display:block", "height:10px", "width:100%", "opacity:.9", "left:-5px", "line-height:0"]
        {
            assert!(!look(css).hidden, "{css}");
        }
    }

    #[test]
    fn colours_compare() {
        assert!(same_color(color("#fff").unwrap(), color("rgb(250, 250, 250)").unwrap()));
        assert!(!same_color(color("#999999").unwrap(), color("white").unwrap()));
    }

    #[test]
    fn a_sheet_knows_simple_rules_outside_media() {
        let mut sheet = Sheet::default();
        sheet.add("@media (max-width:600px){.m{display:none}} .h, td.k {display:none} a b{color:red}");
        for (element, class, hidden) in
            [("p", "h", true), ("td", "x K", true), ("p", "m", false), ("p", "", false)]
        {
            let mut look = Look::default();
            sheet.apply(&mut look, element, class, "");
            assert_eq!(look.hidden, hidden, "{class}");
        }
    }
}
