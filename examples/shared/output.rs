//! Standard output.

use std::{
    io::{self, Write},
    process,
};

/// Prints, and ends quietly once whoever reads us has seen enough.
pub fn print(text: &str) {
    if io::stdout().lock().write_all(text.as_bytes()).is_err() {
        process::exit(0);
    }
}
