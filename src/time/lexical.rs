//! Parsing shared by both lexical forms.

/// Parses a text from the front.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    /// Consumes this byte, if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Consumes the next digits.
    pub(super) fn digits(&mut self) -> &'a [u8] {
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count).unwrap_or_default();
        self.0 = rest;
        digits
    }

    /// Consumes two digits.
    pub(super) fn two_digits(&mut self) -> Option<u8> {
        let ([tens @ b'0'..=b'9', ones @ b'0'..=b'9'], rest) = self.0.split_first_chunk()? else {
            return None;
        };
        self.0 = rest;
        Some((tens - b'0') * 10 + (ones - b'0'))
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of decimal digits, if it fits.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |n, d| n.checked_mul(10)?.checked_add(u64::from(d.wrapping_sub(b'0'))))
}

/// The nanoseconds given by the digits after a decimal point; further digits are truncated.
pub(super) fn nanoseconds(digits: &[u8]) -> u32 {
    if digits.is_empty() {
        return 0;
    }
    let nine = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    nine.fold(0, |n, d| n * 10 + u32::from(d - b'0'))
}

/// The text without the leading and trailing white space that XML Schema collapses.
pub(crate) fn collapsed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=0xFF, .., b'!'..=0xFF] | [b'!'..=0xFF] => text,
        _ => text.trim_matches([' ', '\t', '\n', '\r']),
    }
}

/// Appends a number with at least `width` digits.
pub(super) fn push_number(text: &mut String, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let (mut rest, mut count) = (number, 0);
    for digit in digits.iter_mut().rev() {
        if rest == 0 && count >= width {
            break;
        }
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        (rest, count) = (rest / 10, count + 1);
    }
    let digits = digits.get(digits.len() - count..).and_then(|digits| str::from_utf8(digits).ok());
    text.push_str(digits.unwrap_or_default());
}
