//! The codes: value, name and meaning, and advice for those in Microsoft's article on event 707 (EVIDENCE.md EVT-24).
//!
//! Values follow [MS-ERREF] where note 10 of [MS-TSCH] misprints them (EVIDENCE.md ERR-01).

use super::{HResult, Win32Error, macros::codes};

codes! { HResult:
    S_OK = 0x0000_0000, "the call succeeded";
    S_FALSE = 0x0000_0001, "the call succeeded with nothing done, or with more to fetch";
    SCHED_S_TASK_READY = 0x0004_1300, "the task is waiting for its next run";
    SCHED_S_TASK_RUNNING = 0x0004_1301, "the task is running";
    SCHED_S_TASK_DISABLED = 0x0004_1302, "the task is disabled and will not run when scheduled";
    SCHED_S_TASK_HAS_NOT_RUN = 0x0004_1303, "the task has never run";
    SCHED_S_TASK_NO_MORE_RUNS = 0x0004_1304, "no further run of the task is scheduled";
    SCHED_S_TASK_NOT_SCHEDULED = 0x0004_1305, "a property that the schedule needs is not set, or no run is scheduled";
    SCHED_S_TASK_TERMINATED = 0x0004_1306, "the last run was terminated by the user";
    SCHED_S_TASK_NO_VALID_TRIGGERS = 0x0004_1307, "the task has no valid enabled trigger";
    SCHED_S_EVENT_TRIGGER = 0x0004_1308, "the task has only event triggers, which have no run times";
    SCHED_S_SOME_TRIGGERS_FAILED = 0x0004_131B, "the task is registered, but not all of its triggers will start it",
        "Check the triggers of the registered task and correct those that cannot fire.";
    SCHED_S_BATCH_LOGON_PROBLEM = 0x0004_131C, "the task is registered, but its account may lack the right to log on as a batch job",
        "Grant the task's account the right to log on as a batch job.";
    SCHED_S_TASK_QUEUED = 0x0004_1325, "the task was asked to run and is queued",
        "No action is needed: the run was requested. Look for its start in the task's history.";
    E_NOTIMPL = 0x8000_4001, "the method is not implemented";
    E_FAIL = 0x8000_4005, "an unspecified failure";
    E_UNEXPECTED = 0x8000_FFFF, "an unexpected failure";
    RPC_E_INVALID_PARAMETER = 0x8001_0010, "a parameter of the call is invalid";
    SCHED_E_TRIGGER_NOT_FOUND = 0x8004_1309, "the task does not have this trigger",
        "Open the task's triggers and set them again.";
    SCHED_E_TASK_NOT_READY = 0x8004_130A, "a property that the task needs to run is not set",
        "Complete the task: an action, an account and, to run by itself, a trigger.";
    SCHED_E_TASK_NOT_RUNNING = 0x8004_130B, "no instance of the task is running",
        "There is nothing to stop: the instance has already ended.";
    SCHED_E_SERVICE_NOT_INSTALLED = 0x8004_130C, "the Task Scheduler service is not installed",
        "Install the Task Scheduler service on this computer.";
    SCHED_E_CANNOT_OPEN_TASK = 0x8004_130D, "the task could not be opened",
        "Check that the task exists and that its file can be read.";
    SCHED_E_INVALID_TASK = 0x8004_130E, "this is not a task, or the task is damaged",
        "Delete the task and register it again.";
    SCHED_E_ACCOUNT_INFORMATION_NOT_SET = 0x8004_130F, "no account is stored for the task",
        "Set the task's account and password.";
    SCHED_E_ACCOUNT_NAME_NOT_FOUND = 0x8004_1310, "the account does not exist",
        "Check the spelling and the domain of the account, and set it for the task.";
    SCHED_E_ACCOUNT_DBASE_CORRUPT = 0x8004_1311, "the scheduler's account database was corrupt and has been reset",
        "Set the accounts and passwords of all tasks again.";
    SCHED_E_NO_SECURITY_SERVICES = 0x8004_1312, "the system has no security services (Windows 9x only)",
        "Use a version of Windows NT.";
    SCHED_E_UNKNOWN_OBJECT_VERSION = 0x8004_1313, "the task's format version is invalid or not supported",
        "Register the task in a version that this computer supports.";
    SCHED_E_UNSUPPORTED_ACCOUNT_OPTION = 0x8004_1314, "account settings and run time options are incompatible",
        "Provide a password, or let the task run only while its user is logged on.";
    SCHED_E_SERVICE_NOT_RUNNING = 0x8004_1315, "the Task Scheduler service is not running",
        "Start the Task Scheduler service.";
    SCHED_E_UNEXPECTEDNODE = 0x8004_1316, "the task XML contains an unexpected node",
        "Remove the node that the error names, or raise the task's version to one that supports it.";
    SCHED_E_NAMESPACE = 0x8004_1317, "the task XML has a node in the wrong namespace",
        "Use the namespace of the task schema.";
    SCHED_E_INVALIDVALUE = 0x8004_1318, "the task has a value that is malformed or out of range",
        "Correct the value that the error names.";
    SCHED_E_MISSINGNODE = 0x8004_1319, "the task XML is missing a required element or attribute",
        "Add the node that the error names.";
    SCHED_E_MALFORMEDXML = 0x8004_131A, "the task XML is malformed",
        "Correct the XML at the position that the error gives.";
    SCHED_E_TOO_MANY_NODES = 0x8004_131D, "the task XML repeats a node too many times",
        "Remove some of the nodes that the error names.";
    SCHED_E_PAST_END_BOUNDARY = 0x8004_131E, "the trigger's end boundary is in the past",
        "Move the trigger's end boundary into the future, or remove it.";
    SCHED_E_ALREADY_RUNNING = 0x8004_131F, "an instance of the task is already running",
        "Wait for the instance to end, or allow several instances at a time.";
    SCHED_E_USER_NOT_LOGGED_ON = 0x8004_1320, "the task's user is not logged on",
        "Log the user on, or let the task run whether its user is logged on or not.";
    SCHED_E_INVALID_TASK_HASH = 0x8004_1321, "the task's file is damaged, or was changed by something other than the scheduler",
        "Delete the task and register it from a copy that you trust.";
    SCHED_E_SERVICE_NOT_AVAILABLE = 0x8004_1322, "the Task Scheduler service cannot be reached",
        "Check that the service is running and can be reached.";
    SCHED_E_SERVICE_TOO_BUSY = 0x8004_1323, "the Task Scheduler service is too busy",
        "Try again later.";
    SCHED_E_TASK_ATTEMPTED = 0x8004_1324, "the task was started, but one of its conditions kept it from running",
        "Check the task's conditions: idle, power, network.";
    SCHED_E_TASK_DISABLED = 0x8004_1326, "the task is disabled",
        "Enable the task.";
    SCHED_E_TASK_NOT_V1_COMPAT = 0x8004_1327, "the task has properties that earlier versions of Windows do not support",
        "Remove the properties that version 1 does not support, or configure the task for a later version.";
    SCHED_E_START_ON_DEMAND = 0x8004_1328, "the task cannot be started on demand",
        "Allow the task to be run on demand, or wait for its triggers.";
    SCHED_E_TASK_NOT_UBPM_COMPAT = 0x8004_1329, "the task has properties that the unified scheduling engine does not support";
    SCHED_E_DEPRECATED_FEATURE_USED = 0x8004_1330, "the task uses a feature that was removed (e-mail, message box)";
    E_ACCESSDENIED = 0x8007_0005, "access is denied";
    E_OUTOFMEMORY = 0x8007_000E, "out of memory";
    E_INVALIDARG = 0x8007_0057, "an argument is invalid";
    PLA_E_TASKSCHED_CHANNEL_NOT_ENABLED = 0x8030_0111, "the scheduler's event channel is not enabled";
}

