//! The findings, one row each.

use crate::finding::{self, Background, Confidence, Severity};

/// A finding about a task, and its place.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a task.
pub type Findings = finding::Findings<FindingKind>;

macro_rules! kinds {
    ($( $variant:ident = $code:literal, $severity:ident, $technique:expr, $usual:literal, $message:literal, $why:literal; )*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FindingKind { $( #[doc = $why] $variant, )* }

        impl FindingKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// Why it matters, in two sentences.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $( Self::$variant => $why, )* }
            }

            /// The technique of MITRE ATT&CK that leaves such traces, if there is one.
            #[must_use]
            pub const fn technique(self) -> Option<&'static str> {
                match self { $( Self::$variant => $technique, )* }
            }

            /// Whether tasks of untouched Windows have it too.
            #[must_use]
            pub const fn is_usual(self) -> bool {
                match self { $( Self::$variant => $usual, )* }
            }

            const fn about(self) -> &'static Background {
                match self { $( Self::$variant => {
                    const BACKGROUND: &Background = &Background {
                        why: $why,
                        technique: $technique,
                        confidence: FindingKind::$variant.confidence(),
                        is_usual: $usual,
                    };
                    BACKGROUND
                } )* }
            }

            const fn row(self) -> (&'static str, Severity, &'static str) {
                match self { $( Self::$variant => ($code, Severity::$severity, $message), )* }
            }
        }
    };
}

