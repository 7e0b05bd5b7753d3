//! The channels of the Task Scheduler.

/// A channel that the Task Scheduler logs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

crate::dtyp::macros::choice! {
    TaskChannel {
        Operational = "operational" => "Microsoft-Windows-TaskScheduler/Operational",
        System = "system" => "System",
        Diagnostic = "diagnostic" => "Microsoft-Windows-TaskScheduler/Diagnostic",
        Maintenance = "maintenance" => "Microsoft-Windows-TaskScheduler/Maintenance",
        Debug = "debug" => "Microsoft-Windows-TaskScheduler/Debug",
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

crate::dtyp::macros::choice! {
    TaskLevel {
        Critical = "critical" => "Critical",
        Error = "error" => "Error",
        Warning = "warning" => "Warning",
        Information = "information" => "Information",
        Verbose = "verbose" => "Verbose",
    }
}
