//! Compares definitions, and computes fingerprints of what they do.
//!
//! | to | use |
//! |---|---|
//! | compare two definitions | [`compare`] |
//! | find equivalent definitions in a fleet | [`fingerprint`] |
//! | list the values of a definition, including defaults | [`statements`] |
//!
//! ```
//! use wintask::definition::{Exec, Settings, Task};
//! use wintask::diff::{Significance, compare, fingerprint};
//!
//! let before = Task::new(Exec::new("backup.exe"));
//! let stated = Settings { priority: Some(7), wake_to_run: Some(true), ..Settings::default() };
//! let after = Task { settings: stated, ..before.clone() };
//! let differences = compare(&before, &after);
//! let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
//! assert_eq!(shown, ["Settings/WakeToRun: false (default) becomes true", "Settings/Priority: 7 is now stated"]);
//! assert_eq!(differences[1].significance, Significance::Wording);
//!
//! let (before, after) = (fingerprint(&before), fingerprint(&after));
//! assert_eq!(before.actions, after.actions);
//! assert_ne!(before.whole(), after.whole());
//! ```

mod compare;
mod facts;
mod fingerprint;
mod meaning;
mod statements;

pub use compare::{Difference, Side, Significance, compare};
pub use facts::Part;
pub use fingerprint::{Digest, Fingerprint, NotAFingerprint, fingerprint};
pub use statements::{Statement, statements};
