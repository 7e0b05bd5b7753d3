//! What a command does, judged by its text.

use super::{letters::Letters, place, programs, secret};
use memchr::{memchr2, memrchr};
use std::borrow::Cow;

/// A command: its program, and its arguments in several normalised forms.
pub(super) struct Command {
    path: String,
    /// Where the file name begins in the program's path.
    file: usize,
    is_quoted: bool,
    is_script_host: bool,
    is_proxy: bool,
    /// Whether the program is an interpreter that is not part of Windows.
    is_interpreter: bool,
    /// Whether the command starts in a user-writable folder and its program runs what its arguments name.
    is_in_writable: bool,
    /// The arguments without the characters that shells ignore inside words.
    arguments: String,
    /// The same arguments in lower case, and their letters.
    lower: String,
    letters: Letters,
    /// The same arguments with normalised paths, if the program runs what its arguments name.
    spelled: String,
}

impl Command {
    pub(super) fn new(command: &str, arguments: Option<&str>, folder: Option<&str>) -> Self {
        let trimmed = command.trim();
        let (program, rest) = parts(trimmed);
        let arguments = arguments.unwrap_or_default();
        let all: Cow<'_, str> =
            if rest.is_empty() { arguments.into() } else { [rest, arguments].join(" ").into() };
        let mut arguments = all.trim().to_owned();
        if memchr2(b'^', b'`', arguments.as_bytes()).is_some() {
            arguments.retain(|sign| !matches!(sign, '^' | '`'));
        }
        let path = place::spelled(program);
        let file = memrchr(b'\\', path.as_bytes()).map_or(0, |at| at + 1);
        let name = programs::stem(path.get(file..).unwrap_or_default());
        // A script may be the program itself.
        let is_script_host = programs::is_script_host(name) || programs::is_script(name);
        let is_proxy = programs::is_proxy(name);
        let is_interpreter = programs::is_interpreter(name);
        let runs_others = is_script_host || is_proxy || is_interpreter;
        let lower = arguments.to_lowercase();
        Self {
            is_quoted: trimmed.starts_with('"'),
            is_script_host,
            is_proxy,
            is_interpreter,
            letters: Letters::of(&lower),
            lower,
            spelled: if runs_others { place::spelled(&arguments) } else { String::new() },
            is_in_writable: runs_others && folder.is_some_and(is_writable_folder),
            arguments,
            file,
            path,
        }
    }

    fn name(&self) -> &str {
        programs::stem(self.file())
    }

    fn file(&self) -> &str {
        self.path.get(self.file..).unwrap_or_default()
    }

    /// The folder part of the program's path.
    fn folder(&self) -> &str {
        self.path.get(..self.file.saturating_sub(1)).unwrap_or_default()
    }

    pub(super) const fn is_script_host(&self) -> bool {
        self.is_script_host || self.is_interpreter
    }

    pub(super) const fn is_proxy(&self) -> bool {
        self.is_proxy
    }

    /// Whether the program runs what its arguments name.
    const fn runs_others(&self) -> bool {
        self.is_script_host || self.is_proxy || self.is_interpreter
    }

    pub(super) fn is_user_writable(&self) -> bool {
        place::is_writable(&self.path)
    }

    /// Whether a script host or proxy program runs a file in a user-writable folder, named by its path or relative to
    /// the working directory. Output redirection does not count. For shells and interpreters only code counts, since
    /// other files may be data.
    pub(super) fn runs_user_writable(&self) -> bool {
        let read = self.spelled.split('>').next().unwrap_or_default();
        if !self.runs_others() {
            return false;
        }
        let is_text_run = ["iex", "invoke-expression"].iter().any(|sign| read.contains(sign));
        let is_found = if (self.is_shell() || self.is_interpreter) && !is_text_run {
            pieces(read).any(|(piece, is_run)| {
                place::is_writable(piece)
                    && (is_run || programs::is_code(piece.trim_end_matches([',', ';', ')'])))
            })
        } else {
            place::is_writable(read)
        };
        let is_file_there = |word: &str| !word.contains(['\\', ':']) && programs::is_code(word);
        is_found || self.is_in_writable && read.split([' ', '"', '\'', ',']).any(is_file_there)
    }

