//! Two-letter codes of SDDL, as a table for printing and a `match` for parsing, generated from the same rows.

/// A key that ignores the case of letters, and is unique otherwise: only letters have bit 0x40 set and are still
/// letters without bit 0x20.
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

/// Defines a table of codes with values, and a function that finds the value for a key.
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
