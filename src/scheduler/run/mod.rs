//! How a task runs, from the trigger that fires to its last action ([MS-TSCH] 3.2.5.1.2, 3.2.5.1.3).
//!
//! A firing goes through [`fire`]: boundaries, conditions, delay. [`admit`] then decides by the instances that the task
//! has and by its account, [`launch`] hands out the first action, and [`outcome`] takes what the host reports of it.

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
