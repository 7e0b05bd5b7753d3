//! Two-letter codes of SDDL: a table to print from, and a `match` to read with, from the same rows.

/// What two bytes have in common with the same letters in the other case, and with nothing else: only letters have bit
/// 0x40 set and, without bit 0x20, are letters.
#[inline]
pub(super) const fn key(code: [u8; 2]) -> u16 {
    u16::from_be_bytes(code) & 0xDFDF
}

/// The key of a code of one or two letters.
pub(super) const fn key_of(code: &str) -> u16 {
    match *code.as_bytes() {
        [a] => key([0, a]),
        [a, b] => key([a, b]),
        _ => 0,
    }
}

/// A table of codes, each with a value, and a function that finds the value of a key.
macro_rules! codes {
    ($(#[$meta:meta])* $table:ident, $find:ident: $ty:ty { $($code:ident = $value:expr,)* }) => {
        $(#[$meta])*
        pub(super) const $table: &[(&str, $ty)] = &[$((stringify!($code), $value),)*];

        pub(super) fn $find(key: u16) -> Option<$ty> {
            $(const $code: u16 = $crate::security::codes::key_of(stringify!($code));)*
            match key {
                $($code => Some($value),)*
                _ => None,
            }
        }
    };
}

pub(super) use codes;
