//! The fixed layouts of a .JOB file.

use super::value::{JobFlags, MaxRunTime, Priority, ProductVersion, TriggerFlags};
use crate::dtyp::{
    HResult, SystemTime,
    layout::{layout, words},
};
use uuid::Uuid;

words!(JobFlags(u32), MaxRunTime(u32), Priority(u32), ProductVersion(u16), TriggerFlags(u32));

layout! {
    /// FIXDLEN_DATA, the header of a .JOB file ([MS-TSCH] 2.4.1).
    ///
    /// Idle Deadline precedes Idle Wait, both in the specification and in real files; the `mstask` interface has them
    /// in the opposite order (EVIDENCE.md JOB-01).
    #[doc(alias = "FIXDLEN_DATA")]
    pub struct FixedData / PartialFixedData, 68 bytes {
        /// The Windows version that wrote the file: major in the high byte, minor in the low one (note 11).
        product_version: ProductVersion = 0x00, "Product Version";
        /// Version of the format; always 1.
        file_version: u16 = 0x02, "File Version";
        /// Random identifier of the task, unchanged when the task is edited.
        job_uuid: Uuid = 0x04, "Job uuid";
        /// Offset of the application name's count; 70 in every real file.
        app_name_len_offset: u16 = 0x14, "App Name Len Offset";
        /// Offset of the trigger count. Windows writes it but never reads it (note 53).
        trigger_offset: u16 = 0x16, "Trigger Offset";
        /// Number of retries for a task that fails to start; not used by version 1 engines.
        error_retry_count: u16 = 0x18, "Error Retry Count";
        /// Minutes between retries.
        error_retry_interval: u16 = 0x1A, "Error Retry Interval";
        /// Minutes to wait for the machine to become idle.
        idle_deadline: u16 = 0x1C, "Idle Deadline";
        /// Minutes the machine must have been idle.
        idle_wait: u16 = 0x1E, "Idle Wait";
        /// Priority class: one bit.
        priority: Priority = 0x20, "Priority";
        /// Execution time limit in milliseconds; 0xFFFFFFFF and 0xFFFFFFFE mean no limit.
        maximum_run_time: MaxRunTime = 0x24, "Maximum Run Time";
        /// Exit code of the last run.
        exit_code: u32 = 0x28, "Exit Code";
        /// State of the task: 0x41300 ready, 0x41301 running, 0x41303 never run, 0x41305 no triggers.
        status: HResult = 0x2C, "Status";
        /// Task flags ([MS-TSCH] 2.3.7).
        flags: JobFlags = 0x30, "Flags";
        /// Local time of the last run; all zero if there was none.
        last_run: SystemTime = 0x34, "Year";
    }
}

layout! {
    /// One trigger of a .JOB file, 48 bytes ([MS-TSCH] 2.4.2.11).
    pub struct RawTrigger / PartialTrigger, 48 bytes {
        /// 48; ignored on receipt.
        trigger_size: u16 = 0, "Trigger Size";
        /// 0.
        reserved1: u16 = 2, "Reserved1";
        /// First date: year.
        begin_year: u16 = 4, "Begin Year";
        /// First date: month.
        begin_month: u16 = 6, "Begin Month";
        /// First date: day.
        begin_day: u16 = 8, "Begin Day";
        /// Last date: year. Arbitrary if the flag `HAS_END_DATE` is clear; month and day likewise.
        end_year: u16 = 10, "End Year";
        /// Last date: month.
        end_month: u16 = 12, "End Month";
        /// Last date: day.
        end_day: u16 = 14, "End Day";
        /// Local time of day: hour.
        start_hour: u16 = 16, "Start Hour";
        /// Local time of day: minute.
        start_minute: u16 = 18, "Start Minute";
        /// Minutes during which the start is repeated; 0 for no repetition.
        minutes_duration: u32 = 20, "Minutes Duration";
        /// Minutes between repetitions; 0 for no repetition.
        minutes_interval: u32 = 24, "Minutes Interval";
        /// Trigger flags.
        flags: TriggerFlags = 28, "Flags";
        /// Trigger type, 0 to 7 ([MS-TSCH] 2.4.2.11.1).
        trigger_type: u32 = 32, "Trigger Type";
        /// First type-specific word; garbage in real files if the type has none.
        trigger_specific0: u16 = 36, "TriggerSpecific0";
        /// Second type-specific word.
        trigger_specific1: u16 = 38, "TriggerSpecific1";
        /// Third type-specific word.
        trigger_specific2: u16 = 40, "TriggerSpecific2";
        /// 0; garbage in real files.
        padding: u16 = 42, "Padding";
        /// 0.
        reserved2: u16 = 44, "Reserved2";
        /// 0; `wRandomMinutesInterval` in the Windows API.
        reserved3: u16 = 46, "Reserved3";
    }
}

layout! {
    /// TASKRESERVED1, the content of the reserved data ([MS-TSCH] 2.4.2.9).
    #[doc(alias = "TASKRESERVED1")]
    pub struct TaskReserved / PartialTaskReserved, 8 bytes {
        /// Result of the last attempt to start the task; 0x41303 if it has never run (EVIDENCE.md JOB-06).
        start_error: HResult = 0, "Start Error";
        /// Not used.
        task_flags: u32 = 4, "Task Flags";
    }
}

/// Offset of the variable part, which begins with the running instance count.
pub(super) const RUNNING_INSTANCES: usize = FixedData::SIZE;

/// Offset of the application name's count in every real file.
pub(super) const STRINGS: usize = FixedData::SIZE + 2;

/// The five counted strings, in order ([MS-TSCH] 2.4.2.3 to 2.4.2.7).
pub(super) const STRING_NAMES: [&str; 5] =
    ["Application Name", "Parameters", "Working Directory", "Author", "Comment"];

/// SignatureVersion and MinClientVersion, both 1, which precede a signature (2.4.2.12).
pub(super) const SIGNATURE_HEADER: [u8; 4] = [1, 0, 1, 0];

/// Size of header and signature.
pub(super) const SIGNATURE_SIZE: usize = 4 + 64;

/// The first bytes of each trigger: its size and a reserved word.
pub(super) const TRIGGER_MARK: [u8; 4] = [RawTrigger::SIZE as u8, 0, 0, 0];
