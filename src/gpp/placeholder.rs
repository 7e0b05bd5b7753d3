//! The variables of Group Policy Preferences ([MS-GPPREF] 2.2.1.1.5; EVIDENCE.md GPP-13, GPP-20).

/// A variable that the client replaces before it applies an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placeholder {
    /// The name, without the percent signs.
    pub name: &'static str,
    /// The replacement.
    pub meaning: &'static str,
}

macro_rules! placeholders {
    ($( $name:ident $meaning:literal; )*) => {
        /// The variables.
        pub const PLACEHOLDERS: &[Placeholder] =
            &[$( Placeholder { name: stringify!($name), meaning: $meaning }, )*];
    };
}

placeholders! {
    AppDataDir "the application data folder of the user";
    CommonAppdataDir "the application data folder of all users";
    CommonDesktopDir "the desktop folder of all users";
    CommonProgramsDir "the Programs folder of all users";
    CommonStartUpDir "the Startup folder of all users";
    ComputerName "the name of the computer";
    DateTime "the current time, in UTC";
    DateTimeEx "the current time with milliseconds, in UTC";
    DesktopDir "the desktop folder of the user";
    DomainName "the domain of the computer";
    GphPath "the path of the policy's history";
    GptPath "the path of the policy";
    GroupPolicyVersion "the version of the client";
    LocalTime "the current time, local";
    LocalTimeEx "the current time with milliseconds, local";
    LocalTimeXmlEx "the time at which the item is applied, local, as an xs:dateTime";
    LogonDomain "the domain of the logged-on user";
    LogonServer "the server that authenticated the user";
    LogonUser "the name of the logged-on user";
    LogonUserSid "the SID of the logged-on user";
    MacAddress "the address of the network adapter";
    OsVersion "the operating system";
    ProgramFilesDir "the Program Files folder";
    ProgramsDir "the Programs folder of the user";
    StartMenuDir "the Start menu folder of the user";
    StartUpDir "the Startup folder of the user";
    SystemDir "the System32 folder";
    SystemDrive "the drive of Windows";
    TempDir "the user's folder for temporary files";
    TimeStamp "the time stamp of the item";
    TraceFile "the path of the trace file";
    WindowsDir "the Windows folder";
}

/// The variables in a text, each with the offset of its first percent sign. Names that are not in [`PLACEHOLDERS`]
/// may be environment variables, which are left to the program that runs.
///
/// ```
/// let text = r"%LogonDomain%\%LogonUser% 100% %TEMP%";
/// let found: Vec<_> = wintask::gpp::placeholders(text).map(|(at, placeholder)| (at, placeholder.name)).collect();
/// assert_eq!(found, [(0, "LogonDomain"), (14, "LogonUser")]);
/// ```
pub fn placeholders(text: &str) -> impl Iterator<Item = (usize, &'static Placeholder)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + text.get(at..)?.find('%')?;
            let inside = text.get(open + 1..)?;
            at = open + 1;
            let found = PLACEHOLDERS.iter().find(|placeholder| {
                let name = placeholder.name;
                inside.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                    && inside.as_bytes().get(name.len()) == Some(&b'%')
            });
            if let Some(placeholder) = found {
                at = open + placeholder.name.len() + 2;
                return Some((open, placeholder));
            }
        }
    })
}
