//! The scheduler itself ([MS-TSCH] 3.2): a complete Task Scheduler service without threads, clocks or sockets.
//!
//! A [`State`] is changed by calls and events, each of which returns a [`Step`]: the reply, and the [`Effect`]s for
//! the host to carry out, in order. A [`Context`] describes the environment at that time. Equal inputs give equal
//! outputs; random values come from a seed in the state.
//!
//! | to | use |
//! |---|---|
//! | create a scheduler | [`State::new`], with [`Options`] and a seed |
//! | answer a call | [`State::call`] with a typed request, [`State::dispatch`] with a stub |
//! | find out what a call would do | [`Method::plan`], then [`State::commit`] |
//! | report machine events and the results of effects | [`State::event`] with an [`Event`] |
//! | find out when to call again | [`State::next_wakeup`] |
//! | save and load | serde of [`State`] and [`WithSecrets`], then [`State::resume`] |
//! | apply a Group Policy file, or undo it | `apply_policy`, `remove_policy` (feature `gpp`) |
//! | inspect tasks, folders and instances | [`State::tasks`], [`State::task`], [`State::folders`], [`State::instances`] |
//! | get a password for logging on a user | [`State::password`] |
//! | check the invariants of a state | [`State::check`] |
//! | decide whether a task may be registered | [`registration`], [`session_trigger_allowed`] |
//! | get the descriptor of the root folder, or of a task according to the specification | [`root_descriptor`], [`specified_descriptor`] |
//!
//! # Timers
//!
//! [`State::next_wakeup`] is the earliest of the following timers ([MS-TSCH] 3.2.2, 3.2.6). None fires while the
//! machine sleeps.
//!
//! | timer | set | cleared | when it fires | section |
//! |---|---|---|---|---|
//! | run | a task is registered, enabled, or has run; the clock is set | the task is deleted or disabled | the triggers due at that time fire | 3.2.6.1 |
//! | delay | a trigger with a delay fires | the instance is stopped, the service starts | the instance starts | 3.2.6.2 |
//! | idle | an instance waits for the machine to be idle | it starts or is stopped, the service starts | it starts, or is abandoned | 2.5.4.14 |
//! | limit | an instance starts | the instance ends | the instance is requested to stop | 2.5.4.16 |
//! | kill | an instance is requested to stop | the instance ends | it is terminated | 2.5.4.6 |
//! | retry | a start fails | a trigger fires, the task is disabled or deleted, the service starts | the task is started again | 2.5.4.2 |
//! | missed | a run was missed | the task is disabled or deleted | the task is started late | 2.5.4.7 |
//! | repeat | a trigger without run times fires | the task is deleted, the service starts | the trigger fires again | 2.5.3.1 |
//! | duration end | a trigger fires whose repetition stops the task at its end | the task is deleted, the service starts | all instances are requested to stop | 2.5.3.1 |
//! | expiry | an expiring task is registered; the clock is set | the task is deleted | the task is deleted | 2.5.4.13 |
//!
//! # Requirements for the host
//!
//! 1. Keep a [`Machine`] up to date, and build a [`Context`] from it for each call and event.
//! 2. Carry out the effects of each step in order, before the next step. Data to write comes before anything visible
//!    to others, so a crash loses nothing that was already reported.
//! 3. Report each [`Effect::Start`] with [`Event::Started`] or [`Event::StartFailed`], and later [`Event::Exited`].
//!    Late or duplicate reports, and those for removed instances, are ignored; the reply then has the reason.
//! 4. Report an effect that fails with [`Event::Failed`].
//! 5. At [`State::next_wakeup`], report [`Event::Timer`]. It may be late; everything due meanwhile runs once. Report
//!    no timers while the machine sleeps; [`Event::Wake`] and [`Event::Boot`] process what fell due.
//! 6. After each change of the machine, report its event with the new state of the machine.
//! 7. After loading a saved state, call [`State::resume`]. After a crash, report [`Event::Boot`].
//!
//! ```
//! use time::{Duration, UtcOffset, macros::datetime};
//! use wintask::rpc::schrpc::SchRpcRegisterTask;
//! use wintask::scheduler::{Context, Effect, Event, Machine, NoAccounts, Options, State};
//!
//! let xml = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
//!   <Triggers><TimeTrigger><StartBoundary>2024-05-15T10:01:00</StartBoundary></TimeTrigger></Triggers>
//!   <Actions><Exec><Command>backup.exe</Command></Exec></Actions>
//! </Task>"#;
//! let (machine, mut state) = (Machine::default(), State::new(Options::default(), 1));
//! let mut now = datetime!(2024-05-15 10:00 UTC);
//! let at = |now| Context::new(now, &UtcOffset::UTC, &machine, &NoAccounts);
//!
//! let request = SchRpcRegisterTask { path: Some(r"\Backup".into()), xml: xml.into(), ..Default::default() };
//! let mut effects = state.call(&at(now), &request).effects;
//! let mut history = Vec::new();
//! loop {
//!     let mut next = Vec::new();
//!     for effect in effects.drain(..) {
//!         match effect {
//!             Effect::Log(record) => history.push((now, record.event.id())),
//!             Effect::Start(start) => {
//!                 // A host starts the program here, and reports when it ends.
//!                 let instance = start.instance;
//!                 next.extend(state.event(&at(now), Event::Started { instance, pid: 4711 }).effects);
//!                 next.extend(state.event(&at(now), Event::Exited { instance, code: 0 }).effects);
//!             }
//!             _ => {} // files to write, a time to wake up at, and so on
//!         }
//!     }
//!     effects = next;
//!     if effects.is_empty() {
//!         let Some(wakeup) = state.next_wakeup() else { break };
//!         now = wakeup.max(now);
//!         effects = state.event(&at(now), Event::Timer).effects;
//!     }
//! }
//! let ids: Vec<u16> = history.iter().map(|(_, id)| *id).collect();
//! assert_eq!(ids, [106, 107, 129, 100, 200, 201, 102]);
//! ```

mod change;
mod clockwork;
mod context;
mod descriptors;
mod effect;
mod event;
mod instance;
mod invariant;
mod listeners;
mod options;
#[cfg(feature = "gpp")]
mod policy;
mod protocol;
mod random;
mod registration;
mod run;
mod shown;
#[cfg(feature = "serde")]
mod snapshot;
mod state;
mod store;
mod timer;
mod twin;
mod v1;
mod view;
mod work;

pub use context::{
    Account, Accounts, Caller, Channels, Context, Machine, Network, NoAccounts, Resources, Session,
};

pub use descriptors::{root_descriptor, specified_descriptor};
pub use effect::{Effect, FailedEffect, Program, Record, Start, Step, StoreKind, Stored};
pub use event::{Event, Ignored};
pub use invariant::Violation;
pub use options::Options;
#[cfg(feature = "gpp")]
pub use policy::{Applied, AppliedOnce, Outcome, apply_policy, remove_policy};
pub use protocol::{Change, Method};
#[cfg(feature = "serde")]
pub use snapshot::WithSecrets;
pub use state::State;
pub use view::{StoredFolder, StoredTask, TaskInstance};

pub use registration::{Registration, RunsAs, TriggerUser, registration, session_trigger_allowed};
