//! What a command is: tables of programs and places.

/// Programs that run scripts or commands.
const SCRIPT_HOSTS: &[&str] =
    &["cmd", "powershell", "pwsh", "powershell_ise", "wscript", "cscript", "bash", "wsl"];

/// Programs of Windows that run code of others (the project LOLBAS lists them).
const PROXIES: &[&str] = &[
    "bitsadmin",
    "certutil",
    "cmstp",
    "control",
    "forfiles",
    "hh",
    "installutil",
    "msbuild",
    "mshta",
    "msiexec",
    "odbcconf",
    "pcalua",
    "regasm",
    "regsvcs",
    "regsvr32",
    "rundll32",
    "wmic",
];

/// Folders in which every user, or the user of a profile, may create files.
const WRITABLE: &[&str] = &[
    r"\users\",
    r"\documents and settings\",
    r"\programdata\",
    r"\windows\temp\",
    r"\windows\tasks\",
    r"\windows\tracing\",
    r"\$recycle.bin\",
    r"\perflogs\",
    "%appdata%",
    "%localappdata%",
    "%userprofile%",
    "%temp%",
    "%tmp%",
    "%public%",
    "%programdata%",
    "%allusersprofile%",
];

/// Subfolders of those that only administrators may write to.
const PROTECTED: &[&str] =
    &[r"\programdata\microsoft\windows defender\", r"%programdata%\microsoft\windows defender\"];

/// A command in lower case, with its program's name.
pub(super) struct Command {
    path: String,
    arguments: String,
    is_quoted: bool,
}

impl Command {
    pub(super) fn new(command: &str, arguments: Option<&str>) -> Self {
        let trimmed = command.trim();
        let path = trimmed.trim_matches('"').to_lowercase();
        let path = if path.contains('/') { path.replace('/', r"\") } else { path };
        let arguments = arguments.unwrap_or_default().to_lowercase();
        Self { path, arguments, is_quoted: trimmed.starts_with('"') }
    }

    /// The program's name without folder and extension.
    fn name(&self) -> &str {
        let name = self.path.rsplit('\\').next().unwrap_or_default();
        name.strip_suffix(".exe").unwrap_or(name)
    }

    pub(super) fn is_script_host(&self) -> bool {
        SCRIPT_HOSTS.contains(&self.name())
    }

    pub(super) fn is_proxy(&self) -> bool {
        PROXIES.contains(&self.name())
    }

    pub(super) fn is_user_writable(&self) -> bool {
        is_writable(&self.path)
    }

    /// Whether a script host, or a program that runs code of others, gets a file of such a folder. Where output goes does not
    /// count.
    pub(super) fn runs_user_writable(&self) -> bool {
        let read = self.arguments.split('>').next().unwrap_or_default().replace('/', r"\");
        (self.is_script_host() || self.is_proxy()) && is_writable(&read)
    }

    pub(super) fn has_unquoted_blank(&self) -> bool {
        let folder = self.path.rsplit_once('\\').map_or("", |(folder, _)| folder);
        !self.is_quoted && folder.contains(' ')
    }

    /// Whether the arguments have an address of the web or a file of another machine.
    pub(super) fn has_address(&self) -> bool {
        ["http://", "https://", "ftp://", "davwwwroot"].iter().any(|address| self.arguments.contains(address))
    }

    /// Whether PowerShell gets its command in Base64: any prefix of the switch, as PowerShell accepts it.
    pub(super) fn is_encoded(&self) -> bool {
        let is_powershell =
            matches!(self.name(), "powershell" | "pwsh") || self.arguments.contains("powershell");
        let is_switch = |word: &str| {
            let name = word.strip_prefix(['-', '/', '\u{2013}']);
            name.is_some_and(|name| name == "ec" || !name.is_empty() && "encodedcommand".starts_with(name))
        };
        let mut words = self.arguments.split_whitespace();
        is_powershell && words.any(is_switch) && words.next().is_some_and(is_base64)
    }

    /// Whether a switch for a password has a value.
    pub(super) fn has_credential(&self) -> bool {
        let names = ["password", "passwd", "pwd", "pass"];
        let mut words = self.arguments.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let Some(switch) = word.trim_start_matches('"').strip_prefix(['-', '/']) else { continue };
            let switch = switch.trim_start_matches('-');
            let (name, value) = match switch.split_once([':', '=']) {
                Some((name, value)) => (name, Some(value)),
                None => (switch, words.peek().copied()),
            };
            let is_value = |value: &str| !value.is_empty() && !value.starts_with(['-', '/', '%', '$', '*']);
            if names.contains(&name) && value.is_some_and(is_value) {
                return true;
            }
        }
        false
    }

    /// Whether a command shell writes its output to a temporary file, and nothing else.
    pub(super) fn is_redirected_to_temp(&self) -> bool {
        let output = self.arguments.rsplit_once('>');
        let (command, is_both) = match output {
            Some((before, after)) if after.trim() == "&1" => {
                (before.strip_suffix('2').unwrap_or(before), true)
            }
            _ => (self.arguments.as_str(), false),
        };
        let file = command.rsplit_once('>').map(|(_, file)| file.trim());
        let is_temp = |file: &str| {
            file.ends_with(".tmp")
                && (file.starts_with(r"%windir%\temp\") || file.starts_with(r"c:\windows\temp\"))
        };
        self.name() == "cmd" && is_both && self.arguments.starts_with("/c ") && file.is_some_and(is_temp)
    }
}

/// Whether a lower-case text has a folder that users may write to.
fn is_writable(text: &str) -> bool {
    let is_in = |folders: &[&str]| folders.iter().any(|folder| text.contains(folder));
    is_in(WRITABLE) && !is_in(PROTECTED)
}

/// Whether a word can be Base64 of UTF-16 that is not trivially short.
fn is_base64(word: &str) -> bool {
    let digits = word.trim_matches(['"', '\'']).trim_end_matches('=');
    digits.len() >= 6
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
