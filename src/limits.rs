//! Every cap in the crate, with its reason.
//!
//! Nothing allocates more than a small multiple of its input, regardless of what the input claims. These are the numbers
//! that make it so, and the bounds of the formats.

/// Findings kept for one input; the rest is counted. A damaged file with a thousand bad triggers should not need more
/// memory than the file.
pub const MAX_FINDINGS: usize = 64;

/// Bytes of an input that a finding quotes when it is the only place where they are kept: more than most definitions
/// have. No two findings quote the same bytes.
pub const FINDING_TEXT_BYTES: usize = 16 << 10;

/// Units of one string of a .JOB file, including its NUL: the count is a 16-bit field ([MS-TSCH] 2.4.2.1).
pub const JOB_STRING_UNITS: usize = 0xFFFF;

/// Units of a .JOB file's application name, including its NUL, that Vista and later accept: one more than MAX_PATH
/// ([MS-TSCH] note 53).
pub const JOB_APPLICATION_NAME_UNITS: usize = 261;

/// Bytes before the trigger count of a .JOB file: Trigger Offset is a 16-bit field ([MS-TSCH] 2.4.1).
pub const JOB_TRIGGER_OFFSET: usize = 0xFFFF;

/// Triggers of a .JOB file: Trigger Count is a 16-bit field ([MS-TSCH] 2.4.2.10).
pub const JOB_TRIGGERS: usize = 0xFFFF;

/// Triggers that carving checks before it trusts a candidate. It bounds the work per candidate, so that hostile input
/// cannot make it quadratic.
pub const CARVE_TRIGGERS: usize = 8;

/// The longest repetition interval that Vista and later accept in a .JOB trigger, in minutes: 31 days
/// ([MS-TSCH] notes 22 and 23).
pub const JOB_MINUTES_INTERVAL: u32 = 31 * 24 * 60;

/// Bytes of a task definition. Windows' own are a few kilobytes; a larger one is rejected before it is read.
pub const XML_BYTES: usize = 16 << 20;

/// Elements of one parent that the schema knows and that could not be read, such as duplicates, which are kept one by one;
/// more of them are kept together. More than any parent has children.
pub const XML_KEPT: usize = 64;

/// Bytes of a task definition that carving looks for. Windows' own are a few kilobytes; in an image, one without an end
/// would reach to the next one.
pub const CARVE_XML_BYTES: usize = 1 << 20;

/// Depth of nested elements in a task definition: the limit of XmlLite and libxml2, and far more than the schema needs.
pub const XML_DEPTH: usize = 256;

/// Elements of a task definition.
pub const XML_ELEMENTS: usize = 1_000_000;

/// Namespace declarations in scope at one time.
pub const XML_NAMESPACES: usize = 64;

/// Attributes of known elements that are kept: 48 triggers, 32 actions and a principal have an id each, and the rest is
/// for attributes that the schema does not define.
pub const XML_ATTRIBUTES: usize = 256;

/// Run times that one call of `SchRpcScheduledRuntimes` returns: 64 KiB of SYSTEMTIME ([MS-TSCH] note 80).
pub const SCHEDULED_RUNTIMES: usize = 4096;

/// Depth of objects that full pointers refer to in a stub: each level takes a level of the reader's stack, and no IDL
/// here has any.
pub const NDR_DEPTH: usize = 64;

/// Units of one string that are shown when a message is printed; the rest is counted. Most paths and command lines are
/// shorter, task definitions are not.
pub const NDR_SHOWN_UNITS: usize = 256;

/// Elements of one array that are shown when a message is printed; the rest is counted.
pub const NDR_SHOWN_ELEMENTS: usize = 32;

/// Units of the buffer in which SASec returns an account name: MAX_BUFFER_SIZE ([MS-TSCH] 2.3.1), the range of its count
/// in the IDL.
pub const ACCOUNT_BUFFER_UNITS: usize = 273;

/// Parts of a SID below its authority ([MS-DTYP] 2.4.2.2).
pub const SID_SUB_AUTHORITIES: usize = 15;

/// Bytes of an ACL, and of each ACE in it: AclSize and AceSize are 16-bit fields ([MS-DTYP] 2.4.4.1, 2.4.5).
pub const ACL_BYTES: usize = 0xFFFF;

/// Values of one claim: its binary form must fit an ACE, and an offset and a value need at least 6 bytes
/// ([MS-DTYP] 2.4.10.1).
pub const CLAIM_VALUES: usize = ACL_BYTES / 6;

/// Values that the conditions of one access check compare in total; a comparison that would exceed it is unknown. A
/// condition refers to a long list in a few bytes, and may do so thousands of times.
pub const CONDITION_VALUES: usize = 1 << 18;

/// Trustees of a descriptor that are explained individually; more than people read.
pub const EXPLAINED_TRUSTEES: usize = 64;

/// Depth of parentheses and negations in the condition of an ACE; real conditions have a handful.
pub const CONDITION_DEPTH: usize = 256;

/// Bytes of an event query or of an event's XML. A subscription is a string of a task definition; an event of the
/// log is 64 KiB at most.
pub const EVENT_XML_BYTES: usize = 16 << 20;

/// Depth of nested elements in an event. Those of Windows are about five deep.
pub const EVENT_XML_DEPTH: usize = 64;

