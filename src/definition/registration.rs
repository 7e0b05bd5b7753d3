//! Registration information: everything about a task except how it runs.

use super::{Extra, stated};
use crate::time::Boundary;

stated! {
    /// The task's path, security descriptor and description ([MS-TSCH] 2.5.2).
    ///
    /// Source, Author, Description and Documentation may be localised: `$(@library,-id)`.
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct RegistrationInfo {
        /// The path of the task in the store (2.3.11), which is not a URI despite its type (EVIDENCE.md XML-42).
        pub uri: Option<String> = with_uri(impl Into<String>),
        /// The security descriptor of the task, in SDDL.
        pub security_descriptor: Option<String> = with_security_descriptor(impl Into<String>),
        /// The origin of the task, in its author's words.
        pub source: Option<String> = with_source(impl Into<String>),
        /// When the task was created or last changed.
        pub date: Option<Boundary> = with_date(Boundary),
        /// Who created the task.
        pub author: Option<String> = with_author(impl Into<String>),
        /// The version of the task, assigned by its owner; not the schema version.
        pub version: Option<String> = with_version(impl Into<String>),
        /// The purpose of the task.
        pub description: Option<String> = with_description(impl Into<String>),
        /// Further documentation of the task.
        pub documentation: Option<String> = with_documentation(impl Into<String>),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}
