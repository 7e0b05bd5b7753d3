//! The findings, one row each.

use crate::finding::{self, Background, Confidence, Severity};

/// A finding about a task, and its location.
pub type Finding = finding::Finding<FindingKind>;

/// Findings about a task.
pub type Findings = finding::Findings<FindingKind>;

macro_rules! kinds {
    ($( $variant:ident = $code:literal, $severity:ident, $technique:expr, $usual:literal, $message:literal, $why:literal; )*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FindingKind { $( #[doc = concat!("`", $code, "`: ", $message, ". ", $why)] $variant, )* }

        impl FindingKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// Why it matters, in two sentences.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $( Self::$variant => $why, )* }
            }

            /// The MITRE ATT&CK technique that leaves this trace, if any.
            #[must_use]
            pub const fn technique(self) -> Option<&'static str> {
                match self { $( Self::$variant => $technique, )* }
            }

            /// Whether tasks of a clean Windows installation have it, too.
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
        "the file has no registry key",
        "The service runs tasks from the registry, so this one does not run. The file was not written by the service, or its keys were deleted.";
    KeyWithoutFile = "reconcile.key.without_file", Error, Some("T1053.005"), false,
        "the task has no file",
        "The service runs the task, but no tool can export it. Tasks written directly to the registry look like this.";
    TasksWithoutTree = "reconcile.tasks.without_tree", Error, Some("T1564"), false,
        "no key under Tree refers to the task",
        "Tools list tasks by the keys under Tree, so they do not show this one. A running service may still start it.";
    TreeWithoutTasks = "reconcile.tree.without_tasks", Warning, None, false,
        "the key under Tasks is missing",
        "Without its definition the task cannot run. Leftovers of a deletion look like this.";
    TreeLeftover = "reconcile.tree.leftover", Info, None, true,
        "the key has Index 0, and no key under Tasks",
        "The task does not exist. Windows 7 has such keys, for example for tasks of Windows Vista.";
    TreeWithoutId = "reconcile.tree.without_id", Warning, None, false,
        "the key has a task's Index or SD, but no valid Id",
        "The key does not lead to a definition. It was damaged or edited.";
    PathDiffers = "reconcile.path", Warning, Some("T1036"), false,
        "the task's Path does not match the location of its key",
        "Tree and Tasks refer to each other by identifier and path. In copied keys they do not match.";
    UriDiffers = "reconcile.uri", Warning, Some("T1036"), false,
        "the URI of the definition does not match the task path",
        "The service writes the path into the definition when it registers a task. A copied file still has the path of its source.";
    HashDiffers = "reconcile.hash", Error, Some("T1053.005"), false,
        "the hash of the file does not match the registry",
        "The service computes the hash when it writes the file. The file was changed without the service.";
    HashOld = "reconcile.hash.crc32", Info, None, true,
        "the hash is a CRC-32",
        "Before KB 2305420 the hash was a CRC-32, which can be forged. Systems that were never updated have it.";
    CrcDiffers = "reconcile.crc32", Info, Some("T1053.005"), true,
        "the CRC-32 of the file does not match Triggers",
        "Besides the hash, Triggers has a CRC-32 of the definition. Which bytes Windows computes it from has not been measured.";
    DescriptorMissing = "reconcile.sd.missing", Error, Some("T1564"), false,
        "the security descriptor is missing",
        "Without SD the task is not enumerated, yet it runs. Deleting the value is how Tarrask hid tasks.";
    DescriptorEmpty = "reconcile.sd.empty", Error, Some("T1564"), false,
        "the security descriptor allows nobody to see the task",
        "An empty DACL hides the task from everyone, yet it runs. GhostTask writes such descriptors.";
    DescriptorNarrow = "reconcile.sd.narrow", Warning, Some("T1564"), false,
        "administrators cannot see the task",
        "Only SYSTEM or a single account may read it, so administrators' tools do not show it. Windows lets administrators read its tasks.";
    DescriptorWeak = "reconcile.sd.weak", Warning, Some("T1053.005"), false,
        "ordinary users can change the task",
        "Whoever can write a task decides what its account runs. Windows gives that right to administrators and SYSTEM.";
    IndexZero = "reconcile.index.zero", Error, Some("T1564"), false,
        "the index is 0",
        "A task with Index 0 is not enumerated, yet it runs. The service never writes it.";
    IndexUnknown = "reconcile.index", Warning, None, false,
        "unknown Index",
        "Index names the key that lists the task. The service writes 1 to 4.";
    IndexKind = "reconcile.index.kind", Info, None, true,
        "the Index does not match the triggers",
        "Tasks with a boot trigger, a logon trigger or automatic maintenance are listed under their own keys. That the Index follows from the triggers is inferred from few tasks.";
    IndexNotListed = "reconcile.index.list", Warning, None, false,
        "the key named by Index does not list the task",
        "The service writes Index and the key under Boot, Logon, Plain or Maintenance together. A task written directly to the registry often lacks the second.";
    IdShared = "reconcile.id.shared", Warning, Some("T1036"), false,
        "another key under Tree has the same Id",
        "Every task has its own identifier. A copied key refers to the definition of another task.";
    ActionsDiffer = "reconcile.actions", Error, Some("T1053.005"), false,
        "file and registry have different actions",
        "The service runs the actions of the registry, while tools may show those of the file. One of them was edited.";
    TriggersDiffer = "reconcile.triggers", Error, Some("T1053.005"), false,
        "file and registry have different triggers",
        "The service uses the triggers of the registry, while tools may show those of the file. One of them was edited.";
    PrincipalDiffers = "reconcile.principal", Error, Some("T1053.005"), false,
        "file and registry have different principals",
        "The service uses the account in the registry, while tools may show the one in the file. One of them was edited.";
    SettingsDiffer = "reconcile.settings", Warning, Some("T1053.005"), false,
        "file and registry have different settings",
        "The service uses the settings in the registry, including whether the task is enabled. One of the two was edited.";
    ContextDiffers = "reconcile.context", Warning, None, false,
        "Actions and Triggers name different principals",
        "The service writes both values together, with one identifier. One of them comes from another task.";
    Damaged = "reconcile.damaged", Warning, None, false,
        "a trace cannot be read completely",
        "The service writes values and files completely. A damaged one was truncated, or was not written by the service.";
    TimeImpossible = "reconcile.time", Warning, Some("T1070.006"), false,
        "impossible time in the registry",
        "The service always writes the time of registration, and never a future time. A value not written by the service may lack it.";
    TimeFuture = "reconcile.time.future", Warning, Some("T1070.006"), false,
        "a time in the registry is later than the collection",
        "The service never writes a future time. The value was written by another program, or the clock was set back.";
    TimeBeforeCreation = "reconcile.time.before_creation", Warning, Some("T1070.006"), false,
        "the registry has an earlier registration time than the creation in the log",
        "The service writes both at the same time. The registry value was backdated, or the task was recreated without a registration.";
    EventContent = "reconcile.event.content", Error, Some("T1053.005"), false,
        "the definition is not the last registered one",
        "The audit logs every registration with its definition. This definition was changed afterwards without the service.";
    EventDeleted = "reconcile.event.deleted", Warning, Some("T1053.005"), false,
        "the log reports the task as deleted, but traces remain",
        "The service deletes file and keys together. The remaining traces were left over or restored.";
    EventWithoutTask = "reconcile.event.without_task", Warning, Some("T1070.009"), false,
        "a task in the log is missing, and its deletion was not logged",
        "The service logs deletions as well as registrations. The task was removed without the service, or the logs are incomplete.";
    EventShortLived = "reconcile.event.short_lived", Warning, Some("T1053.005"), false,
        "the task was deleted within ten minutes of its creation",
        "Such a short-lived task was created to run once. Remote execution tools and immediate tasks of policies do this.";
    EventProgram = "reconcile.event.program", Warning, Some("T1053.005"), false,
        "a program was started that is not one of the actions",
        "The log has the program of each action that was started since the last registration. The actions were changed in between.";
    TwinWithoutTask = "reconcile.twin.without_task", Warning, Some("T1053.002"), false,
        "the .JOB file has no task",
        "Since Vista the service keeps a .JOB file for a task of version 1, and deletes it with the task. This one is stale, or was planted to become a task.";
    TwinDiffers = "reconcile.twin.differs", Warning, Some("T1053.002"), false,
        "the .JOB file does not match the task",
        "The service keeps the .JOB file and the definition in step. One of the two is stale or was edited.";
    PolicyPassword = "reconcile.policy.password", Error, Some("T1552.006"), false,
        "a policy contains a stored password",
        "The encryption key of these passwords is published, and every domain user can read policies. Treat the account as compromised.";
    PolicyImmediate = "reconcile.policy.immediate", Warning, Some("T1484.001"), false,
        "a policy immediately runs a task on every machine that it applies to",
        "An immediate task starts as soon as the policy is applied, and usually deletes itself. Whoever can edit the policy runs commands on all those machines.";
    PolicyDiffers = "reconcile.policy.differs", Warning, Some("T1053.005"), false,
        "the task does not match the policy",
        "The client restores such a task at every refresh. The definition that the service uses was changed since, or the policy is not applied.";
    PolicyDeletes = "reconcile.policy.deletes", Info, None, false,
        "a policy deletes the task, but it exists",
        "The client deletes it at every refresh. The policy is not applied here, or the task was created since.";
    PolicyWithoutTask = "reconcile.policy.without_task", Info, None, false,
        "the task of a policy does not exist",
        "The client creates it at the next refresh. The policy may have filters that exclude this machine.";

    Hidden = "examine.hidden", Info, Some("T1564"), true,
        "the task is hidden",
        "Tools show hidden tasks only on request. Many tasks of Windows are hidden too.";
    UserWritable = "examine.user_writable", Info, Some("T1053.005"), true,
        "the program, or the script that it runs, is in a user-writable folder",
        "Whoever can replace the program decides what the task runs. Programs installed for one user are in such folders, too.";
    PrivilegedUserWritable = "examine.user_writable.privileged", Error, Some("T1053.005"), false,
        "a program or script in a user-writable folder runs with high privileges",
        "Whoever can replace the program gets the privileges of the task. Windows keeps such programs in folders that only administrators can write to.";
    ScriptHost = "examine.script_host", Info, Some("T1059"), true,
        "the program runs scripts or commands, or is a script",
        "What the task does is in its arguments or in another file. Some tasks of Windows run scripts too.";
    ProxyBinary = "examine.proxy_binary", Info, Some("T1218"), true,
        "the program can proxy the execution of other code",
        "The program is part of Windows, and can run code that is not. Some tasks of Windows use it too.";
    RemoteContent = "examine.remote", Error, Some("T1105"), false,
        "a script host or proxy program gets a URL",
        "The task downloads the code that it runs. Windows has no such task.";
    RemoteProgram = "examine.remote_program", Warning, Some("T1021.002"), false,
        "the program, or the script that it runs, is on another machine",
        "Whoever can write to that share decides what the task runs here. Domains keep their own scripts on shares; Windows has no such task.";
    InlineScript = "examine.inline_script", Error, Some("T1218"), false,
        "a proxy program gets the text or the engine of a script",
        "The script runs inside a Windows program and leaves no file. Windows has no such task.";
    EncodedCommand = "examine.encoded_command", Error, Some("T1027.010"), false,
        "the command is encoded",
        "PowerShell accepts Base64 commands, which conceals them. Windows has no such task.";
    Credential = "examine.credential", Warning, Some("T1552.001"), false,
        "the arguments appear to contain a password",
        "Whoever can read the task can read its arguments. The account may be used elsewhere.";
    Disguised = "examine.disguised", Warning, Some("T1036"), false,
        "the program's name imitates another",
        "It has a document extension before its own, invisible characters, or the name of a Windows program that is in another folder. People and allow lists mistake it for something else.";
    Stream = "examine.stream", Error, Some("T1564.004"), false,
        "the program or script is an alternate data stream",
        "Folder listings do not show alternate data streams. Windows has no such task.";
    ComHandler = "examine.com_handler", Info, Some("T1546.015"), true,
        "the action is a COM handler",
        "What it runs depends on the registration of the class, which users can override for their own tasks. Many tasks of Windows are like this.";
    UnquotedBlank = "examine.unquoted", Info, Some("T1574.009"), true,
        "unquoted program path with spaces",
        "A program named like the first part of the path may be started instead. Some tasks of Windows are like this.";
    OddDate = "examine.date", Info, None, true,
        "a date is earlier or much later than any Windows with this format",
        "The format dates from 2006, so dates before 1995 or after 2200 were made up. The task of OneDrive has such a date, too.";
    Reversed = "examine.boundaries", Info, None, false,
        "a trigger ends before it starts",
        "Such a trigger never starts the task. This is a mistake, or one of the times was tampered with.";
    Atexec = "examine.shape.atexec", Error, Some("T1053.005"), false,
        "the definition is the template of impacket's atexec",
        "The start boundary and the form of the command are those of a public remote execution tool. The output was read back over the network.";
    AtexecLike = "examine.shape.atexec_like", Error, Some("T1053.005"), false,
        "the command resembles those of impacket's atexec",
        "A command shell as SYSTEM writes its output to a temporary file. Remote execution tools read it back.";
    At = "examine.shape.at", Info, Some("T1053.002"), true,
        "the definition has the form that the service gives AT jobs",
        "Jobs of the at command and of NetScheduleJobAdd get this comment. They run as SYSTEM.";
    Policy = "examine.shape.policy", Info, None, true,
        "the definition has the form written by the Group Policy editor",
        "The editor of Group Policy Preferences writes idle times of five minutes and an hour. Whoever can edit the policy decides what the task runs.";
    Schtasks = "examine.shape.schtasks", Info, None, true,
        "the definition has the form written by schtasks",
        "The command writes idle settings that were not requested, and a date without fractional seconds. Scripts and people use it.";
    PowerShell = "examine.shape.powershell", Info, None, true,
        "the definition has the form written by PowerShell's cmdlets",
        "The cmdlets write no date and no author unless asked to. Scripts and installers use them.";
    SnapIn = "examine.shape.snap_in", Info, None, true,
        "the definition has the form written by the Task Scheduler snap-in",
        "The snap-in writes every setting, and a date with seven fractional digits. People use it.";
}

impl FindingKind {
    /// How certain it is that the tool made the definition; `None` for findings that are not about tools.
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
