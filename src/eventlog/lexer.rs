//! Splits the XPath of an event query into tokens (XPath 1.0, 3.7, as far as event queries support it).

use super::error::{ErrorKind, Raw, shown};

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'q> {
    /// A name, or an operator that is a word.
    Name(&'q str),
    /// The text between quotes.
    Literal(&'q str),
    /// A number as written.
    Number(&'q str),
    /// Anything else.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// The symbol that a text starts with. Not all symbols of XPath are supported.
fn symbol(code: &str) -> Option<&'static str> {
    Some(match code.as_bytes() {
        [b':', b':', ..] => "::",
        [b'/', b'/', ..] => "//",
        [b'!', b'=', ..] => "!=",
        [b'<', b'=', ..] => "<=",
        [b'>', b'=', ..] => ">=",
        [b'.', b'.', ..] => "..",
        [b'/', ..] => "/",
        [b'[', ..] => "[",
        [b']', ..] => "]",
        [b'(', ..] => "(",
        [b')', ..] => ")",
        [b'@', ..] => "@",
        [b',', ..] => ",",
        [b'*', ..] => "*",
        [b'=', ..] => "=",
        [b'<', ..] => "<",
        [b'>', ..] => ">",
        [b'|', ..] => "|",
        [b'+', ..] => "+",
        [b'-', ..] => "-",
        [b'.', ..] => ".",
        [b':', ..] => ":",
        [b'$', ..] => "$",
        _ => return None,
    })
}

impl Token<'_> {
    /// The token as shown in errors.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Name(text) | Self::Number(text) => shown(text),
            Self::Literal(text) => format!("'{}'", shown(text)),
            Self::Symbol(symbol) => symbol.to_owned(),
            Self::End => "the end".to_owned(),
        }
    }
}

/// The next token of `text` at or after the byte `at`, with its start and end.
pub(super) fn token(text: &str, at: usize) -> Result<(Token<'_>, usize, usize), Raw> {
    let rest = text.get(at..).unwrap_or_default();
    let blanks = rest.bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    let code = rest.get(blanks..).unwrap_or_default();
    let start = at + blanks;
    let Some(first) = code.chars().next() else { return Ok((Token::End, start, start)) };
    let cut = |size: usize| code.get(..size).unwrap_or_default();
    let (token, size) = match first {
        '\'' | '"' => {
            let inside = code.get(1..).unwrap_or_default();
            let size = inside.find(first).ok_or_else(|| Raw::new(ErrorKind::Unclosed, start))?;
            (Token::Literal(inside.get(..size).unwrap_or_default()), size + 2)
        }
        '0'..='9' => {
            let size = number_size(code);
            (Token::Number(cut(size)), size)
        }
        c if is_name_start(c) => {
            let ascii = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
            let size = code.bytes().take_while(ascii).count();
            let rest = code.get(size..).unwrap_or_default();
            let size = size + rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            (Token::Name(cut(size)), size)
        }
        c => {
            let symbol = symbol(code).ok_or_else(|| Raw::new(unexpected_character(c, code), start))?;
            (Token::Symbol(symbol), symbol.len())
        }
    };
    Ok((token, start, start + size))
}

/// The error for a character that does not start a token. Entities have their own error: the query was escaped once
/// too often.
#[cold]
fn unexpected_character(c: char, code: &str) -> ErrorKind {
    let entities = ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;"];
    match entities.into_iter().find(|entity| code.starts_with(entity)) {
        Some(entity) => ErrorKind::Escaped(entity),
        None => ErrorKind::Character(c),
    }
}

/// The size of a decimal number, or of `0x` and hexadecimal digits.
fn number_size(code: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if let Some(hex) = code.strip_prefix("0x") {
        let size = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
        if size > 0 {
            return size + 2;
        }
    }
    let whole = digits(code);
    match code.get(whole..).and_then(|rest| rest.strip_prefix('.')).map(digits) {
        Some(fraction) if fraction > 0 => whole + 1 + fraction,
        _ => whole,
    }
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '\u{B7}') || c.is_numeric()
}
