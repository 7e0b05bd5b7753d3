//! The scheduler ([MS-TSCH] 3.2).

mod methods;
mod registration;
mod rig;
