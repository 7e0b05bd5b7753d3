//! The event log as triggers see it: queries and events ([MS-EVEN6] 2.2.13 to 2.2.16; [MS-TSCH] 2.5.3.6), and the Task
//! Scheduler's own events.
//!
//! | to | use |
//! |---|---|
//! | read a trigger's Subscription | [`Query::parse`], [`Query::words`] |
//! | make or read an event | [`Event::new`], [`Event::from_xml`] |
//! | know whether the one selects the other | [`Query::matches`] |
//! | take values out of an event for an action's parameters | [`ValueQueries`] |
//! | count occurrences within a period | [`Occurrences`] |
//! | find the queries out of many that select an event | [`Subscriptions`] |
//! | make and read the events that the scheduler logs | [`task_scheduler`] |
//!
//! Invariants: reading never panics, allocates a small multiple of its input and refuses what is nested too deeply
//! ([`limits`](crate::limits)); matching takes at most the product of tests and nodes, and no clock is read.

pub mod task_scheduler;

mod compare;
mod error;
mod evaluate;
mod event;
mod expression;
mod lexer;
mod list;
mod markup;
mod occurrences;
mod parse;
mod query;
mod registration;
mod subscriptions;
mod summary;
mod system;
mod tree;
mod values;

pub use error::{Error, ErrorKind};
pub use event::{Event, Value};
pub use occurrences::Occurrences;
pub use query::{Group, LogPath, Query, Selector, Target, XPath};
pub use registration::{SubscriptionError, SubscriptionErrorKind};
pub use subscriptions::Subscriptions;
pub use system::System;
pub use values::{ValueQueries, ValueQuery};
