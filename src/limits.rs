//! Every cap in the crate, with its reason.
//!
//! Nothing allocates more than a small multiple of its input, whatever the input claims; these are the numbers
//! behind that sentence, and the format's own bounds.

/// Findings kept for one input; the rest is counted. One damaged file with a thousand bad triggers should not
/// cost more memory than the file.
pub const MAX_FINDINGS: usize = 64;

/// Units of one string of a .JOB file, its NUL included: the count is a 16-bit field ([MS-TSCH] 2.4.2.1).
pub const JOB_STRING_UNITS: usize = 0xFFFF;

/// Units of a .JOB file's application name, its NUL included, that Vista and later take: one more than
/// MAX_PATH ([MS-TSCH] note 53).
pub const JOB_APPLICATION_NAME_UNITS: usize = 261;

/// Bytes before the trigger count of a .JOB file: Trigger Offset is a 16-bit field ([MS-TSCH] 2.4.1).
pub const JOB_TRIGGER_OFFSET: usize = 0xFFFF;

/// Triggers of a .JOB file: Trigger Count is a 16-bit field ([MS-TSCH] 2.4.2.10).
pub const JOB_TRIGGERS: usize = 0xFFFF;

/// Triggers that carving looks at before it trusts a find; bounds the work per candidate, so that hostile
/// input cannot make it quadratic.
pub const CARVE_TRIGGERS: usize = 8;

/// Longest repetition interval that Vista and later take in a .JOB trigger, in minutes: 31 days
/// ([MS-TSCH] notes 22 and 23).
pub const JOB_MINUTES_INTERVAL: u32 = 31 * 24 * 60;

/// Bytes of a task definition. Windows' own are a few kilobytes; what is larger is refused before it is read.
pub const XML_BYTES: usize = 16 << 20;

/// Depth of nested elements in a task definition: what XmlLite and libxml2 take, and far more than the schema has.
pub const XML_DEPTH: usize = 256;

/// Elements of a task definition.
pub const XML_ELEMENTS: usize = 1_000_000;

/// Namespace declarations in scope at one time.
pub const XML_NAMESPACES: usize = 64;

/// Attributes of known elements that are kept: 48 triggers, 32 actions and a principal have an id each, and some
/// room for what the schema does not know.
pub const XML_ATTRIBUTES: usize = 256;

/// Run times that one call of `SchRpcScheduledRuntimes` returns: 64 KiB of SYSTEMTIME ([MS-TSCH] note 80).
pub const SCHEDULED_RUNTIMES: usize = 4096;

/// Parts of a SID below its authority ([MS-DTYP] 2.4.2.2).
pub const SID_SUB_AUTHORITIES: usize = 15;

/// Bytes of an ACL, and of each ACE in it: AclSize and AceSize are 16-bit fields ([MS-DTYP] 2.4.4.1, 2.4.5).
pub const ACL_BYTES: usize = 0xFFFF;

/// Values of one claim: its binary form has to fit an ACE, and an offset and a value take at least 6 bytes
/// ([MS-DTYP] 2.4.10.1).
pub const CLAIM_VALUES: usize = ACL_BYTES / 6;

/// Values that the conditions of one access check compare in all; the comparison that would exceed it is unknown. A
/// condition names a long list in a few bytes, and may do so thousands of times.
pub const CONDITION_VALUES: usize = 1 << 18;

/// Trustees of a descriptor that are explained one by one; more than people read.
pub const EXPLAINED_TRUSTEES: usize = 64;

/// Depth of parentheses and negations in the condition of an ACE; those in use have a handful.
pub const CONDITION_DEPTH: usize = 256;
