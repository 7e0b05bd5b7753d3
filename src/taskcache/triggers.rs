//! The value Triggers: its layout (EVIDENCE.md CACHE-05 to CACHE-10, CACHE-16).

use super::wire::{
    AlignedBytes, AlignedList, AlignedText, CountedText, Filler, PaddedByte, PaddedWord, Part, Reader, Stop,
    TriggerId, WnfData, Writer, kinds, record,
};
use uuid::Uuid;

/// The version since which principals and triggers have identifiers.
pub(super) const WITH_IDS: u32 = 0x16;

/// The version since which principals have display names.
pub(super) const WITH_DISPLAY_NAME: u32 = 0x17;

/// The number for no limit, and for what is not stated.
pub(super) const NEVER: u32 = u32::MAX;

record! {
    /// A time.
    #[derive(Copy)]
    pub struct RawTime {
        /// Whether it is local: the boundary stated no zone.
        is_local: PaddedByte = "IsLocal";
        /// Ticks of 100 ns since 1601, local or UTC.
        ticks: u64 = "Time";
    }

    /// A duration by the calendar's units.
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

    /// What the value states of the whole task.
    pub struct Bucket {
        /// The first start boundary.
        start: RawTime = "StartBoundary";
        /// The last end boundary; all bits set for none.
        end: RawTime = "EndBoundary";
        /// See [`TaskFlags`](super::TaskFlags).
        flags: PaddedWord = "Flags";
        /// CRC-32 of the definition's XML.
        crc32: PaddedWord = "Crc32";
        /// The principal's identifier; from version 0x16 on.
        principal_id: AlignedText = "PrincipalId" if |_, version| version >= WITH_IDS;
        /// The principal's display name; from version 0x17 on.
        display_name: AlignedText = "DisplayName" if |_, version| version >= WITH_DISPLAY_NAME;
        /// The principal's account.
        user: RawUser = "User";
        /// Further settings.
        settings: RawSettings = "Settings";
    }

    /// An account.
    pub struct RawUser {
        /// Whether nothing follows.
        is_absent: PaddedByte = "IsAbsent";
        /// Whether there is no SID.
        has_no_sid: PaddedByte = "HasNoSid" if |user, _| user.is_absent.value == 0;
        /// See [`SidUse`](super::SidUse).
        sid_use: PaddedWord = "SidUse" if |user, _| user.is_absent.value == 0 && user.has_no_sid.value == 0;
        /// The SID.
        sid: AlignedBytes = "Sid" if |user, _| user.is_absent.value == 0 && user.has_no_sid.value == 0;
        /// The account's name.
        name: AlignedText = "Name" if |user, _| user.is_absent.value == 0;
    }

    /// Settings, if their size is one that is known.
    pub struct SettingsBody {
        /// Seconds for which the computer must have been idle.
        idle_duration: u32 = "IdleDuration";
        /// Seconds that the task waits for that; all bits set for none stated.
        idle_wait: u32 = "IdleWait";
        /// Seconds that the task may run.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// Seconds after the last end boundary until the task is deleted; all bits set for never.
        delete_expired_after: u32 = "DeleteExpiredTaskAfter";
        /// The priority.
        priority: u32 = "Priority";
        /// Seconds between attempts to start.
        restart_interval: u32 = "RestartInterval";
        /// The number of further attempts.
        restart_count: u32 = "RestartCount";
        /// The network that must be available.
        network: Uuid = "Network";
        /// Of no meaning; not part of the size in its shortest form.
        filler: Filler<4> = "Filler";
        /// See [`Privileges`](super::Privileges).
        privileges: u64 = "Privileges" if |_, size| size >= WITH_PRIVILEGES;
        /// How often automatic maintenance runs the task.
        period: RawPeriod = "Period" if |_, size| size >= WITH_MAINTENANCE;
        /// When it runs it outside of its hour.
        deadline: RawPeriod = "Deadline" if |_, size| size >= WITH_MAINTENANCE;
        /// Whether it runs it alone.
        exclusive: u8 = "Exclusive" if |_, size| size >= WITH_MAINTENANCE;
        /// Of no meaning.
        end_filler: Filler<3> = "EndFiller" if |_, size| size >= WITH_MAINTENANCE;
    }

    /// What all triggers have that are not time-based.
    pub struct Generic {
        /// Not before; zero for none.
        start: RawTime = "StartBoundary";
        /// Not after; all bits set for none.
        end: RawTime = "EndBoundary";
        /// Seconds from the cause to the start.
        delay: u32 = "Delay";
        /// Seconds that an instance may run; all bits set for none stated.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// Seconds between repetitions; zero for none.
        repetition_interval: u32 = "RepetitionInterval";
        /// Seconds for which it repeats.
        repetition_duration: u32 = "RepetitionDuration";
        /// The same once more.
        repetition_duration_again: u32 = "RepetitionDurationAgain";
        /// Whether instances are stopped when the duration ends.
        stop_at_duration_end: u8 = "StopAtDurationEnd";
        /// Of no meaning.
        filler: Filler<3> = "Filler";
        /// Whether the trigger is enabled.
        enabled: PaddedByte = "Enabled";
        /// Of unknown meaning.
        unknown: Filler<8> = "Unknown";
        /// The trigger's identifier; from version 0x16 on.
        id: TriggerId = "Id" if |_, version| version >= WITH_IDS;
    }

