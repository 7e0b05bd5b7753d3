//! The table of events (EVIDENCE.md EVT-20, EVT-23). The leading "Task Scheduler" of every message is omitted.
//!
//! A row consists of id, name, symbol (if published), channel, level, opcode and first release, then the fields in
//! template order, then the message. A `later` field is a number added by a later version of the event.

use super::{
    channel::{TaskChannel, TaskLevel},
    field,
};
use crate::eventlog::{Event, Value};
use uuid::Uuid;

/// The metadata of a Task Scheduler event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TaskEventInfo {
    /// Its id.
    pub id: u16,
    /// Its symbolic name; empty if none was published. Those of 100, 101 and 707 are Microsoft's; the others are
    /// derived from those of a well-known library (EVIDENCE.md EVT-23).
    pub symbol: &'static str,
    /// The channel that it is logged to.
    pub channel: TaskChannel,
    /// How serious it is.
    pub level: TaskLevel,
    /// The name of its opcode; empty if it has none.
    pub opcode: &'static str,
    /// The first release with this event, according to manifests: `Vista` or `Windows10`.
    pub since: &'static str,
    /// Its fields, in the order of the template.
    pub fields: &'static [TaskEventField],
    /// Its message, with field names in braces, in this library's wording.
    pub message: &'static str,
}

/// A field of an event of the Task Scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TaskEventField {
    /// Its name, as in `Data/@Name`.
    pub name: &'static str,
    /// Whether a later version of the event added it.
    pub later: bool,
}

macro_rules! kind {
    (text) => { String };
    (number) => { u32 };
    (hex) => { field::Hex };
    (guid) => { Uuid };
    (later) => { Option<u32> };
}

macro_rules! is_later {
    (later) => {
        true
    };
    ($kind:ident) => {
        false
    };
}

macro_rules! opcode {
    (-) => {
        ""
    };
    ($name:ident) => {
        stringify!($name)
    };
}

/// The row with an id; evaluated only at compile time.
#[expect(clippy::indexing_slicing, reason = "a missing row fails the build")]
const fn row(id: u16) -> &'static TaskEventInfo {
    let mut at = 0;
    while TABLE[at].id != id {
        at += 1;
    }
    &TABLE[at]
}

macro_rules! catalogue {
    ($(
        $id:literal $name:ident $($symbol:literal)? $channel:ident $level:ident $opcode:tt $since:ident
        { $( $field:ident $kind:ident $spec:literal ),* }
        $message:literal;
    )*) => {
        /// A Task Scheduler event with its fields (provider `Microsoft-Windows-TaskScheduler`).
        ///
        /// ```
        /// use wintask::eventlog::{System, task_scheduler::TaskSchedulerEvent};
        ///
        /// let event = TaskSchedulerEvent::JobRegistered {
        ///     task_name: r"\Example".into(),
        ///     user_context: r"CONTOSO\alice".into(),
        /// };
        /// assert_eq!(event.id(), 106);
        /// assert_eq!(event.message(), r#"user "CONTOSO\alice" registered "\Example""#);
        ///
        /// let logged = event.to_event(System::default());
        /// assert_eq!(TaskSchedulerEvent::from_event(&logged), Ok(event));
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "event", rename_all = "snake_case", deny_unknown_fields))]
        #[non_exhaustive]
        pub enum TaskSchedulerEvent {
            $(
                #[doc = concat!("Event ", stringify!($id), ": ", $message, ".")]
                $( #[doc(alias = $symbol)] )?
                $name {
                    $(
                        #[doc = concat!("`", $spec, "`.")]
                        $field: kind!($kind),
                    )*
                },
            )*
        }

        /// Every event, by id.
        pub(super) const TABLE: &[TaskEventInfo] = &[$(
            TaskEventInfo {
                id: $id,
                symbol: concat!($($symbol)?),
                channel: TaskChannel::$channel,
                level: TaskLevel::$level,
                opcode: opcode!($opcode),
                since: stringify!($since),
                fields: &[$( TaskEventField { name: $spec, later: is_later!($kind) }, )*],
                message: $message,
            },
        )*];

        impl TaskSchedulerEvent {
            /// The event's id.
            #[must_use]
            pub fn id(&self) -> u16 {
                match self {
                    $( Self::$name { .. } => $id, )*
                }
            }

            /// The metadata of the event.
            #[must_use]
            pub fn info(&self) -> &'static TaskEventInfo {
                match self {
                    $( Self::$name { .. } => const { row($id) }, )*
                }
            }

            /// The names and values of the fields, in template order. Absent fields are omitted.
            #[must_use]
            pub fn data(&self) -> Vec<(&'static str, Value)> {
                match self {
                    $(
                        Self::$name { $($field),* } => {
                            let values: Vec<(_, Option<Value>)> = vec![$( ($spec, field::value($field)) ),*];
                            values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
                        }
                    )*
                }
            }

            /// Reads the fields of the event with this id.
            pub(super) fn read(id: u16, event: &Event) -> Result<Option<Self>, &'static str> {
                Ok(match id {
                    $( $id => Some(Self::$name { $( $field: field::read(event, $spec)? ),* }), )*
                    _ => None,
                })
            }
        }
    };
}

