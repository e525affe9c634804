//! What an element's style says about being seen. Knows no layout: it knows the declarations by which
//! mails hide text, and undoes them where a later declaration does.
//!
//! # Source
//! SECURITY.md T3 and M6: thirty ways in which mails hide text from people. CSS 2.2; CSS Transforms,
//! Masking and Filter Effects for `transform`, `clip-path` and `filter`.

use super::color::{Color, color};

/// The smallest text that a person reads, in pixels.
const READABLE_PX: f32 = 6.0;
/// Farther out than this to the left or above, in pixels, nothing is on a screen.
const OFF_SCREEN_PX: f32 = -400.0;
/// Farther out than this to the right or below, in pixels, nobody scrolls.
const FAR_PX: f32 = 4_000.0;
/// A box that cuts off what is larger shows no line of text below this height, in pixels.
const CUT_PX: f32 = 5.0;
/// The size of a screen along which `vw` and `vh` are measured, in pixels.
const SCREEN_PX: f32 = 1_000.0;

/// What is behind a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Background {
    /// One colour.
    Plain(Color),
    /// A picture, a gradient: nobody can tell.
    Unknown,
}

/// A text size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Size {
    Px(f32),
    /// Times the size of the element around it.
    Times(f32),
}

/// What declarations say of an element, the later of two winning. `None` where they say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look {
    display_none: Option<bool>,
    /// Handed down to what is inside, which may turn it off.
    pub(crate) invisible: Option<bool>,
    pub(crate) opacity: Option<f32>,
    pub(crate) font: Option<Size>,
    pub(crate) color: Option<Color>,
    /// Paints the letters whatever `color` says.
    fill: Option<Color>,
    pub(crate) background: Option<Background>,
    pub(crate) keeps_space: Option<bool>,
    pub(crate) scale: Option<f32>,
    mso_hidden: Option<bool>,
    content_hidden: Option<bool>,
    width: Option<f32>,
    height: Option<f32>,
    max_width: Option<f32>,
    max_height: Option<f32>,
    cuts: Option<bool>,
    indent: Option<f32>,
    margins: [Option<f32>; 4],
    offsets: [Option<f32>; 4],
    positioned: Option<bool>,
    clipped: Option<bool>,
    path_clipped: Option<bool>,
    moved_away: Option<bool>,
    filtered_away: Option<bool>,
    squeezed: Option<bool>,
}

/// The sides of a box in the order that shorthands name them.
const SIDES: [&str; 4] = ["top", "right", "bottom", "left"];

