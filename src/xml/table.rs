//! The schema of task definitions ([MS-TSCH] 2.5; EVIDENCE.md XML-16 to XML-57).

use super::schema::{Attribute, AttributeKind, Check, Complex, Row, Type};
use crate::definition::{
    LogonType, MultipleInstancesPolicy, ProcessTokenSidType, RunLevel, SchemaVersion, SessionStateChange,
    Task, defaults, names,
};

/// The namespace of task definitions.
pub(super) const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

const BOOLEAN: Type = Type::Boolean;
const STRING: Type = Type::String;
const NON_EMPTY: Type = Type::NonEmptyString;
const DURATION: Type = Type::Duration { min: None, max: None };
const V1_2: SchemaVersion = SchemaVersion::V1_2;
const V1_3: SchemaVersion = SchemaVersion::V1_3;
const V1_4: SchemaVersion = SchemaVersion::V1_4;

const ID: &[Attribute] = &[Attribute { name: "id", kind: AttributeKind::Id, required: false }];

/// The root.
pub(super) static ROOT: Row = Row::complex(names::TASK, &TASK)
    .attributes(&[Attribute { name: "version", kind: AttributeKind::Version, required: false }])
    .check(Check::Task);

/// 2.5.
pub(super) static TASK: Complex = Complex::all(&[
    Row::complex(names::REGISTRATION_INFO, &REGISTRATION_INFO).places(0, 0).part().client_writes(),
    Row::complex(names::TRIGGERS, &TRIGGERS).places(1, 4).part().server_writes().client_writes(),
    Row::complex(names::SETTINGS, &SETTINGS)
        .places(3, 2)
        .part()
        .server_writes()
        .client_writes()
        .check(Check::Settings),
    Row::data(names::DATA).places(4, 3),
    Row::complex(names::PRINCIPALS, &PRINCIPALS).places(2, 1).part(),
    Row::complex(names::ACTIONS, &ACTIONS)
        .places(5, 5)
        .attributes(&[Attribute { name: "Context", kind: AttributeKind::IdRef, required: false }])
        .required(),
]);

/// 2.5.2.
pub(super) static REGISTRATION_INFO: Complex = Complex::all(&[
    Row::value(names::URI, Type::Uri).places(6, 7),
    Row::value(names::SECURITY_DESCRIPTOR, STRING).places(7, 2),
    Row::value(names::SOURCE, STRING).places(0, 3),
    Row::value(names::DATE, Type::DateTime).places(1, 1),
    Row::value(names::AUTHOR, STRING).places(2, 4),
    Row::value(names::VERSION, STRING).places(3, 0),
    Row::value(names::DESCRIPTION, STRING).places(4, 5),
    Row::value(names::DOCUMENTATION, STRING).places(5, 6),
]);

/// 2.5.3.
pub(super) static TRIGGERS: Complex = Complex::list(
    &[
        Row::complex(names::BOOT_TRIGGER, &BOOT).attributes(ID).check(Check::Trigger),
        Row::complex(names::REGISTRATION_TRIGGER, &REGISTRATION).attributes(ID).check(Check::Trigger),
        Row::complex(names::IDLE_TRIGGER, &IDLE).attributes(ID).check(Check::Trigger),
        Row::complex(names::TIME_TRIGGER, &TIME).attributes(ID).check(Check::TimedTrigger),
        Row::complex(names::EVENT_TRIGGER, &EVENT).attributes(ID).check(Check::Trigger),
        Row::complex(names::LOGON_TRIGGER, &LOGON).attributes(ID).check(Check::Trigger),
        Row::complex(names::SESSION_STATE_CHANGE_TRIGGER, &SESSION_STATE_CHANGE)
            .attributes(ID)
            .check(Check::Trigger),
        Row::complex(names::CALENDAR_TRIGGER, &CALENDAR).attributes(ID).check(Check::TimedTrigger),
        Row::complex(names::WNF_STATE_CHANGE_TRIGGER, &WNF_STATE_CHANGE)
            .attributes(ID)
            .since(V1_4)
            .windows_only()
            .check(Check::Trigger),
    ],
    0,
    Task::MAX_TRIGGERS,
);

