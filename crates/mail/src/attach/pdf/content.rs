//! What a content stream draws, as lines of text: where each string stands decides between a space, a
//! new line and an empty one. Knows no colours and no pictures.
//!
//! # Source
//! ISO 32000-1, 8.3 (coordinates), 9.3 and 9.4 (text state, text objects).

use std::collections::HashMap;
use std::rc::Rc;

use super::font::Font;
use super::object::{Dict, File, Lexer, Object};

/// How deep forms may draw forms.
const FORMS: usize = 4;
/// The most operands of one operator.
const OPERANDS: usize = 64;
/// The most operators of one document.
const OPERATORS: usize = 2_000_000;
/// The smallest type that is read, in points.
const READABLE: f32 = 2.0;

/// A transformation: `[a b c d e f]`.
type Matrix = [f32; 6];
const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(m: &Matrix, n: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *m;
    let [p, q, r, s, t, u] = *n;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    leading: f32,
    char_space: f32,
    word_space: f32,
    scale: f32,
    is_unseen: bool,
}

impl State {
    fn new() -> Self {
        Self {
            ctm: SAME,
            font: None,
            size: 0.0,
            leading: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            is_unseen: false,
        }
    }
}

/// Text with the place where it ended.
#[derive(Default)]
struct Sheet {
    text: String,
    /// The end of the last string, and its height; `None` at the start of a page.
    last: Option<(f32, f32)>,
}

impl Sheet {
    fn put(&mut self, text: &str, start: (f32, f32), end: (f32, f32), height: f32) {
        if text.is_empty() {
            return;
        }
        match self.last {
            None if !self.text.is_empty() => self.text.push_str("\n\n"),
            None => {}
            Some((x, y)) => {
                let (dx, dy) = (start.0 - x, (start.1 - y).abs());
                if dy > 1.8 * height {
                    self.text.push_str("\n\n");
                } else if dy > 0.5 * height || dx < -2.0 * height {
                    self.text.push('\n');
                } else if dx > 0.15 * height && !self.text.ends_with([' ', '\n']) && !text.starts_with(' ') {
                    self.text.push(' ');
                }
            }
        }
        self.text.push_str(text);
        self.last = Some(end);
    }
}

/// Draws pages into text.
pub(super) struct Painter<'f, 'p> {
    file: &'f File<'p>,
    limit: usize,
    seen: Sheet,
    unseen: Sheet,
    fonts: HashMap<u32, Rc<Font>>,
    operators: usize,
}

impl<'f, 'p> Painter<'f, 'p> {
    pub(super) fn new(file: &'f File<'p>, limit: usize) -> Self {
        let (seen, unseen) = (Sheet::default(), Sheet::default());
        Self { file, limit, seen, unseen, fonts: HashMap::new(), operators: 0 }
    }

    pub(super) fn is_full(&self) -> bool {
        self.seen.text.len() + self.unseen.text.len() > self.limit || self.operators > OPERATORS
    }

    /// The text; what is drawn unseen only where nothing else is drawn, as over a scanned page.
    pub(super) fn finished(self) -> String {
        if self.seen.text.trim().is_empty() { self.unseen.text } else { self.seen.text }
    }

    /// Draws one page.
    pub(super) fn page(&mut self, content: &[u8], resources: &Dict) {
        self.seen.last = None;
        self.unseen.last = None;
        self.draw(content, resources, &State::new(), 0);
    }

