//! The fields of a definition, a .JOB file and an AT job that conversions report.

use crate::error::Place;
use std::fmt;

/// What a field belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    /// A value of the whole task.
    Whole,
    /// An element of a trigger of a definition.
    Trigger,
    /// An attribute of a trigger of a definition.
    TriggerAttribute,
    /// An action of a definition.
    Action,
    /// A word of a trigger of a .JOB file.
    JobTrigger,
}

/// The fields, with the names that their specifications use.
macro_rules! fields {
    ($( $(#[$meta:meta])* $variant:ident = $place:ident $name:literal, )*) => {
        /// A part of a definition, a .JOB file or an AT job. `Display` returns the name in the specification.
        ///
        /// ```
        /// use wintask::compat::Field;
        ///
        /// assert_eq!(Field::Priority.to_string(), "Settings/Priority");
        /// assert_eq!(Field::JobIdleWait.to_string(), "Idle Wait");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum Field { $( $(#[$meta])* #[doc = concat!("`", $name, "`.")] $variant, )* }

        impl Field {
            const fn row(self) -> (In, &'static str) {
                match self { $( Self::$variant => (In::$place, $name), )* }
            }
        }
    };
}

fields! {
    /// The whole definition.
    Task = Whole "Task",
    Version = Whole "Task@version",
    Uri = Whole "RegistrationInfo/URI",
    SecurityDescriptor = Whole "RegistrationInfo/SecurityDescriptor",
    Source = Whole "RegistrationInfo/Source",
    Date = Whole "RegistrationInfo/Date",
    Author = Whole "RegistrationInfo/Author",
    /// The version of the task, assigned by its owner.
    OwnVersion = Whole "RegistrationInfo/Version",
    Description = Whole "RegistrationInfo/Description",
    Documentation = Whole "RegistrationInfo/Documentation",
    Triggers = Whole "Triggers",
    Trigger = Trigger "",
    TriggerId = TriggerAttribute "id",
    TriggerEnabled = Trigger "Enabled",
    StartBoundary = Trigger "StartBoundary",
    EndBoundary = Trigger "EndBoundary",
    RepetitionInterval = Trigger "Repetition/Interval",
    RepetitionDuration = Trigger "Repetition/Duration",
    StopAtDurationEnd = Trigger "Repetition/StopAtDurationEnd",
    TriggerTimeLimit = Trigger "ExecutionTimeLimit",
    Delay = Trigger "Delay",
    RandomDelay = Trigger "RandomDelay",
    TriggerUserId = Trigger "UserId",
    DaysInterval = Trigger "ScheduleByDay/DaysInterval",
    WeeksInterval = Trigger "ScheduleByWeek/WeeksInterval",
    DaysOfMonth = Trigger "ScheduleByMonth/DaysOfMonth",
    Weeks = Trigger "ScheduleByMonthDayOfWeek/Weeks",
    TriggerDaysOfWeek = Trigger "DaysOfWeek",
    TriggerMonths = Trigger "Months",
    AllowStartOnDemand = Whole "Settings/AllowStartOnDemand",
    RestartOnFailure = Whole "Settings/RestartOnFailure",
    MultipleInstancesPolicy = Whole "Settings/MultipleInstancesPolicy",
    DisallowStartIfOnBatteries = Whole "Settings/DisallowStartIfOnBatteries",
    StopIfGoingOnBatteries = Whole "Settings/StopIfGoingOnBatteries",
    AllowHardTerminate = Whole "Settings/AllowHardTerminate",
    StartWhenAvailable = Whole "Settings/StartWhenAvailable",
    NetworkProfileName = Whole "Settings/NetworkProfileName",
    RunOnlyIfNetworkAvailable = Whole "Settings/RunOnlyIfNetworkAvailable",
    WakeToRun = Whole "Settings/WakeToRun",
    Enabled = Whole "Settings/Enabled",
    Hidden = Whole "Settings/Hidden",
    DeleteExpiredTaskAfter = Whole "Settings/DeleteExpiredTaskAfter",
    IdleDuration = Whole "Settings/IdleSettings/Duration",
    IdleWaitTimeout = Whole "Settings/IdleSettings/WaitTimeout",
    StopOnIdleEnd = Whole "Settings/IdleSettings/StopOnIdleEnd",
    RestartOnIdle = Whole "Settings/IdleSettings/RestartOnIdle",
    NetworkSettings = Whole "Settings/NetworkSettings",
    ExecutionTimeLimit = Whole "Settings/ExecutionTimeLimit",
    Priority = Whole "Settings/Priority",
    RunOnlyIfIdle = Whole "Settings/RunOnlyIfIdle",
    UseUnifiedSchedulingEngine = Whole "Settings/UseUnifiedSchedulingEngine",
    DisallowStartOnRemoteAppSession = Whole "Settings/DisallowStartOnRemoteAppSession",
    MaintenanceSettings = Whole "Settings/MaintenanceSettings",
    Volatile = Whole "Settings/Volatile",
    Data = Whole "Data",
    Principals = Whole "Principals",
    PrincipalId = Whole "Principals/Principal@id",
    UserId = Whole "Principals/Principal/UserId",
    LogonType = Whole "Principals/Principal/LogonType",
    GroupId = Whole "Principals/Principal/GroupId",
    DisplayName = Whole "Principals/Principal/DisplayName",
    RunLevel = Whole "Principals/Principal/RunLevel",
    ProcessTokenSidType = Whole "Principals/Principal/ProcessTokenSidType",
    RequiredPrivileges = Whole "Principals/Principal/RequiredPrivileges",
    Actions = Whole "Actions",
    Action = Action "",
    ActionId = Action "@id",
    Command = Action "/Command",
    Arguments = Action "/Arguments",
    WorkingDirectory = Action "/WorkingDirectory",
    HideAppWindow = Action "/HideAppWindow",
    /// Elements and attributes that the schema does not define.
    Unknown = Whole "unknown content",
    JobProductVersion = Whole "Product Version",
    JobUuid = Whole "Job uuid",
    JobErrorRetryCount = Whole "Error Retry Count",
    JobErrorRetryInterval = Whole "Error Retry Interval",
    JobIdleDeadline = Whole "Idle Deadline",
    JobIdleWait = Whole "Idle Wait",
    JobPriority = Whole "Priority",
    JobMaximumRunTime = Whole "Maximum Run Time",
    JobExitCode = Whole "Exit Code",
    JobStatus = Whole "Status",
    JobFlags = Whole "Flags",
    /// The time of the last run.
    JobLastRun = Whole "Last Run (Year to Milliseconds)",
    JobRunningInstances = Whole "Running Instance Count",
    JobApplicationName = Whole "Application Name",
    JobParameters = Whole "Parameters",
    JobWorkingDirectory = Whole "Working Directory",
    JobAuthor = Whole "Author",
    JobComment = Whole "Comment",
    JobUserData = Whole "User Data",
    JobReservedData = Whole "Reserved Data",
    JobSignature = Whole "Job Signature",
    /// The layout of the file.
    JobFile = Whole "layout of the file",
    JobTrigger = JobTrigger "",
    JobTriggerType = JobTrigger "Trigger Type",
    /// The first date and the time of day.
    JobBegin = JobTrigger "Begin Year to Start Minute",
    JobEnd = JobTrigger "End Year to End Day",
    JobMinutesDuration = JobTrigger "Minutes Duration",
    JobMinutesInterval = JobTrigger "Minutes Interval",
    JobTriggerFlags = JobTrigger "Flags",
    JobTriggerSpecific = JobTrigger "TriggerSpecific0 to 2",
    AtJobTime = Whole "JobTime",
    AtDaysOfMonth = Whole "DaysOfMonth",
    AtDaysOfWeek = Whole "DaysOfWeek",
    AtFlags = Whole "Flags",
    AtCommand = Whole "Command",
}

impl Field {
    /// The name in the specification: the path of an element, or the name of a field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trigger | Self::JobTrigger => "Triggers",
            Self::Action => "Actions",
            _ => self.row().1,
        }
    }

    /// The location of the field; in a list, with an index counted from 0.
    pub(crate) fn place(self, index: Option<usize>) -> Place {
        let (place, name) = self.row();
        Place::value(match (place, index) {
            (In::Trigger, Some(index)) if name.is_empty() => format!("Triggers[{index}]"),
            (In::Trigger, Some(index)) => format!("Triggers[{index}]/{name}"),
            (In::TriggerAttribute, Some(index)) => format!("Triggers[{index}]@{name}"),
            (In::Action, Some(index)) => format!("Actions[{index}]{name}"),
            (In::JobTrigger, Some(index)) if name.is_empty() => format!("Triggers[{index}]"),
            (In::JobTrigger, Some(index)) => format!("Triggers[{index}].{name}"),
            _ => return Place::value(self.name()),
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
