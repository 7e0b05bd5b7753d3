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

mod change;
mod context;
mod descriptors;
mod effect;
mod event;
mod instance;
mod invariant;
mod listeners;
mod options;
mod protocol;
mod random;
mod registration;
mod run;
#[cfg(feature = "serde")]
mod snapshot;
mod state;
mod store;
mod timer;
mod work;

pub use context::{Account, Accounts, Caller, Context, Machine, Network, NoAccounts, Resources, Session};

pub use descriptors::{root_descriptor, specified_descriptor};
pub use effect::{Effect, FailedEffect, Program, Record, Start, Step, StoreKind, Stored};
pub use event::{Event, Ignored};
pub use invariant::Violation;
pub use options::Options;
pub use protocol::{Change, Method};
#[cfg(feature = "serde")]
pub use snapshot::WithSecrets;
pub use state::State;

pub use registration::{Registration, RunsAs, TriggerUser, registration, session_trigger_allowed};
