//! Normalises a path so that different spellings of the same location compare equal.

use memchr::{memchr, memchr2};

/// Variables and their values on a default installation; the profile is that of `user`.
const VARIABLES: &[(&str, &str)] = &[
    ("allusersprofile", r"c:\programdata"),
    ("appdata", r"c:\users\user\appdata\roaming"),
    ("commonprogramfiles", r"c:\program files\common files"),
    ("commonprogramfiles(x86)", r"c:\program files (x86)\common files"),
    ("commonprogramw6432", r"c:\program files\common files"),
    ("comspec", r"c:\windows\system32\cmd.exe"),
    ("homedrive", "c:"),
    ("homepath", r"\users\user"),
    ("localappdata", r"c:\users\user\appdata\local"),
    ("onedrive", r"c:\users\user\onedrive"),
    ("programdata", r"c:\programdata"),
    ("programfiles", r"c:\program files"),
    ("programfiles(x86)", r"c:\program files (x86)"),
    ("programw6432", r"c:\program files"),
    ("public", r"c:\users\public"),
    ("systemdrive", "c:"),
    ("systemroot", r"c:\windows"),
    ("temp", r"c:\users\user\appdata\local\temp"),
    ("tmp", r"c:\users\user\appdata\local\temp"),
    ("userprofile", r"c:\users\user"),
    ("windir", r"c:\windows"),
];

/// Folders in which every user, or the user of a profile, can create files, relative to the drive root. Those under
/// Windows come from public AppLocker bypass lists (EVIDENCE.md TRACE-12).
const WRITABLE: &[&str] = &[
    r"\users\",
    r"\documents and settings\",
    r"\docume~1\",
    r"\programdata\",
    r"\progra~3\",
    r"\temp\",
    r"\tmp\",
    r"\perflogs\",
    r"\$recycle.bin\",
    r"\recycler\",
    r"\windows\temp\",
    r"\windows\tasks\",
    r"\windows\tracing\",
    r"\windows\debug\wia\",
    r"\windows\registration\crmlog\",
    r"\windows\system32\com\dmp\",
    r"\windows\system32\fxstmp\",
    r"\windows\system32\microsoft\crypto\rsa\machinekeys\",
    r"\windows\system32\spool\drivers\color\",
    r"\windows\system32\spool\printers\",
    r"\windows\system32\spool\servers\",
    r"\windows\system32\tasks\",
    r"\windows\system32\tasks_migrated\",
    r"\windows\syswow64\com\dmp\",
    r"\windows\syswow64\fxstmp\",
    r"\windows\syswow64\tasks\",
];

/// Subfolders of these that only administrators can write to.
const PROTECTED: &[&str] = &[r"\programdata\microsoft\windows defender\"];

/// Normalises the paths in a text: lower case, backslashes, no variables, no dots, no prefixes of the local machine.
pub(super) fn spelled(text: &str) -> String {
    let mut text = text.to_lowercase();
    if memchr2(b'%', b'$', text.as_bytes()).is_some() {
        text = without_variables(&text);
    }
    if memchr(b'/', text.as_bytes()).is_some() {
        text = text.replace('/', r"\");
    }
    if text.contains(r"\\") || text.contains(r"\??\") {
        text = of_this_machine(&text);
    }
    if text.contains(r"\.") { without_dots(&text) } else { text }
}

/// Removes the prefixes that refer to the local machine.
fn of_this_machine(text: &str) -> String {
    let text =
        text.replace(r"\\?\unc\", r"\\").replace(r"\\?\", "").replace(r"\\.\", "").replace(r"\??\", "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, share)) = rest.split_once(r"\\") {
        out.push_str(before);
        let of_host = |host: &&str| share.strip_prefix(*host);
        let share_of_this = [r"localhost\", r"127.0.0.1\", r"[::1]\"].iter().find_map(of_host);
        let folder = share_of_this.and_then(|share| share.split_once(r"$\"));
        rest = match folder {
            Some(("admin", after)) => {
                out.push_str(r"c:\windows\");
                after
            }
            Some((drive, after)) if matches!(drive.as_bytes(), [b'a'..=b'z']) => {
                out.push_str(drive);
                out.push_str(r":\");
                after
            }
            _ => {
                out.push_str(r"\\");
                share
            }
        };
    }
    out.push_str(rest);
    out
}

fn without_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = variable(rest) {
        out.push_str(before);
        out.push_str(name);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text before the first variable, the expansion of the variable (or its first character), and the text after it.
fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find(['%', '$'])?;
    let (before, from) = text.split_at(at);
    let value = |name: &str| VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    if let Some(after) = from.strip_prefix("$env:") {
        let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        if let Some(value) = value(name) {
            return Some((before, value, after));
        }
    } else if let Some((name, after)) = from.strip_prefix('%').and_then(|from| from.split_once('%'))
        && let Some(value) = value(name)
    {
        return Some((before, value, after));
    }
    let (sign, after) = from.split_at(1);
    Some((before, sign, after))
}

fn without_dots(text: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('\\') {
        match part {
            "." => {}
            ".." if parts.len() > 1 => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join(r"\")
}

/// Whether a normalised text contains a user-writable folder.
pub(super) fn is_writable(text: &str) -> bool {
    text.match_indices('\\').any(|(at, _)| {
        let (before, from) = text.split_at(at);
        // Under another folder it belongs to the program itself.
        let is_inner = |c: char| c.is_alphanumeric() || "_-.)~".contains(c);
        let is_root = !before.chars().next_back().is_some_and(is_inner);
        let is_in = |folders: &[&str]| folders.iter().any(|folder| from.starts_with(folder));
        is_root && is_in(WRITABLE) && !is_in(PROTECTED)
    })
}

/// Whether a normalised path is absolute, on a drive or a machine.
pub(super) fn is_from_root(path: &str) -> bool {
    // A switch may start with two characters.
    let host = path.strip_prefix(r"\\").and_then(|path| path.split('\\').next());
    host.is_some_and(|host| !host.contains([':', ' ']))
        || matches!(path.as_bytes(), [b'a'..=b'z', b':', b'\\', ..])
}

/// Whether a normalised path is on another machine.
pub(super) fn is_remote(path: &str) -> bool {
    let host = path.strip_prefix(r"\\").and_then(|path| path.split_once('\\'));
    host.is_some_and(|(host, _)| !host.is_empty())
}

/// Whether a normalised absolute path names an alternate data stream.
pub(super) fn has_stream(path: &str) -> bool {
    let path = path.strip_suffix("::$data").unwrap_or(path);
    let Some((folder, name)) = path.rsplit_once('\\') else { return false };
    let has_drive = matches!(folder.as_bytes(), [b'a'..=b'z', b':', ..]);
    // A port number in a URL is not a stream.
    // Switches contain backslashes and colons, too.
    let is_path = |file: &str| has_drive || folder.starts_with(['\\', '.']) && file.contains('.');
    let stream = name.split_once(':').filter(|(file, stream)| !file.is_empty() && !stream.is_empty());
    stream.is_some_and(|(file, _)| is_path(file)) && !folder.contains(r":\\")
}