/// 2.5.3.1: the children of every trigger, followed by its own.
macro_rules! trigger {
    ($($row:expr),* $(,)?) => {
        Complex::sequence(
            &[
                Row::value(names::ENABLED, BOOLEAN).places(4, 2).omitted(defaults::TRIGGER_ENABLED.text).client_writes(),
                Row::value(names::START_BOUNDARY, Type::DateTime).places(1, 0),
                Row::value(names::END_BOUNDARY, Type::DateTime).places(2, 1),
                Row::complex(names::REPETITION, &REPETITION).places(0, 5).check(Check::Repetition),
                Row::value(names::EXECUTION_TIME_LIMIT, DURATION).places(3, 3),
                $( $row, )*
            ],
        )
    };
}

const USER_ID: Row = Row::value(names::USER_ID, NON_EMPTY).places(7, 7);
const DELAY: Row = Row::value(names::DELAY, DURATION).places(8, 4).default("PT0M");
const RANDOM_DELAY: Row = Row::value(names::RANDOM_DELAY, DURATION).places(8, 6).default("PT0M");

/// 2.5.3.2.
pub(super) static BOOT: Complex = trigger!(DELAY);
/// 2.5.3.3.
pub(super) static REGISTRATION: Complex = trigger!(DELAY);
/// 2.5.3.4.
pub(super) static IDLE: Complex = trigger!();
/// 2.5.3.5.
pub(super) static TIME: Complex = trigger!(RANDOM_DELAY);

/// 2.5.3.6.
pub(super) static EVENT: Complex = trigger!(
    Row::value(names::SUBSCRIPTION, NON_EMPTY).places(7, 200).required(),
    DELAY,
    Row::value(names::PERIOD_OF_OCCURRENCE, DURATION).default("PT0M"),
    Row::value(names::NUMBER_OF_OCCURRENCES, Type::Number { min: 1, max: 32 }).default("1"),
    Row::value(names::MATCHING_ELEMENT, NON_EMPTY),
    Row::complex(names::VALUE_QUERIES, &VALUE_QUERIES),
);

pub(super) static VALUE_QUERIES: Complex = Complex::list(
    &[Row::value(names::VALUE, NON_EMPTY)
        .attributes(&[Attribute { name: "name", kind: AttributeKind::NonEmptyString, required: true }])
        .required()],
    1,
    32,
)
.bare();

/// 2.5.3.7.
pub(super) static LOGON: Complex = trigger!(USER_ID, DELAY);

/// 2.5.3.8.
pub(super) static SESSION_STATE_CHANGE: Complex = trigger!(
    USER_ID,
    DELAY,
    Row::value(names::STATE_CHANGE, Type::Enumeration(SessionStateChange::NAMES)).places(6, 8).required(),
);

/// 2.5.3.9.
pub(super) static CALENDAR: Complex = trigger!(
    RANDOM_DELAY,
    Row::complex(names::SCHEDULE_BY_DAY, &SCHEDULE_BY_DAY).choice(),
    Row::complex(names::SCHEDULE_BY_WEEK, &SCHEDULE_BY_WEEK)
        .choice()
        .check(Check::Needs(names::DAYS_OF_WEEK)),
    Row::complex(names::SCHEDULE_BY_MONTH, &SCHEDULE_BY_MONTH)
        .choice()
        .check(Check::Needs(names::DAYS_OF_MONTH)),
    Row::complex(names::SCHEDULE_BY_MONTH_DAY_OF_WEEK, &SCHEDULE_BY_MONTH_DAY_OF_WEEK)
        .choice()
        .check(Check::Needs(names::WEEKS)),
);

/// Not in the specification (EVIDENCE.md XML-19).
pub(super) static WNF_STATE_CHANGE: Complex = trigger!(
    DELAY,
    Row::value(names::STATE_NAME, Type::Hex { exactly: Some(16) }).required(),
    Row::value(names::DATA, Type::Hex { exactly: None }),
    Row::value(names::DATA_OFFSET, Type::Number { min: 0, max: u32::MAX }),
);

pub(super) static REPETITION: Complex = Complex::all(&[
    Row::value(names::INTERVAL, Type::Duration { min: Some(MINUTE), max: Some(31 * DAY) }).required(),
    Row::value(names::DURATION, Type::Duration { min: Some(MINUTE), max: None }),
    Row::value(names::STOP_AT_DURATION_END, BOOLEAN)
        .omitted(defaults::STOP_AT_DURATION_END.text)
        .client_writes(),
]);