/// Nesting of parentheses and predicates in an event query. The deepest that Event Viewer writes is four.
pub const EVENT_QUERY_DEPTH: usize = 32;

/// Steps of one path of an event query: no event is deeper than its XML may be.
pub const EVENT_QUERY_STEPS: usize = EVENT_XML_DEPTH;

/// Tests in one selector of an event query. Windows documents 32 ([`EVENT_QUERY_DOCUMENTED_TERMS`]), but not how it
/// counts them.
pub const EVENT_QUERY_TERMS: usize = 1024;

/// Expressions that a selector may have, by the documentation of the query schema (QueryType; EVIDENCE.md EVT-07).
pub const EVENT_QUERY_DOCUMENTED_TERMS: usize = 32;

/// Steps of one match of an event query: each node that is looked at, and every 32 bytes of a value that is compared. An
/// event of the log has about 3,000 nodes at most, and a documented selector at most 32 tests.
pub const EVENT_MATCH_STEPS: usize = 1 << 20;

/// Entries of a subscription's index for one selector; a selector with more is indexed by channel and provider only.
pub const SUBSCRIPTION_KEYS: usize = 1024;

/// Occurrences for which an event trigger may wait: NumberOfOccurrences is at most 32 ([MS-TSCH] 2.5.3.6).
pub const EVENT_OCCURRENCES: u8 = 32;

/// Values that one trigger may take from an event ([MS-TSCH] 2.5.3.6).
pub const VALUE_QUERIES: usize = 32;

/// Arguments of a run, `Arg0` to `Arg31` ([MS-TSCH] 2.5.9.2).
pub const RUN_ARGUMENTS: usize = 32;

/// Bytes of a parameter's name that are searched for in a field: a text of unclosed parentheses would make the search
/// quadratic.
pub const PARAMETER_NAME_BYTES: usize = 1024;

/// Bytes of a field with its parameters filled in. A command line holds 32,767 characters; without a bound, a short text
/// that refers to a long value many times would fill the memory.
pub const PARAMETERIZED_BYTES: usize = 1 << 20;

/// Units of other data that may come before the text of an XML file for it to be recognised: a disk cluster, within which
/// the file of a program can be distinguished from it.
pub const DETECT_LEADING_UNITS: usize = 4096;

/// Entries of the scheduler's heap of run times that may be outdated, beyond as many as there are tasks, before it is
/// built anew.
pub const OUTDATED_RUNS: usize = 1024;

/// Periods of a zone that are looked at to find out whether its rules have changed: a century with forty changes of the
/// clock a year.
pub const ZONE_PERIODS: usize = 4096;

/// Instances of tasks that run or wait at one time: the most that the registry value TasksInMemoryQueue allows
/// (EVIDENCE.md ENGINE-29).
pub const RUNNING_INSTANCES: usize = 1000;

/// Instances of one user that run with the highest privileges: TasksPerHighestPrivEngine (EVIDENCE.md ENGINE-29).
pub const INSTANCES_WITH_HIGHEST: usize = 100;

/// Instances of one user that run with the least privileges: TasksPerLeastPrivEngine (EVIDENCE.md ENGINE-29).
pub const INSTANCES_WITH_LEAST: usize = 50;

/// Paths of tasks that were deleted when they expired, which a client may delete once more without an error. The oldest
/// are forgotten.
pub const EXPIRED_TASKS: usize = 4096;

/// Bytes of the names that one call of `SchRpcEnumFolders` or `SchRpcEnumTasks` returns ([MS-TSCH] notes 71, 72).
pub const ENUMERATED_BYTES: usize = 64 << 10;

/// Names of a path in the task store: folders, and the task. No file system of Windows has deeper paths.
pub const STORE_DEPTH: usize = 128;

/// Units of one name in the task store: the longest that NTFS has.
pub const STORE_NAME_UNITS: usize = 255;

/// Characters of a password that `SASetNSAccountInformation` accepts ([MS-TSCH] 3.2.5.3.5).
pub const PASSWORD_UNITS: usize = 127;

/// Accounts in the credential store.
pub const CREDENTIALS: usize = 1 << 16;

/// Bytes of the names, paths and jobs that a client keeps of one enumeration, overhead included: a server that never ends
/// it does not fill the memory. A million tasks with paths of 100 characters take 224 MB. While a whole tree is enumerated,
/// the names in one of its folders may take as much again.
pub const LISTED_BYTES: usize = 256 << 20;

/// Names that a client asks for in one call of `SchRpcEnumFolders` or `SchRpcEnumTasks`.
pub const LISTED_AT_ONCE: u32 = 256;

/// Characters of `/TR` that schtasks accepts: by its own message (EVIDENCE.md CMD-08).
pub const TASK_RUN_CHARACTERS: usize = 261;

/// Characters of `/TN` that schtasks accepts, by its documentation (EVIDENCE.md CMD-08).
pub const TASK_NAME_CHARACTERS: usize = 238;

/// Starts of a trigger that counting its runs remembers at once: more than the days of 136 years, the longest duration that
/// 32 bits of seconds state. A .JOB file can state thousands of years, whose starts are counted in turns.
pub const COUNTED_STARTS: u64 = 1 << 16;
