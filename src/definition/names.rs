//! Element names as spelled in [MS-TSCH] 2.5, defined once for the schema table and everything derived from it.

/// The tags of an element without attributes.
#[cfg(feature = "xml")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tags {
    pub(crate) start: &'static str,
    pub(crate) end: &'static str,
}

/// The tags of a name, for compile-time tables; an unknown name is a compile error.
#[cfg(feature = "xml")]
#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
pub(crate) const fn tags(name: &str) -> Tags {
    let mut index = 0;
    while !is_same(TAGS[index].0, name) {
        index += 1;
    }
    TAGS[index].1
}

/// Whether two names are equal, in a const context.
#[cfg(feature = "xml")]
#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
pub(crate) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Constants for names.
macro_rules! names {
    ($( $constant:ident = $name:literal; )*) => {
        $( pub(crate) const $constant: &str = $name; )*

        /// The tags of each name.
        #[cfg(feature = "xml")]
        pub(crate) const TAGS: &[(&str, Tags)] = &[
            $( ($name, Tags { start: concat!("<", $name, ">"), end: concat!("</", $name, ">") }), )*
        ];
    };
}

names! {
    TASK = "Task";
    REGISTRATION_INFO = "RegistrationInfo";
    TRIGGERS = "Triggers";
    SETTINGS = "Settings";
    DATA = "Data";
    PRINCIPALS = "Principals";
    ACTIONS = "Actions";
    URI = "URI";
    SECURITY_DESCRIPTOR = "SecurityDescriptor";
    SOURCE = "Source";
    DATE = "Date";
    AUTHOR = "Author";
    VERSION = "Version";
    DESCRIPTION = "Description";
    DOCUMENTATION = "Documentation";
    BOOT_TRIGGER = "BootTrigger";
    REGISTRATION_TRIGGER = "RegistrationTrigger";
    IDLE_TRIGGER = "IdleTrigger";
    TIME_TRIGGER = "TimeTrigger";
    EVENT_TRIGGER = "EventTrigger";
    LOGON_TRIGGER = "LogonTrigger";
    SESSION_STATE_CHANGE_TRIGGER = "SessionStateChangeTrigger";
    CALENDAR_TRIGGER = "CalendarTrigger";
    WNF_STATE_CHANGE_TRIGGER = "WnfStateChangeTrigger";
    ENABLED = "Enabled";
    START_BOUNDARY = "StartBoundary";
    END_BOUNDARY = "EndBoundary";
    REPETITION = "Repetition";
    EXECUTION_TIME_LIMIT = "ExecutionTimeLimit";
    DELAY = "Delay";
    RANDOM_DELAY = "RandomDelay";
    USER_ID = "UserId";
    SUBSCRIPTION = "Subscription";
    PERIOD_OF_OCCURRENCE = "PeriodOfOccurrence";
    NUMBER_OF_OCCURRENCES = "NumberOfOccurrences";
    MATCHING_ELEMENT = "MatchingElement";
    VALUE_QUERIES = "ValueQueries";
    VALUE = "Value";
    STATE_CHANGE = "StateChange";
    SCHEDULE_BY_DAY = "ScheduleByDay";
    SCHEDULE_BY_WEEK = "ScheduleByWeek";
    SCHEDULE_BY_MONTH = "ScheduleByMonth";
    SCHEDULE_BY_MONTH_DAY_OF_WEEK = "ScheduleByMonthDayOfWeek";
    STATE_NAME = "StateName";
    DATA_OFFSET = "DataOffset";
    INTERVAL = "Interval";
    DURATION = "Duration";
    STOP_AT_DURATION_END = "StopAtDurationEnd";
    DAYS_INTERVAL = "DaysInterval";
    WEEKS_INTERVAL = "WeeksInterval";
    DAYS_OF_WEEK = "DaysOfWeek";
    DAYS_OF_MONTH = "DaysOfMonth";
    MONTHS = "Months";
    WEEKS = "Weeks";
    MONDAY = "Monday";
    TUESDAY = "Tuesday";
    WEDNESDAY = "Wednesday";
    THURSDAY = "Thursday";
    FRIDAY = "Friday";
    SATURDAY = "Saturday";
    SUNDAY = "Sunday";
    JANUARY = "January";
    FEBRUARY = "February";
    MARCH = "March";
    APRIL = "April";
    MAY = "May";
    JUNE = "June";
    JULY = "July";
    AUGUST = "August";
    SEPTEMBER = "September";
    OCTOBER = "October";
    NOVEMBER = "November";
    DECEMBER = "December";
    DAY = "Day";
    WEEK = "Week";
    ALLOW_START_ON_DEMAND = "AllowStartOnDemand";
    RESTART_ON_FAILURE = "RestartOnFailure";
    MULTIPLE_INSTANCES_POLICY = "MultipleInstancesPolicy";
    DISALLOW_START_IF_ON_BATTERIES = "DisallowStartIfOnBatteries";
    STOP_IF_GOING_ON_BATTERIES = "StopIfGoingOnBatteries";
    ALLOW_HARD_TERMINATE = "AllowHardTerminate";
    START_WHEN_AVAILABLE = "StartWhenAvailable";
    NETWORK_PROFILE_NAME = "NetworkProfileName";
    RUN_ONLY_IF_NETWORK_AVAILABLE = "RunOnlyIfNetworkAvailable";
    WAKE_TO_RUN = "WakeToRun";
    HIDDEN = "Hidden";
    DELETE_EXPIRED_TASK_AFTER = "DeleteExpiredTaskAfter";
    IDLE_SETTINGS = "IdleSettings";
    NETWORK_SETTINGS = "NetworkSettings";
    PRIORITY = "Priority";
    RUN_ONLY_IF_IDLE = "RunOnlyIfIdle";
    USE_UNIFIED_SCHEDULING_ENGINE = "UseUnifiedSchedulingEngine";
    DISALLOW_START_ON_REMOTE_APP_SESSION = "DisallowStartOnRemoteAppSession";
    MAINTENANCE_SETTINGS = "MaintenanceSettings";
    VOLATILE = "Volatile";
    COUNT = "Count";
    WAIT_TIMEOUT = "WaitTimeout";
    STOP_ON_IDLE_END = "StopOnIdleEnd";
    RESTART_ON_IDLE = "RestartOnIdle";
    NAME = "Name";
    ID = "Id";
    PERIOD = "Period";
    DEADLINE = "Deadline";
    EXCLUSIVE = "Exclusive";
    PRINCIPAL = "Principal";
    LOGON_TYPE = "LogonType";
    GROUP_ID = "GroupId";
    DISPLAY_NAME = "DisplayName";
    RUN_LEVEL = "RunLevel";
    PROCESS_TOKEN_SID_TYPE = "ProcessTokenSidType";
    REQUIRED_PRIVILEGES = "RequiredPrivileges";
    PRIVILEGE = "Privilege";
    EXEC = "Exec";
    COM_HANDLER = "ComHandler";
    SEND_EMAIL = "SendEmail";
    SHOW_MESSAGE = "ShowMessage";
    COMMAND = "Command";
    ARGUMENTS = "Arguments";
    WORKING_DIRECTORY = "WorkingDirectory";
    HIDE_APP_WINDOW = "HideAppWindow";
    CLASS_ID = "ClassId";
    SERVER = "Server";
    SUBJECT = "Subject";
    TO = "To";
    CC = "Cc";
    BCC = "Bcc";
    REPLY_TO = "ReplyTo";
    FROM = "From";
    HEADER_FIELDS = "HeaderFields";
    BODY = "Body";
    ATTACHMENTS = "Attachments";
    HEADER_FIELD = "HeaderField";
    FILE = "File";
    TITLE = "Title";
}
