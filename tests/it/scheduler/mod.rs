//! The scheduler ([MS-TSCH] 3.2).

mod accounts;
mod asleep;
mod engine;
mod job_files;
mod loading;
mod many;
mod methods;
mod random;
mod registration;
mod rig;
mod shim;
mod simulation;
mod v1;
mod view;

pub use random::{call_seeds, step_seeds};
