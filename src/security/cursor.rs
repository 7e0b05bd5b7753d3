use super::error::{ErrorKind, Fault, Step};

/// Reads from the front of a text. Every byte taken is ASCII or a whole character, so the place is always one between
/// characters.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Offset of what comes next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space ([MS-DTYP] 2.5.1.1, `wspace`).
    pub(super) fn blank(&mut self) {
        self.take_while(|b| matches!(b, 0x09..=0x0D | b' '));
    }

    /// Takes this word of ASCII if it comes next, in any case.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let next = self.text.as_bytes().get(self.at..self.at.saturating_add(word.len()));
        let found = next.is_some_and(|next| next.eq_ignore_ascii_case(word.as_bytes()));
        if found {
            self.at = self.at.saturating_add(word.len());
        }
        found
    }

    /// The same with white space around it.
    pub(super) fn take_spaced(&mut self, word: &str) -> bool {
        self.blank();
        let found = self.take(word);
        if found {
            self.blank();
        }
        found
    }

    /// Takes what must come next, with white space around it.
    pub(super) fn need(&mut self, word: &'static str) -> Step<()> {
        if self.take_spaced(word) { Ok(()) } else { Err(self.fault(ErrorKind::Expected(name(word)))) }
    }

    /// Takes bytes as long as they are wanted; bytes above 0x7F are wanted all or not at all.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let count = rest.bytes().take_while(|b| wanted(*b)).count();
        self.at = self.at.saturating_add(count);
        rest.get(..count).unwrap_or_default()
    }

    /// Takes so many ASCII letters or digits, if they are there.
    pub(super) fn code(&mut self, count: usize) -> Option<&'a str> {
        let code = self.rest().get(..count).filter(|c| c.bytes().all(|b| b.is_ascii_alphanumeric()))?;
        self.at = self.at.saturating_add(count);
        Some(code)
    }

    /// A fault at what comes next.
    #[cold]
    pub(super) fn fault(&self, kind: ErrorKind) -> Fault {
        self.fault_since(self.at, kind)
    }

    /// A fault in what has been taken since a place.
    #[cold]
    pub(super) fn fault_since(&self, start: usize, kind: ErrorKind) -> Fault {
        Fault::new(kind, start..self.at.max(start))
    }
}

/// How a message names a delimiter.
fn name(word: &'static str) -> &'static str {
    match word {
        ";" => "a semicolon",
        "(" => "an opening parenthesis",
        ")" => "a closing parenthesis",
        "}" => "a closing brace",
        "," => "a comma",
        ":" => "a colon",
        "\"" => "a quotation mark",
        _ => word,
    }
}

/// The value of a number: `0x` and hex digits, `0` and octal digits, or decimal digits. `None` where it does not fit.
pub(super) fn number(text: &str) -> Option<u64> {
    let (radix, digits) = radix(text);
    u64::from_str_radix(digits, radix).ok()
}

/// The radix that a number's first characters tell, and its digits.
pub(super) fn radix(text: &str) -> (u32, &str) {
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, text.get(2..).unwrap_or_default()),
        [b'0', _, ..] => (8, text.get(1..).unwrap_or_default()),
        _ => (10, text),
    }
}
