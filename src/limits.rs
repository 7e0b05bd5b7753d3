//! All limits of the crate, and their reasons.
//!
//! Nothing allocates more than a small multiple of its input, regardless of what the input declares. These limits
//! ensure this, together with those of the formats.

/// Findings kept for one input; further ones are only counted. A damaged file with a thousand invalid triggers should
/// not need more memory than the file.
pub const MAX_FINDINGS: usize = 64;

/// Bytes of an input that a finding quotes if they are not kept anywhere else: more than the size of most
/// definitions. No two findings quote the same bytes.
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

/// Triggers that carving checks before it trusts a candidate. This bounds the work per candidate, so that hostile
/// input cannot cause quadratic time.
pub const CARVE_TRIGGERS: usize = 8;

/// The longest repetition interval that Vista and later accept in a .JOB trigger, in minutes: 31 days
/// ([MS-TSCH] notes 22 and 23).
pub const JOB_MINUTES_INTERVAL: u32 = 31 * 24 * 60;

/// Bytes of a task definition. Windows' own have a few kilobytes; larger input is rejected before it is read.
pub const XML_BYTES: usize = 16 << 20;

/// Unreadable known elements of one parent, such as duplicates, that are kept individually; further ones are kept
/// together. More than any parent has children.
pub const XML_KEPT: usize = 64;

/// Bytes of a task definition that carving accepts. Windows' own have a few kilobytes; in an image, an unterminated
/// one would extend to the next.
pub const CARVE_XML_BYTES: usize = 1 << 20;

/// Depth of nested elements in a task definition: the limit of XmlLite and libxml2, and far more than the schema needs.
pub const XML_DEPTH: usize = 256;

/// Elements of a task definition.
pub const XML_ELEMENTS: usize = 1_000_000;

/// Namespace declarations in scope at the same time.
pub const XML_NAMESPACES: usize = 64;

/// Attributes of known elements that are kept: 48 triggers, 32 actions and a principal each have an id; the rest is
/// for attributes that the schema does not define.
pub const XML_ATTRIBUTES: usize = 256;

/// Run times that one call of `SchRpcScheduledRuntimes` returns: 64 KiB of SYSTEMTIME ([MS-TSCH] note 80).
pub const SCHEDULED_RUNTIMES: usize = 4096;

/// Depth of objects that full pointers refer to in a stub. Each level uses stack space of the reader; no IDL here
/// nests them.
pub const NDR_DEPTH: usize = 64;

/// Units of a string that are shown when a message is printed; the rest is counted. Most paths and command lines are
/// shorter; task definitions are not.
pub const NDR_SHOWN_UNITS: usize = 256;

/// Elements of an array that are shown when a message is printed; the rest is counted.
pub const NDR_SHOWN_ELEMENTS: usize = 32;

/// Units of the buffer in which SASec returns an account name: MAX_BUFFER_SIZE ([MS-TSCH] 2.3.1), the range of its count
/// in the IDL.
pub const ACCOUNT_BUFFER_UNITS: usize = 273;

/// Sub-authorities of a SID ([MS-DTYP] 2.4.2.2).
pub const SID_SUB_AUTHORITIES: usize = 15;

/// Bytes of an ACL, and of each ACE in it: AclSize and AceSize are 16-bit fields ([MS-DTYP] 2.4.4.1, 2.4.5).
pub const ACL_BYTES: usize = 0xFFFF;

/// Values of one claim: its binary form must fit an ACE, and an offset and a value need at least 6 bytes
/// ([MS-DTYP] 2.4.10.1).
pub const CLAIM_VALUES: usize = ACL_BYTES / 6;

/// Values compared by the conditions of one access check in total; above the limit, a comparison is unknown. A
/// condition can refer to a long list in a few bytes, thousands of times.
pub const CONDITION_VALUES: usize = 1 << 18;

/// Trustees of a descriptor that are explained individually; more than anyone would read.
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

/// Steps of a path in an event query: the maximum depth of an event.
pub const EVENT_QUERY_STEPS: usize = EVENT_XML_DEPTH;

/// Tests in one selector of an event query. Windows documents 32 ([`EVENT_QUERY_DOCUMENTED_TERMS`]), but not how it
/// counts them.
pub const EVENT_QUERY_TERMS: usize = 1024;

/// Expressions that a selector may have, by the documentation of the query schema (QueryType; EVIDENCE.md EVT-07).
pub const EVENT_QUERY_DOCUMENTED_TERMS: usize = 32;

