//! The task definition ([MS-TSCH] 2.5) as values: the stated and the effective ones.
//!
//! Every optional element is an `Option`, which contains only what was stated. [`Task::effective`] and similar
//! methods return effective values and their origin. This module does not depend on XML; [`crate::xml`] reads and
//! writes it.
//!
//! ```
//! use wintask::definition::{Exec, Schedule, Settings, Task, Trigger};
//!
//! let task = Task {
//!     triggers: vec![Trigger::calendar(Schedule::daily(1), "2024-01-03T02:00:00".parse()?)],
//!     settings: Settings { wake_to_run: Some(true), ..Settings::default() },
//!     ..Task::new(Exec::new(r"C:\Tools\backup.exe").with_arguments("/full"))
//! };
//! assert!(task.settings.effective(wintask::Profile::Windows).wake_to_run.value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
pub(crate) mod defaults;
mod effective;
mod extra;
mod layout;
pub(crate) mod names;
mod path;
mod principal;
mod registration;
mod sets;
mod settings;
#[cfg(feature = "arbitrary")]
mod settle;
mod task;
mod task_name;
mod trigger;
mod version;

pub use action::{Action, Actions, ComHandler, Exec, HeaderField, SendEmail, ShowMessage};
pub use effective::{
    Effective, EffectiveIdleSettings, EffectivePrincipal, EffectiveRepetition, EffectiveSettings,
    EffectiveTrigger, Origin,
};
pub use extra::{Data, Extra, ExtraContent, UnknownElement};
pub use layout::Layout;
pub(crate) use layout::{Before, ChildOrder, Gap, MAX_CHILDREN, Spelling, StartTag};
pub use path::{TaskPath, TaskPathError, TaskPathErrorKind, TaskPathKey};
pub use principal::{LogonType, Principal, ProcessTokenSidType, RunLevel};
pub use registration::RegistrationInfo;
pub use sets::{DaysOfMonth, DaysOfWeek, Months, Weeks};
pub use settings::{
    IdleSettings, MaintenanceSettings, MultipleInstancesPolicy, NetworkSettings, RestartOnFailure, Settings,
};
pub use task::Task;
pub(crate) use task_name::{NameKey, TaskName};
pub use trigger::{
    EventTrigger, NamedValue, Repetition, Schedule, SessionStateChange, SessionStateChangeTrigger, Trigger,
    TriggerKind, WnfStateChangeTrigger,
};
pub use version::{InvalidVersion, SchemaVersion};

/// Defines an enumeration of the schema, with the same names in XML and serde.
macro_rules! schema_enum {
    (
        $(#[$meta:meta])*
        pub enum $ty:ident { $( $(#[$vmeta:meta])* $variant:ident, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub enum $ty { $( $(#[$vmeta])* $variant, )* }

        impl $ty {
            /// Every value, in schema order.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The names, in the same order.
            pub(crate) const NAMES: &'static [&'static str] = &[$( stringify!($variant), )*];

            /// The name as in XML.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($variant), )* }
            }

            /// The value with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }

        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $ty {
            type Err = $crate::dtyp::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_name(text).ok_or($crate::dtyp::UnknownName::new(Self::NAMES))
            }
        }
    };
}
use schema_enum;

/// Defines a struct of stated values, with derives, a setter for each field that names one, and serde support that
/// omits absent values.
macro_rules! stated {
    (
        $(#[$meta:meta])*
        pub struct $ty:ident { $( $(#[$fmeta:meta])* pub $field:ident: $fty:ty $(= $with:ident($arg:ty))?, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
        pub struct $ty {
            $(
                $(#[$fmeta])*
                #[cfg_attr(feature = "serde", serde(skip_serializing_if = "crate::definition::extra::unstated"))]
                pub $field: $fty,
            )*
        }

        $crate::definition::setters! { $ty { $($( $field = $with($arg), )?)* } }
    };
}
use stated;

/// Defines a setter for each field.
macro_rules! setters {
    ($ty:ident { $( $field:ident = $with:ident($arg:ty), )* }) => {
        impl $ty {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
                #[must_use]
                pub fn $with(self, $field: $arg) -> Self {
                    Self { $field: Some($field.into()), ..self }
                }
            )*
        }
    };
}
use setters;