impl Look {
    /// Adds the declarations of a `style` attribute or rule, important ones or the others.
    pub(crate) fn apply(&mut self, declarations: &[Declaration<'_>], important: Important) {
        for declaration in declarations.iter().filter(|d| d.important == important) {
            self.set(declaration.property, declaration.value);
        }
    }

    fn set(&mut self, property: &str, value: &str) {
        let property = property.strip_prefix("-webkit-").unwrap_or(property);
        let px = || length(value);
        if let Some(side) = property.strip_prefix("margin-") {
            set_side(&mut self.margins, side, value);
            return;
        }
        match property {
            "display" => self.display_none = Some(value == "none"),
            "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            "content-visibility" => self.content_hidden = Some(value == "hidden"),
            "mso-hide" => self.mso_hidden = Some(value == "all"),
            "opacity" => self.opacity = ratio(value).or(self.opacity),
            "font-size" => self.font = size(value).or(self.font),
            "font" => {
                let sizes = value.split_whitespace().map(|word| word.split('/').next().unwrap_or(word));
                self.font = sizes
                    .filter(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
                    .find_map(|word| if is_weight(word) { None } else { size(word) })
                    .or(self.font);
            }
            "width" => self.width = px(),
            "height" => self.height = px(),
            "max-width" => self.max_width = px(),
            "max-height" => self.max_height = px(),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cuts = Some(value.contains("hidden") || value.contains("clip"));
            }
            "text-indent" => self.indent = px(),
            "letter-spacing" => self.squeezed = Some(px().is_some_and(|px| px <= -6.0)),
            "margin" => set_sides(&mut self.margins, value),
            "inset" => set_sides(&mut self.offsets, value),
            "position" => {
                self.positioned = Some(matches!(value, "absolute" | "fixed" | "relative" | "sticky"));
            }
            "left" | "top" | "right" | "bottom" => set_side(&mut self.offsets, property, value),
            "clip" => self.clipped = Some(clips_all(value)),
            "clip-path" => self.path_clipped = Some(path_clips_all(value)),
            "transform" => {
                self.scale = Some(scale_of(value));
                self.moved_away = Some(moves_away(value));
            }
            "scale" => {
                self.scale = Some(ratio(value.split_whitespace().next().unwrap_or_default()).unwrap_or(1.0))
            }
            "zoom" => self.scale = ratio(value).or(self.scale),
            "translate" => self.moved_away = Some(value.split_whitespace().any(is_away)),
            "filter" => self.filtered_away = Some(filters_away(value)),
            "color" => self.color = color(value).or(self.color),
            "text-fill-color" => self.fill = color(value).or(self.fill),
            "background" | "background-color" | "background-image" => self.set_background(property, value),
            "white-space" => self.keeps_space = Some(value.starts_with("pre") || value == "break-spaces"),
            _ => {}
        }
    }

    fn set_background(&mut self, property: &str, value: &str) {
        if value.contains("gradient(") {
            self.background = Some(gradient(value));
            return;
        }
        // The colour may stand before or behind a picture.
        let outside = match (value.find("url("), value.find(')')) {
            (Some(start), Some(end)) if start < end => {
                format!(
                    "{} {}",
                    value.get(..start).unwrap_or_default(),
                    value.get(end + 1..).unwrap_or_default()
                )
            }
            _ => value.to_owned(),
        };
        match color(outside.trim()).or_else(|| words_color(&outside)) {
            Some(plain) => self.background = Some(Background::Plain(plain)),
            None if value.contains("url(") || value.contains("image(") => {
                // A picture alone says nothing of a colour set before it.
                let kept = property == "background-image" && self.background.is_some();
                self.background = if kept { self.background } else { Some(Background::Unknown) };
            }
            None => {}
        }
    }

    /// The colour that the letters are painted in.
    pub(crate) fn letters(&self) -> Option<Color> {
        self.fill.or(self.color)
    }

    /// Whether it takes itself and all inside it from sight.
    pub(crate) fn hides(&self, element: &str) -> bool {
        let is = |value: Option<bool>| value.unwrap_or(false);
        let at_most = |value: Option<f32>, px: f32| value.is_some_and(|v| v <= px);
        // A table's cell grows with what it holds; these two say how large a picture is.
        let sized = !matches!(element, "td" | "th" | "tr" | "table" | "tbody" | "img" | "col");
        let away =
            |sides: &[Option<f32>; 4]| sides.iter().flatten().any(|px| *px <= OFF_SCREEN_PX || *px >= FAR_PX);
        is(self.display_none)
            || is(self.mso_hidden)
            || is(self.content_hidden)
            || (sized && (at_most(self.width, 1.0) || at_most(self.height, 1.0)))
            || at_most(self.max_width, 1.0)
            || at_most(self.max_height, 1.0)
            || (is(self.cuts) && sized && (at_most(self.height, CUT_PX) || at_most(self.width, CUT_PX)))
            || (is(self.cuts) && (at_most(self.max_height, CUT_PX) || at_most(self.max_width, CUT_PX)))
            || self.indent.is_some_and(|px| px <= -99.0 || px >= FAR_PX)
            || away(&self.margins)
            || (is(self.positioned) && away(&self.offsets))
            || is(self.clipped)
            || is(self.path_clipped)
            || is(self.moved_away)
            || is(self.filtered_away)
            || is(self.squeezed)
    }
}

fn set_side(sides: &mut [Option<f32>; 4], side: &str, value: &str) {
    let place = SIDES.iter().position(|name| *name == side);
    if let Some(kept) = place.and_then(|place| sides.get_mut(place)) {
        *kept = length(value);
    }
}

/// One to four lengths: top, right, bottom, left.
fn set_sides(sides: &mut [Option<f32>; 4], value: &str) {
    let lengths: Vec<Option<f32>> = value.split_whitespace().take(4).map(length).collect();
    let pick = match lengths.len() {
        0 => return,
        1 => [0, 0, 0, 0],
        2 => [0, 1, 0, 1],
        3 => [0, 1, 2, 1],
        _ => [0, 1, 2, 3],
    };
    for (side, from) in sides.iter_mut().zip(pick) {
        *side = lengths.get(from).copied().flatten();
    }
}

/// `400`, `700`: a weight, not a size. A size has a unit, or is 0.
fn is_weight(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) && word != "0"
}

