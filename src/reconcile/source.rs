//! Where something is known from.

use crate::dtyp::macros::named;

named! {
    /// The trace that something is known from.
    pub enum Source {
        /// The key below `TaskCache\Tasks`.
        Tasks = "Tasks",
        /// The key below `TaskCache\Tree`.
        Tree = "Tree",
        /// The file below `System32\Tasks`.
        File = "File",
        /// An event.
        Event = "Event",
        /// The .JOB file.
        Job = "Job",
        /// An item of a policy.
        Policy = "Policy",
    }
}
