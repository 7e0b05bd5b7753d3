//! Passwords in arguments.

use super::letters::Letters;

/// Programs, the switch that precedes a password in their arguments, and whether the switch is case-sensitive.
const SWITCHES: &[(&str, &str, bool)] = &[
    ("bcp", "P", true),
    ("isql", "P", true),
    ("mysql", "p", true),
    ("mysqldump", "p", true),
    ("osql", "P", true),
    ("paexec", "p", false),
    ("plink", "pw", false),
    ("pscp", "pw", false),
    ("psexec", "p", false),
    ("psexec64", "p", false),
    ("psftp", "pw", false),
    ("schtasks", "rp", false),
    ("sqlcmd", "P", true),
    ("sshpass", "p", true),
];

/// Whether the arguments of a program appear to contain a password: after a switch, in a connection string, in a URL,
/// or as text that becomes a secure string. `name` is the program's name, which may start others; `lower` is the
/// arguments in lower case, with their letters.
pub(super) fn has_password(
    name: &str,
    starts_others: bool,
    arguments: &str,
    (lower, letters): (&str, Letters),
) -> bool {
    let has = |text: &str| letters.are_of(text) && lower.contains(text);
    let is_named = has("pass") || has("pwd");
    (is_named || starts_others || of(name).is_some()) && has_switch(name, arguments)
        || is_named && has_pair(lower)
        || has("@") && has_user_in_address(lower)
        || (name.starts_with("net") || has("net")) && is_net_use(name, lower)
        || has("securestring") && is_made_secure(lower)
}

/// Whether this can be a password; variables, parameters, other switches and prompt characters cannot.
fn is_value(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    !value.is_empty() && !value.starts_with(['-', '/', '%', '$', '*', '<', '(', '@', '{', ';'])
}

/// Whether a name denotes a password.
fn is_name(name: &str) -> bool {
    matches!(name, "pass" | "pwd" | "passwd" | "passphrase")
        || name.ends_with("password")
            && !["no", "reset", "change", "ask", "prompt"].iter().any(|no| name.starts_with(no))
}

/// The password switch of a program.
fn of(program: &str) -> Option<&'static (&'static str, &'static str, bool)> {
    SWITCHES.iter().find(|(name, ..)| *name == program)
}

fn has_switch(program: &str, arguments: &str) -> bool {
    let mut own = of(program);
    let mut words = arguments.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let word = word.trim_start_matches(['"', '\'']);
        let Some(switch) = word.strip_prefix(['-', '/']) else {
            // The program may be started by a shell.
            own = of(file_name(&word.to_lowercase())).or(own);
            continue;
        };
        let (name, value) = match switch.split_once([':', '=']) {
            Some((name, value)) => (name, Some(value)),
            None => (switch, words.peek().copied()),
        };
        let lower = name.trim_start_matches('-').to_lowercase();
        let is_own = own.is_some_and(|(_, own, is_exact)| name == *own || !is_exact && lower == *own);
        if (is_own || is_name(&lower)) && value.is_some_and(is_value) {
            return true;
        }
        // Some programs accept the value without a separating blank.
        let joined = own.filter(|(.., is_exact)| *is_exact).and_then(|(_, own, _)| switch.strip_prefix(own));
        if joined.is_some_and(is_value) {
            return true;
        }
    }
    false
}

/// The name of a program without folder, quotes and extension.
fn file_name(word: &str) -> &str {
    let name = word.trim_matches(['"', '\'']).rsplit(['\\', '/']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// `password=value`, as in connection strings.
fn has_pair(arguments: &str) -> bool {
    let pairs =
        arguments.split(|c: char| c.is_whitespace() || matches!(c, ';' | '"' | '\'' | '&' | '?' | ','));
    let is_secret = |pair: &str| {
        let pair = pair.split_once('=').map(|(name, value)| (name.trim_start_matches(['-', '/']), value));
        pair.is_some_and(|(name, value)| is_name(name) && is_value(value))
    };
    pairs.into_iter().any(is_secret)
}

/// `https://user:password@host`, `-u user:password`.
fn has_user_in_address(arguments: &str) -> bool {
    arguments.split("://").skip(1).any(|address| {
        let authority = address.split(['/', '?', ' ', '"', '\'']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        user.is_some_and(|(name, password)| !name.is_empty() && is_value(password))
    })
}

/// `net use` with an account, and a word that is not a drive, a share or a switch.
fn is_net_use(name: &str, arguments: &str) -> bool {
    let is_net = |word: &str| matches!(file_name(word), "net" | "net1");
    let mut words = arguments.split_whitespace().map(|word| word.trim_matches('"'));
    if !is_net(name) && !words.any(is_net) || words.next() != Some("use") {
        return false;
    }
    let command: Vec<_> = words.take_while(|word| !matches!(*word, "&" | "&&" | "|" | ">")).collect();
    let is_plain = |word: &&str| is_value(word) && !word.starts_with('\\') && !word.ends_with(':');
    command.iter().any(|word| word.starts_with("/user:") || word.starts_with("/u:"))
        && command.iter().any(is_plain)
}

/// Quoted text that PowerShell converts to a secure string.
fn is_made_secure(arguments: &str) -> bool {
    let after = arguments.split_once("convertto-securestring").map(|(_, after)| after);
    after.is_some_and(|after| {
        let mut words = after.split_whitespace();
        after.contains("-asplaintext")
            && words
                .find(|word| !matches!(*word, "-string" | "-asplaintext" | "-force"))
                .is_some_and(is_value)
    })
}
