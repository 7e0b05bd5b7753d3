//! Windows programs by name, and names that imitate others.

/// Programs that run scripts or commands.
const SCRIPT_HOSTS: &[&str] =
    &["cmd", "powershell", "pwsh", "powershell_ise", "wscript", "cscript", "bash", "wsl"];

/// Third-party interpreters.
const INTERPRETERS: &[&str] = &[
    "autohotkey",
    "autoit3",
    "java",
    "javaw",
    "lua",
    "node",
    "perl",
    "php",
    "py",
    "python",
    "python3",
    "pythonw",
    "ruby",
];

/// Files that these programs run.
const SCRIPTS: &[&str] = &["bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "sct", "py"];

/// Windows programs that can run other code (EVIDENCE.md TRACE-13).
const PROXIES: &[&str] = &[
    "atbroker",
    "bitsadmin",
    "certoc",
    "certutil",
    "cmstp",
    "conhost",
    "control",
    "csc",
    "desktopimgdownldr",
    "diskshadow",
    "dnscmd",
    "extexport",
    "forfiles",
    "ftp",
    "gpscript",
    "hh",
    "ieexec",
    "infdefaultinstall",
    "installutil",
    "jsc",
    "mavinject",
    "microsoft.workflow.compiler",
    "mmc",
    "msbuild",
    "msdt",
    "mshta",
    "msiexec",
    "odbcconf",
    "pcalua",
    "pcwrun",
    "presentationhost",
    "rasautou",
    "regasm",
    "register-cimprovider",
    "regsvcs",
    "regsvr32",
    "rundll32",
    "runonce",
    "runscripthelper",
    "scriptrunner",
    "syncappvpublishingserver",
    "ttdinject",
    "tttracer",
    "vbc",
    "verclsid",
    "wmic",
    "xwizard",
];

/// Commonly imitated programs that exist only in the Windows folder.
const OF_WINDOWS: &[&str] = &[
    "certutil",
    "cmd",
    "conhost",
    "cscript",
    "csrss",
    "ctfmon",
    "dllhost",
    "dwm",
    "explorer",
    "fontdrvhost",
    "lsaiso",
    "lsass",
    "lsm",
    "mshta",
    "powershell",
    "regsvr32",
    "rundll32",
    "runtimebroker",
    "schtasks",
    "searchindexer",
    "services",
    "sihost",
    "smss",
    "spoolsv",
    "svchost",
    "taskeng",
    "taskhost",
    "taskhostex",
    "taskhostw",
    "userinit",
    "wininit",
    "winlogon",
    "wscript",
];

/// Programs whose names are commonly imitated with small changes.
const IMITATED: &[&str] = &["csrss", "explorer", "lsass", "rundll32", "spoolsv", "svchost", "winlogon"];

/// The folders of these programs, relative to the drive root; the shell is in the Windows folder itself.
const SYSTEM_FOLDERS: &[&str] =
    &[r"\windows\system32\", r"\windows\syswow64\", r"\windows\sysnative\", r"\windows\winsxs\"];

/// Document extensions.
const DOCUMENTS: &[&str] = &[
    "avi", "bmp", "csv", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "mp3", "mp4", "odt", "pdf",
    "png", "ppt", "pptx", "rtf", "txt", "xls", "xlsx",
];

/// Extensions of programs and scripts.
const PROGRAMS: &[&str] = &["exe", "com", "scr", "pif", "cpl", "lnk"];

/// The program name without folder and extension, from a normalised path.
pub(super) fn name(path: &str) -> &str {
    stem(path.rsplit('\\').next().unwrap_or_default())
}

/// The name without extension, from a file name.
pub(super) fn stem(file: &str) -> &str {
    let name = file.trim_end_matches([' ', '.']);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Whether a table contains the name, or its short form.
fn is_one_of(name: &str, table: &[&str]) -> bool {
    let Some((start, number)) = name.split_once('~') else { return table.contains(&name) };
    let is_short = start.len() == 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_short && table.iter().any(|known| known.len() > 8 && known.starts_with(start))
}

pub(super) fn is_script_host(name: &str) -> bool {
    is_one_of(name, SCRIPT_HOSTS)
}

pub(super) fn is_interpreter(name: &str) -> bool {
    INTERPRETERS.contains(&name)
}

pub(super) fn is_powershell(name: &str) -> bool {
    is_one_of(name, &["powershell", "pwsh"])
}

pub(super) fn is_script(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| SCRIPTS.contains(&extension))
}

/// Whether a file has an extension of code.
pub(super) fn is_code(name: &str) -> bool {
    const OTHERS: &[&str] = &[
        "a3x", "ahk", "au3", "com", "cpl", "csproj", "dll", "exe", "inf", "jar", "lua", "msi", "ocx", "php",
        "pif", "pl", "psm1", "pyw", "rb", "scr", "xsl",
    ];
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    is_script(name) || extension.is_some_and(|extension| OTHERS.contains(&extension))
}

pub(super) fn is_proxy(name: &str) -> bool {
    is_one_of(name, PROXIES)
}

/// Whether a program name imitates another: it has a document extension, is the name of a Windows program in another
/// folder, or is nearly the name of one.
pub(super) fn is_disguised(folder: &str, file: &str) -> bool {
    let name = stem(file);
    // Characters that change the text direction or have no width.
    let signs = ['\u{200B}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}'];
    let has_signs = !file.is_ascii() && file.contains(signs);
    has_signs || is_like_document(file) || is_of_windows_elsewhere(folder, name) || is_imitation(name)
}

/// Whether the extension follows a document extension, or is far to the right.
fn is_like_document(file: &str) -> bool {
    let Some((name, extension)) = file.trim_end_matches([' ', '.']).rsplit_once('.') else { return false };
    if !PROGRAMS.contains(&extension) && !SCRIPTS.contains(&extension) {
        return false;
    }
    let inner = name.trim_end();
    name.len() - inner.len() > 2
        || inner.rsplit_once('.').is_some_and(|(name, inner)| !name.is_empty() && DOCUMENTS.contains(&inner))
}

fn is_of_windows_elsewhere(folder: &str, name: &str) -> bool {
    // A relative folder, or one that begins with an unknown variable, cannot be judged.
    let is_from_root = folder.starts_with('\\') || folder.contains(':');
    if !is_from_root || !is_of_windows(name) {
        return false;
    }
    let from_root = folder.split_once(':').map_or(folder, |(_, rest)| rest);
    let folder = [from_root, r"\"].concat();
    let is_shell = name == "explorer" && folder == r"\windows\";
    !is_shell && !SYSTEM_FOLDERS.iter().any(|known| folder.starts_with(known))
}

fn is_of_windows(name: &str) -> bool {
    OF_WINDOWS.binary_search(&name).is_ok()
}

/// Whether the name differs from an imitated one by one letter, or by two swapped letters.
fn is_imitation(name: &str) -> bool {
    IMITATED.iter().any(|known| is_near(name.as_bytes(), known.as_bytes())) && !is_of_windows(name)
}

fn is_near(one: &[u8], two: &[u8]) -> bool {
    if one.len().abs_diff(two.len()) > 1 {
        return false;
    }
    let start = one.iter().zip(two).take_while(|(a, b)| a == b).count();
    let (one, two) = (one.get(start..).unwrap_or_default(), two.get(start..).unwrap_or_default());
    match (one, two) {
        ([_, one @ ..], [_, two @ ..]) if one == two => true,
        ([a, b, one @ ..], [c, d, two @ ..]) if a == d && b == c && one == two => true,
        ([_, rest @ ..], two) if rest == two => true,
        (one, [_, rest @ ..]) if rest == one => true,
        _ => false,
    }
}
