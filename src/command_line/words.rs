//! Windows' quoting rules: splits a command line into arguments, and joins arguments to a command line.

use std::ops::Range;

/// An argument of a command line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Argument {
    /// The argument, without its quotes.
    pub text: String,
    /// Its position in the line, in bytes, including its quotes.
    pub span: Range<usize>,
}

/// Splits a command line as the C runtime of Windows programs does.
///
/// Blanks and tabs outside quotes separate arguments. A quote is part of the argument if an odd number of backslashes
/// precede it, or if it is doubled inside quotes. Before a quote, two backslashes mean one; all other backslashes are
/// literal. In the first argument, the program, backslashes are always literal.
///
/// ```
/// use wintask::command_line::arguments;
///
/// let line = r#""C:\Windows\System32\schtasks.exe" /create /tn "My App" /tr "\"C:\My Apps\a.exe\" /x" /st 09:00"#;
/// let words: Vec<String> = arguments(line).into_iter().map(|argument| argument.text).collect();
/// assert_eq!(words, [
///     r"C:\Windows\System32\schtasks.exe", "/create", "/tn", "My App", "/tr", r#""C:\My Apps\a.exe" /x"#, "/st", "09:00",
/// ]);
/// ```
#[must_use]
pub fn arguments(line: &str) -> Vec<Argument> {
    let mut rest = Rest { line, at: 0 };
    let mut found = Vec::new();
    rest.skip_blanks();
    if rest.peek().is_some() {
        found.push(rest.program());
    }
    loop {
        rest.skip_blanks();
        if rest.peek().is_none() {
            return found;
        }
        found.push(rest.argument());
    }
}

/// The rest of a line.
struct Rest<'l> {
    line: &'l str,
    at: usize,
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

impl Rest<'_> {
    fn peek(&self) -> Option<char> {
        self.line.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(next.len_utf8());
        Some(next)
    }

    fn take(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        if is_next {
            self.next();
        }
        is_next
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.next();
        }
    }

    fn program(&mut self) -> Argument {
        let (start, mut text, mut quoted) = (self.at, String::new(), false);
        while let Some(c) = self.peek().filter(|c| quoted || !is_blank(*c)) {
            self.next();
            if c == '"' { quoted = !quoted } else { text.push(c) }
        }
        Argument { text, span: start..self.at }
    }

    fn argument(&mut self) -> Argument {
        let (start, mut text, mut quoted) = (self.at, String::new(), false);
        while let Some(c) = self.peek().filter(|c| quoted || !is_blank(*c)) {
            self.next();
            match c {
                '\\' => self.backslashes(&mut text),
                '"' if quoted && self.take('"') => text.push('"'),
                '"' => quoted = !quoted,
                _ => text.push(c),
            }
        }
        Argument { text, span: start..self.at }
    }

    /// Called after the first backslash was consumed.
    fn backslashes(&mut self, text: &mut String) {
        let mut count = 1usize;
        while self.take('\\') {
            count = count.saturating_add(1);
        }
        if self.peek() != Some('"') {
            text.extend(std::iter::repeat_n('\\', count));
            return;
        }
        text.extend(std::iter::repeat_n('\\', count / 2));
        if count % 2 == 1 && self.take('"') {
            text.push('"');
        }
    }
}

/// Appends an argument to a line, quoted if necessary, so that [`arguments`] returns it unchanged.
pub(super) fn push_quoted(line: &mut String, argument: &str) {
    let plain = !argument.is_empty() && !argument.contains([' ', '\t', '"']);
    if plain {
        line.push_str(argument);
        return;
    }
    line.push('"');
    let mut backslashes = 0usize;
    for c in argument.chars() {
        match c {
            '\\' => {
                backslashes = backslashes.saturating_add(1);
                continue;
            }
            // Backslashes before a quote are doubled, and one more escapes the quote.
            '"' => line.extend(std::iter::repeat_n('\\', backslashes.saturating_mul(2).saturating_add(1))),
            _ => line.extend(std::iter::repeat_n('\\', backslashes)),
        }
        backslashes = 0;
        line.push(c);
    }
    line.extend(std::iter::repeat_n('\\', backslashes.saturating_mul(2)));
    line.push('"');
}

/// Joins arguments to a command line that [`arguments`] splits into the same. The first one, the program, cannot
/// contain a quote.
///
/// ```
/// use wintask::command_line::{arguments, join};
///
/// let words = ["schtasks", "/tn", "", r"C:\a b\", r#"say "hi""#];
/// let line = join(words);
/// assert_eq!(line, r#"schtasks /tn "" "C:\a b\\" "say \"hi\"""#);
/// assert!(arguments(&line).iter().map(|argument| argument.text.as_str()).eq(words));
/// ```
pub fn join<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut line = String::new();
    for (index, word) in words.into_iter().enumerate() {
        if index == 0 {
            let quote = if word.is_empty() || word.contains(is_blank) { "\"" } else { "" };
            line.extend([quote, &word.replace('"', ""), quote]);
        } else {
            line.push(' ');
            push_quoted(&mut line, word);
        }
    }
    line
}

/// The program name: the last part of its path, without `.exe`, in lower case.
pub(super) fn program_name(program: &str) -> String {
    let name = program.rsplit(['\\', '/']).next().unwrap_or(program).to_ascii_lowercase();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}
