//! The property of each fuzz target, as plain Rust, called by the targets and by `cargo test` on the stored cases
//! (`fuzz/corpus`, `fuzz/regressions`).

mod bytes;
pub(crate) mod command_line;
pub(crate) mod compat;
mod detect;
mod eventlog;
mod gpp;
mod job;
mod ndr;
mod reconcile;
mod schedule;
mod scheduler;
mod security;
mod taskcache;
mod xml;

/// A property of any bytes; panics if it does not hold.
pub(crate) type Oracle = fn(&[u8]);

/// Every target by name.
pub(crate) const ALL: &[(&str, Oracle)] = &[
    ("command_line", command_line::command_line),
    ("compat", compat::compat),
    ("detect", detect::detect_any),
    ("event_query", eventlog::event_query),
    ("gpp", gpp::policy),
    ("job_round_trip", job::round_trip),
    ("job_recover", job::recover),
    ("job_carve", job::carve),
    ("ndr_call", ndr::call),
    ("ndr_round_trip", ndr::round_trip),
    ("reconcile", reconcile::traces),
    ("schedule", schedule::questions),
    ("scheduler_calls", scheduler::calls),
    ("scheduler_steps", scheduler::steps),
    ("sddl", security::sddl),
    ("descriptor", security::descriptor),
    ("taskcache_round_trip", taskcache::round_trip),
    ("xml_read", xml::read),
    ("xml_carve", xml::carve),
    ("xml_round_trip", xml::round_trip),
];

/// The property of the target with this name.
pub(crate) fn oracle(name: &str) -> Oracle {
    ALL.iter().find(|(known, _)| *known == name).expect("a known target").1
}
