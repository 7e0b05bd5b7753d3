//! The scheduler itself ([MS-TSCH] 3.2).
//!
//! So far it contains only what does not depend on a running scheduler:
//!
//! | to | use |
//! |---|---|
//! | decide whether a task may be registered | [`registration`], [`session_trigger_allowed`] |
//! | get the descriptor of the root folder, or of a task as the specification has it | [`root_descriptor`], [`specified_descriptor`] |
//!
//! The state, the protocol methods, the system events and the effects are not part of the library yet.

mod descriptors;
mod registration;

pub use descriptors::{root_descriptor, specified_descriptor};
pub use registration::{Registration, RunsAs, TriggerUser, registration, session_trigger_allowed};