    /// Whether the arguments are shell commands, which may also name files that are not run.
    fn is_shell(&self) -> bool {
        matches!(self.name(), "cmd" | "bash" | "wsl") || programs::is_powershell(self.name())
    }

    pub(super) fn has_unquoted_blank(&self) -> bool {
        !self.is_quoted && self.folder().contains(' ')
    }

    pub(super) fn is_disguised(&self) -> bool {
        programs::is_disguised(self.folder(), self.file())
    }

    /// Whether the program, or a file that it runs, is an alternate data stream.
    pub(super) fn has_stream(&self) -> bool {
        let mut words = self.spelled.split([' ', '"', '\'', ',', ';', '=', '(', ')']);
        place::has_stream(&self.path) || self.runs_others() && words.any(place::has_stream)
    }

    /// Whether a proxy program or a script host gets a URL.
    pub(super) fn has_address(&self) -> bool {
        let is_remote = |scheme: &str| {
            self.lower.split(scheme).skip(1).any(|address| {
                let host = address.trim_start_matches(['/', '\\']);
                !["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
            })
        };
        (self.is_script_host || self.is_proxy)
            && (["http:", "https:", "ftp:", "tftp:"].iter().any(|scheme| is_remote(scheme))
                || ["davwwwroot", "@ssl"].iter().any(|sign| self.spelled.contains(sign)))
    }

    /// Whether the program, or the file that it runs, is on another machine.
    pub(super) fn is_remote(&self) -> bool {
        place::is_remote(&self.path) || self.runs_others() && self.runs_remote()
    }

    /// Whether a remote file is used as code; other files may be data.
    fn runs_remote(&self) -> bool {
        let is_shell = self.is_shell();
        pieces(&self.spelled).any(|(piece, is_run)| {
            let file =
                if is_switch(piece) { piece.split_once(':').map_or("", |(_, file)| file) } else { piece };
            (is_run || !is_shell) && place::is_remote(file)
        })
    }

    /// Whether the arguments contain script text for a program that expects a file or a class.
    pub(super) fn has_script_in_arguments(&self) -> bool {
        const SIGNS: &[&str] = &["javascript:", "vbscript:", "jscript:", "scrobj", "runhtmlapplication"];
        self.is_proxy() && SIGNS.iter().any(|sign| self.lower.contains(sign))
    }

    /// Whether the command is in Base64: after PowerShell's switch for it, in any spelling that PowerShell accepts,
    /// or as UTF-16 after any program (EVIDENCE.md TRACE-14).
    pub(super) fn is_encoded(&self) -> bool {
        let is_utf16 = |word: &str| is_utf16(word).unwrap_or_default();
        let is_powershell = programs::is_powershell(self.name())
            || ["powers", "pwsh"].iter().any(|name| self.letters.are_of(name) && self.lower.contains(name));
        is_powershell && self.has_encoded_switch()
            || self.arguments.len() >= DIGITS && self.words().any(is_utf16)
            || self.is_script_host && self.lower.contains("frombase64string")
    }

    /// The words of the arguments, without quotes and brackets.
    fn words(&self) -> impl Iterator<Item = &str> {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | ',' | ';');
        self.arguments.split(is_end).filter(|word| !word.is_empty())
    }

