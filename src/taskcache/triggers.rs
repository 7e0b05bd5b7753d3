//! The value Triggers: its layout (EVIDENCE.md CACHE-05 to CACHE-10, CACHE-16).

use super::wire::{
    AlignedBytes, AlignedList, AlignedText, CountedText, Filler, PaddedByte, PaddedWord, Part, Reader, Stop,
    TriggerId, WnfData, Writer, kinds, record,
};
use uuid::Uuid;

/// The version that added identifiers of principals and triggers.
pub(crate) const WITH_IDS: u32 = 0x16;

/// The version that added display names of principals.
pub(super) const WITH_DISPLAY_NAME: u32 = 0x17;

/// The number that means no limit, or not stated.
pub(super) const NEVER: u32 = u32::MAX;

record! {
    /// A time.
    #[derive(Copy)]
    pub struct RawTime {
        /// Whether the time is local; if so, the boundary stated no zone.
        is_local: PaddedByte = "IsLocal";
        /// Ticks of 100 ns since 1601, local or UTC.
        ticks: u64 = "Time";
    }

    /// A duration in calendar units.
    #[derive(Copy)]
    pub struct RawPeriod {
        /// Years.
        years: u16 = "Years";
        /// Months.
        months: u16 = "Months";
        /// Weeks.
        weeks: u16 = "Weeks";
        /// Days.
        days: u16 = "Days";
        /// Hours.
        hours: u16 = "Hours";
        /// Minutes.
        minutes: u16 = "Minutes";
        /// Seconds.
        seconds: u16 = "Seconds";
    }

    /// The version of the value.
    pub struct TriggersHead {
        /// 0x17 in Windows 10; 0x16 and 0x15 before.
        version: PaddedByte = "Version";
    }

    /// The part of the value that applies to the whole task.
    pub struct Bucket {
        /// The first start boundary.
        start: RawTime = "StartBoundary";
        /// The last end boundary; all bits set for none.
        end: RawTime = "EndBoundary";
        /// See [`TaskFlags`](super::TaskFlags).
        flags: PaddedWord = "Flags";
        /// CRC-32 of the definition's XML.
        crc32: PaddedWord = "Crc32";
        /// The principal's identifier; present since version 0x16.
        principal_id: AlignedText = "PrincipalId" if |_, version| version >= WITH_IDS;
        /// The principal's display name; present since version 0x17.
        display_name: AlignedText = "DisplayName" if |_, version| version >= WITH_DISPLAY_NAME;
        /// The principal's account.
        user: RawUser = "User";
        /// Additional settings.
        settings: RawSettings = "Settings";
    }

    /// An account.
    pub struct RawUser {
        /// Whether no further fields follow.
        is_absent: PaddedByte = "IsAbsent";
        /// Whether the SID is absent.
        has_no_sid: PaddedByte = "HasNoSid" if |user, _| user.is_absent.value == 0;
        /// See [`SidUse`](super::SidUse).
        sid_use: PaddedWord = "SidUse" if |user, _| user.is_absent.value == 0 && user.has_no_sid.value == 0;
        /// The SID.
        sid: AlignedBytes = "Sid" if |user, _| user.is_absent.value == 0 && user.has_no_sid.value == 0;
        /// The account's name.
        name: AlignedText = "Name" if |user, _| user.is_absent.value == 0;
    }

