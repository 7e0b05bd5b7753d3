//! The source of a value.

use crate::dtyp::macros::named;

named! {
    /// The trace that a value comes from.
    pub enum Source {
        /// The key under `TaskCache\Tasks`.
        Tasks = "Tasks",
        /// The key under `TaskCache\Tree`.
        Tree = "Tree",
        /// The file under `System32\Tasks`.
        File = "File",
        /// An event.
        Event = "Event",
        /// The .JOB file.
        Job = "Job",
        /// A policy item.
        Policy = "Policy",
    }
}
