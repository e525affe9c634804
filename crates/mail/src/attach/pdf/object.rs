//! PDF syntax: objects, and where they stand in the file. The cross-reference table is not read: every
//! `n g obj` is found by looking, as readers do with damaged files, so a lying table misleads nobody.

use std::cell::Cell;
use std::collections::HashMap;

use super::super::zip::zlib_inflated;

/// The deepest nesting of arrays and dictionaries.
const DEPTH: usize = 24;
/// The most objects of a file.
const OBJECTS: usize = 100_000;
/// The most values that are made while reading one file: a bound on time and memory.
const VALUES: usize = 1_000_000;
/// The most bytes that all streams of a file may unfold to.
const UNFOLDED: usize = 48 * 1024 * 1024;
/// The most bytes one stream may unfold to.
const STREAM: usize = 12 * 1024 * 1024;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Number(f32),
    Name(String),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Ref(u32),
    /// An operator of a content stream, or a word of the file.
    Word(String),
}

impl Object {
    pub(super) fn number(&self) -> Option<f32> {
        if let Self::Number(n) = self { Some(*n) } else { None }
    }

    pub(super) fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }
}

/// A dictionary.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dict(Vec<(String, Object)>);

impl Dict {
    pub(super) fn get(&self, name: &str) -> Option<&Object> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn is(&self, kind: &str) -> bool {
        self.get("Type").and_then(Object::name) == Some(kind)
    }
}

/// Reads values one after the other.
pub(super) struct Lexer<'p> {
    bytes: &'p [u8],
    pub(super) at: usize,
    /// Values that may still be made.
    left: usize,
    has_refs: bool,
}

impl<'p> Lexer<'p> {
    /// Over a content stream or a CMap: `1 0 R` is three values there.
    pub(super) fn of_content(bytes: &'p [u8]) -> Self {
        Self { bytes, at: 0, left: VALUES, has_refs: false }
    }

