//! A cursor for parsing SDDL.

use super::{
    codes,
    error::{ErrorKind, Fault, Step},
};

/// Parses a text from the front. Only ASCII bytes or whole characters are consumed, so the position is always on a
/// character boundary.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The offset of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips ASCII bytes that were already examined.
    #[inline]
    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    pub(super) fn rest_bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Skips white space ([MS-DTYP] 2.5.1.1, `wspace`).
    #[inline]
    pub(super) fn blank(&mut self) {
        while self.peek().is_some_and(|b| b <= b' ' && matches!(b, 0x09..=0x0D | b' ')) {
            self.skip(1);
        }
    }

    /// Consumes this ASCII byte, if it is next.
    #[inline]
    pub(super) fn take_byte(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.skip(usize::from(found));
        found
    }

    /// Consumes this ASCII word, if it is next, ignoring case.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let next = self.text.as_bytes().get(self.at..self.at.saturating_add(word.len()));
        let found = next.is_some_and(|next| next.eq_ignore_ascii_case(word.as_bytes()));
        if found {
            self.skip(word.len());
        }
        found
    }

    /// Consumes this ASCII byte, if it is next, with surrounding white space.
    #[inline]
    pub(super) fn take_spaced(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.take_byte(byte);
        if found {
            self.blank();
        }
        found
    }

    /// Consumes a required delimiter, with surrounding white space.
    #[inline]
    pub(super) fn need(&mut self, delimiter: u8) -> Step<()> {
        if self.take_byte(delimiter) {
            self.blank();
            Ok(())
        } else if self.take_spaced(delimiter) {
            Ok(())
        } else {
            Err(self.fault(ErrorKind::Expected(name(delimiter))))
        }
    }

    /// Consumes bytes while they are wanted; either all bytes above 0x7F are wanted, or none.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.skip(1);
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Consumes this many ASCII letters or digits, if there are enough.
    pub(super) fn code(&mut self, count: usize) -> Option<&'a str> {
        let code = self.text.get(self.at..self.at.saturating_add(count))?;
        let code = Some(code).filter(|code| code.bytes().all(|b| b.is_ascii_alphanumeric()))?;
        self.skip(count);
        Some(code)
    }

    /// The key of the next two bytes (see `codes`); 0 if there are fewer.
    #[inline]
    pub(super) fn key(&self) -> u16 {
        let pair = self.text.as_bytes().get(self.at..).and_then(|rest| rest.first_chunk::<2>());
        pair.map_or(0, |pair| codes::key(*pair))
    }

    /// A fault if a code is next, since it is unknown.
    pub(super) fn no_code(&mut self, what: &'static str) -> Step<()> {
        let start = self.at;
        match self.peek() {
            Some(b';') => Ok(()),
            _ if self.code(2).is_some() => Err(self.fault_since(start, ErrorKind::Unknown(what))),
            _ => Ok(()),
        }
    }

    /// A fault at the next byte.
    #[cold]
    pub(super) fn fault(&self, kind: ErrorKind) -> Fault {
        self.fault_since(self.at, kind)
    }

    /// A fault in the text consumed since `start`.
    #[cold]
    pub(super) fn fault_since(&self, start: usize, kind: ErrorKind) -> Fault {
        Fault::new(kind, start..self.at.max(start))
    }
}

/// The name of a delimiter in messages.
fn name(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "a semicolon",
        b'(' => "an opening parenthesis",
        b')' => "a closing parenthesis",
        b'}' => "a closing brace",
        b',' => "a comma",
        b':' => "a colon",
        b'"' => "a quotation mark",
        _ => "a delimiter",
    }
}

/// Parses a number: `0x` and hexadecimal digits, `0` and octal digits, or decimal digits. `None` if it is too large.
pub(super) fn number(text: &str) -> Option<u64> {
    let (radix, digits) = radix(text);
    u64::from_str_radix(digits, radix).ok()
}

/// The radix given by a number's prefix, and the digits.
pub(super) fn radix(text: &str) -> (u32, &str) {
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, text.get(2..).unwrap_or_default()),
        [b'0', _, ..] => (8, text.get(1..).unwrap_or_default()),
        _ => (10, text),
    }
}