kinds! {
    FileWithoutKey = "reconcile.file.without_key", Warning, Some("T1053.005"), false,
        "no key of the registry belongs to the file",
        "The service runs tasks from the registry, so that this one does not run. The file was placed by other means, or its keys were deleted.";
    KeyWithoutFile = "reconcile.key.without_file", Error, Some("T1053.005"), false,
        "no file belongs to the task",
        "The service runs the task, but no tool can export it. Tasks that are written to the registry directly look like this.";
    TasksWithoutTree = "reconcile.tasks.without_tree", Error, Some("T1564"), false,
        "no key below Tree refers to the task",
        "Tools list tasks by the keys below Tree, so that they do not show this one. A running service may still start it.";
    TreeWithoutTasks = "reconcile.tree.without_tasks", Warning, None, false,
        "the key below Tasks is missing",
        "Without its definition the task cannot run. What is left of a deletion looks like this.";
    TreeWithoutId = "reconcile.tree.without_id", Warning, None, false,
        "the key has an index or a descriptor for a task, but no valid Id",
        "The key does not lead to a definition. It was damaged or edited.";
    PathDiffers = "reconcile.path", Warning, Some("T1036"), false,
        "the task's Path is not where its key is",
        "Tree and Tasks refer to each other by identifier and path. Copied keys disagree.";
    UriDiffers = "reconcile.uri", Warning, Some("T1036"), false,
        "the URI of the definition is another path",
        "The service writes the path into the definition when it registers a task. A file that was copied has that of its source.";
    HashDiffers = "reconcile.hash", Error, Some("T1053.005"), false,
        "the file does not have the hash that the registry has",
        "The service computes the hash when it writes the file. The file was changed by other means.";
    HashOld = "reconcile.hash.crc32", Info, None, true,
        "the hash is a CRC-32",
        "Before KB 2305420 the hash was a CRC-32, for which files can be made to match. Systems that were never updated have it.";
    CrcDiffers = "reconcile.crc32", Info, Some("T1053.005"), true,
        "the file does not have the CRC-32 that Triggers has",
        "Triggers has a CRC-32 of the definition besides the hash. Which bytes Windows computes it from has not been measured.";
    DescriptorMissing = "reconcile.sd.missing", Error, Some("T1564"), false,
        "the security descriptor is missing",
        "Without SD the task is not enumerated, yet it runs. Deleting the value is how Tarrask hid tasks.";
    DescriptorEmpty = "reconcile.sd.empty", Error, Some("T1564"), false,
        "the security descriptor allows nobody to see the task",
        "A DACL without entries hides the task from everybody, yet it runs. GhostTask writes such descriptors.";
    DescriptorNarrow = "reconcile.sd.narrow", Warning, Some("T1564"), false,
        "administrators may not see the task",
        "Only SYSTEM or a single account may read it, so that the tools of administrators do not show it. Windows lets administrators read its tasks.";
    DescriptorWeak = "reconcile.sd.weak", Warning, Some("T1053.005"), false,
        "ordinary users may change the task",
        "Who may write a task decides what it runs, as the task's account. Windows gives that right to administrators and SYSTEM.";
    IndexZero = "reconcile.index.zero", Error, Some("T1564"), false,
        "the index is 0",
        "A task with Index 0 is not enumerated, yet it runs. The service never writes it.";
    IndexUnknown = "reconcile.index", Warning, None, false,
        "the index is not a known one",
        "Index names the key that lists the task. The service writes 1 to 4.";
    IndexKind = "reconcile.index.kind", Info, None, true,
        "the index is not that of a task with such triggers",
        "Tasks with a boot trigger, a logon trigger or automatic maintenance are listed by keys of their own. That the index follows from the triggers is inferred from few tasks.";
    IndexNotListed = "reconcile.index.list", Warning, None, false,
        "the key that the index names does not list the task",
        "The service writes Index and the key below Boot, Logon, Plain or Maintenance at once. A task that is written to the registry by other means often lacks the second.";
    IdShared = "reconcile.id.shared", Warning, Some("T1036"), false,
        "another key below Tree has the same Id",
        "Every task has an identifier of its own. A key that was copied refers to the definition of another task.";
    ActionsDiffer = "reconcile.actions", Error, Some("T1053.005"), false,
        "file and registry have different actions",
        "The service runs the actions of the registry, while tools may show those of the file. One of them was edited.";
    TriggersDiffer = "reconcile.triggers", Error, Some("T1053.005"), false,
        "file and registry have different triggers",
        "The service goes by the triggers of the registry, while tools may show those of the file. One of them was edited.";
    PrincipalDiffers = "reconcile.principal", Error, Some("T1053.005"), false,
        "file and registry have different principals",
        "The service goes by the account of the registry, while tools may show that of the file. One of them was edited.";
    SettingsDiffer = "reconcile.settings", Warning, Some("T1053.005"), false,
        "file and registry have different settings",
        "The service goes by the settings of the registry, whether the task is enabled among them. One of the two was edited.";
    ContextDiffers = "reconcile.context", Warning, None, false,
        "Actions and Triggers name different principals",
        "The service writes both values at once with one identifier. One of them comes from another task.";
    Damaged = "reconcile.damaged", Warning, None, false,
        "a trace cannot be read completely",
        "The service writes values and files completely. What is damaged was cut off, or was not written by it.";
    TimeImpossible = "reconcile.time", Warning, Some("T1070.006"), false,
        "a time of the registry cannot be",
        "The service writes the time of registration whenever it registers a task, and no time later than now. A value of other means may lack it.";
    TimeFuture = "reconcile.time.future", Warning, Some("T1070.006"), false,
        "a time of the registry is later than the collection",
        "The service writes no time later than now. The value was written by other means, or the clock was set back.";
    TimeBeforeCreation = "reconcile.time.before_creation", Warning, Some("T1070.006"), false,
        "by the registry the task was registered before the log says that it was created",
        "The service writes both at once. The value of the registry was set back, or the task was created anew without a registration.";
    EventContent = "reconcile.event.content", Error, Some("T1053.005"), false,
        "the definition is not the one that was registered last",
        "The audit logs every registration with its definition. This definition was changed afterwards, past the service.";
    EventDeleted = "reconcile.event.deleted", Warning, Some("T1053.005"), false,
        "the task was deleted by the log, but has traces",
        "The service deletes file and keys at once. What is there was left over or was put back.";
    EventWithoutTask = "reconcile.event.without_task", Warning, Some("T1070.009"), false,
        "the log tells of a task that is not there, and not of its deletion",
        "The service logs deletions like registrations. The task was removed by other means, or the logs are not complete.";
    EventShortLived = "reconcile.event.short_lived", Warning, Some("T1053.005"), false,
        "the task was deleted within ten minutes of its creation",
        "A task that lives this long was made to run once. Tools for running commands on other machines and immediate tasks of policies do so.";
    EventProgram = "reconcile.event.program", Warning, Some("T1053.005"), false,
        "a program was started that is not among the actions",
        "The log has the program of each action that was started since the last registration. The actions were changed in between.";
    TwinWithoutTask = "reconcile.twin.without_task", Warning, Some("T1053.002"), false,
        "a .JOB file has no task",
        "Since Vista the service keeps a .JOB file for a task of version 1, and deletes it with the task. This one is stale, or was put there to become a task.";
    TwinDiffers = "reconcile.twin.differs", Warning, Some("T1053.002"), false,
        "the .JOB file is not that of the task",
        "The service keeps the .JOB file and the definition in step. One of the two is stale or was edited.";
    PolicyPassword = "reconcile.policy.password", Error, Some("T1552.006"), false,
        "a policy has a stored password",
        "The key of such passwords is published, and every user of the domain can read policies. The account must be taken for known.";
    PolicyImmediate = "reconcile.policy.immediate", Warning, Some("T1484.001"), false,
        "a policy runs a task at once on every machine to which it applies",
        "An immediate task is created, started and deleted by the client. Whoever may edit the policy runs commands on all those machines.";
    PolicyDiffers = "reconcile.policy.differs", Warning, Some("T1053.005"), false,
        "the task is not as the policy states it",
        "The client restores what such a policy states at every refresh. The definition that the service goes by was changed since, or the policy is not applied.";
    PolicyDeletes = "reconcile.policy.deletes", Info, None, false,
        "a policy deletes the task, but it is there",
        "The client deletes it at every refresh. The policy is not applied here, or the task was created since.";
    PolicyWithoutTask = "reconcile.policy.without_task", Info, None, false,
        "a policy states a task that is not there",
        "The client creates it at the next refresh. The policy may have filters that exclude this machine.";

    Hidden = "examine.hidden", Info, Some("T1564"), true,
        "the task is hidden",
        "Tools show hidden tasks only on request. Many tasks of Windows are hidden too.";
    UserWritable = "examine.user_writable", Info, Some("T1053.005"), true,
        "the program, or what a script host gets, is in a folder that users may write to",
        "Whoever can replace the program decides what the task runs. Programs that are installed for one user are in such folders.";
    PrivilegedUserWritable = "examine.user_writable.privileged", Error, Some("T1053.005"), false,
        "a program or script in a folder that users may write to runs with high privileges",
        "Whoever can replace the program gets the privileges of the task. Windows keeps such programs in folders of administrators.";
    ScriptHost = "examine.script_host", Info, Some("T1059"), true,
        "the program runs scripts or commands, or is a script",
        "What the task does is in its arguments or in another file. Some tasks of Windows run scripts too.";
    ProxyBinary = "examine.proxy_binary", Info, Some("T1218"), true,
        "the program runs code of others",
        "The program belongs to Windows, and is used to run code that does not. Some tasks of Windows use it too.";
    RemoteContent = "examine.remote", Error, Some("T1105"), false,
        "a script host or a program that runs code of others gets an address",
        "The task loads what it runs from elsewhere. Windows has no such task.";
    RemoteProgram = "examine.remote_program", Warning, Some("T1021.002"), false,
        "the program, or the script that it runs, is on another machine",
        "Whoever may write to that share decides what the task runs here. Domains keep scripts of their own on shares; Windows has no such task.";
    InlineScript = "examine.inline_script", Error, Some("T1218"), false,
        "a program that runs code of others gets the text or the engine of a script",
        "The script runs within a program of Windows and leaves no file of its own. Windows has no such task.";
    EncodedCommand = "examine.encoded_command", Error, Some("T1027.010"), false,
        "the command is encoded",
        "PowerShell accepts commands in Base64, which conceals them. Windows has no such task.";
    Credential = "examine.credential", Warning, Some("T1552.001"), false,
        "the arguments appear to contain a password",
        "Whoever may read the task can read its arguments. The account may be used elsewhere.";
    Disguised = "examine.disguised", Warning, Some("T1036"), false,
        "the program's name is made to look like another one",
        "It has the extension of a document before its own, signs that cannot be seen, or the name of a program of Windows that is elsewhere. People and lists of names take it for something else.";
    Stream = "examine.stream", Error, Some("T1564.004"), false,
        "the program or script is an alternate data stream",
        "Folders do not show the streams of their files. Windows has no such task.";
    ComHandler = "examine.com_handler", Info, Some("T1546.015"), true,
        "the action is a COM class",
        "What it runs depends on the registration of the class, which a user may override for tasks of their own. Many tasks of Windows are like this.";
    UnquotedBlank = "examine.unquoted", Info, Some("T1574.009"), true,
        "the program's path has blanks and no quotes",
        "A program with the first part of the path as its name may be started instead. Some tasks of Windows are like this.";
    OddDate = "examine.date", Info, None, true,
        "a date is before the first or long after the last Windows that has the format",
        "The format is of 2006, so that dates before 1995 or after 2200 were made up. The task of OneDrive has such a date, too.";
    Reversed = "examine.boundaries", Info, None, false,
        "a trigger ends before it starts",
        "Such a trigger never starts the task. It is a mistake, or one of the times was tampered with.";
    Atexec = "examine.shape.atexec", Error, Some("T1053.005"), false,
        "the definition is the template of impacket's atexec",
        "The start boundary and the form of the command are those of a public tool for running commands on other machines. The result was read back over the network.";
    AtexecLike = "examine.shape.atexec_like", Error, Some("T1053.005"), false,
        "the command is like those of impacket's atexec",
        "A command shell as SYSTEM writes its output to a temporary file. Tools that run commands on other machines read it back.";
    At = "examine.shape.at", Info, Some("T1053.002"), true,
        "the definition has the form that the service gives to AT jobs",
        "Jobs of the command at and of NetScheduleJobAdd get this comment. They run as SYSTEM.";
    Policy = "examine.shape.policy", Info, None, true,
        "the definition has the form that the editor of policies gives to tasks",
        "The editor of Group Policy Preferences writes idle times of five minutes and an hour. Whoever may edit the policy decides what the task runs.";
    Schtasks = "examine.shape.schtasks", Info, None, true,
        "the definition has the form that schtasks gives to tasks",
        "The command writes idle settings that nobody asked for, and a date without fractions of a second. Scripts and people use it.";
    PowerShell = "examine.shape.powershell", Info, None, true,
        "the definition has the form that PowerShell's cmdlets give to tasks",
        "The cmdlets write neither a date nor an author unless they are told to. Scripts and installers use them.";
    SnapIn = "examine.shape.snap_in", Info, None, true,
        "the definition has the form that the snap-in gives to tasks",
        "The snap-in writes every setting, and a date with seven digits after the seconds. People use it.";
}

impl FindingKind {
    /// How sure a shape is that of the tool; none for findings that are not about tools.
    ///
    /// ```
    /// use wintask::reconcile::{Confidence, FindingKind};
    ///
    /// assert_eq!(FindingKind::Atexec.confidence(), Some(Confidence::Certain));
    /// assert_eq!(FindingKind::Hidden.confidence(), None);
    /// ```
    #[must_use]
    pub const fn confidence(self) -> Option<Confidence> {
        match self {
            Self::Atexec | Self::At => Some(Confidence::Certain),
            Self::AtexecLike | Self::Policy => Some(Confidence::Likely),
            Self::Schtasks | Self::PowerShell | Self::SnapIn => Some(Confidence::Possible),
            _ => None,
        }
    }
}

impl std::fmt::Display for FindingKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.row().2)
    }
}

impl finding::FindingKind for FindingKind {
    fn code(&self) -> &'static str {
        self.row().0
    }

    fn severity(&self) -> Severity {
        self.row().1
    }

    fn background(&self) -> Option<&'static Background> {
        Some(self.about())
    }
}