/// Steps of one match of an event query: each node examined, and every 32 bytes of a compared value. An event in the
/// log has at most about 3,000 nodes, and a documented selector at most 32 tests.
pub const EVENT_MATCH_STEPS: usize = 1 << 20;

/// Entries of a subscription's index for one selector; a selector with more is indexed by channel and provider only.
pub const SUBSCRIPTION_KEYS: usize = 1024;

/// Occurrences that an event trigger can count: NumberOfOccurrences is at most 32 ([MS-TSCH] 2.5.3.6).
pub const EVENT_OCCURRENCES: u8 = 32;

/// Values that a trigger can extract from an event ([MS-TSCH] 2.5.3.6).
pub const VALUE_QUERIES: usize = 32;

/// Arguments of a run, `Arg0` to `Arg31` ([MS-TSCH] 2.5.9.2).
pub const RUN_ARGUMENTS: usize = 32;

/// Bytes of a parameter name in a field. Without a limit, a text of unclosed parentheses would cause quadratic time.
pub const PARAMETER_NAME_BYTES: usize = 1024;

/// Bytes of a field after substitution. A command line has at most 32,767 characters; without a limit, a short text
/// that refers to a long value many times would exhaust memory.
pub const PARAMETERIZED_BYTES: usize = 1 << 20;

/// Units of other data before the text of an XML file that is still recognised: a disk cluster.
pub const DETECT_LEADING_UNITS: usize = 4096;

/// Outdated entries in the scheduler's heap of run times, in addition to the number of tasks, before the heap is
/// rebuilt.
pub const OUTDATED_RUNS: usize = 1024;

/// Periods of a zone that are compared to detect changed rules: a century with forty changes of the clock a year.
pub const ZONE_PERIODS: usize = 4096;

/// Instances that run or wait at the same time: the maximum of the registry value TasksInMemoryQueue (EVIDENCE.md
/// ENGINE-29).
pub const RUNNING_INSTANCES: usize = 1000;

/// Instances of a user that run with the highest privileges: TasksPerHighestPrivEngine (EVIDENCE.md ENGINE-29).
pub const INSTANCES_WITH_HIGHEST: usize = 100;

/// Instances of a user that run with the least privileges: TasksPerLeastPrivEngine (EVIDENCE.md ENGINE-29).
pub const INSTANCES_WITH_LEAST: usize = 50;

/// Series of repetitions of a trigger that go on at the same time: every firing of a trigger without run times starts
/// one. The oldest is dropped.
pub const REPETITIONS: usize = 100;

/// Paths of expired and deleted tasks that a client may delete again without an error. The oldest are forgotten.
pub const EXPIRED_TASKS: usize = 4096;

/// Bytes of names that one call of `SchRpcEnumFolders` or `SchRpcEnumTasks` returns ([MS-TSCH] notes 71, 72).
pub const ENUMERATED_BYTES: usize = 64 << 10;

/// Names in a path of the task store: folders, and the task. No Windows file system has deeper paths.
pub const STORE_DEPTH: usize = 128;

/// Units of a name in the task store: the maximum of NTFS.
pub const STORE_NAME_UNITS: usize = 255;

/// Characters of a password that `SASetNSAccountInformation` accepts ([MS-TSCH] 3.2.5.3.5).
pub const PASSWORD_UNITS: usize = 127;

/// Accounts in the credential store.
pub const CREDENTIALS: usize = 1 << 16;

/// Bytes of names, paths and jobs that a client keeps of one enumeration, including overhead, so that a server cannot
/// exhaust its memory. A million tasks with paths of 100 characters take 224 MB. While a whole tree is enumerated,
/// the names in one of its folders may take as much again.
pub const LISTED_BYTES: usize = 256 << 20;

/// Names that a client requests in one call of `SchRpcEnumFolders` or `SchRpcEnumTasks`.
pub const LISTED_AT_ONCE: u32 = 256;

/// Characters of `/TR` that schtasks accepts, according to its own message (EVIDENCE.md CMD-08).
pub const TASK_RUN_CHARACTERS: usize = 261;

/// Characters of `/TN` that schtasks accepts, according to its documentation (EVIDENCE.md CMD-08).
pub const TASK_NAME_CHARACTERS: usize = 238;

/// Starts of a trigger that are kept at once when its runs are counted: more than the days in 136 years, the longest
/// duration in 32 bits of seconds. A .JOB file can state thousands of years, whose starts are counted in batches.
pub const COUNTED_STARTS: u64 = 1 << 16;
