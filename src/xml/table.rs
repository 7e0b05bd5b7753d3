//! The schema of task definitions, once ([MS-TSCH] 2.5; facts/xml_schema.md, facts/xml.md sections 4, 5 and 7).

use super::schema::{Attribute, AttributeKind, Complex, Row, Type};
use crate::definition::SchemaVersion;

/// The namespace of task definitions.
pub(super) const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

const BOOLEAN: Type = Type::Boolean;
const STRING: Type = Type::String;
const NON_EMPTY: Type = Type::NonEmptyString;
const DURATION: Type = Type::Duration { min: None, max: None };
const V1_3: SchemaVersion = SchemaVersion::V1_3;
const V1_4: SchemaVersion = SchemaVersion::V1_4;

const ID: &[Attribute] = &[Attribute { name: "id", kind: AttributeKind::Id, required: false }];

/// The root.
pub(super) static ROOT: Row = Row::complex("Task", &TASK).attributes(&[Attribute {
    name: "version",
    kind: AttributeKind::Version,
    required: false,
}]);

/// 2.5.
static TASK: Complex = Complex::all(
    "taskType",
    &[
        Row::complex("RegistrationInfo", &REGISTRATION_INFO),
        Row::complex("Triggers", &TRIGGERS),
        Row::complex("Settings", &SETTINGS),
        Row::data("Data"),
        Row::complex("Principals", &PRINCIPALS),
        Row::complex("Actions", &ACTIONS)
            .attributes(&[Attribute { name: "Context", kind: AttributeKind::IdRef, required: false }])
            .required(),
    ],
)
.server(&["RegistrationInfo", "Principals", "Settings", "Data", "Triggers", "Actions"]);

/// 2.5.2.
static REGISTRATION_INFO: Complex = Complex::all(
    "registrationInfoType",
    &[
        Row::value("URI", Type::Uri),
        Row::value("SecurityDescriptor", STRING),
        Row::value("Source", STRING),
        Row::value("Date", Type::DateTime),
        Row::value("Author", STRING),
        Row::value("Version", STRING),
        Row::value("Description", STRING),
        Row::value("Documentation", STRING),
    ],
)
.server(&[
    "Version",
    "Date",
    "SecurityDescriptor",
    "Source",
    "Author",
    "Description",
    "Documentation",
    "URI",
]);

/// 2.5.3.
static TRIGGERS: Complex = Complex::list(
    "triggersType",
    &[
        Row::complex("BootTrigger", &BOOT).attributes(ID),
        Row::complex("RegistrationTrigger", &REGISTRATION).attributes(ID),
        Row::complex("IdleTrigger", &IDLE).attributes(ID),
        Row::complex("TimeTrigger", &TIME).attributes(ID),
        Row::complex("EventTrigger", &EVENT).attributes(ID),
        Row::complex("LogonTrigger", &LOGON).attributes(ID),
        Row::complex("SessionStateChangeTrigger", &SESSION_STATE_CHANGE).attributes(ID),
        Row::complex("CalendarTrigger", &CALENDAR).attributes(ID),
        Row::complex("WnfStateChangeTrigger", &WNF_STATE_CHANGE).attributes(ID).since(V1_4).windows_only(),
    ],
    0,
    48,
);

/// 2.5.3.1: what every trigger has, followed by what is its own.
macro_rules! trigger {
    ($name:literal $(, $row:expr)* $(,)?) => {
        Complex::sequence(
            $name,
            &[
                Row::value("Enabled", BOOLEAN).omitted("true"),
                Row::value("StartBoundary", Type::DateTime),
                Row::value("EndBoundary", Type::DateTime),
                Row::complex("Repetition", &REPETITION),
                Row::value("ExecutionTimeLimit", DURATION),
                $( $row, )*
            ],
        )
        .server(&[
            "StartBoundary",
            "EndBoundary",
            "Enabled",
            "ExecutionTimeLimit",
            "Delay",
            "Repetition",
            "RandomDelay",
        ])
    };
}

const DELAY: Row = Row::value("Delay", DURATION).default("PT0M");
const RANDOM_DELAY: Row = Row::value("RandomDelay", DURATION).default("PT0M");
const USER_ID: Row = Row::value("UserId", NON_EMPTY);

/// 2.5.3.2.
static BOOT: Complex = trigger!("bootTriggerType", DELAY);
/// 2.5.3.3.
static REGISTRATION: Complex = trigger!("registrationTriggerType", DELAY);
/// 2.5.3.4.
static IDLE: Complex = trigger!("idleTriggerType");
/// 2.5.3.5.
static TIME: Complex = trigger!("timeTriggerType", RANDOM_DELAY);