fn words_color(value: &str) -> Option<Color> {
    value.split([' ', ',']).find_map(color)
}

/// A gradient between colours that nobody tells apart is one colour.
fn gradient(value: &str) -> Background {
    let mut stops = value
        .split(['(', ',', ')', ' '])
        .filter_map(|word| color(word).filter(|_| !word.is_empty()))
        .filter(|stop| stop.alpha > 0.0);
    let Some(first) = stops.next() else { return Background::Unknown };
    let same = stops.all(|stop| super::color::same_color(stop.rgb, first.rgb));
    if same && !value.contains("rgb") && !value.contains("hsl") {
        Background::Plain(first)
    } else {
        Background::Unknown
    }
}

/// Whether text of that size cannot be read.
pub(crate) fn too_small(px: f32) -> bool {
    px < READABLE_PX
}

/// Whether a rule says `!important`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Important {
    Yes,
    No,
}

/// One `property: value`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Declaration<'c> {
    pub(crate) property: &'c str,
    pub(crate) value: &'c str,
    pub(crate) important: Important,
}

/// The declarations of CSS that [`readable_css`] made readable.
pub(crate) fn declarations(readable: &str) -> Vec<Declaration<'_>> {
    let mut out = Vec::new();
    let mut rest = readable;
    while !rest.is_empty() {
        let end = declaration_end(rest);
        let (one, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after.get(1..).unwrap_or_default();
        let Some((property, value)) = one.split_once(':') else { continue };
        let (value, mark) = value.split_once('!').unwrap_or((value, ""));
        let important = if mark.trim() == "important" { Important::Yes } else { Important::No };
        out.push(Declaration { property: property.trim(), value: value.trim(), important });
    }
    out
}

/// The `;` that ends the first declaration: not one inside quotes or brackets, as in `url(data:a;b)`.
fn declaration_end(css: &str) -> usize {
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, byte) in css.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, b';') if depth == 0 => return at,
            (None, _) => {}
        }
    }
    // Quotes or brackets that never close protect nothing.
    if quote.is_some() || depth > 0 { css.find(';').unwrap_or(css.len()) } else { css.len() }
}

