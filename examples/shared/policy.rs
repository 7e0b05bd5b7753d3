//! Files of Group Policy.

use wintask::gpp::Part;

/// The part of a policy that a file is in, by its path: `User\Preferences\…` or `Machine\Preferences\…` ([MS-GPPREF] 2.2.1).
/// A file elsewhere counts as one of a machine.
pub fn part(path: &str) -> Part {
    let mut folders = path.split(['/', '\\']).peekable();
    while let Some(folder) = folders.next() {
        let next = folders.peek().is_some_and(|next| next.eq_ignore_ascii_case("Preferences"));
        if next && folder.eq_ignore_ascii_case("User") {
            return Part::User;
        }
    }
    Part::Machine
}