pub(super) static SCHEDULE_BY_DAY: Complex =
    Complex::all(&[Row::value(names::DAYS_INTERVAL, Type::Number { min: 1, max: 365 })]);

pub(super) static SCHEDULE_BY_WEEK: Complex = Complex::all(&[
    Row::value(names::WEEKS_INTERVAL, Type::Number { min: 1, max: 52 }),
    Row::complex(names::DAYS_OF_WEEK, &DAYS_OF_WEEK).check(Check::NotEmpty),
]);

pub(super) static SCHEDULE_BY_MONTH: Complex = Complex::all(&[
    Row::complex(names::DAYS_OF_MONTH, &DAYS_OF_MONTH).check(Check::NotEmpty),
    Row::complex(names::MONTHS, &MONTHS).check(Check::NotEmpty),
]);

pub(super) static SCHEDULE_BY_MONTH_DAY_OF_WEEK: Complex = Complex::all(&[
    Row::complex(names::WEEKS, &WEEKS).check(Check::NotEmpty),
    Row::complex(names::DAYS_OF_WEEK, &DAYS_OF_WEEK).required().check(Check::NotEmpty),
    Row::complex(names::MONTHS, &MONTHS).check(Check::NotEmpty),
]);

/// In the order of the schema. The writer begins with Sunday.
pub(super) static DAYS_OF_WEEK: Complex = Complex::all(&[
    Row::marker(names::MONDAY).places(1, 1),
    Row::marker(names::TUESDAY).places(2, 2),
    Row::marker(names::WEDNESDAY).places(3, 3),
    Row::marker(names::THURSDAY).places(4, 4),
    Row::marker(names::FRIDAY).places(5, 5),
    Row::marker(names::SATURDAY).places(6, 6),
    Row::marker(names::SUNDAY).places(0, 0),
])
.set();

pub(super) static MONTHS: Complex = Complex::all(&[
    Row::marker(names::JANUARY),
    Row::marker(names::FEBRUARY),
    Row::marker(names::MARCH),
    Row::marker(names::APRIL),
    Row::marker(names::MAY),
    Row::marker(names::JUNE),
    Row::marker(names::JULY),
    Row::marker(names::AUGUST),
    Row::marker(names::SEPTEMBER),
    Row::marker(names::OCTOBER),
    Row::marker(names::NOVEMBER),
    Row::marker(names::DECEMBER),
])
.set();

pub(super) static DAYS_OF_MONTH: Complex =
    Complex::list(&[Row::value(names::DAY, Type::DayOfMonth)], 0, 32).set();
pub(super) static WEEKS: Complex = Complex::list(&[Row::value(names::WEEK, Type::Week)], 0, 5).set();