    fn of_file(bytes: &'p [u8], at: usize, left: usize) -> Self {
        Self { bytes, at, left, has_refs: true }
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.byte() {
            if byte == b'%' {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next value; `None` at the end or when too many were made.
    pub(super) fn value(&mut self) -> Option<Object> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        self.skip_space();
        let byte = self.byte()?;
        self.left = self.left.checked_sub(1)?;
        let two = self.bytes.get(self.at + 1).copied();
        match byte {
            b'/' => Some(Object::Name(self.name())),
            b'(' => Some(Object::Text(self.literal())),
            b'<' if two == Some(b'<') => {
                self.at += 2;
                self.dict(depth)
            }
            b'<' => Some(Object::Text(self.hex())),
            b'[' => {
                self.at += 1;
                self.array(depth)
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.number_or_ref()),
            b'>' if two == Some(b'>') => {
                self.at += 2;
                Some(Object::Word(">>".to_owned()))
            }
            b']' | b'}' | b'{' | b')' | b'>' => {
                self.at += 1;
                Some(Object::Word(char::from(byte).to_string()))
            }
            _ => {
                let word = self.run();
                Some(if word == "null" { Object::Null } else { Object::Word(word) })
            }
        }
    }

    /// The bytes up to the next delimiter.
    fn run(&mut self) -> String {
        let start = self.at;
        while self.byte().is_some_and(|b| !is_space(b) && !is_delimiter(b)) {
            self.at += 1;
        }
        self.at = self.at.max(start + 1).min(self.bytes.len());
        String::from_utf8_lossy(self.bytes.get(start..self.at).unwrap_or_default()).into_owned()
    }

    fn name(&mut self) -> String {
        self.at += 1;
        let start = self.at;
        while self.byte().is_some_and(|b| !is_space(b) && !is_delimiter(b)) {
            self.at += 1;
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        if !raw.contains(&b'#') {
            return String::from_utf8_lossy(raw).into_owned();
        }
        let mut out = Vec::new();
        let mut bytes = raw.iter();
        while let Some(byte) = bytes.next() {
            let rest = bytes.as_slice();
            match (*byte, rest.first().copied().and_then(hex_digit), rest.get(1).copied().and_then(hex_digit))
            {
                (b'#', Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    bytes = rest.get(2..).unwrap_or_default().iter();
                }
                (byte, _, _) => out.push(byte),
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        let mut depth = 1;
        while let Some(byte) = self.byte() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    let Some(escaped) = self.byte() else { break };
                    self.at += 1;
                    match escaped {
                        b'n' => out.push(b'\n'),
                        b'r' => out.push(b'\r'),
                        b't' => out.push(b'\t'),
                        b'b' | b'f' | b'\n' => {}
                        b'\r' => {
                            if self.byte() == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                let Some(digit) = self.byte().filter(|b| (b'0'..=b'7').contains(b)) else {
                                    break;
                                };
                                code = code * 8 + u32::from(digit - b'0');
                                self.at += 1;
                            }
                            out.push((code & 0xff) as u8);
                        }
                        other => out.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        out
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += (len + 1).min(rest.len());
        unhexed(rest.get(..len).unwrap_or_default())
    }

    fn array(&mut self, depth: usize) -> Option<Object> {
        let mut items = Vec::new();
        if depth >= DEPTH {
            return None;
        }
        while let Some(item) = self.nested(depth + 1) {
            match item {
                Object::Word(word) if word == "]" => return Some(Object::Array(items)),
                Object::Word(word) if matches!(word.as_str(), ">>" | "endobj" | "stream") => break,
                item => items.push(item),
            }
        }
        Some(Object::Array(items))
    }

    fn dict(&mut self, depth: usize) -> Option<Object> {
        let mut pairs = Vec::new();
        if depth >= DEPTH {
            return None;
        }
        while let Some(key) = self.nested(depth + 1) {
            match key {
                Object::Name(key) => match self.nested(depth + 1) {
                    Some(Object::Word(word)) if word == ">>" => break,
                    Some(value) => pairs.push((key, value)),
                    None => break,
                },
                Object::Word(word) if matches!(word.as_str(), ">>" | "endobj" | "stream") => break,
                _ => {}
            }
        }
        Some(Object::Dict(Dict(pairs)))
    }

    fn number_or_ref(&mut self) -> Object {
        let start = self.at;
        self.at += 1;
        while self.byte().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) {
            self.at += 1;
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(raw).unwrap_or_default();
        if self.has_refs
            && let Ok(id) = text.parse::<u32>()
            && let Some(end) = reference_end(self.bytes, self.at)
        {
            self.at = end;
            return Object::Ref(id);
        }
        Object::Number(text.parse::<f32>().ok().filter(|n| n.is_finite()).unwrap_or(0.0))
    }
}

/// The end of ` 0 R` at `at`.
fn reference_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..bytes.len().min(at + 16))?;
    let space = rest.iter().take_while(|b| is_space(**b)).count();
    let digits = rest.get(space..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let more = rest.get(space + digits..)?.iter().take_while(|b| is_space(**b)).count();
    let end = space + digits + more;
    let follows = rest.get(end + 1).is_none_or(|b| is_space(*b) || is_delimiter(*b));
    (space > 0 && digits > 0 && more > 0 && rest.get(end) == Some(&b'R') && follows).then_some(at + end + 1)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn unhexed(raw: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = raw.iter().copied().filter_map(hex_digit).collect();
    digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) * 16 + pair.get(1).unwrap_or(&0)).collect()
}

/// A file and where its objects stand.
pub(super) struct File<'p> {
    bytes: &'p [u8],
    offsets: HashMap<u32, usize>,
    /// Objects inside object streams.
    packed: HashMap<u32, Object>,
    catalog: Option<Dict>,
    pages: Vec<u32>,
    values_left: Cell<usize>,
    unfolded_left: Cell<usize>,
}

impl<'p> File<'p> {
    pub(super) fn read(bytes: &'p [u8]) -> Self {
        let mut file = Self {
            bytes,
            offsets: offsets(bytes),
            packed: HashMap::new(),
            catalog: None,
            pages: Vec::new(),
            values_left: Cell::new(VALUES),
            unfolded_left: Cell::new(UNFOLDED),
        };
        let mut ids: Vec<u32> = file.offsets.keys().copied().collect();
        ids.sort_unstable();
        let mut streams = Vec::new();
        for id in ids {
            if let Object::Dict(dict) = file.object(id) {
                if dict.is("ObjStm") {
                    streams.push(id);
                } else {
                    file.note(id, &dict);
                }
            }
        }
        for id in streams {
            for (id, object) in file.unpacked(id) {
                if let Object::Dict(dict) = &object {
                    file.note(id, dict);
                }
                file.packed.entry(id).or_insert(object);
            }
        }
        file.pages.sort_unstable();
        file
    }

    fn note(&mut self, id: u32, dict: &Dict) {
        if dict.is("Catalog") {
            self.catalog = Some(dict.clone());
        } else if dict.is("Page") {
            self.pages.push(id);
        }
    }

    pub(super) fn catalog(&self) -> Option<&Dict> {
        self.catalog.as_ref()
    }

    pub(super) fn page_ids(&self) -> Vec<u32> {
        self.pages.clone()
    }

    /// The object of that number; null where there is none.
    pub(super) fn object(&self, id: u32) -> Object {
        if let Some(at) = self.offsets.get(&id) {
            let mut lexer = Lexer::of_file(self.bytes, *at, self.values_left.get());
            let value = lexer.value();
            self.values_left.set(lexer.left);
            return value.unwrap_or(Object::Null);
        }
        self.packed.get(&id).cloned().unwrap_or(Object::Null)
    }

    /// The object itself, behind up to eight references.
    pub(super) fn resolve(&self, object: &Object) -> Object {
        let mut object = object.clone();
        for _ in 0..8 {
            match object {
                Object::Ref(id) => object = self.object(id),
                other => return other,
            }
        }
        Object::Null
    }

    /// A stream's dictionary and its bytes, unfolded.
    pub(super) fn stream(&self, object: &Object) -> Option<(Dict, Vec<u8>)> {
        let mut object = object.clone();
        for _ in 0..8 {
            let Object::Ref(id) = object else { return None };
            let mut lexer = Lexer::of_file(self.bytes, *self.offsets.get(&id)?, self.values_left.get());
            let value = lexer.value();
            self.values_left.set(lexer.left);
            match value? {
                Object::Dict(dict) => {
                    let raw = self.raw_stream(&dict, lexer.at)?;
                    let bytes = self.unfolded(&dict, raw);
                    return Some((dict, bytes));
                }
                other => object = other,
            }
        }
        None
    }

    /// The bytes between `stream` and `endstream` behind a dictionary that ends at `at`.
    fn raw_stream(&self, dict: &Dict, at: usize) -> Option<&'p [u8]> {
        let rest = self.bytes.get(at..)?;
        let word = rest.get(..rest.len().min(64)).and_then(|head| memchr::memmem::find(head, b"stream"))?;
        let mut start = at + word + 6;
        if self.bytes.get(start) == Some(&b'\r') {
            start += 1;
        }
        if self.bytes.get(start) == Some(&b'\n') {
            start += 1;
        }
        let body = self.bytes.get(start..)?;
        let told = dict.get("Length").map(|length| self.resolve(length)).and_then(|length| length.number());
        if let Some(told) = told {
            let told = (told.max(0.0) as usize).min(body.len());
            let tail = body.get(told..body.len().min(told + 16)).unwrap_or_default();
            if memchr::memmem::find(tail, b"endstream").is_some() {
                return body.get(..told);
            }
        }
        let most = body.get(..body.len().min(STREAM).min(self.unfolded_left.get())).unwrap_or_default();
        body.get(..memchr::memmem::find(most, b"endstream").unwrap_or(most.len()))
    }

    /// A stream's bytes behind its filters.
    fn unfolded(&self, dict: &Dict, raw: &[u8]) -> Vec<u8> {
        let filters = match dict.get("Filter").map(|filter| self.resolve(filter)) {
            Some(Object::Array(filters)) => filters,
            Some(Object::Name(name)) => vec![Object::Name(name)],
            Some(_) | None => Vec::new(),
        };
        let mut bytes = raw.get(..raw.len().min(STREAM)).unwrap_or_default().to_vec();
        self.unfolded_left.set(self.unfolded_left.get().saturating_sub(bytes.len()));
        for filter in filters.iter().take(4) {
            let limit = STREAM.min(self.unfolded_left.get());
            bytes = match filter.name() {
                Some("FlateDecode" | "Fl") => zlib_inflated(&bytes, limit),
                Some("ASCIIHexDecode" | "AHx") => unhexed(&bytes),
                Some("ASCII85Decode" | "A85") => from_ascii85(&bytes),
                Some(_) | None => return Vec::new(),
            };
            self.unfolded_left.set(self.unfolded_left.get().saturating_sub(bytes.len()));
        }
        bytes
    }

    /// The objects of an object stream.
    fn unpacked(&self, id: u32) -> Vec<(u32, Object)> {
        let Some((dict, bytes)) = self.stream(&Object::Ref(id)) else { return Vec::new() };
        let number = |name: &str| dict.get(name).and_then(Object::number).map_or(0, |n| n.max(0.0) as usize);
        let (count, first) = (number("N").min(OBJECTS), number("First"));
        let mut head = Lexer::of_content(bytes.get(..first.min(bytes.len())).unwrap_or_default());
        let mut out = Vec::new();
        for _ in 0..count {
            let (Some(id), Some(offset)) =
                (head.value().and_then(|v| v.number()), head.value().and_then(|v| v.number()))
            else {
                break;
            };
            let at = first.saturating_add(offset.max(0.0) as usize);
            let mut lexer = Lexer::of_file(&bytes, at, self.values_left.get());
            let value = lexer.value();
            self.values_left.set(lexer.left);
            out.push((id.max(0.0) as u32, value.unwrap_or(Object::Null)));
        }
        out
    }
}

/// Where each object's value begins; of two with one number the later counts.
fn offsets(bytes: &[u8]) -> HashMap<u32, usize> {
    let mut out = HashMap::new();
    for at in memchr::memmem::find_iter(bytes, b"obj") {
        let head = bytes.get(at.saturating_sub(24)..at).unwrap_or_default();
        // `12 0 ` stands before it.
        let head = trimmed_end(head);
        let generation = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let head_before = trimmed_end(head.get(..head.len() - generation).unwrap_or_default());
        let digits = head_before.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let spaced = head_before.len() < head.len() - generation;
        if generation == 0 || digits == 0 || !spaced {
            continue;
        }
        let id = head_before.get(head_before.len() - digits..).and_then(|d| std::str::from_utf8(d).ok());
        if let Some(id) = id.and_then(|id| id.parse().ok())
            && out.len() < OBJECTS
        {
            out.insert(id, at + 3);
        }
    }
    out
}

fn trimmed_end(bytes: &[u8]) -> &[u8] {
    let spaces = bytes.iter().rev().take_while(|b| is_space(**b)).count();
    bytes.get(..bytes.len() - spaces).unwrap_or_default()
}

fn from_ascii85(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut group: Vec<u8> = Vec::new();
    for byte in raw.iter().copied().filter(|b| !is_space(*b)) {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => break,
        }
        if group.len() == 5 {
            push_group(&mut out, &group, 4);
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        push_group(&mut out, &group, kept);
    }
    out
}

fn push_group(out: &mut Vec<u8>, group: &[u8], kept: usize) {
    let value = group.iter().fold(0_u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(u32::from(*digit)));
    out.extend(value.to_be_bytes().iter().take(kept));
}