/// 2.5.3.6.
static EVENT: Complex = trigger!(
    "eventTriggerType",
    Row::value("Subscription", NON_EMPTY).required(),
    DELAY,
    Row::value("PeriodOfOccurrence", DURATION).default("PT0M"),
    Row::value("NumberOfOccurrences", Type::Number { min: 1, max: 32 }).default("1"),
    Row::value("MatchingElement", NON_EMPTY),
    Row::complex("ValueQueries", &VALUE_QUERIES),
)
.server(&[
    "StartBoundary",
    "EndBoundary",
    "Enabled",
    "ExecutionTimeLimit",
    "Delay",
    "Repetition",
    "PeriodOfOccurrence",
    "NumberOfOccurrences",
    "MatchingElement",
    "ValueQueries",
    "Subscription",
]);

static VALUE_QUERIES: Complex = Complex::list(
    "namedValues",
    &[Row::value("Value", NON_EMPTY)
        .attributes(&[Attribute { name: "name", kind: AttributeKind::NonEmptyString, required: true }])
        .required()],
    1,
    32,
);

/// 2.5.3.7.
static LOGON: Complex = trigger!("logonTriggerType", USER_ID, DELAY);

/// 2.5.3.8.
static SESSION_STATE_CHANGE: Complex = trigger!(
    "sessionStateChangeTriggerType",
    USER_ID,
    DELAY,
    Row::value(
        "StateChange",
        Type::Enumeration(&[
            "ConsoleConnect",
            "ConsoleDisconnect",
            "RemoteConnect",
            "RemoteDisconnect",
            "SessionLock",
            "SessionUnlock",
        ]),
    )
    .required(),
);

/// 2.5.3.9.
static CALENDAR: Complex = trigger!(
    "calendarTriggerType",
    RANDOM_DELAY,
    Row::complex("ScheduleByDay", &SCHEDULE_BY_DAY).choice(),
    Row::complex("ScheduleByWeek", &SCHEDULE_BY_WEEK).choice(),
    Row::complex("ScheduleByMonth", &SCHEDULE_BY_MONTH).choice(),
    Row::complex("ScheduleByMonthDayOfWeek", &SCHEDULE_BY_MONTH_DAY_OF_WEEK).choice(),
);

/// Not in the specification (facts/xml_schema.md 4.3).
static WNF_STATE_CHANGE: Complex = trigger!(
    "wnfStateChangeTriggerType",
    DELAY,
    Row::value("StateName", Type::Hex { exactly: Some(16) }).required(),
    Row::value("Data", Type::Hex { exactly: None }),
    Row::value("DataOffset", Type::Number { min: 0, max: u32::MAX }),
);

static REPETITION: Complex = Complex::all(
    "repetitionType",
    &[
        Row::value("Interval", Type::Duration { min: Some(MINUTE), max: Some(31 * DAY) }).required(),
        Row::value("Duration", Type::Duration { min: Some(MINUTE), max: None }),
        Row::value("StopAtDurationEnd", BOOLEAN).omitted("false"),
    ],
);

static SCHEDULE_BY_DAY: Complex =
    Complex::all("dailyScheduleType", &[Row::value("DaysInterval", Type::Number { min: 1, max: 365 })]);

static SCHEDULE_BY_WEEK: Complex = Complex::all(
    "weeklyScheduleType",
    &[
        Row::value("WeeksInterval", Type::Number { min: 1, max: 52 }),
        Row::complex("DaysOfWeek", &DAYS_OF_WEEK),
    ],
);

static SCHEDULE_BY_MONTH: Complex = Complex::all(
    "monthlyScheduleType",
    &[Row::complex("DaysOfMonth", &DAYS_OF_MONTH), Row::complex("Months", &MONTHS)],
);

static SCHEDULE_BY_MONTH_DAY_OF_WEEK: Complex = Complex::all(
    "monthlyDayOfWeekScheduleType",
    &[
        Row::complex("Weeks", &WEEKS),
        Row::complex("DaysOfWeek", &DAYS_OF_WEEK).required(),
        Row::complex("Months", &MONTHS),
    ],
);

static DAYS_OF_WEEK: Complex = Complex::all(
    "daysOfWeekType",
    &[
        Row::marker("Monday"),
        Row::marker("Tuesday"),
        Row::marker("Wednesday"),
        Row::marker("Thursday"),
        Row::marker("Friday"),
        Row::marker("Saturday"),
        Row::marker("Sunday"),
    ],
);

static MONTHS: Complex = Complex::all(
    "monthsType",
    &[
        Row::marker("January"),
        Row::marker("February"),
        Row::marker("March"),
        Row::marker("April"),
        Row::marker("May"),
        Row::marker("June"),
        Row::marker("July"),
        Row::marker("August"),
        Row::marker("September"),
        Row::marker("October"),
        Row::marker("November"),
        Row::marker("December"),
    ],
);

