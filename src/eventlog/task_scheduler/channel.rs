//! The channels of the Task Scheduler.

/// A channel that the Task Scheduler logs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TaskChannel {
    /// `Microsoft-Windows-TaskScheduler/Operational`.
    Operational,
    /// The System log.
    System,
    /// `Microsoft-Windows-TaskScheduler/Diagnostic`.
    Diagnostic,
    /// `Microsoft-Windows-TaskScheduler/Maintenance`.
    Maintenance,
    /// `Microsoft-Windows-TaskScheduler/Debug`.
    Debug,
}

impl TaskChannel {
    /// The channel's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operational => "Microsoft-Windows-TaskScheduler/Operational",
            Self::System => "System",
            Self::Diagnostic => "Microsoft-Windows-TaskScheduler/Diagnostic",
            Self::Maintenance => "Microsoft-Windows-TaskScheduler/Maintenance",
            Self::Debug => "Microsoft-Windows-TaskScheduler/Debug",
        }
    }
}

/// The severity of an event; the number in `System/Level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TaskLevel {
    /// 1.
    Critical = 1,
    /// 2.
    Error = 2,
    /// 3.
    Warning = 3,
    /// 4.
    Information = 4,
    /// 5.
    Verbose = 5,
}
