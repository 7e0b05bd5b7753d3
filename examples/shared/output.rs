//! Standard output with terminal control characters escaped.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, BufWriter, StdoutLock, Write},
    path::Path,
    process,
};

/// The output of a tool, or a part of it. The program ends quietly when the output is closed.
pub struct Output<W: Write = BufWriter<StdoutLock<'static>>>(W);

/// Output that is printed later.
pub type Kept = Output<Vec<u8>>;

impl Output {
    pub fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

impl Kept {
    pub fn kept() -> Self {
        Self(Vec::new())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<W: Write> Output<W> {
    /// Prints a line.
    pub fn line(&mut self, text: &str) {
        let done = writeln!(self.0, "{}", safe(text));
        self.check(done);
    }

    /// Prints a value as a line of JSON, as it is serialised.
    pub fn json(&mut self, value: &impl Serialize) {
        let done = write_json(value, &mut self.0).and_then(|()| self.0.write_all(b"\n"));
        self.check(done);
    }

    /// Prints text whose lines are safe already.
    pub fn lines(&mut self, text: &str) {
        let done = self.0.write_all(text.as_bytes());
        self.check(done);
    }

    /// Prints the deferred output.
    pub fn append(&mut self, kept: &Kept) {
        let done = self.0.write_all(&kept.0);
        self.check(done);
    }

    pub fn flush(&mut self) {
        let done = self.0.flush();
        self.check(done);
    }

    fn check(&self, done: io::Result<()>) {
        match done {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => process::exit(0),
            Err(error) => {
                eprintln!("standard output: {error}");
                process::exit(1);
            }
        }
    }
}

/// Prints a line on standard error, ignoring errors.
pub fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{}", safe(text));
}

/// The name of a file.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { safe(&path.to_string_lossy()).into_owned() }
}

/// The text with control, bidirectional and line-separating characters escaped.
pub fn safe(text: &str) -> Cow<'_, str> {
    if !has_steering(text) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out.into()
}

/// Writes a value as JSON, as it is serialised.
pub fn write_json(value: &impl Serialize, to: impl Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(to, Escaping)).map_err(io::Error::from)
}

/// C0 and C1 controls, DEL, marks that change the direction of text, and separators of lines.
fn steers(c: char) -> bool {
    let bidirectional =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    c.is_control() || bidirectional || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether there is such a character. Most texts are printable ASCII, which is seen without looking at each character.
fn has_steering(text: &str) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // The high bits of a word in which a byte is below a blank, above a tilde, or beside such a byte.
    let special = |word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        (word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES) | word) & (ONES * 0x80)
    };
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = *b"        ";
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let any = words.iter().fold(special(last), |any, word| any | special(*word));
    any != 0 && text.contains(steers)
}

/// JSON in which such characters are escaped, too.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        if !has_steering(text) {
            return CompactFormatter.write_string_fragment(writer, text);
        }
        let mut out = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            if steers(c) {
                // All of them have one unit.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            } else {
                out.push(c);
            }
        }
        writer.write_all(out.as_bytes())
    }
}
