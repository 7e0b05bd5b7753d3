//! The scheduler itself ([MS-TSCH] 3.2): a complete Task Scheduler service without a thread, a clock or a socket.
//!
//! A [`State`] changes by calls and events, each of which gives a [`Step`]: the reply, and the [`Effect`]s for the host
//! to carry out, in order. A [`Context`] says what the world is like at that moment. Equal inputs give equal outputs:
//! what is drawn at random comes from a seed in the state.
//!
//! | to | use |
//! |---|---|
//! | make a scheduler | [`State::new`], with [`Options`] and a seed |
//! | answer a call | [`State::call`] with a typed request, [`State::dispatch`] with a stub |
//! | find out what a call would do | [`Method::plan`], then [`State::commit`] |
//! | report what happens to the machine, and what became of effects | [`State::event`] with an [`Event`] |
//! | know when to call again | [`State::next_wakeup`] |
//! | save and load | serde of [`State`] and [`WithSecrets`], then [`State::resume`] |
//! | apply a file of Group Policy, or undo it | `apply_policy`, `remove_policy` (feature `gpp`) |
//! | look at tasks, folders, instances | [`State::tasks`], [`State::task`], [`State::folders`], [`State::instances`] |
//! | get the password to log a user on | [`State::password`] |
//! | check a state | [`State::check`] |
//! | decide whether a task may be registered | [`registration`], [`session_trigger_allowed`] |
//! | get the descriptor of the root folder, or of a task as the specification has it | [`root_descriptor`], [`specified_descriptor`] |
//!
//! # Timers
//!
//! [`State::next_wakeup`] is the earliest of these ([MS-TSCH] 3.2.2, 3.2.6). None fires while the machine sleeps.
//!
//! | timer | set | cleared | when it fires | section |
//! |---|---|---|---|---|
//! | run | a task is registered, enabled, or has run; the clock is set | the task is deleted or disabled | the triggers that run then fire | 3.2.6.1 |
//! | delay | a trigger with a delay fires | the instance is stopped, the service starts | the instance starts | 3.2.6.2 |
//! | idle | an instance waits for the machine to be idle | it starts or is stopped, the service starts | it starts, or is given up | 2.5.4.14 |
//! | limit | an instance starts | the instance ends | the instance is asked to stop | 2.5.4.16 |
//! | kill | an instance is asked to stop | the instance ends | it is killed | 2.5.4.6 |
//! | retry | a start fails | a trigger fires, the task is disabled or deleted, the service starts | the task is started again | 2.5.4.2 |
//! | missed | a run was missed | the task is disabled or deleted | the task is started late | 2.5.4.7 |
//! | repeat | a trigger without run times fires | the task is deleted, the service starts | the trigger fires again | 2.5.3.1 |
//! | duration end | a trigger fires whose repetition stops the task at its end | the task is deleted, the service starts | all instances are asked to stop | 2.5.3.1 |
//! | expiry | a task is registered that is deleted when it is over; the clock is set | the task is deleted | the task is deleted | 2.5.4.13 |
//!
//! # The contract with the host
//!
//! 1. Keep a [`Machine`] up to date, and build a [`Context`] from it for each call and event.
//! 2. Carry out the effects of each step in their order, before the next one. What is to be written comes before what
//!    others see, so that a crash loses nothing that anyone was told of.
//! 3. Report each [`Effect::Start`] with [`Event::Started`] or [`Event::StartFailed`], and later [`Event::Exited`].
//!    Reports may come late, twice or for instances that are gone: they are then ignored, and the reply says so.
//! 4. Report an effect that fails with [`Event::Failed`].
//! 5. When [`State::next_wakeup`] has come, report [`Event::Timer`]. It may be late; what has passed meanwhile runs
//!    once. While the machine sleeps no timer is reported; what fell due is for [`Event::Wake`] and [`Event::Boot`].
//! 6. After each change of the machine, report its event with the machine as it is afterwards.
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
//!                 // A host starts the program here, and reports its end when it ends.
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
