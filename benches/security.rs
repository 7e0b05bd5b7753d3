//! Reading SDDL and checking access, against what one would write by hand for plain ACEs.

mod security_peers;
mod support;

use std::{hint::black_box, process::ExitCode};
use support::{Bound, Subject};
use wintask::security::{AccessMask, GenericMapping, SecurityDescriptor, Sid, Token, access_check};

const USER: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// The task store's root folder on Windows.
fn root() -> String {
    wintask::scheduler::root_descriptor().to_string()
}

/// A task that a user has made in the root folder.
fn task() -> String {
    format!(
        "O:{USER}G:S-1-5-21-1004336348-1177238915-682003330-513D:AI(A;;FR;;;{USER})(A;ID;0x1f019f;;;BA)\
         (A;ID;0x1f019f;;;SY)(A;ID;FA;;;{USER})"
    )
}

/// 99 ACEs that concern others, by alias and by SID, and one that gives the user everything: as the first or as the last.
fn hundred(first: bool) -> String {
    let others = (0..99).map(|n| match n % 4 {
        0 => "(A;ID;FA;;;BA)".to_owned(),
        1 => format!("(A;;FR;;;S-1-5-21-1004336348-1177238915-682003330-{})", 2000 + n),
        2 => "(A;OICI;0x1f019f;;;SY)".to_owned(),
        _ => format!("(D;;FW;;;S-1-5-21-1004336348-1177238915-682003330-{})", 2000 + n),
    });
    let own = format!("(A;;FA;;;{USER})");
    let (before, after) = if first { (own.as_str(), "") } else { ("", own.as_str()) };
    format!("O:BAG:SYD:{before}{}{after}", others.collect::<String>())
}

/// The groups of a user of a domain.
fn groups() -> Vec<String> {
    let fixed = ["S-1-1-0", "S-1-5-11", "S-1-5-4", "S-1-2-0", "S-1-5-32-545"];
    let domain = (513..520).map(|rid| format!("S-1-5-21-1004336348-1177238915-682003330-{rid}"));
    fixed.map(str::to_owned).into_iter().chain(domain).collect()
}

fn parse(text: String) -> Box<dyn Fn()> {
    assert!(text.parse::<SecurityDescriptor>().is_ok(), "{text}");
    Box::new(move || drop(black_box(black_box(&text).parse::<SecurityDescriptor>())))
}

fn parse_by_hand(text: String) -> Box<dyn Fn()> {
    assert!(security_peers::parse(&text).is_some(), "{text}");
    Box::new(move || drop(black_box(security_peers::parse(black_box(&text)))))
}

fn check(text: String, desired: AccessMask) -> Box<dyn Fn()> {
    let descriptor: SecurityDescriptor = text.parse().expect("SDDL");
    let sid = |text: &str| text.parse::<Sid>().expect("a SID");
    let token = groups().iter().fold(Token::new(sid(USER)), |token, group| token.with_group(sid(group)));
    assert!(access_check(&descriptor, &token, desired, &GenericMapping::FILE).allowed);
    Box::new(move || {
        black_box(access_check(black_box(&descriptor), black_box(&token), desired, &GenericMapping::FILE));
    })
}

fn check_by_hand(text: String, desired: AccessMask) -> Box<dyn Fn()> {
    let descriptor = security_peers::parse(&text).expect("SDDL");
    let sid = |text: &str| security_peers::parse(&format!("O:{text}")).and_then(|d| d.owner).expect("a SID");
    let token: Vec<_> = std::iter::once(USER.to_owned()).chain(groups()).map(|text| sid(&text)).collect();
    assert!(security_peers::access_check(&descriptor, &token, desired.0));
    Box::new(move || {
        black_box(security_peers::access_check(black_box(&descriptor), black_box(&token), desired.0));
    })
}

const ALL: AccessMask = AccessMask::FILE_ALL_ACCESS;
const READ: AccessMask = AccessMask::FILE_GENERIC_READ;

const SUBJECTS: &[Subject] = &[
    Subject { name: "SDDL, root folder", prepare: || parse(root()) },
    Subject { name: "SDDL, root folder, by hand", prepare: || parse_by_hand(root()) },
    Subject { name: "SDDL, task", prepare: || parse(task()) },
    Subject { name: "SDDL, task, by hand", prepare: || parse_by_hand(task()) },
    Subject { name: "SDDL, 100 ACEs", prepare: || parse(hundred(false)) },
    Subject { name: "SDDL, 100 ACEs, by hand", prepare: || parse_by_hand(hundred(false)) },
    Subject { name: "check, task's owner", prepare: || check(task(), READ) },
    Subject { name: "check, task's owner, by hand", prepare: || check_by_hand(task(), READ) },
    Subject { name: "check, first of 100 ACEs", prepare: || check(hundred(true), ALL) },
    Subject { name: "check, first of 100 ACEs, by hand", prepare: || check_by_hand(hundred(true), ALL) },
    Subject { name: "check, last of 100 ACEs", prepare: || check(hundred(false), ALL) },
    Subject { name: "check, last of 100 ACEs, by hand", prepare: || check_by_hand(hundred(false), ALL) },
];

const BOUNDS: &[Bound] = &[
    Bound { subject: "SDDL, root folder", peer: "SDDL, root folder, by hand", most: 2.5 },
    Bound { subject: "SDDL, task", peer: "SDDL, task, by hand", most: 2.5 },
    Bound { subject: "SDDL, 100 ACEs", peer: "SDDL, 100 ACEs, by hand", most: 2.5 },
    Bound { subject: "check, task's owner", peer: "check, task's owner, by hand", most: 1.5 },
    Bound { subject: "check, first of 100 ACEs", peer: "check, first of 100 ACEs, by hand", most: 1.5 },
    Bound { subject: "check, last of 100 ACEs", peer: "check, last of 100 ACEs, by hand", most: 1.5 },
];

fn main() -> ExitCode {
    support::run(SUBJECTS, BOUNDS)
}
