//! The methods of the three interfaces ([MS-TSCH] 3.2.5.2 to 3.2.5.4).
//!
//! Each is a plan from the current state to a reply with edits, or to a rejection. Committing the edits cannot fail.

mod access;
mod atsvc;
mod dispatch;
mod edit;
mod enumerate;
mod folder;
mod info;
mod instance;
mod lookup;
mod method;
mod principal;
mod register;
mod retrieve;
mod run;
mod sasec;
mod security;

pub use method::{Change, Method};