/// Lower case, without comments, escapes resolved: `d\69splay:/**/none` is `display:none`.
pub(crate) fn readable_css(css: &str) -> String {
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
                // `\.` in a selector stands for the character itself.
                out.extend(chars.next().map(|c| c.to_ascii_lowercase()).filter(|c| c.is_alphanumeric()));
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

/// A number and what stands behind it.
fn number(value: &str) -> Option<(f32, &str)> {
    let value = value.trim();
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let mut end = value.find(|c| !digit(c)).unwrap_or(value.len());
    let mut exponent = value.get(end..).unwrap_or_default().chars();
    if exponent.next() == Some('e') && exponent.next().is_some_and(|c| c.is_ascii_digit() || c == '-') {
        let tail = value.get(end + 2..).unwrap_or_default();
        end += 2 + tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
    }
    let n: f32 = value.get(..end)?.parse().ok()?;
    Some((n, value.get(end..)?.trim()))
}

/// `0.5` or `50%`.
fn ratio(value: &str) -> Option<f32> {
    let inner = inner_of(value);
    let (n, unit) = number(&inner)?;
    match unit {
        "" => Some(n),
        "%" => Some(n / 100.0),
        _ => None,
    }
}

/// What stands inside `calc( … )` and its kin, up to the first operator or comma.
fn inner_of(value: &str) -> String {
    let mut value = value.trim();
    for function in ["calc(", "min(", "max(", "clamp("] {
        if let Some(inner) = value.strip_prefix(function) {
            value = inner;
        }
    }
    value.split([',', ')']).next().unwrap_or(value).split(" + ").next().unwrap_or(value).trim().to_owned()
}

/// A length in pixels; `None` for percentages and what depends on the layout (unless it is 0).
fn length(value: &str) -> Option<f32> {
    let inner = inner_of(value);
    let (n, unit) = number(&inner)?;
    match unit {
        "px" | "" => Some(n),
        "pt" => Some(n * 4.0 / 3.0),
        "pc" => Some(n * 16.0),
        "em" | "rem" | "ex" | "ch" => Some(n * 16.0),
        "in" => Some(n * 96.0),
        "cm" => Some(n * 37.8),
        "mm" => Some(n * 3.78),
        "q" => Some(n * 0.945),
        "vw" | "vh" | "vmin" | "vmax" => Some(n * SCREEN_PX / 100.0),
        _ => (n == 0.0).then_some(0.0).or_else(|| (n <= -200.0 && unit == "%").then_some(OFF_SCREEN_PX)),
    }
}

/// A text size.
fn size(value: &str) -> Option<Size> {
    let inner = inner_of(value);
    if let Some((n, unit)) = number(&inner) {
        return match unit {
            "em" => Some(Size::Times(n)),
            "%" => Some(Size::Times(n / 100.0)),
            "ex" | "ch" => Some(Size::Times(n / 2.0)),
            _ => length(&inner).map(Size::Px),
        };
    }
    let px = match value {
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" | "initial" => 16.0,
        "large" => 18.0,
        "x-large" | "xx-large" | "xxx-large" => 24.0,
        "smaller" => return Some(Size::Times(0.83)),
        "larger" => return Some(Size::Times(1.2)),
        _ => return None,
    };
    Some(Size::Px(px))
}

/// The arguments of `function( … )` in a value.
fn arguments<'v>(value: &'v str, function: &str) -> Option<Vec<&'v str>> {
    let at = value.find(function)?;
    let inner = value.get(at + function.len()..)?.split(')').next()?;
    Some(inner.split([',', ' ']).filter(|part| !part.is_empty()).collect())
}

fn clips_all(value: &str) -> bool {
    let Some(sides) = arguments(value, "rect(") else { return false };
    let side = |i: usize| sides.get(i).and_then(|side| length(side));
    // Where a side is `auto` the box reaches as far as it does.
    let (Some(top), Some(right), Some(bottom), Some(left)) = (side(0), side(1), side(2), side(3)) else {
        return side(2).is_some_and(|bottom| bottom <= 1.0) || side(1).is_some_and(|right| right <= 1.0);
    };
    right - left <= 2.0 || bottom - top <= 2.0
}

fn path_clips_all(value: &str) -> bool {
    if let Some(sides) = arguments(value, "inset(") {
        let half =
            |side: &&str| number(side).is_some_and(|(n, unit)| (unit == "%" && n >= 50.0) || n >= FAR_PX);
        return sides.iter().any(half);
    }
    for shape in ["circle(", "ellipse("] {
        if let Some(sizes) = arguments(value, shape) {
            return sizes.first().and_then(|size| length(size)).is_some_and(|px| px <= 1.0);
        }
    }
    arguments(value, "polygon(").is_some_and(|points| {
        let numbers: Vec<(f32, &str)> = points.iter().filter_map(|point| number(point)).collect();
        numbers.windows(2).all(|pair| matches!(pair, [a, b] if a == b))
    })
}

/// The smallest factor of `scale( … )` and `matrix( … )`; turned on edge counts as 0.
fn scale_of(value: &str) -> f32 {
    let mut least = 1.0_f32;
    for function in ["scale(", "scalex(", "scaley(", "scale3d("] {
        for factor in arguments(value, function).unwrap_or_default() {
            least = least.min(ratio(factor).map_or(1.0, f32::abs));
        }
    }
    if let Some(matrix) = arguments(value, "matrix(") {
        let n = |i: usize| matrix.get(i).and_then(|n| ratio(n)).unwrap_or(0.0);
        least = least.min(n(0).hypot(n(1))).min(n(2).hypot(n(3)));
    }
    for function in ["rotatex(", "rotatey("] {
        let turned = arguments(value, function).and_then(|angle| Some(number(angle.first()?)?.0));
        if turned.is_some_and(|degrees| (degrees.abs() % 180.0 - 90.0).abs() < 3.0) {
            least = 0.0;
        }
    }
    least
}

