//! ATSvc: the jobs of `at.exe` ([MS-TSCH] 3.2.5.2, 6.1). Its methods require administrator rights.
//!
//! ```
//! use wintask::rpc::{
//!     Message,
//!     atsvc::{AtDaysOfWeek, AtFlags, AtInfo, NetrJobAdd},
//! };
//!
//! let request = NetrJobAdd {
//!     server_name: None,
//!     at_info: AtInfo {
//!         job_time: 84_600_000, // 23:30
//!         days_of_week: AtDaysOfWeek::TUESDAY,
//!         flags: AtFlags::RUN_PERIODICALLY | AtFlags::NONINTERACTIVE,
//!         command: Some("foo.exe".into()),
//!         ..AtInfo::default()
//!     },
//! };
//! let stub = request.encode()?;
//! assert_eq!(stub.len(), 4 + 16 + 12 + 16);
//! assert_eq!(NetrJobAdd::decode(&stub)?, request);
//! # Ok::<(), wintask::ndr::Error>(())
//! ```

mod value;

pub use value::{AtDaysOfWeek, AtEnum, AtEnumContainer, AtFlags, AtInfo};

use super::{Endpoint, macros::interface};
use crate::dtyp::{NetApiStatus, WideString};

interface! {
    "ATSvc", "1ff70682-0a51-30e8-076d-740be8cee98b", (1, 0), Endpoint::NamedPipe(r"\PIPE\atsvc"), NetApiStatus;

    /// Adds a job.
    0 NetrJobAdd "hNetrJobAdd" "3.2.5.2.1" -> NetrJobAddResponse
    in {
        /// The server name; ignored by servers.
        server_name: Option<WideString> = "ServerName",
        /// The job.
        at_info: AtInfo = "pAtInfo",
    }
    out {
        /// The number of the job.
        job_id: u32 = "pJobId",
    }

    /// Deletes the jobs in a range of numbers.
    1 NetrJobDel "hNetrJobDel" "3.2.5.2.2" -> NetrJobDelResponse
    in {
        /// The server name; ignored by servers.
        server_name: Option<WideString> = "ServerName",
        /// The lowest number.
        min_job_id: u32 = "MinJobId",
        /// The highest number; 0xFFFFFFFF, with 0 as the lowest, means all jobs.
        max_job_id: u32 = "MaxJobId",
    }
    out {}

    /// Lists the jobs.
    2 NetrJobEnum "hNetrJobEnum" "3.2.5.2.3" -> NetrJobEnumResponse
    in {
        /// The server name; ignored by servers.
        server_name: Option<WideString> = "ServerName",
        /// Empty, with a NULL buffer.
        enum_container: AtEnumContainer = "pEnumContainer",
        /// The preferred maximum number of bytes to return; 0xFFFFFFFF for no limit.
        preferred_maximum_length: u32 = "PreferredMaximumLength",
        /// The index of the first job to return.
        resume_handle: Option<u32> = "pResumeHandle",
    }
    out {
        /// The jobs.
        enum_container: AtEnumContainer = "pEnumContainer" [from enum_container],
        /// The number of jobs starting at the index.
        total_entries: u32 = "pTotalEntries",
        /// The index of the next job to request; present only if the request contains it.
        resume_handle: Option<u32> = "pResumeHandle" [from resume_handle],
    }

    /// Returns a job by its number.
    3 NetrJobGetInfo "hNetrJobGetInfo" "3.2.5.2.4" -> NetrJobGetInfoResponse
    in {
        /// The server name; ignored by servers.
        server_name: Option<WideString> = "ServerName",
        /// The number of the job.
        job_id: u32 = "JobId",
    }
    out {
        /// The job; NULL if the call failed.
        at_info: Option<AtInfo> = "ppAtInfo",
    }
}