static DAYS_OF_MONTH: Complex =
    Complex::list("daysOfMonthType", &[Row::value("Day", Type::DayOfMonth)], 0, 32);
static WEEKS: Complex = Complex::list("weeksType", &[Row::value("Week", Type::Week)], 0, 5);

/// 2.5.4.
static SETTINGS: Complex = Complex::all(
    "settingsType",
    &[
        Row::value("AllowStartOnDemand", BOOLEAN).omitted("true"),
        Row::complex("RestartOnFailure", &RESTART_ON_FAILURE),
        Row::value(
            "MultipleInstancesPolicy",
            Type::Enumeration(&["Parallel", "Queue", "IgnoreNew", "StopExisting"]),
        )
        .default("IgnoreNew"),
        Row::value("DisallowStartIfOnBatteries", BOOLEAN).default("true"),
        Row::value("StopIfGoingOnBatteries", BOOLEAN).default("true"),
        Row::value("AllowHardTerminate", BOOLEAN).omitted("true"),
        Row::value("StartWhenAvailable", BOOLEAN).omitted("false"),
        Row::value("NetworkProfileName", STRING),
        Row::value("RunOnlyIfNetworkAvailable", BOOLEAN).omitted("false"),
        Row::value("WakeToRun", BOOLEAN).omitted("false"),
        Row::value("Enabled", BOOLEAN).omitted("true"),
        Row::value("Hidden", BOOLEAN).omitted("false"),
        Row::value("DeleteExpiredTaskAfter", DURATION).default("PT0S"),
        Row::complex("IdleSettings", &IDLE_SETTINGS),
        Row::complex("NetworkSettings", &NETWORK_SETTINGS),
        Row::value("ExecutionTimeLimit", DURATION).omitted_by_server("PT72H"),
        Row::value("Priority", Type::Priority).omitted("7"),
        Row::value("RunOnlyIfIdle", BOOLEAN).omitted("false"),
        Row::value("UseUnifiedSchedulingEngine", BOOLEAN).omitted("false").since(V1_3),
        Row::value("DisallowStartOnRemoteAppSession", BOOLEAN).omitted("false").since(V1_3),
        Row::complex("MaintenanceSettings", &MAINTENANCE_SETTINGS).since(V1_4),
        Row::value("Volatile", BOOLEAN).omitted("false").since(V1_4),
    ],
)
.server(&[
    "AllowHardTerminate",
    "AllowStartOnDemand",
    "DeleteExpiredTaskAfter",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "Enabled",
    "ExecutionTimeLimit",
    "Hidden",
    "MultipleInstancesPolicy",
    "NetworkProfileName",
    "Priority",
    "RestartOnFailure",
    "StartWhenAvailable",
    "RunOnlyIfNetworkAvailable",
    "WakeToRun",
    "RunOnlyIfIdle",
    "IdleSettings",
    "NetworkSettings",
    "DisallowStartOnRemoteAppSession",
    "UseUnifiedSchedulingEngine",
    "MaintenanceSettings",
    "Volatile",
]);

static RESTART_ON_FAILURE: Complex = Complex::all(
    "restartType",
    &[
        Row::value("Interval", Type::Duration { min: Some(MINUTE), max: Some(31 * DAY) }).required(),
        Row::value("Count", Type::Number { min: 1, max: 255 }).required(),
    ],
)
.server(&["Count", "Interval"]);

static IDLE_SETTINGS: Complex = Complex::all(
    "idleSettingsType",
    &[
        Row::value("Duration", Type::LenientDuration { min: MINUTE }).default("PT10M"),
        Row::value("WaitTimeout", Type::LenientDuration { min: MINUTE }).default("PT1H"),
        Row::value("StopOnIdleEnd", BOOLEAN).default("true"),
        Row::value("RestartOnIdle", BOOLEAN).default("false"),
    ],
);

static NETWORK_SETTINGS: Complex =
    Complex::all("networkSettingsType", &[Row::value("Name", NON_EMPTY), Row::value("Id", Type::Guid)]);

static MAINTENANCE_SETTINGS: Complex = Complex::all(
    "maintenanceSettingsType",
    &[
        Row::value("Period", Type::Duration { min: Some(DAY), max: None }).required(),
        Row::value("Deadline", Type::Duration { min: Some(DAY), max: None }),
        Row::value("Exclusive", BOOLEAN),
    ],
);

/// 2.5.6.
static PRINCIPALS: Complex =
    Complex::sequence("principalsType", &[Row::complex("Principal", &PRINCIPAL).attributes(ID).required()]);