fn moves_away(value: &str) -> bool {
    ["translate(", "translatex(", "translatey(", "translate3d("]
        .iter()
        .filter_map(|function| arguments(value, function))
        .any(|moves| moves.into_iter().any(is_away))
}

fn is_away(by: &str) -> bool {
    match number(by) {
        Some((n, "%")) => n.abs() >= 500.0,
        Some(_) => length(by).is_some_and(|px| px <= OFF_SCREEN_PX || px >= FAR_PX),
        None => false,
    }
}

fn filters_away(value: &str) -> bool {
    let first =
        |function: &str| arguments(value, function).and_then(|list| list.first().map(|s| (*s).to_owned()));
    first("opacity(").and_then(|n| ratio(&n)).is_some_and(|n| n <= 0.1)
        || first("blur(").and_then(|n| length(&n)).is_some_and(|px| px >= 8.0)
}

#[cfg(test)]
mod tests {
    use super::{Important, Look, declarations, readable_css, too_small};

    fn look(css: &str) -> Look {
        let readable = readable_css(css);
        let mut look = Look::default();
        look.apply(&declarations(&readable), Important::No);
        look.apply(&declarations(&readable), Important::Yes);
        look
    }

    #[test]
    fn hiding_is_seen() {
        for css in [
            "display:none",
            "DISPLAY : none ! important",
            "d\\69splay:/**/none",
            "background:url(data:a;b);display:none",
            "max-height:0",
            "width:0px;overflow:hidden",
            "height:3px;overflow:hidden",
            "position:absolute;left:-9999px",
            "position:absolute;left:-100vw",
            "position:fixed;inset:-9999px auto auto auto",
            "text-indent:-999em",
            "margin:-9999px 0 0 0",
            "mso-hide:all",
            "clip:rect(0 0 0 0)",
            "clip:rect(1px,1px,1px,1px)",
            "clip-path:inset(50%)",
            "clip-path:circle(0)",
            "clip-path:polygon(0 0, 0 0, 0 0)",
            "transform:translateX(-9999px)",
            "translate:-9999px",
            "filter:opacity(0)",
            "content-visibility:hidden",
            "height:calc(0px)",
        ] {
            assert!(look(css).hides("div"), "{css}");
        }
        for css in [
            "display:block",
            "display:none;display:block",
            "display:block!important;display:none",
            "height:10px",
            "width:100%",
            "opacity:.9",
            "left:-5px",
            "line-height:0",
            "margin:0 auto",
            "clip:auto",
            "clip-path:none",
            "transform:none",
            "overflow:hidden;height:40px",
        ] {
            assert!(!look(css).hides("div"), "{css}");
        }
        assert!(!look("width:1px").hides("td"));
    }

    #[test]
    fn sizes_and_scales_are_read() {
        use super::Size::{Px, Times};
        for (css, size) in [
            ("font-size:1px", Some(Px(1.0))),
            ("font:0/0 a", Some(Px(0.0))),
            ("font:bold 700 12px/1.5 Arial", Some(Px(12.0))),
            ("font-size:0.1em", Some(Times(0.1))),
            ("font-size:1%", Some(Times(0.01))),
            ("font-size:inherit", None),
            ("font-size:1e-3px", Some(Px(0.001))),
        ] {
            assert_eq!(look(css).font, size, "{css}");
        }
        for css in [
            "transform:scale(0)",
            "transform:scale3d(0,0,0)",
            "zoom:0",
            "transform:rotateX(90deg)",
            "scale:0",
        ] {
            assert!(look(css).scale.is_some_and(|scale| too_small(16.0 * scale)), "{css}");
        }
    }
}