/// 2.5.4.
pub(super) static SETTINGS: Complex = Complex::all(&[
    Row::value(names::ALLOW_START_ON_DEMAND, BOOLEAN)
        .places(9, 1)
        .omitted(defaults::ALLOW_START_ON_DEMAND.text)
        .client_writes(),
    Row::complex(names::RESTART_ON_FAILURE, &RESTART_ON_FAILURE).places(20, 11),
    Row::value(names::MULTIPLE_INSTANCES_POLICY, Type::Enumeration(MultipleInstancesPolicy::NAMES))
        .places(0, 8)
        .default(defaults::MULTIPLE_INSTANCES_POLICY.text)
        .server_writes_since(V1_2)
        .client_writes(),
    Row::value(names::DISALLOW_START_IF_ON_BATTERIES, BOOLEAN)
        .places(1, 3)
        .default(defaults::DISALLOW_START_IF_ON_BATTERIES.text)
        .server_writes()
        .client_writes(),
    Row::value(names::STOP_IF_GOING_ON_BATTERIES, BOOLEAN)
        .places(2, 4)
        .default(defaults::STOP_IF_GOING_ON_BATTERIES.text)
        .server_writes()
        .client_writes(),
    Row::value(names::ALLOW_HARD_TERMINATE, BOOLEAN)
        .places(3, 0)
        .omitted(defaults::ALLOW_HARD_TERMINATE.text)
        .client_writes(),
    Row::value(names::START_WHEN_AVAILABLE, BOOLEAN)
        .places(4, 12)
        .omitted(defaults::START_WHEN_AVAILABLE.text)
        .client_writes(),
    Row::value(names::NETWORK_PROFILE_NAME, STRING).places(5, 9),
    Row::value(names::RUN_ONLY_IF_NETWORK_AVAILABLE, BOOLEAN)
        .places(6, 14)
        .omitted(defaults::RUN_ONLY_IF_NETWORK_AVAILABLE.text)
        .client_writes(),
    Row::value(names::WAKE_TO_RUN, BOOLEAN)
        .places(16, 13)
        .omitted(defaults::WAKE_TO_RUN.text)
        .client_writes(),
    Row::value(names::ENABLED, BOOLEAN).places(10, 5).omitted(defaults::ENABLED.text).client_writes(),
    Row::value(names::HIDDEN, BOOLEAN).places(11, 7).omitted(defaults::HIDDEN.text).client_writes(),
    Row::value(names::DELETE_EXPIRED_TASK_AFTER, DURATION).places(18, 2).default("PT0S"),
    Row::complex(names::IDLE_SETTINGS, &IDLE_SETTINGS).places(8, 16).server_writes(),
    Row::complex(names::NETWORK_SETTINGS, &NETWORK_SETTINGS).places(7, 17),
    Row::value(names::EXECUTION_TIME_LIMIT, DURATION)
        .places(17, 6)
        .omitted_by_server(defaults::EXECUTION_TIME_LIMIT.text)
        .client_writes(),
    Row::value(names::PRIORITY, Type::Priority)
        .places(19, 10)
        .omitted(defaults::PRIORITY.text)
        .client_writes(),
    Row::value(names::RUN_ONLY_IF_IDLE, BOOLEAN)
        .places(12, 15)
        .omitted(defaults::RUN_ONLY_IF_IDLE.text)
        .client_writes(),
    Row::value(names::USE_UNIFIED_SCHEDULING_ENGINE, BOOLEAN)
        .places(14, 19)
        .omitted(defaults::USE_UNIFIED_SCHEDULING_ENGINE.text)
        .since(V1_3)
        .client_writes(),
    Row::value(names::DISALLOW_START_ON_REMOTE_APP_SESSION, BOOLEAN)
        .places(13, 18)
        .omitted(defaults::DISALLOW_START_ON_REMOTE_APP_SESSION.text)
        .since(V1_3)
        .client_writes(),
    Row::complex(names::MAINTENANCE_SETTINGS, &MAINTENANCE_SETTINGS)
        .places(15, 20)
        .since(V1_4)
        .check(Check::Maintenance),
    Row::value(names::VOLATILE, BOOLEAN).places(21, 21).omitted(defaults::VOLATILE.text).since(V1_4),
]);

pub(super) static RESTART_ON_FAILURE: Complex = Complex::all(&[
    Row::value(names::INTERVAL, Type::Duration { min: Some(MINUTE), max: Some(31 * DAY) })
        .places(0, 1)
        .required(),
    Row::value(names::COUNT, Type::Number { min: 1, max: 255 }).places(1, 0).required(),
]);

pub(super) static IDLE_SETTINGS: Complex = Complex::all(&[
    Row::value(names::DURATION, Type::LenientDuration { min: MINUTE })
        .default(defaults::IDLE_DURATION.text)
        .client_writes(),
    Row::value(names::WAIT_TIMEOUT, Type::LenientDuration { min: MINUTE })
        .default(defaults::IDLE_WAIT_TIMEOUT.text)
        .client_writes(),
    Row::value(names::STOP_ON_IDLE_END, BOOLEAN)
        .default(defaults::STOP_ON_IDLE_END.text)
        .server_writes()
        .client_writes(),
    Row::value(names::RESTART_ON_IDLE, BOOLEAN)
        .default(defaults::RESTART_ON_IDLE.text)
        .server_writes()
        .client_writes(),
]);

pub(super) static NETWORK_SETTINGS: Complex =
    Complex::all(&[Row::value(names::NAME, NON_EMPTY), Row::value(names::ID, Type::Guid)]);

