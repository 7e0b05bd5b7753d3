//! Two-letter codes of SDDL: a table to print from, and a `match` to read with, from the same rows.

/// A two-letter code as a `match` compares it.
pub(super) const fn key(code: [u8; 2]) -> u16 {
    u16::from_be_bytes(code)
}

/// The key of a code in the table. A code of another length than two is never read.
pub(super) const fn key_of(code: &str) -> u16 {
    match *code.as_bytes() {
        [a, b] => key([a, b]),
        _ => 0,
    }
}

/// A table of codes, each with a value, and a function that finds the value of a code given in upper case.
macro_rules! codes {
    ($(#[$meta:meta])* $table:ident, $find:ident: $ty:ty { $($code:ident = $value:expr,)* }) => {
        $(#[$meta])*
        pub(super) const $table: &[(&str, $ty)] = &[$((stringify!($code), $value),)*];

        pub(super) fn $find(code: [u8; 2]) -> Option<$ty> {
            $(const $code: u16 = $crate::security::codes::key_of(stringify!($code));)*
            match $crate::security::codes::key(code) {
                $($code => Some($value),)*
                _ => None,
            }
        }
    };
}

pub(super) use codes;