    fn draw(&mut self, content: &[u8], resources: &Dict, start: &State, depth: usize) {
        let mut lexer = Lexer::of_content(content);
        let mut state = start.clone();
        let mut saved: Vec<State> = Vec::new();
        let mut operands: Vec<Object> = Vec::new();
        let (mut line, mut place) = (SAME, SAME);
        while let Some(value) = lexer.value() {
            let Object::Word(operator) = value else {
                if operands.len() < OPERANDS {
                    operands.push(value);
                }
                continue;
            };
            self.operators += 1;
            if self.is_full() {
                return;
            }
            let n = |i: usize| operands.get(i).and_then(Object::number).unwrap_or(0.0);
            let six = || [n(0), n(1), n(2), n(3), n(4), n(5)];
            match operator.as_str() {
                "q" if saved.len() < 64 => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => state.ctm = times(&six(), &state.ctm),
                "BT" => (line, place) = (SAME, SAME),
                "Tf" => {
                    state.size = n(1);
                    state.font =
                        operands.first().and_then(Object::name).and_then(|name| self.font(resources, name));
                }
                "TL" => state.leading = n(0),
                "Tc" => state.char_space = n(0),
                "Tw" => state.word_space = n(0),
                "Tz" => state.scale = n(0) / 100.0,
                "Tr" => state.is_unseen = n(0) == 3.0,
                "Td" | "TD" => {
                    if operator == "TD" {
                        state.leading = -n(1);
                    }
                    line = times(&[1.0, 0.0, 0.0, 1.0, n(0), n(1)], &line);
                    place = line;
                }
                "Tm" => {
                    line = six();
                    place = line;
                }
                "T*" | "'" | "\"" => {
                    line = times(&[1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], &line);
                    place = line;
                    if let Some(Object::Text(text)) = operands.last() {
                        self.show(&state, &mut place, text);
                    }
                }
                "Tj" => {
                    if let Some(Object::Text(text)) = operands.last() {
                        self.show(&state, &mut place, text);
                    }
                }
                "TJ" => {
                    for item in operands.last().map(items).unwrap_or_default() {
                        match item {
                            Object::Text(text) => self.show(&state, &mut place, text),
                            Object::Number(n) => {
                                let by = -n / 1000.0 * state.size * state.scale;
                                place = times(&[1.0, 0.0, 0.0, 1.0, by, 0.0], &place);
                            }
                            _ => {}
                        }
                    }
                }
                "Do" if depth < FORMS => {
                    if let Some(name) = operands.first().and_then(Object::name) {
                        self.form(resources, name, &state, depth);
                    }
                }
                "ID" => skip_image(content, &mut lexer),
                _ => {}
            }
            operands.clear();
        }
    }

    /// Draws a form of the resources.
    fn form(&mut self, resources: &Dict, name: &str, state: &State, depth: usize) {
        let forms = super::dict(self.file, resources.get("XObject"));
        let Some(form) = forms.get(name) else { return };
        // A picture's bytes are of no use: only a form's are unfolded.
        let Object::Dict(head) = self.file.resolve(form) else { return };
        if head.get("Subtype").and_then(Object::name) != Some("Form") {
            return;
        }
        let Some((head, bytes)) = self.file.stream(form) else { return };
        let own = super::dict(self.file, head.get("Resources"));
        let resources = if head.get("Resources").is_some() { &own } else { resources };
        let mut state = state.clone();
        if let Some(Object::Array(matrix)) = head.get("Matrix") {
            let n = |i: usize| matrix.get(i).and_then(Object::number).unwrap_or(0.0);
            state.ctm = times(&[n(0), n(1), n(2), n(3), n(4), n(5)], &state.ctm);
        }
        self.draw(&bytes, resources, &state, depth + 1);
    }

    fn font(&mut self, resources: &Dict, name: &str) -> Option<Rc<Font>> {
        let fonts = super::dict(self.file, resources.get("Font"));
        let font = fonts.get(name)?;
        if let Object::Ref(id) = font
            && let Some(known) = self.fonts.get(id)
        {
            return Some(Rc::clone(known));
        }
        let read = Rc::new(Font::read(self.file, font));
        if let Object::Ref(id) = font {
            self.fonts.insert(*id, Rc::clone(&read));
        }
        Some(read)
    }

    /// Draws one string and moves on by its width.
    fn show(&mut self, state: &State, place: &mut Matrix, raw: &[u8]) {
        let Some(font) = &state.font else { return };
        let mut text = String::new();
        let mut width = 0.0;
        for glyph in font.glyphs(raw) {
            text.push_str(glyph.text);
            width += glyph.width / 1000.0 * state.size + state.char_space;
            if glyph.is_space {
                width += state.word_space;
            }
        }
        let before = times(place, &state.ctm);
        *place = times(&[1.0, 0.0, 0.0, 1.0, width * state.scale, 0.0], place);
        let after = times(place, &state.ctm);
        let [_, _, c, d, ..] = before;
        let height = (state.size * c.hypot(d)).abs();
        if !height.is_finite() || (height < READABLE && !font.has_own_scale()) {
            return;
        }
        let sheet = if state.is_unseen { &mut self.unseen } else { &mut self.seen };
        let ([.., x, y], [.., to_x, to_y]) = (before, after);
        sheet.put(&text, (x, y), (to_x, to_y), height);
    }
}

fn items(object: &Object) -> &[Object] {
    if let Object::Array(items) = object { items } else { &[] }
}

/// Moves behind the bytes of an inline picture: to `EI` with white space around it.
fn skip_image(content: &[u8], lexer: &mut Lexer<'_>) {
    let mut from = lexer.at;
    while let Some(found) = content.get(from..).and_then(|rest| memchr::memmem::find(rest, b"EI")) {
        let at = from + found;
        let space = |at: usize| content.get(at).is_none_or(u8::is_ascii_whitespace);
        if at > 0 && space(at - 1) && space(at + 2) {
            lexer.at = at + 2;
            return;
        }
        from = at + 2;
    }
    lexer.at = content.len();
}