static PRINCIPAL: Complex = Complex::all(
    "principalType",
    &[
        USER_ID,
        Row::value(
            "LogonType",
            Type::Enumeration(&["S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword"]),
        ),
        Row::value("GroupId", NON_EMPTY),
        Row::value("DisplayName", STRING),
        Row::value("RunLevel", Type::Enumeration(&["LeastPrivilege", "HighestAvailable"]))
            .omitted_by_server("LeastPrivilege"),
        Row::value("ProcessTokenSidType", Type::Enumeration(&["None", "Unrestricted"])).since(V1_3),
        Row::complex("RequiredPrivileges", &REQUIRED_PRIVILEGES).since(V1_3),
    ],
)
.server(&[
    "UserId",
    "GroupId",
    "LogonType",
    "RequiredPrivileges",
    "RunLevel",
    "DisplayName",
    "ProcessTokenSidType",
]);

static REQUIRED_PRIVILEGES: Complex = Complex::list(
    "requiredPrivilegesType",
    &[Row::value("Privilege", Type::Enumeration(PRIVILEGES)).required()],
    1,
    64,
);

/// 2.5.6: the 35 names.
const PRIVILEGES: &[&str] = &[
    "SeCreateTokenPrivilege",
    "SeAssignPrimaryTokenPrivilege",
    "SeLockMemoryPrivilege",
    "SeIncreaseQuotaPrivilege",
    "SeUnsolicitedInputPrivilege",
    "SeMachineAccountPrivilege",
    "SeTcbPrivilege",
    "SeSecurityPrivilege",
    "SeTakeOwnershipPrivilege",
    "SeLoadDriverPrivilege",
    "SeSystemProfilePrivilege",
    "SeSystemtimePrivilege",
    "SeProfileSingleProcessPrivilege",
    "SeIncreaseBasePriorityPrivilege",
    "SeCreatePagefilePrivilege",
    "SeCreatePermanentPrivilege",
    "SeBackupPrivilege",
    "SeRestorePrivilege",
    "SeShutdownPrivilege",
    "SeDebugPrivilege",
    "SeAuditPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeChangeNotifyPrivilege",
    "SeRemoteShutdownPrivilege",
    "SeUndockPrivilege",
    "SeSyncAgentPrivilege",
    "SeEnableDelegationPrivilege",
    "SeManageVolumePrivilege",
    "SeImpersonatePrivilege",
    "SeCreateGlobalPrivilege",
    "SeTrustedCredManAccessPrivilege",
    "SeRelabelPrivilege",
    "SeIncreaseWorkingSetPrivilege",
    "SeTimeZonePrivilege",
    "SeCreateSymbolicLinkPrivilege",
];

/// 2.5.7.
static ACTIONS: Complex = Complex::list(
    "actionsType",
    &[
        Row::complex("Exec", &EXEC).attributes(ID),
        Row::complex("ComHandler", &COM_HANDLER).attributes(ID),
        Row::complex("SendEmail", &SEND_EMAIL).attributes(ID),
        Row::complex("ShowMessage", &SHOW_MESSAGE).attributes(ID),
    ],
    1,
    32,
);

/// 2.5.7.1.
static EXEC: Complex = Complex::all(
    "execType",
    &[
        Row::value("Command", Type::Path).required(),
        Row::value("Arguments", STRING),
        Row::value("WorkingDirectory", Type::Path),
    ],
);

/// 2.5.7.2.
static COM_HANDLER: Complex =
    Complex::all("comHandlerType", &[Row::value("ClassId", Type::Guid).required(), Row::data("Data")]);

/// 2.5.7.3.
static SEND_EMAIL: Complex = Complex::all(
    "sendEmailType",
    &[
        Row::value("Server", NON_EMPTY).required(),
        Row::value("Subject", STRING),
        Row::value("To", STRING),
        Row::value("Cc", STRING),
        Row::value("Bcc", STRING),
        Row::value("ReplyTo", STRING),
        Row::value("From", STRING),
        Row::complex("HeaderFields", &HEADER_FIELDS),
        Row::value("Body", STRING),
        Row::complex("Attachments", &ATTACHMENTS),
    ],
);

static HEADER_FIELDS: Complex =
    Complex::list("headerFieldsType", &[Row::complex("HeaderField", &HEADER_FIELD)], 0, 32);

static HEADER_FIELD: Complex = Complex::all(
    "headerFieldType",
    &[Row::value("Name", NON_EMPTY).required(), Row::value("Value", STRING).required()],
);

static ATTACHMENTS: Complex = Complex::list("attachmentsType", &[Row::value("File", NON_EMPTY)], 0, 8);

/// 2.5.7.4.
static SHOW_MESSAGE: Complex = Complex::all(
    "showMessageType",
    &[Row::value("Title", NON_EMPTY).required(), Row::value("Body", NON_EMPTY).required()],
);