    /// The settings, if their size is known.
    pub struct SettingsBody {
        /// Seconds for which the computer must have been idle.
        idle_duration: u32 = "IdleDuration";
        /// Seconds to wait for the computer to become idle; all bits set if not stated.
        idle_wait: u32 = "IdleWait";
        /// The execution time limit in seconds.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// Seconds between the last end boundary and the deletion of the task; all bits set for never.
        delete_expired_after: u32 = "DeleteExpiredTaskAfter";
        /// The priority.
        priority: u32 = "Priority";
        /// Seconds between restart attempts.
        restart_interval: u32 = "RestartInterval";
        /// The number of restart attempts.
        restart_count: u32 = "RestartCount";
        /// The network that must be available.
        network: Uuid = "Network";
        /// Filler; not counted in the shortest size.
        filler: Filler<4> = "Filler";
        /// See [`Privileges`](super::Privileges).
        privileges: u64 = "Privileges" if |_, size| size >= WITH_PRIVILEGES;
        /// How often automatic maintenance runs the task.
        period: RawPeriod = "Period" if |_, size| size >= WITH_MAINTENANCE;
        /// The time after which the task runs outside the maintenance window.
        deadline: RawPeriod = "Deadline" if |_, size| size >= WITH_MAINTENANCE;
        /// Whether automatic maintenance runs the task exclusively.
        exclusive: u8 = "Exclusive" if |_, size| size >= WITH_MAINTENANCE;
        /// Filler.
        end_filler: Filler<3> = "EndFiller" if |_, size| size >= WITH_MAINTENANCE;
    }

    /// The fields shared by all triggers that are not time-based.
    pub struct Generic {
        /// The activation time; zero for none.
        start: RawTime = "StartBoundary";
        /// The expiry time; all bits set for none.
        end: RawTime = "EndBoundary";
        /// Seconds between the event and the start.
        delay: u32 = "Delay";
        /// The execution time limit in seconds; all bits set if not stated.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// Seconds between repetitions; zero for none.
        repetition_interval: u32 = "RepetitionInterval";
        /// Seconds during which the task is repeated.
        repetition_duration: u32 = "RepetitionDuration";
        /// The same value, repeated.
        repetition_duration_again: u32 = "RepetitionDurationAgain";
        /// Whether running instances are stopped when the duration ends.
        stop_at_duration_end: u8 = "StopAtDurationEnd";
        /// Filler.
        filler: Filler<3> = "Filler";
        /// Whether the trigger is enabled.
        enabled: PaddedByte = "Enabled";
        /// Unknown.
        unknown: Filler<8> = "Unknown";
        /// The trigger's identifier; present since version 0x16.
        id: TriggerId = "Id" if |_, version| version >= WITH_IDS;
    }

    /// A trigger without additional fields: boot, idle or registration.
    pub struct RawPlain {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The shared fields.
        generic: Generic = "";
    }

    /// A trigger on a state of the Windows Notification Facility.
    pub struct RawWnf {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The shared fields.
        generic: Generic = "";
        /// The name of the state.
        state_name: [u8; 8] = "StateName";
        /// The data that the state must have.
        data: WnfData = "Data";
    }

    /// A trigger on a session state change.
    pub struct RawSession {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The shared fields.
        generic: Generic = "";
        /// The change: 1 to 6, in the order of the schema.
        change: PaddedWord = "StateChange";
        /// The user whose session changes.
        user: RawUser = "User";
    }

    /// A trigger at logon.
    pub struct RawLogon {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The shared fields.
        generic: Generic = "";
        /// The user who logs on.
        user: RawUser = "User";
    }

    /// A trigger on an event.
    pub struct RawEvent {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The shared fields.
        generic: Generic = "";
        /// The query.
        subscription: CountedText = "Subscription";
        /// Interpreted as PeriodOfOccurrence in seconds (EVIDENCE.md CACHE-15).
        period_of_occurrence: u32 = "PeriodOfOccurrence";
        /// Interpreted as NumberOfOccurrences (EVIDENCE.md CACHE-15).
        number_of_occurrences: u32 = "NumberOfOccurrences";
        /// Interpreted as MatchingElement (EVIDENCE.md CACHE-15).
        matching_element: CountedText = "MatchingElement";
        /// The event values that the actions' parameters use.
        value_queries: AlignedList<RawValueQuery> = "ValueQueries";
    }

    /// A query for a part of an event.
    pub struct RawValueQuery {
        /// The parameter's name.
        name: CountedText = "Name";
        /// The query.
        value: CountedText = "Value";
    }

