//! The life of a run, from the firing of its trigger to its last action ([MS-TSCH] 3.2.5.1.2, 3.2.5.1.3).
//!
//! A firing goes through [`fire`]: boundaries, conditions, delay. [`admit`] then decides according to the task's
//! instances and its account, [`launch`] issues the first action, and [`outcome`] processes the host's reports.

pub(super) mod account;
pub(super) mod admit;
pub(super) mod condition;
pub(super) mod expiry;
pub(super) mod fire;
pub(super) mod launch;
pub(super) mod maintenance;
pub(super) mod missed;
pub(super) mod outcome;
pub(super) mod report;
pub(super) mod stop;