    fn has_encoded_switch(&self) -> bool {
        // Everything after a file or command switch belongs to that switch.
        let mut is_powershell = programs::is_powershell(self.name());
        let mut words = self.words().peekable();
        while let Some(word) = words.next() {
            let lower = word.to_lowercase();
            let name = lower.trim_start_matches(['-', '/', '\u{2013}', '\u{2014}', '\u{2015}']);
            let is_short_for = |long: &str| !name.is_empty() && long.starts_with(name);
            if name.len() == lower.len() || is_powershell && programs::is_powershell(programs::name(name)) {
                is_powershell |= programs::is_powershell(programs::name(&lower.replace('/', r"\")));
            } else if is_powershell && (name == "ec" || is_short_for("encodedcommand")) {
                if words.peek().is_some_and(|word| is_base64(word)) {
                    return true;
                }
            } else if is_short_for("file") || is_short_for("command") {
                is_powershell = false;
            }
        }
        false
    }

    pub(super) fn has_credential(&self) -> bool {
        let lower = (self.lower.as_str(), self.letters);
        secret::has_password(self.name(), self.runs_others(), &self.arguments, lower)
    }

    /// Whether a command shell writes all its output to a file that can be fetched over the network: a temporary
    /// file, or one in a share of the same machine.
    pub(super) fn is_redirected_to_temp(&self) -> bool {
        let Some((before, after)) = self.spelled.rsplit_once('>') else { return false };
        let Some(command) = before.strip_suffix('2').filter(|_| after.trim() == "&1") else { return false };
        let file = command.rsplit_once('>').map_or("", |(_, file)| file.trim().trim_matches('"'));
        let is_temp = file.strip_prefix(r"c:\windows\temp\").or_else(|| file.strip_prefix(r"\windows\temp\"));
        let is_temp = is_temp.is_some_and(|name| name.ends_with(".tmp") || !name.contains(['.', '\\']));
        let is_run = self.spelled.starts_with(r"\c") || self.spelled.contains(r" \c ");
        self.name() == "cmd"
            && is_run
            && (is_temp || file.starts_with(r"c:\windows\__") || file.starts_with(r"c:\__"))
    }
}

/// Whether a piece of normalised arguments is a switch, whose slash was normalised to a backslash.
fn is_switch(piece: &str) -> bool {
    piece.starts_with('-') || piece.starts_with('\\') && !piece.starts_with(r"\\") && !piece.ends_with('\\')
}

/// The words of normalised arguments, with a quoted path as one word, and whether a shell would run each word.
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut is_run = true;
    let words = text.split(['"', '\'']).flat_map(|part| {
        let part = part.trim();
        let is_path = place::is_from_root(part) && !part.contains(" -") && !part.contains(r" \");
        let (whole, rest) = if is_path { (Some(part), "") } else { (None, part) };
        whole.into_iter().chain(rest.split_whitespace())
    });
    words.map(move |piece| {
        let is_start = matches!(piece, "&" | "&&" | "||" | "." | "call" | "start");
        let is_for_file =
            is_switch(piece) && matches!(piece.get(1..), Some("c" | "k" | "f" | "file" | "command" | "jar"));
        (piece, std::mem::replace(&mut is_run, is_start || is_for_file))
    })
}

fn is_writable_folder(folder: &str) -> bool {
    place::is_writable(&[place::spelled(folder.trim().trim_matches('"')).as_str(), r"\"].concat())
}

/// Splits a text into the program and what follows it.
fn parts(command: &str) -> (&str, &str) {
    if let Some(quoted) = command.strip_prefix('"') {
        return quoted.split_once('"').unwrap_or((quoted, ""));
    }
    // Usually it is the program alone.
    let has_more = command.contains(' ');
    let end = has_more.then(|| command.to_ascii_lowercase().find(".exe ")).flatten().map(|at| at + 4);
    end.and_then(|end| command.split_at_checked(end)).unwrap_or((command, ""))
}

/// Whether a word can be Base64 and is not trivially short.
fn is_base64(word: &str) -> bool {
    let digits = word.trim_end_matches('=');
    digits.len() >= 6 && digits.bytes().all(|byte| digit(byte).is_some())
}

/// The number of Base64 digits examined: twelve UTF-16 letters.
const DIGITS: usize = 32;

/// Whether a word is Base64 of UTF-16 text whose first twelve letters are ASCII.
fn is_utf16(word: &str) -> Option<bool> {
    let (digits, _) = word.as_bytes().split_at_checked(DIGITS)?;
    let mut bytes = Vec::with_capacity(DIGITS);
    for four in digits.chunks(4) {
        let number = four.iter().try_fold(0_u32, |number, byte| Some(number << 6 | digit(*byte)?))?;
        bytes.extend(number.to_be_bytes().into_iter().skip(1));
    }
    let is_letter = |pair: &[u8]| matches!(pair, [b'\t' | b'\n' | b'\r' | b' '..=b'~', 0]);
    Some(bytes.chunks(2).all(is_letter))
}

/// The value of a Base64 digit.
fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}
