//! The event log as used by triggers: queries and events ([MS-EVEN6] 2.2.13 to 2.2.16; [MS-TSCH] 2.5.3.6), and the
//! events that the Task Scheduler logs.
//!
//! | to | use |
//! |---|---|
//! | parse a trigger's Subscription | [`Query::parse`], [`Query::parse_subscription`], [`Query::words`] |
//! | build or parse an event | [`Event::new`], [`Event::parse`] |
//! | parse the events in a file | [`events()`] |
//! | check whether a query selects an event | [`Query::matches`], [`Query::try_matches`] |
//! | extract values from an event for an action's parameters | [`ValueQueries`] |
//! | count events within a period | [`EventCounter`] |
//! | find the queries that select an event | [`Subscriptions`] |
//! | build and parse events of the Task Scheduler | [`task_scheduler`] |
//!
//! ```
//! use wintask::eventlog::{Event, Query};
//!
//! let query: Query = "<QueryList><Query Path='System'><Select>*[System[EventID=1074]]</Select></Query></QueryList>".parse()?;
//! let event: Event = "<Event><System><EventID>1074</EventID><Channel>System</Channel></System></Event>".parse()?;
//! let now = time::macros::datetime!(2024-01-03 02:00 UTC);
//! assert_eq!(query.words(), "event 1074 in System");
//! assert!(query.matches(&event, now));
//! # Ok::<(), wintask::eventlog::Error>(())
//! ```
//!
//! Invariants: parsing never panics, allocates at most a small multiple of its input, and rejects input that is
//! nested too deeply ([`limits`](crate::limits)). Matching takes a bounded number of steps. No clock is read.

pub mod task_scheduler;

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod compare;
mod counter;
mod error;
mod evaluate;
mod event;
mod events;
mod expression;
mod lexer;
mod list;
mod parse;
mod plain;
mod query;
mod registration;
mod selector;
mod subscriptions;
mod summary;
mod system;
mod tree;
mod usual;
mod value;
mod values;

pub use counter::EventCounter;
pub use error::{Error, ErrorKind};
pub use evaluate::LimitReached;
pub use event::Event;
pub use events::{Events, events};
pub use query::Query;
pub use registration::{SubscriptionError, SubscriptionErrorKind};
pub use selector::{Group, LogPath, Selector, Target, XPath};
pub use subscriptions::Subscriptions;
pub use system::System;
pub use value::Value;
pub use values::{ValueQueries, ValueQuery};