macro_rules! win32 {
    ($($short:ident $name:ident = $value:literal, $meaning:literal;)*) => {
        impl Win32Error {
            $(
                #[doc = concat!("`", stringify!($name), "`, ", stringify!($value), ": ", $meaning, ".")]
                pub const $short: Self = Self($value);
            )*
            pub(crate) const TABLE: &'static [super::macros::Code] = &[$(
                super::macros::Code { value: $value, name: stringify!($name), meaning: $meaning, advice: None },
            )*];
        }
    };
}

win32! {
    SUCCESS ERROR_SUCCESS = 0, "the call succeeded";
    INVALID_FUNCTION ERROR_INVALID_FUNCTION = 1, "incorrect function; as an exit code, its meaning depends on the program";
    FILE_NOT_FOUND ERROR_FILE_NOT_FOUND = 2, "the file, or the task, was not found";
    PATH_NOT_FOUND ERROR_PATH_NOT_FOUND = 3, "the path, or the task folder, was not found";
    ACCESS_DENIED ERROR_ACCESS_DENIED = 5, "access is denied";
    NOT_ENOUGH_MEMORY ERROR_NOT_ENOUGH_MEMORY = 8, "not enough memory";
    INVALID_DATA ERROR_INVALID_DATA = 13, "the data is invalid";
    OUTOFMEMORY ERROR_OUTOFMEMORY = 14, "out of memory";
    SHARING_VIOLATION ERROR_SHARING_VIOLATION = 32, "the file is in use by another process";
    NOT_SUPPORTED ERROR_NOT_SUPPORTED = 50, "the request is not supported";
    INVALID_PARAMETER ERROR_INVALID_PARAMETER = 87, "a parameter is invalid";
    INSUFFICIENT_BUFFER ERROR_INSUFFICIENT_BUFFER = 122, "the buffer is too small";
    INVALID_NAME ERROR_INVALID_NAME = 123, "the name or path is malformed";
    DIR_NOT_EMPTY ERROR_DIR_NOT_EMPTY = 145, "the folder is not empty";
    ALREADY_EXISTS ERROR_ALREADY_EXISTS = 183, "an item of this name already exists";
    BAD_EXE_FORMAT ERROR_BAD_EXE_FORMAT = 193, "the file is not a valid program for this system";
    MORE_DATA ERROR_MORE_DATA = 234, "more data is available";
    NO_MORE_ITEMS ERROR_NO_MORE_ITEMS = 259, "no more data is available";
    DIRECTORY ERROR_DIRECTORY = 267, "the folder's name is invalid";
    ELEVATION_REQUIRED ERROR_ELEVATION_REQUIRED = 740, "the program needs elevation";
    SERVICE_DOES_NOT_EXIST ERROR_SERVICE_DOES_NOT_EXIST = 1060, "the service is not installed";
    PROCESS_ABORTED ERROR_PROCESS_ABORTED = 1067, "the process terminated unexpectedly";
    SHUTDOWN_IN_PROGRESS ERROR_SHUTDOWN_IN_PROGRESS = 1115, "the system is shutting down";
    CANCELLED ERROR_CANCELLED = 1223, "the user cancelled the operation";
    NOT_LOGGED_ON ERROR_NOT_LOGGED_ON = 1245, "the user is not logged on";
    PRIVILEGE_NOT_HELD ERROR_PRIVILEGE_NOT_HELD = 1314, "the client lacks a privilege";
    LOGON_FAILURE ERROR_LOGON_FAILURE = 1326, "the user name or password is wrong";
    ACCOUNT_RESTRICTION ERROR_ACCOUNT_RESTRICTION = 1327, "a restriction of the account prevents the user from logging on";
    PASSWORD_EXPIRED ERROR_PASSWORD_EXPIRED = 1330, "the account's password has expired";
    ACCOUNT_DISABLED ERROR_ACCOUNT_DISABLED = 1331, "the account is disabled";
    NONE_MAPPED ERROR_NONE_MAPPED = 1332, "the account name has no security identifier";
    INVALID_ACL ERROR_INVALID_ACL = 1336, "the access control list is invalid";
    INVALID_SID ERROR_INVALID_SID = 1337, "the security identifier is invalid";
    INVALID_SECURITY_DESCR ERROR_INVALID_SECURITY_DESCR = 1338, "the security descriptor is invalid";
    LOGON_TYPE_NOT_GRANTED ERROR_LOGON_TYPE_NOT_GRANTED = 1385, "the user has not been granted this type of logon";
    UNKNOWN_IF RPC_S_UNKNOWN_IF = 1717, "the server does not know the RPC interface";
    SERVER_UNAVAILABLE RPC_S_SERVER_UNAVAILABLE = 1722, "the RPC server is unavailable";
    INVALID_BOUND RPC_S_INVALID_BOUND = 1734, "an array bound of the RPC call is invalid";
    PROCNUM_OUT_OF_RANGE RPC_S_PROCNUM_OUT_OF_RANGE = 1745, "the RPC interface has no method with this number";
    NULL_REF_POINTER RPC_X_NULL_REF_POINTER = 1780, "a pointer of the RPC call is null, which is not allowed";
    BAD_STUB_DATA RPC_X_BAD_STUB_DATA = 1783, "the RPC stub received bad data";
    ACCOUNT_LOCKED_OUT ERROR_ACCOUNT_LOCKED_OUT = 1909, "the account is locked";
    REQUEST_REFUSED ERROR_REQUEST_REFUSED = 4320, "the operator or administrator has refused the request";
    SCHED_E_SERVICE_NOT_LOCALSYSTEM SCHED_E_SERVICE_NOT_LOCALSYSTEM = 6200, "the Task Scheduler service does not run as LocalSystem; a plain Win32 code despite its name";
    EVT_INVALID_CHANNEL_PATH ERROR_EVT_INVALID_CHANNEL_PATH = 15000, "the event channel's path is invalid";
    EVT_INVALID_QUERY ERROR_EVT_INVALID_QUERY = 15001, "the event query is invalid";
    EVT_CHANNEL_NOT_FOUND ERROR_EVT_CHANNEL_NOT_FOUND = 15007, "the event channel does not exist";
    EVT_MALFORMED_XML_TEXT ERROR_EVT_MALFORMED_XML_TEXT = 15008, "the XML of the event or of the query is malformed";
    EVT_SUBSCRIPTION_TO_DIRECT_CHANNEL ERROR_EVT_SUBSCRIPTION_TO_DIRECT_CHANNEL = 15009, "debug and analytic channels do not accept subscriptions";
    EVT_FILTER_ALREADYSCOPED ERROR_EVT_FILTER_ALREADYSCOPED = 15014, "a step of the event query follows something other than a set of nodes";
    EVT_FILTER_NOTELTSET ERROR_EVT_FILTER_NOTELTSET = 15015, "a step of the event query starts at something other than an element";
    EVT_FILTER_INVARG ERROR_EVT_FILTER_INVARG = 15016, "an operator of the event query needs a node on its left and a constant on its right";
    EVT_FILTER_INVTEST ERROR_EVT_FILTER_INVTEST = 15017, "a predicate of the event query is not a test";
    EVT_FILTER_INVTYPE ERROR_EVT_FILTER_INVTYPE = 15018, "the event query uses an unsupported type";
    EVT_FILTER_PARSEERR ERROR_EVT_FILTER_PARSEERR = 15019, "the event query has a syntax error";
    EVT_FILTER_UNSUPPORTEDOP ERROR_EVT_FILTER_UNSUPPORTEDOP = 15020, "the event query uses an unsupported operator, axis or function";
    EVT_FILTER_UNEXPECTEDTOKEN ERROR_EVT_FILTER_UNEXPECTEDTOKEN = 15021, "the event query has an unexpected token";
    EVT_FILTER_TOO_COMPLEX ERROR_EVT_FILTER_TOO_COMPLEX = 15026, "the event query is too complex";
}
