//! The text of a dump.

use std::fmt::Write as _;
use wintask::{
    ndr::{Error, ShowPasswords, Transfer},
    rpc::{Direction, Interface},
};

/// How to read a stub, and what to show.
#[derive(Default)]
pub struct Options {
    pub transfer: Transfer,
    pub show_passwords: bool,
}

/// The dump, and whether the stub could be decoded.
pub fn dump(
    interface: &Interface,
    opnum: u16,
    direction: Direction,
    stub: &[u8],
    options: &Options,
) -> (String, bool) {
    let name = interface.method(opnum).map_or("unknown method", |method| method.name);
    let size = if stub.len() == 1 { "1 byte" } else { &format!("{} bytes", stub.len()) };
    let mut text = format!("{} {name} (opnum {opnum}), {direction}, {size}\n", interface.name);
    let decoded = interface.decode(opnum, direction, stub, options.transfer);
    match &decoded {
        Ok(message) => {
            let message = if options.show_passwords {
                format!("{:#}", ShowPasswords(message))
            } else {
                format!("{message:#}")
            };
            for line in message.lines() {
                // Strings end with a quote, so that no string is mistaken for a password.
                let hint = if line.ends_with(": not shown") { " (--show-passwords)" } else { "" };
                let _ = writeln!(text, "  {line}{hint}");
            }
        }
        Err(error) => failure(&mut text, stub, error),
    }
    (text, decoded.is_ok())
}

/// Bytes in a line of hex.
const WIDTH: usize = 16;

/// Lines of hex before the one with the caret.
const BEFORE: usize = 2;

/// The error, and the stub in hex around the place, a caret below its first byte.
fn failure(text: &mut String, stub: &[u8], error: &Error) {
    let fault = error.fault();
    let _ = writeln!(text, "  error: {error}\n  fault: {fault}");
    let at = error.place().offset().unwrap_or_default();
    let row = at / WIDTH;
    let first = row.saturating_sub(BEFORE);
    for (index, bytes) in stub.chunks(WIDTH).enumerate().skip(first).take(row - first + 2) {
        hex_line(text, index * WIDTH, bytes);
        if index == row {
            caret(text, at);
        }
    }
    // The stub ends before the byte that is missing.
    if row * WIDTH >= stub.len() {
        hex_line(text, row * WIDTH, &[]);
        caret(text, at);
    }
}

fn hex_line(text: &mut String, offset: usize, bytes: &[u8]) {
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let _ = writeln!(text, "{}", format!("  {offset:08x}  {}", hex.join(" ")).trim_end());
}

fn caret(text: &mut String, at: usize) {
    let _ = writeln!(text, "{:1$}^", "", 12 + 3 * (at % WIDTH));
}