    /// A time or calendar trigger.
    pub struct RawScheduled {
        /// The padding of the kind.
        filler: Filler<4> = "Kind";
        /// The first start.
        start: RawTime = "StartBoundary";
        /// The expiry time; zero for none.
        end: RawTime = "EndBoundary";
        /// Unknown, zero.
        unknown_time: RawTime = "UnknownTime";
        /// Seconds between repetitions; zero for none.
        repetition_interval: u32 = "RepetitionInterval";
        /// Seconds during which the task is repeated; zero for indefinitely (EVIDENCE.md CACHE-20).
        repetition_duration: u32 = "RepetitionDuration";
        /// The execution time limit in seconds; all bits set if not stated.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// The mode: 0 once, 1 daily, 2 weekly, 3 by days of the month, 4 by weekdays of a month.
        mode: u32 = "Mode";
        /// Days or weeks between starts; the low half of the days of the month; days of the week in mode 4.
        data1: u16 = "Data1";
        /// Days of the week in mode 2; the high half of the days of the month; weeks in mode 4.
        data2: u16 = "Data2";
        /// The months.
        data3: u16 = "Data3";
        /// Filler.
        data_filler: Filler<2> = "DataFiller";
        /// Whether running instances are stopped when the duration ends.
        stop_at_duration_end: u8 = "StopAtDurationEnd";
        /// Whether the trigger is enabled.
        enabled: u8 = "Enabled";
        /// Filler.
        enabled_filler: Filler<2> = "EnabledFiller";
        /// Unknown, 1.
        unknown: u32 = "Unknown";
        /// The maximum random delay in seconds.
        random_delay: u32 = "RandomDelay";
        /// Filler.
        end_filler: Filler<4> = "EndFiller";
        /// The trigger's identifier; present since version 0x16.
        id: TriggerId = "Id" if |_, version| version >= WITH_IDS;
    }
}

/// The smallest size of settings that includes privileges.
pub(super) const WITH_PRIVILEGES: u32 = 0x38;

/// The smallest size of settings that includes automatic maintenance.
pub(super) const WITH_MAINTENANCE: u32 = 0x58;

/// Additional settings of the task, preceded by their size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawSettings {
    /// Their size in bytes: 0, 0x2C, 0x38 or 0x58.
    pub size: PaddedWord,
    /// The settings, if the size is known and not zero.
    pub body: SettingsBody,
    /// The bytes of settings of an unknown size, padded to a multiple of eight.
    pub unknown: Vec<u8>,
}

impl RawSettings {
    /// Whether the size is known and not zero, so that the fields are present.
    #[must_use]
    pub const fn has_body(&self) -> bool {
        matches!(self.size.value, 0x2C | WITH_PRIVILEGES | WITH_MAINTENANCE)
    }
}

impl Part for RawSettings {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.size.fill(reader).map_err(|stop| stop.inside("Size"))?;
        if self.has_body() {
            let version = std::mem::replace(&mut reader.form, self.size.value);
            let filled = self.body.fill(reader);
            reader.form = version;
            return filled;
        }
        let size = usize::try_from(self.size.value).ok().and_then(|size| size.checked_next_multiple_of(8));
        self.unknown = reader.take(size.unwrap_or(usize::MAX))?.to_vec();
        Ok(())
    }

    fn put(&self, writer: &mut Writer) {
        self.size.put(writer);
        if self.has_body() {
            let version = std::mem::replace(&mut writer.form, self.size.value);
            self.body.put(writer);
            writer.form = version;
        } else {
            writer.out.extend(&self.unknown);
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.size.is_like(&other.size) && self.body.is_like(&other.body) && self.unknown == other.unknown
    }
}

kinds! {
    /// A stored trigger.
    pub enum RawTrigger: u32 {
        /// A state of the Windows Notification Facility changed.
        Wnf(RawWnf) = 0x6666;
        /// The state of a session changed.
        Session(RawSession) = 0x7777;
        /// The task was registered.
        Registration(RawPlain) = 0x8888;
        /// A user logged on.
        Logon(RawLogon) = 0xAAAA;
        /// An event was logged.
        Event(RawEvent) = 0xCCCC;
        /// A time or calendar date was reached.
        Scheduled(RawScheduled) = 0xDDDD;
        /// The computer became idle.
        Idle(RawPlain) = 0xEEEE;
        /// The system started.
        Boot(RawPlain) = 0xFFFF;
    }
}