pub(super) static MAINTENANCE_SETTINGS: Complex = Complex::all(&[
    Row::value(names::PERIOD, Type::Duration { min: Some(DAY), max: None }).required(),
    Row::value(names::DEADLINE, Type::Duration { min: Some(DAY), max: None }),
    Row::value(names::EXCLUSIVE, BOOLEAN),
]);

/// 2.5.6.
pub(super) static PRINCIPALS: Complex = Complex::sequence(&[Row::complex(names::PRINCIPAL, &PRINCIPAL)
    .attributes(ID)
    .required()
    .check(Check::Principal)])
.bare();

pub(super) static PRINCIPAL: Complex = Complex::all(&[
    Row::value(names::USER_ID, NON_EMPTY).places(0, 1),
    Row::value(names::LOGON_TYPE, Type::Enumeration(LogonType::NAMES)).places(1, 3),
    Row::value(names::GROUP_ID, NON_EMPTY).places(2, 2),
    Row::value(names::DISPLAY_NAME, STRING).places(3, 0),
    Row::value(names::RUN_LEVEL, Type::Enumeration(RunLevel::NAMES))
        .places(4, 5)
        .omitted_by_server(defaults::RUN_LEVEL.text)
        .client_writes(),
    Row::value(names::PROCESS_TOKEN_SID_TYPE, Type::Enumeration(ProcessTokenSidType::NAMES))
        .places(5, 6)
        .since(V1_3),
    Row::complex(names::REQUIRED_PRIVILEGES, &REQUIRED_PRIVILEGES).places(6, 4).since(V1_3),
]);

pub(super) static REQUIRED_PRIVILEGES: Complex =
    Complex::list(&[Row::value(names::PRIVILEGE, Type::Enumeration(PRIVILEGES)).required()], 1, 64).bare();

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
pub(super) static ACTIONS: Complex = Complex::list(
    &[
        Row::complex(names::EXEC, &EXEC).attributes(ID),
        Row::complex(names::COM_HANDLER, &COM_HANDLER).attributes(ID),
        Row::complex(names::SEND_EMAIL, &SEND_EMAIL).attributes(ID).check(Check::Mail),
        Row::complex(names::SHOW_MESSAGE, &SHOW_MESSAGE).attributes(ID),
    ],
    1,
    32,
);

/// 2.5.7.1.
pub(super) static EXEC: Complex = Complex::all(&[
    Row::value(names::COMMAND, Type::Path).required(),
    Row::value(names::ARGUMENTS, STRING),
    Row::value(names::WORKING_DIRECTORY, Type::Path),
    Row::value(names::HIDE_APP_WINDOW, BOOLEAN)
        .omitted_by_both("false")
        .since(SchemaVersion::V1_6)
        .windows_only(),
]);

/// 2.5.7.2.
pub(super) static COM_HANDLER: Complex =
    Complex::all(&[Row::value(names::CLASS_ID, Type::Guid).required(), Row::data(names::DATA)]);

/// 2.5.7.3.
pub(super) static SEND_EMAIL: Complex = Complex::all(&[
    Row::value(names::SERVER, NON_EMPTY).required(),
    Row::value(names::SUBJECT, STRING),
    Row::value(names::TO, STRING),
    Row::value(names::CC, STRING),
    Row::value(names::BCC, STRING),
    Row::value(names::REPLY_TO, STRING),
    Row::value(names::FROM, STRING),
    Row::complex(names::HEADER_FIELDS, &HEADER_FIELDS),
    Row::value(names::BODY, STRING),
    Row::complex(names::ATTACHMENTS, &ATTACHMENTS),
]);

pub(super) static HEADER_FIELDS: Complex =
    Complex::list(&[Row::complex(names::HEADER_FIELD, &HEADER_FIELD)], 0, 32).bare();

pub(super) static HEADER_FIELD: Complex = Complex::all(&[
    Row::value(names::NAME, NON_EMPTY).required(),
    Row::value(names::VALUE, STRING).required(),
]);

pub(super) static ATTACHMENTS: Complex = Complex::list(&[Row::value(names::FILE, NON_EMPTY)], 0, 8).bare();

/// 2.5.7.4.
pub(super) static SHOW_MESSAGE: Complex = Complex::all(&[
    Row::value(names::TITLE, NON_EMPTY).required_by_text(),
    Row::value(names::BODY, NON_EMPTY).required(),
]);
