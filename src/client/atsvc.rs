//! ATSvc: the jobs of `at.exe` ([MS-TSCH] 3.1.4.1). The server name in each request is NULL.

use super::{
    error::{Error, MORE_DATA, Refused},
    listing::Listing,
};
use crate::{
    dtyp::NetApiStatus,
    job::DaysOfMonth,
    ndr::Record,
    rpc::{
        Call,
        atsvc::{
            AtDaysOfWeek, AtEnum, AtEnumContainer, AtFlags, AtInfo, NetrJobAdd, NetrJobDel, NetrJobEnum,
            NetrJobEnumResponse, NetrJobGetInfo,
        },
    },
};
use std::ops::RangeInclusive;

/// The flags that a client may set on a new job ([MS-TSCH] 3.1.4.1.1).
const OF_CLIENT: AtFlags =
    AtFlags::RUN_PERIODICALLY.with(AtFlags::ADD_CURRENT_DATE).with(AtFlags::NONINTERACTIVE);

/// Milliseconds in a day.
const DAY: u32 = 24 * 60 * 60 * 1000;

/// Adds a job; the response contains its number ([MS-TSCH] 3.1.4.1.1).
///
/// ```
/// use wintask::{client::atsvc, rpc::atsvc::{AtFlags, AtInfo}};
///
/// let job = AtInfo { job_time: 9 * 3_600_000, command: Some("backup.exe".into()), ..AtInfo::default() };
/// assert!(atsvc::add(job.clone()).is_ok());
/// let error = atsvc::add(AtInfo { flags: AtFlags::EXEC_ERROR, ..job }).unwrap_err();
/// assert_eq!(error.to_string(), "a new AT job cannot have the flags JOB_EXEC_ERROR");
/// ```
///
/// # Errors
/// Flags that only the server can set, a missing command, a time of 24 hours or more, or undefined bits in the days.
pub fn add(job: AtInfo) -> Result<NetrJobAdd, Error> {
    let others = job.flags.without(OF_CLIENT);
    if !others.is_empty() {
        return Err(Error::AtFlags(others));
    }
    if job.command.as_ref().is_none_or(|command| command.is_empty()) {
        return Err(Error::NoCommand);
    }
    if job.job_time >= DAY {
        return Err(Error::JobTime(job.job_time));
    }
    let (month, week) =
        (job.days_of_month.0 & DaysOfMonth::UNUSED, job.days_of_week.0 & !AtDaysOfWeek::DEFINED.0);
    for (bits, field) in [(month, "DaysOfMonth"), (week.into(), "DaysOfWeek")] {
        if bits != 0 {
            return Err(Error::AtDays(bits, field));
        }
    }
    Ok(NetrJobAdd { server_name: None, at_info: job })
}

/// Deletes a job ([MS-TSCH] 3.1.4.1.2).
#[must_use]
pub fn delete(id: u32) -> NetrJobDel {
    delete_range(id..=id)
}

/// Deletes the jobs in a range of numbers ([MS-TSCH] 3.1.4.1.2).
#[must_use]
pub fn delete_range(ids: RangeInclusive<u32>) -> NetrJobDel {
    NetrJobDel { server_name: None, min_job_id: *ids.start(), max_job_id: *ids.end() }
}

/// Retrieves a job ([MS-TSCH] 3.1.4.1.3).
#[must_use]
pub fn job(id: u32) -> NetrJobGetInfo {
    NetrJobGetInfo { server_name: None, job_id: id }
}

/// Enumerates the jobs: repeats `NetrJobEnum` with the resume handle that the server returned ([MS-TSCH] 3.1.4.1.4).
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{client::atsvc::{self, Jobs}, ndr::Transfer, rpc::{Call, Message, atsvc::*}};
/// use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
///
/// let mut server = State::new(Options::default(), 1);
/// let machine = Machine::default();
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// for hour in 1..=3 {
///     let job = AtInfo { job_time: hour * 3_600_000, command: Some("backup.exe".into()), ..AtInfo::default() };
///     let stub = atsvc::add(job)?.encode()?;
///     let step = server.dispatch(&context, NetrJobAdd::INTERFACE, NetrJobAdd::OPNUM, &stub, Transfer::NDR20);
///     assert!(step.reply.is_ok());
/// }
///
/// let mut jobs = Jobs::new().with_preferred_length(32);
/// while let Some(request) = jobs.request() {
///     let step =
///         server.dispatch(&context, NetrJobEnum::INTERFACE, NetrJobEnum::OPNUM, &request.encode()?, Transfer::NDR20);
///     let answer = step.reply?;
///     jobs.reply(NetrJobEnumResponse::decode(&answer)?)?;
/// }
/// assert_eq!(jobs.into_jobs().iter().map(|job| job.job_id).collect::<Vec<_>>(), [1, 2, 3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Jobs {
    preferred_length: u32,
    /// The resume handle of the next call; `None` at the end.
    next: Option<u32>,
    jobs: Listing<AtEnum>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self::new()
    }
}

impl Jobs {
    /// Starts an enumeration. The server decides how many jobs a response contains.
    #[must_use]
    pub fn new() -> Self {
        Self { preferred_length: u32::MAX, next: Some(0), jobs: Listing::new() }
    }

    /// Sets the preferred size of a response, in bytes.
    #[must_use]
    pub fn with_preferred_length(self, bytes: u32) -> Self {
        Self { preferred_length: bytes, ..self }
    }

    /// Returns the next call; `None` at the end.
    #[must_use]
    pub fn request(&self) -> Option<NetrJobEnum> {
        Some(NetrJobEnum {
            server_name: None,
            enum_container: AtEnumContainer::default(),
            preferred_maximum_length: self.preferred_length,
            resume_handle: Some(self.next?),
        })
    }

    /// Processes the response to the call.
    ///
    /// # Errors
    /// The server rejected the call, does not advance, or returns too much. The enumeration ends; the jobs received
    /// so far are kept.
    pub fn reply(&mut self, response: NetrJobEnumResponse) -> Result<(), Error> {
        let at = self.next.take().ok_or(Error::UnexpectedResponse)?;
        let status = NetrJobEnum::status(&response);
        if status != NetApiStatus::NERR_SUCCESS && status != MORE_DATA {
            return Err(Refused { method: NetrJobEnum::STRUCTURE.name, status: status.into() }.into());
        }
        let page = response.enum_container.buffer.into_vec();
        let is_empty = page.is_empty();
        for job in page {
            let units = job.command.as_ref().map_or(0, |command| command.len());
            self.jobs.push(job, units)?;
        }
        if status == MORE_DATA {
            let next = response.resume_handle.unwrap_or(at);
            if is_empty || next == at {
                return Err(Error::NoProgress { at, next });
            }
            self.next = Some(next);
        }
        Ok(())
    }

    /// The jobs so far.
    #[must_use]
    pub fn jobs(&self) -> &[AtEnum] {
        self.jobs.as_slice()
    }

    /// The jobs so far.
    #[must_use]
    pub fn into_jobs(self) -> Vec<AtEnum> {
        self.jobs.into_vec()
    }
}