catalogue! {
    100 JobStart "JOB_START" Operational Information Start Vista
        { task_name text "TaskName", user_context text "UserContext", instance_id guid "InstanceId"
          }
        r#"started instance {InstanceId} of "{TaskName}" for user "{UserContext}""#;
    101 JobStartFailed "JOB_START_FAILED" Operational Error LaunchFailure Vista
        { task_name text "TaskName", user_context text "UserContext",
          result_code number "ResultCode" }
        r#"failed to start "{TaskName}" for user "{UserContext}"; error {ResultCode}"#;
    102 JobSuccess "JOB_SUCCESS" Operational Information Stop Vista
        { task_name text "TaskName", user_context text "UserContext", instance_id guid "InstanceId"
          }
        r#"finished instance {InstanceId} of "{TaskName}" for user "{UserContext}""#;
    103 JobFailure "JOB_FAILURE" Operational Error RunFailure Vista
        { task_name text "TaskName", instance_id guid "InstanceId", user_context text "UserContext",
          result_code number "ResultCode" }
        r#"failed to start instance {InstanceId} of "{TaskName}" for user "{UserContext}"; error {ResultCode}"#;
    104 LogonFailure "LOGON_FAILURE" Operational Error - Vista
        { user_name text "UserName", error_description text "ErrorDescription",
          result_code number "ResultCode" }
        r#"failed to log on "{UserName}", in {ErrorDescription}; error {ResultCode}"#;
    105 ImpersonationFailure "IMPERSONATION_FAILURE" Operational Error - Vista
        { context text "Context", result_code number "ResultCode" }
        r#"failed to impersonate "{Context}"; error {ResultCode}"#;
    106 JobRegistered "JOB_REGISTERED" Operational Information - Vista
        { task_name text "TaskName", user_context text "UserContext" }
        r#"user "{UserContext}" registered "{TaskName}""#;
    107 TimeTrigger "TIME_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" at a time trigger"#;
    108 EventTrigger "EVENT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" at an event trigger"#;
    109 ImmediateTrigger "IMMEDIATE_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" at its registration"#;
    110 Run "RUN" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId", user_context text "UserContext"
          }
        r#"launched instance {InstanceId} of "{TaskName}" on demand, for user "{UserContext}""#;
    111 JobTermination "JOB_TERMINATION" Operational Information Termination Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"terminated instance {InstanceId} of "{TaskName}""#;
    112 JobNoStartWithoutNetwork "JOB_NO_START_WITHOUT_NETWORK" Operational Warning - Vista
        { task_name text "TaskName" }
        r#"could not start "{TaskName}": the network is not available"#;
    113 TaskRegisteredWithoutSomeTriggers "TASK_REGISTERED_WITHOUT_SOME_TRIGGERS" Operational Warning - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"registered "{TaskName}", but not all of its triggers will start it; error {ResultCode}"#;
    114 MissedTaskLaunched "MISSED_TASK_LAUNCHED" Operational Warning - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"started instance {InstanceId} of "{TaskName}" late: its schedule was missed"#;
    115 TransactionRollbackFailure "TRANSACTION_ROLLBACK_FAILURE" Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to roll back a transaction while a task was updated or deleted; error {ResultCode}";
    116 TaskRegisteredWithoutCredentials "TASK_REGISTERED_WITHOUT_CREDENTIALS" Operational Warning - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#""{TaskName}" is valid, but its credentials could not be stored; error {ResultCode}"#;
    117 IdleTrigger "IDLE_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when the computer was idle"#;
    118 BootTrigger "BOOT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" at system startup"#;
    119 LogonTrigger "LOGON_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" at the logon of user "{UserName}""#;
    120 ConsoleConnectTrigger "CONSOLE_CONNECT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" connected to the console"#;
    121 ConsoleDisconnectTrigger "CONSOLE_DISCONNECT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" disconnected from the console"#;
    122 RemoteConnectTrigger "REMOTE_CONNECT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" connected remotely"#;
    123 RemoteDisconnectTrigger "REMOTE_DISCONNECT_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" disconnected remotely"#;
    124 SessionLockTrigger "SESSION_LOCK_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" locked the computer"#;
    125 SessionUnlockTrigger "SESSION_UNLOCK_TRIGGER" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName", instance_id guid "InstanceId" }
        r#"launched instance {InstanceId} of "{TaskName}" when user "{UserName}" unlocked the computer"#;
    126 FailedTaskRestart "FAILED_TASK_RESTART" Operational Warning - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#""{TaskName}" failed and is restarted; error {ResultCode}"#;
    127 RejectedTaskRestart "REJECTED_TASK_RESTART" Operational Information - Vista
        { task_name text "TaskName" }
        r#""{TaskName}" failed in a race with shutdown and is restarted"#;
    128 IgnoredTaskStart "IGNORED_TASK_START" Operational Information - Vista
        { task_name text "TaskName" }
        r#"did not launch "{TaskName}": its end boundary has passed"#;
    129 CreatedTaskProcess "CREATED_TASK_PROCESS" Operational Information - Vista
        { task_name text "TaskName", path text "Path", process_id number "ProcessID",
          priority number "Priority" }
        r#"launched "{Path}" for "{TaskName}" as process {ProcessID}"#;
    130 TaskNotRunServiceBusy "TASK_NOT_RUN_SERVICE_BUSY" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to start "{TaskName}": the service is busy; error {ResultCode}"#;
    131 TaskNotStartedTaskQueueQuotaExceeded "TASK_NOT_STARTED_TASK_QUEUE_QUOTA_EXCEEDED" Operational Error - Vista
        { task_name text "TaskName", current_quota number "CurrentQuota" }
        r#"failed to start "{TaskName}": the queue has reached its quota of {CurrentQuota} tasks"#;
    132 TaskQueueQuotaApproaching "TASK_QUEUE_QUOTA_APPROACHING" Operational Warning - Vista
        { current_quota number "CurrentQuota" }
        "the queue is approaching its quota of {CurrentQuota} tasks";
    133 TaskNotStartedEngineQuotaExceeded "TASK_NOT_STARTED_ENGINE_QUOTA_EXCEEDED" Operational Error - Vista
        { task_name text "TaskName", task_engine_name text "TaskEngineName",
          user_name text "UserName" }
        r#"failed to start "{TaskName}" in engine "{TaskEngineName}": user "{UserName}" has reached the task limit"#;
    134 EngineQuotaApproaching "ENGINE_QUOTA_APPROACHING" Operational Warning - Vista
        { task_engine_name text "TaskEngineName", user_name text "UserName" }
        r#"engine "{TaskEngineName}" of user "{UserName}" is approaching its limit"#;
    135 NotStartedWithoutIdle "NOT_STARTED_WITHOUT_IDLE" Operational Warning - Vista
        { task_name text "TaskName" }
        r#"could not start "{TaskName}": the computer is not idle"#;
    140 TaskUpdated "TASK_UPDATED" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName" }
        r#"user "{UserName}" updated "{TaskName}""#;
    141 TaskDeleted "TASK_DELETED" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName" }
        r#"user "{UserName}" deleted "{TaskName}""#;
    142 TaskDisabled "TASK_DISABLED" Operational Information - Vista
        { task_name text "TaskName", user_name text "UserName" }
        r#"user "{UserName}" disabled "{TaskName}""#;
    145 TaskStartedOnComputerWakeup "TASK_STARTED_ON_COMPUTER_WAKEUP" Operational Information - Vista
        {}
        "woke the computer to run a task";
    146 LoadFailedAtStartup Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to load "{TaskName}" when the service started; error {ResultCode}"#;
    147 ImageRecovered Operational Information - Vista
        { task_name text "TaskName" }
        r#"recovered the image of "{TaskName}", damaged by an upgrade of the system"#;
    148 ImageRecoveryFailed Operational Error - Vista
        { task_name text "TaskName", result_code hex "ResultCode" }
        r#"failed to recover the image of "{TaskName}", damaged by an upgrade of the system; error {ResultCode}"#;
    149 EngineIncompatible Operational Warning - Windows10
        { task_name text "TaskName" }
        r#""{TaskName}" combines properties that the unified scheduling engine does not support"#;
    150 TaskEventSubscriptionFailed "TASK_EVENT_SUBSCRIPTION_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to subscribe for the event trigger of "{TaskName}"; error {ResultCode}"#;
    151 InstantiationFailed Operational Error - Windows10
        { task_name text "TaskName", log_point text "LogPoint", result_code number "ResultCode" }
        r#"failed to instantiate "{TaskName}", at check point {LogPoint}; error {ResultCode}"#;
    152 RedirectedToLegacyEngine Operational Warning - Windows10
        { task_name text "TaskName" }
        r#""{TaskName}" was passed to the legacy scheduling engine"#;
    153 MissedSchedule Operational Warning - Windows10
        { task_name text "TaskName" }
        r#"did not launch "{TaskName}": its schedule was missed"#;
    155 WaitingOnCompletion Operational Information - Vista
        { task_path text "TaskPath" }
        r#"waiting for "{TaskPath}" to complete"#;
    200 ActionStart "ACTION_START" Operational Information Start Vista
        { task_name text "TaskName", action_name text "ActionName",
          task_instance_id guid "TaskInstanceId", engine_pid later "EnginePID" }
        r#"launched action "{ActionName}" in instance {TaskInstanceId} of "{TaskName}""#;
    201 ActionSuccess "ACTION_SUCCESS" Operational Information Stop Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId",
          action_name text "ActionName", result_code later "ResultCode",
          engine_pid later "EnginePID" }
        r#"completed action "{ActionName}" in instance {TaskInstanceId} of "{TaskName}", return code {ResultCode}"#;
    202 ActionFailure "ACTION_FAILURE" Operational Error RunFailure Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId",
          action_name text "ActionName", result_code number "ResultCode",
          engine_pid later "EnginePID" }
        r#"failed to complete action "{ActionName}" in instance {TaskInstanceId} of "{TaskName}"; error {ResultCode}"#;
    203 ActionLaunchFailure "ACTION_LAUNCH_FAILURE" Operational Error LaunchFailure Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId",
          action_name text "ActionName", result_code number "ResultCode" }
        r#"failed to launch action "{ActionName}" in instance {TaskInstanceId} of "{TaskName}"; error {ResultCode}"#;
    204 EventRenderFailed "EVENT_RENDER_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to extract the values for "{TaskName}" from an event, which was ignored; error {ResultCode}"#;
    205 EventAggregateFailed "EVENT_AGGREGATE_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to match the event pattern for "{TaskName}"; the events were ignored; error {ResultCode}"#;
    300 EngineStarted Operational Information Start Vista
        { task_engine_name text "TaskEngineName", process_id number "ProcessID" }
        r#"started engine "{TaskEngineName}", process {ProcessID}"#;
    301 SessionExit "SESSION_EXIT" Operational Information Stop Vista
        { task_engine_name text "TaskEngineName" }
        r#"shutting down engine "{TaskEngineName}""#;
    303 SessionError "SESSION_ERROR" Operational Error Failure Vista
        { task_engine_name text "TaskEngineName", error_description text "ErrorDescription",
          result_code number "ResultCode" }
        r#"shutting down engine "{TaskEngineName}", in {ErrorDescription}; error {ResultCode}"#;
    304 SessionSentJob "SESSION_SENT_JOB" Operational Information - Vista
        { task_name text "TaskName", task_engine_name text "TaskEngineName",
          task_instance_id guid "TaskInstanceId" }
        r#"sent "{TaskName}" to engine "{TaskEngineName}", instance {TaskInstanceId}"#;
    305 SessionSentJobFailed "SESSION_SENT_JOB_FAILED" Operational Error Failure Vista
        { task_name text "TaskName", task_engine_name text "TaskEngineName",
          result_code number "ResultCode" }
        r#"did not send "{TaskName}" to engine "{TaskEngineName}"; error {ResultCode}"#;
    306 SessionFailedToProcessMessage "SESSION_FAILED_TO_PROCESS_MESSAGE" Operational Error Failure Vista
        { task_engine_name text "TaskEngineName", result_code number "ResultCode" }
        r#"a thread of engine "{TaskEngineName}" failed to process a message; error {ResultCode}"#;
    307 SessionManagerConnectFailed "SESSION_MANAGER_CONNECT_FAILED" Operational Error Failure Vista
        { task_engine_name text "TaskEngineName", result_code number "ResultCode" }
        r#"failed to connect to the process of engine "{TaskEngineName}"; error {ResultCode}"#;
    308 SessionConnected "SESSION_CONNECTED" Operational Information - Vista
        { task_engine_name text "TaskEngineName" }
        r#"connected to the process of engine "{TaskEngineName}""#;
    309 SessionJobsOrphaned "SESSION_JOBS_ORPHANED" Operational Error - Vista
        { task_count number "TaskCount", task_engine_name text "TaskEngineName" }
        r#"{TaskCount} tasks were orphaned when engine "{TaskEngineName}" shut down"#;
    310 SessionProcessStarted "SESSION_PROCESS_STARTED" Operational Information - Vista
        { task_engine_name text "TaskEngineName", command text "Command",
          process_id number "ProcessID", thread_id number "ThreadID" }
        r#"started "{Command}" as process {ProcessID}, thread {ThreadID}, for engine "{TaskEngineName}""#;
    311 SessionProcessLaunchFailed "SESSION_PROCESS_LAUNCH_FAILED" Operational Error LaunchFailure Vista
        { task_engine_name text "TaskEngineName", command text "Command",
          error_description text "ErrorDescription", result_code number "ResultCode" }
        r#"failed to start "{Command}" for engine "{TaskEngineName}", in {ErrorDescription}; error {ResultCode}"#;
    312 SessionWin32ObjectCreated "SESSION_WIN32_OBJECT_CREATED" Operational Information - Vista
        { task_engine_name text "TaskEngineName" }
        r#"created the job object of engine "{TaskEngineName}""#;
    313 SessionChannelReady "SESSION_CHANNEL_READY" Operational Information - Vista
        { task_engine_name text "TaskEngineName" }
        r#"the channel to engine "{TaskEngineName}" is ready"#;
    314 SessionIdle "SESSION_IDLE" Operational Information - Vista
        { task_engine_name text "TaskEngineName" }
        r#"engine "{TaskEngineName}" is idle"#;
    315 SessionProcessConnectFailed "SESSION_PROCESS_CONNECT_FAILED" Operational Error Failure Vista
        { task_engine_name text "TaskEngineName", result_code number "ResultCode" }
        r#"engine "{TaskEngineName}" failed to connect to the service; error {ResultCode}"#;
    316 SessionMessageSendFailed "SESSION_MESSAGE_SEND_FAILED" Operational Error Failure Vista
        { task_engine_name text "TaskEngineName", result_code number "ResultCode" }
        r#"engine "{TaskEngineName}" failed to send a message; error {ResultCode}"#;
    317 SessionProcessMainStarted "SESSION_PROCESS_MAIN_STARTED" Operational Information Start Vista
        { task_engine_name text "TaskEngineName" }
        r#"engine "{TaskEngineName}" has started"#;
    318 SessionProcessMainShutdown "SESSION_PROCESS_MAIN_SHUTDOWN" Operational Information Stop Vista
        { task_engine_name text "TaskEngineName" }
        r#"engine "{TaskEngineName}" has shut down"#;
    319 SessionProcessReceivedStartJob "SESSION_PROCESS_RECEIVED_START_JOB" Operational Information Start Vista
        { task_engine_name text "TaskEngineName", task_name text "TaskName" }
        r#"engine "{TaskEngineName}" was asked to launch "{TaskName}""#;
    320 SessionProcessReceivedStopJob "SESSION_PROCESS_RECEIVED_STOP_JOB" Operational Information Stop Vista
        { task_engine_name text "TaskEngineName", task_instance_id guid "TaskInstanceId" }
        r#"engine "{TaskEngineName}" was asked to stop instance {TaskInstanceId}"#;
    322 NewInstanceIgnored "NEW_INSTANCE_IGNORED" Operational Warning - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId" }
        r#"did not launch instance {TaskInstanceId} of "{TaskName}": another instance is running"#;
    323 RunningInstanceStopped "RUNNING_INSTANCE_STOPPED" Operational Warning - Vista
        { task_name text "TaskName", stopped_task_instance_id guid "StoppedTaskInstanceId",
          new_task_instance_id guid "NewTaskInstanceId" }
        r#"stopped instance {StoppedTaskInstanceId} of "{TaskName}" to launch instance {NewTaskInstanceId}"#;
    324 NewInstanceQueued "NEW_INSTANCE_QUEUED" Operational Warning - Vista
        { task_name text "TaskName", queued_task_instance_id guid "QueuedTaskInstanceId",
          running_task_instance_id guid "RunningTaskInstanceId" }
        r#"queued instance {QueuedTaskInstanceId} of "{TaskName}" after instance {RunningTaskInstanceId}"#;
    325 InstanceQueued "INSTANCE_QUEUED" Operational Warning - Windows10
        { task_name text "TaskName", queued_task_instance_id guid "QueuedTaskInstanceId" }
        r#"queued instance {QueuedTaskInstanceId} of "{TaskName}""#;
    326 NoStartOnBatteries "NO_START_ON_BATTERIES" Operational Warning - Vista
        { task_name text "TaskName" }
        r#"did not launch "{TaskName}": the computer is running on batteries"#;
    327 StoppingOnBatteries "STOPPING_ON_BATTERIES" Operational Information - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId" }
        r#"stopped instance {TaskInstanceId} of "{TaskName}": the computer switched to batteries"#;
    328 StoppingOffIdle "STOPPING_OFF_IDLE" Operational Information - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId" }
        r#"stopped instance {TaskInstanceId} of "{TaskName}": the computer is no longer idle"#;
    329 StoppingOnTimeout "STOPPING_ON_TIMEOUT" Operational Information - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId" }
        r#"terminated instance {TaskInstanceId} of "{TaskName}": it exceeded its time limit"#;
    330 StoppingOnRequest "STOPPING_ON_REQUEST" Operational Information - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId",
          user_context text "UserContext" }
        r#"stopped instance {TaskInstanceId} of "{TaskName}" at the request of user "{UserContext}""#;
    331 TimeoutWontWork "TIMEOUT_WONT_WORK" Operational Warning - Vista
        { task_name text "TaskName", task_instance_id guid "TaskInstanceId",
          result_code number "ResultCode" }
        r#"instance {TaskInstanceId} of "{TaskName}" will run beyond its time limit: the timer could not be created; error {ResultCode}"#;
    332 NoStartUserNotLoggedOn "NO_START_USER_NOT_LOGGED_ON" Operational Warning - Vista
        { task_name text "TaskName", user_name text "UserName" }
        r#"did not launch "{TaskName}": user "{UserName}" is not logged on"#;
    333 NoStartInRemoteAppSession Operational Warning - Vista
        { task_name text "TaskName" }
        r#"did not launch "{TaskName}": the session is a RemoteApp session"#;
    334 NoStartInWorkerSession Operational Warning - Windows10
        { task_name text "TaskName" }
        r#"did not launch "{TaskName}": the session is a worker session"#;
    400 ScheduleServiceStart "SCHEDULE_SERVICE_START" Operational Information Start Vista
        {}
        "the service has started";
    401 ScheduleServiceStartFailed "SCHEDULE_SERVICE_START_FAILED" System Critical LaunchFailure Vista
        { error_description text "ErrorDescription", result_code number "ResultCode" }
        "the service failed to start, in {ErrorDescription}; error {ResultCode}";
    402 ScheduleServiceStop "SCHEDULE_SERVICE_STOP" Operational Information Stop Vista
        {}
        "the service is shutting down";
    403 ScheduleServiceError "SCHEDULE_SERVICE_ERROR" Operational Error Failure Vista
        { error_description text "ErrorDescription", result_code number "ResultCode" }
        "the service encountered an error, in {ErrorDescription}; error {ResultCode}";
    404 ScheduleServiceRpcInitError "SCHEDULE_SERVICE_RPC_INIT_ERROR" System Warning - Vista
        { error_description text "ErrorDescription", result_code number "ResultCode" }
        "failed to initialise RPC, in {ErrorDescription}; error {ResultCode}";
    405 ScheduleServiceComInitError "SCHEDULE_SERVICE_COM_INIT_ERROR" System Critical - Vista
        { result_code number "ResultCode" }
        "failed to initialise COM; error {ResultCode}";
    406 ScheduleServiceCredStoreInitError "SCHEDULE_SERVICE_CRED_STORE_INIT_ERROR" System Critical - Vista
        { result_code number "ResultCode" }
        "failed to initialise the credential store; error {ResultCode}";
    407 ScheduleServiceLsaInitError "SCHEDULE_SERVICE_LSA_INIT_ERROR" System Critical - Vista
        { result_code number "ResultCode" }
        "failed to initialise the local security authority; error {ResultCode}";
    408 ScheduleServiceIdleServiceInitError "SCHEDULE_SERVICE_IDLE_SERVICE_INIT_ERROR" System Error - Vista
        { result_code number "ResultCode" }
        "failed to initialise idle detection; error {ResultCode}";
    409 ScheduleServiceTimeChangeInitError "SCHEDULE_SERVICE_TIME_CHANGE_INIT_ERROR" System Critical - Vista
        { result_code number "ResultCode" }
        "failed to initialise time change notification; error {ResultCode}";
    410 WakeUpTimerFailed Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to set a wake timer; error {ResultCode}";
    411 ScheduleServiceTimeChangeSignaled "SCHEDULE_SERVICE_TIME_CHANGE_SIGNALED" Operational Information - Vista
        {}
        "the system time has changed";
    412 ScheduleServiceRunBootJobsFailed "SCHEDULE_SERVICE_RUN_BOOT_JOBS_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "failed to launch the tasks for system startup; error {ResultCode}";
    413 LoadTasksFailed System Error - Vista
        { result_code number "ResultCode" }
        "failed to load the tasks when the service started; error {ResultCode}";
    414 Misconfigured System Warning - Windows10
        { task_name text "TaskName", parameter text "Parameter" }
        r#"the definition of "{TaskName}" is invalid: {Parameter}"#;
    500 IdleTaskRegistered Diagnostic Information - Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "process {ProcessId} registered idle task {IdleTaskId}";
    501 IdleTaskCompleted Diagnostic Information - Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "process {ProcessId} completed idle task {IdleTaskId}";
    502 IdleTaskStarted Diagnostic Information Start Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "idle task {IdleTaskId} of process {ProcessId} started";
    503 IdleTaskEnded Diagnostic Information Stop Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "idle task {IdleTaskId} of process {ProcessId} ended";
    504 IdleProcessingRequested Diagnostic Information Start Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "process {ProcessId} requested processing of its idle tasks ({IdleTaskId})";
    505 IdleProcessingReturned Diagnostic Information Stop Vista
        { idle_task_id number "IdleTaskId", process_id number "ProcessId" }
        "process {ProcessId} was notified that its idle tasks were processed ({IdleTaskId})";
    506 Diagnostic506 Diagnostic Information Start Vista
        {}
        "diagnostic step started";
    507 Diagnostic507 Diagnostic Information Stop Vista
        {}
        "diagnostic step ended";
    508 Diagnostic508 Diagnostic Information - Vista
        {}
        "diagnostic marker";
    509 PowerNotification Diagnostic Information - Windows10
        { notification_type text "NotificationType", state number "State" }
        "power notification {NotificationType}: {State}";
    510 Diagnostic510 Diagnostic Information - Windows10
        { no_idle_reason number "NoIdleReason", data1 number "DATA1", data2 number "DATA2" }
        "the computer is not idle: {NoIdleReason}, {DATA1}, {DATA2}";
    511 Diagnostic511 Diagnostic Information - Windows10
        { time_since_user_not_present number "TimeSinceUserNotPresent", data number "DATA" }
        "the user has been away for {TimeSinceUserNotPresent} ({DATA})";
    512 IdleCheckPoint Diagnostic Information - Windows10
        { detection_result number "DetectionResult", reason number "Reason" }
        "idle detection: {DetectionResult}, {Reason}";
    700 CompatStart "COMPAT_START" Operational Information - Vista
        {}
        "the Compatibility module has started";
    701 CompatStartFailed "COMPAT_START_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "the Compatibility module failed to start; error {ResultCode}";
    702 CompatStartRpcFailed "COMPAT_START_RPC_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "the Compatibility module failed to initialise its RPC server; error {ResultCode}";
    703 CompatStartNetscheduleFailed "COMPAT_START_NETSCHEDULE_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "the Compatibility module failed to initialise the AT interface; error {ResultCode}";
    704 CompatStartLsaFailed "COMPAT_START_LSA_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "the Compatibility module failed to initialise the local security authority; error {ResultCode}";
    705 CompatDirectoryMonitorFailed "COMPAT_DIRECTORY_MONITOR_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "the Compatibility module failed to watch the .JOB task folder; error {ResultCode}";
    706 CompatTaskStatusUpdateFailed "COMPAT_TASK_STATUS_UPDATE_FAILED" Operational Error - Vista
        { task_name text "TaskName", task_status number "TaskStatus",
          result_code number "ResultCode" }
        r#"the Compatibility module failed to change the status of "{TaskName}" to {TaskStatus}; error {ResultCode}"#;
    707 CompatTaskDeleteFailed "COMPAT_TASK_DELETE_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"the Compatibility module failed to delete "{TaskName}"; error {ResultCode}"#;
    708 CompatTaskSetSdFailed "COMPAT_TASK_SET_SD_FAILED" Operational Error - Vista
        { security_descriptor text "SecurityDescriptor", task_name text "TaskName",
          result_code number "ResultCode" }
        r#"the Compatibility module failed to set the security descriptor "{SecurityDescriptor}" of "{TaskName}"; error {ResultCode}"#;
    709 CompatTaskUpdateFailed "COMPAT_TASK_UPDATE_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"the Compatibility module failed to update "{TaskName}"; error {ResultCode}"#;
    710 CompatUpgradeStartFailed "COMPAT_UPGRADE_START_FAILED" Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to upgrade the existing tasks; retrying at the next start; error {ResultCode}";
    711 CompatUpgradeNsAccountFailed "COMPAT_UPGRADE_NS_ACCOUNT_FAILED" Operational Error - Vista
        { account text "Account", result_code number "ResultCode" }
        r#"failed to upgrade the AT account "{Account}"; error {ResultCode}"#;
    712 CompatUpgradeStoreEnumFailed "COMPAT_UPGRADE_STORE_ENUM_FAILED" Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to read the existing tasks for the upgrade; error {ResultCode}";
    713 CompatUpgradeTaskLoadFailed "COMPAT_UPGRADE_TASK_LOAD_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to load "{TaskName}" for the upgrade; error {ResultCode}"#;
    714 CompatUpgradeTaskRegistrationFailed "COMPAT_UPGRADE_TASK_REGISTRATION_FAILED" Operational Error - Vista
        { task_name text "TaskName", result_code number "ResultCode" }
        r#"failed to register "{TaskName}" for the upgrade; error {ResultCode}"#;
    715 CompatUpgradeLsaCleanupFailed "COMPAT_UPGRADE_LSA_CLEANUP_FAILED" Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to clear the secret store after an upgrade; error {ResultCode}";
    716 CompatUpgradeFailed "COMPAT_UPGRADE_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "failed to upgrade the existing tasks; error {ResultCode}";
    717 CompatUpgradeNeedNotDetermined "COMPAT_UPGRADE_NEED_NOT_DETERMINED" Operational Error - Vista
        { result_code number "ResultCode" }
        "failed to determine whether an upgrade is needed; error {ResultCode}";
    718 VistaBeta2CredstoreUpgradeFailed "VISTA_BETA2_CREDSTORE_UPGRADE_FAILED" System Error - Vista
        { result_code number "ResultCode" }
        "failed to upgrade the credential store of Vista Beta 2; error {ResultCode}";
    719 LoggingDisabled System Information - Windows10
        {}
        "logging was turned off for performance";
    800 MaintenanceStateChanged Maintenance Information - Windows10
        { hc_stateid number "hc_stateid", last_run_date_time text "LastRunDateTime" }
        "maintenance is in state {hc_stateid}, last run {LastRunDateTime}";
    801 MaintenanceLaunchFailed Maintenance Error - Windows10
        { error_code number "ErrorCode" }
        "failed to launch maintenance; error {ErrorCode}";
    802 MaintenanceReconfigurationFailed Maintenance Error - Windows10
        { error_code number "ErrorCode" }
        "failed to reconfigure maintenance; error {ErrorCode}";
    803 MaintenanceTaskInaccessible Maintenance Error - Windows10
        { task text "Task", error_code number "ErrorCode" }
        r#"maintenance cannot access "{Task}"; error {ErrorCode}"#;
    804 MaintenanceTasksCyclic Maintenance Error - Windows10
        { task text "Task" }
        r#"circular dependency of maintenance tasks: "{Task}""#;
    805 MaintenanceTaskLate Maintenance Warning - Windows10
        { task text "Task" }
        r#"maintenance task "{Task}" missed its deadline"#;
    806 MaintenanceTaskFailed Maintenance Error - Windows10
        { task text "Task", info_code number "InfoCode" }
        r#"maintenance failed to process "{Task}"; code {InfoCode}"#;
    807 MaintenanceComplete Maintenance Information - Windows10
        { launcher_id number "LauncherId" }
        "maintenance is complete, launcher {LauncherId}";
    808 MaintenanceTaskWakes Maintenance Warning - Windows10
        { task text "Task" }
        r#"maintenance task "{Task}" requests to wake the computer"#;
    809 MaintenanceMisconfigured Maintenance Error - Windows10
        { failure_reason text "FailureReason" }
        "invalid maintenance configuration: {FailureReason}";
    998 DebugMethodFailure Debug Verbose Failure Vista
        { name text "Name", hresult number "HRESULT", file text "File", line number "Line" }
        "{Name} failed in {File}, line {Line}; error {HRESULT}";
    999 DebugString Debug Verbose - Vista
        { string text "String" }
        "{String}";
}
