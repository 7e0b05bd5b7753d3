use super::{Extra, stated};
use crate::time::Boundary;

stated! {
    /// Where the task is kept, who may touch it, and what it is ([MS-TSCH] 2.5.2).
    ///
    /// Source, Author, Description and Documentation may be localised: `$(@library,-id)`.
    pub struct RegistrationInfo {
        /// Path of the task in the store (2.3.11); in spite of its type no URI.
        pub uri: Option<String>,
        /// Security descriptor of the task, in SDDL.
        pub security_descriptor: Option<String>,
        /// Where the task comes from, as its author likes to say it.
        pub source: Option<String>,
        /// When the task was made or changed.
        pub date: Option<Boundary>,
        /// Who made the task.
        pub author: Option<String>,
        /// Version of the task, for its owner; not that of the schema.
        pub version: Option<String>,
        /// What the task is for.
        pub description: Option<String>,
        /// Where more is said about the task.
        pub documentation: Option<String>,
        /// What the schema does not know.
        pub extra: Extra,
    }
}
