//! The scheduler ([MS-TSCH] 3.2).

mod engine;
mod methods;
mod registration;
mod rig;
mod simulation;
