//! Windows' quoting rules: one command line as arguments, and arguments as one command line.

use std::ops::Range;

/// An argument of a command line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Argument {
    /// The argument, without its quotes.
    pub text: String,
    /// Where it was in the line, in bytes, including its quotes.
    pub span: Range<usize>,
}

/// Splits a command line as the C runtime of Windows programs does.
///
/// Blanks and tabs separate arguments unless they are within quotes. A quote that an odd number of backslashes precedes is a
/// character of the argument, and so are two quotes within quotes; backslashes before a quote count half, all others are
/// ordinary characters. In the first argument, the program, backslashes are always ordinary.
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

/// What is left of a line.
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

    /// The first backslash was taken.
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

/// Appends an argument to a line, in quotes if it needs them, so that [`arguments`] returns it unchanged.
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
            // Those before a quote count half, and one more makes it a character.
            '"' => line.extend(std::iter::repeat_n('\\', backslashes.saturating_mul(2).saturating_add(1))),
            _ => line.extend(std::iter::repeat_n('\\', backslashes)),
        }
        backslashes = 0;
        line.push(c);
    }
    line.extend(std::iter::repeat_n('\\', backslashes.saturating_mul(2)));
    line.push('"');
}

/// Joins arguments to a command line that [`arguments`] splits into the same. The first one is the program, which cannot
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

/// The name of a program: the last part of its path, without `.exe`, in lower case.
pub(super) fn program_name(program: &str) -> String {
    let name = program.rsplit(['\\', '/']).next().unwrap_or(program).to_ascii_lowercase();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}