    /// A trigger without further fields: at the start of the system, when idle, or on registration.
    pub struct RawPlain {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// What all of them have.
        generic: Generic = "";
    }

    /// A trigger on a state of the Windows Notification Facility.
    pub struct RawWnf {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// What all of them have.
        generic: Generic = "";
        /// The state's name.
        state_name: [u8; 8] = "StateName";
        /// The data that the state must have.
        data: WnfData = "Data";
    }

    /// A trigger on a change of a session.
    pub struct RawSession {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// What all of them have.
        generic: Generic = "";
        /// Which change: 1 to 6, in the order of the schema.
        change: PaddedWord = "StateChange";
        /// Whose session.
        user: RawUser = "User";
    }

    /// A trigger at logon.
    pub struct RawLogon {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// What all of them have.
        generic: Generic = "";
        /// Whose logon.
        user: RawUser = "User";
    }

    /// A trigger on an event.
    pub struct RawEvent {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// What all of them have.
        generic: Generic = "";
        /// The query.
        subscription: CountedText = "Subscription";
        /// Taken for PeriodOfOccurrence in seconds (EVIDENCE.md CACHE-15).
        period_of_occurrence: u32 = "PeriodOfOccurrence";
        /// Taken for NumberOfOccurrences (EVIDENCE.md CACHE-15).
        number_of_occurrences: u32 = "NumberOfOccurrences";
        /// Taken for MatchingElement (EVIDENCE.md CACHE-15).
        matching_element: CountedText = "MatchingElement";
        /// The values of the event for the actions' parameters.
        value_queries: AlignedList<RawValueQuery> = "ValueQueries";
    }

    /// A query for a part of an event.
    pub struct RawValueQuery {
        /// The parameter's name.
        name: CountedText = "Name";
        /// The query.
        value: CountedText = "Value";
    }

    /// A trigger by time or by the calendar.
    pub struct RawScheduled {
        /// The bytes that fill up the kind.
        filler: Filler<4> = "Kind";
        /// The first start.
        start: RawTime = "StartBoundary";
        /// Not after; zero for none.
        end: RawTime = "EndBoundary";
        /// Of unknown meaning, zero.
        unknown_time: RawTime = "UnknownTime";
        /// Seconds between repetitions; zero for none.
        repetition_interval: u32 = "RepetitionInterval";
        /// Seconds for which it repeats; zero for indefinitely (EVIDENCE.md CACHE-20).
        repetition_duration: u32 = "RepetitionDuration";
        /// Seconds that an instance may run; all bits set for none stated.
        execution_time_limit: u32 = "ExecutionTimeLimit";
        /// 0 once, 1 by days, 2 by weeks, 3 by days of months, 4 by days of weeks of months.
        mode: u32 = "Mode";
        /// Days or weeks between starts; low half of the days of the month; days of the week in mode 4.
        data1: u16 = "Data1";
        /// Days of the week in mode 2; high half of the days of the month; weeks in mode 4.
        data2: u16 = "Data2";
        /// Months.
        data3: u16 = "Data3";
        /// Of no meaning.
        data_filler: Filler<2> = "DataFiller";
        /// Whether instances are stopped when the duration ends.
        stop_at_duration_end: u8 = "StopAtDurationEnd";
        /// Whether the trigger is enabled.
        enabled: u8 = "Enabled";
        /// Of no meaning.
        enabled_filler: Filler<2> = "EnabledFiller";
        /// Of unknown meaning, 1.
        unknown: u32 = "Unknown";
        /// Seconds of the random delay.
        random_delay: u32 = "RandomDelay";
        /// Of no meaning.
        end_filler: Filler<4> = "EndFiller";
        /// The trigger's identifier; from version 0x16 on.
        id: TriggerId = "Id" if |_, version| version >= WITH_IDS;
    }
}

/// Size of the settings from which on there are privileges.
pub(super) const WITH_PRIVILEGES: u32 = 0x38;

/// Size of the settings from which on there is automatic maintenance.
pub(super) const WITH_MAINTENANCE: u32 = 0x58;

/// Further settings of the task: their size, and as much of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawSettings {
    /// Their size in bytes: 0, 0x2C, 0x38 or 0x58.
    pub size: PaddedWord,
    /// The settings, if the size is a known one and not zero.
    pub body: SettingsBody,
    /// The bytes of settings of another size, up to a multiple of eight.
    pub unknown: Vec<u8>,
}

impl RawSettings {
    /// Whether the size is a known one other than zero, so that the fields are there.
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
    /// A trigger, as it is stored.
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
        /// A time or a day of the calendar came.
        Scheduled(RawScheduled) = 0xDDDD;
        /// The computer became idle.
        Idle(RawPlain) = 0xEEEE;
        /// The system started.
        Boot(RawPlain) = 0xFFFF;
    }
}
