//! Values of [MS-DTYP] and [MS-ERREF].

use proptest::prelude::*;
use time::macros::datetime;
use wintask::dtyp::{
    Facility, FileTime, HResult, NetApiStatus, NotUtf16, ResultSeverity, SystemTime, WideString, Win32Error,
};

/// Every code of [MS-TSCH] 2.3.14 and of the Win32 page on its constants, with its name (EVIDENCE.md ERR-01 to ERR-06).
const VALUES: &[(u32, &str)] = &[
    (0x00000000, "S_OK"),
    (0x00000001, "S_FALSE"),
    (0x80004001, "E_NOTIMPL"),
    (0x80004005, "E_FAIL"),
    (0x8000FFFF, "E_UNEXPECTED"),
    (0x80070005, "E_ACCESSDENIED"),
    (0x8007000E, "E_OUTOFMEMORY"),
    (0x80070057, "E_INVALIDARG"),
    (0x80070002, "ERROR_FILE_NOT_FOUND"),
    (0x80070003, "ERROR_PATH_NOT_FOUND"),
    (0x8007000D, "ERROR_INVALID_DATA"),
    (0x80070032, "ERROR_NOT_SUPPORTED"),
    (0x8007007A, "ERROR_INSUFFICIENT_BUFFER"),
    (0x8007007B, "ERROR_INVALID_NAME"),
    (0x800700B7, "ERROR_ALREADY_EXISTS"),
    (0x800700EA, "ERROR_MORE_DATA"),
    (0x8007052E, "ERROR_LOGON_FAILURE"),
    (0x80070534, "ERROR_NONE_MAPPED"),
    (0x00041300, "SCHED_S_TASK_READY"),
    (0x00041301, "SCHED_S_TASK_RUNNING"),
    (0x00041302, "SCHED_S_TASK_DISABLED"),
    (0x00041303, "SCHED_S_TASK_HAS_NOT_RUN"),
    (0x00041304, "SCHED_S_TASK_NO_MORE_RUNS"),
    (0x00041305, "SCHED_S_TASK_NOT_SCHEDULED"),
    (0x00041306, "SCHED_S_TASK_TERMINATED"),
    (0x00041307, "SCHED_S_TASK_NO_VALID_TRIGGERS"),
    (0x00041308, "SCHED_S_EVENT_TRIGGER"),
    (0x80041309, "SCHED_E_TRIGGER_NOT_FOUND"),
    (0x8004130A, "SCHED_E_TASK_NOT_READY"),
    (0x8004130B, "SCHED_E_TASK_NOT_RUNNING"),
    (0x8004130C, "SCHED_E_SERVICE_NOT_INSTALLED"),
    (0x8004130D, "SCHED_E_CANNOT_OPEN_TASK"),
    (0x8004130E, "SCHED_E_INVALID_TASK"),
    (0x8004130F, "SCHED_E_ACCOUNT_INFORMATION_NOT_SET"),
    (0x80041310, "SCHED_E_ACCOUNT_NAME_NOT_FOUND"),
    (0x80041311, "SCHED_E_ACCOUNT_DBASE_CORRUPT"),
    (0x80041312, "SCHED_E_NO_SECURITY_SERVICES"),
    (0x80041313, "SCHED_E_UNKNOWN_OBJECT_VERSION"),
    (0x80041314, "SCHED_E_UNSUPPORTED_ACCOUNT_OPTION"),
    (0x80041315, "SCHED_E_SERVICE_NOT_RUNNING"),
    (0x80041316, "SCHED_E_UNEXPECTEDNODE"),
    (0x80041317, "SCHED_E_NAMESPACE"),
    (0x80041318, "SCHED_E_INVALIDVALUE"),
    (0x80041319, "SCHED_E_MISSINGNODE"),
    (0x8004131A, "SCHED_E_MALFORMEDXML"),
    (0x0004131B, "SCHED_S_SOME_TRIGGERS_FAILED"),
    (0x0004131C, "SCHED_S_BATCH_LOGON_PROBLEM"),
    (0x8004131D, "SCHED_E_TOO_MANY_NODES"),
    (0x8004131E, "SCHED_E_PAST_END_BOUNDARY"),
    (0x8004131F, "SCHED_E_ALREADY_RUNNING"),
    (0x80041320, "SCHED_E_USER_NOT_LOGGED_ON"),
    (0x80041321, "SCHED_E_INVALID_TASK_HASH"),
    (0x80041322, "SCHED_E_SERVICE_NOT_AVAILABLE"),
    (0x80041323, "SCHED_E_SERVICE_TOO_BUSY"),
    (0x80041324, "SCHED_E_TASK_ATTEMPTED"),
    (0x00041325, "SCHED_S_TASK_QUEUED"),
    (0x80041326, "SCHED_E_TASK_DISABLED"),
    (0x80041327, "SCHED_E_TASK_NOT_V1_COMPAT"),
    (0x80041328, "SCHED_E_START_ON_DEMAND"),
    (0x80041329, "SCHED_E_TASK_NOT_UBPM_COMPAT"),
    (0x80041330, "SCHED_E_DEPRECATED_FEATURE_USED"),
    (0x80300111, "PLA_E_TASKSCHED_CHANNEL_NOT_ENABLED"),
    (0x80010010, "RPC_E_INVALID_PARAMETER"),
    (0x80071838, "SCHED_E_SERVICE_NOT_LOCALSYSTEM"),
];

/// The codes that Microsoft's article on event 707 lists (EVIDENCE.md EVT-24). Each has advice.
const ARTICLE_707: &[u32] = &[
    0x80041309, 0x8004130A, 0x8004130B, 0x8004130C, 0x8004130D, 0x8004130E, 0x8004130F, 0x80041310,
    0x80041311, 0x80041312, 0x80041313, 0x80041314, 0x80041315, 0x80041316, 0x80041317, 0x80041318,
    0x80041319, 0x8004131A, 0x0004131B, 0x0004131C, 0x8004131D, 0x8004131E, 0x8004131F, 0x80041320,
    0x80041321, 0x80041322, 0x80041323, 0x80041324, 0x00041325, 0x80041326, 0x80041327, 0x80041328,
];

#[test]
fn every_value_of_the_fact_sheet_has_its_name() {
    for (value, name) in VALUES {
        let code = HResult(*value);
        assert_eq!(code.name(), Some(*name), "{value:#x}");
        assert!(code.meaning().is_some_and(|m| !m.is_empty()), "{name}");
        // The name shows whether it is a failure.
        let failure = name.starts_with("E_") || name.contains("_E_") || name.starts_with("ERROR_");
        assert_eq!(code.is_failure(), failure, "{name}");
    }
}

#[test]
fn advice_for_the_codes_of_seed_000_and_for_no_others() {
    for code in HResult::all() {
        assert_eq!(code.advice().is_some(), ARTICLE_707.contains(&code.0), "{code}");
    }
    assert_eq!(ARTICLE_707.len(), 32);
}

/// EVIDENCE.md ERR-01: the values printed in note 10 of [MS-TSCH] never occur on the wire.
#[test]
fn misprinted_values_have_no_name() {
    for value in [0x80000002, 0x80000003, 0x80000008, 0x80000009] {
        assert_eq!(HResult(value).name(), None);
        assert_eq!(HResult(value).to_string(), format!("{value:#010x}"));
    }
    assert_eq!(HResult(0x0000_007A).name(), None, "122 is not an HRESULT");
}

#[test]
fn tables_are_sorted_and_unknown_codes_print_as_hex() {
    let all: Vec<_> = HResult::all().collect();
    assert!(all.is_sorted(), "binary search needs order");
    assert_eq!(HResult(0x8004_1399).to_string(), "0x80041399");
    assert_eq!(HResult(0x8007_FFFE).to_string(), "0x8007fffe");
    assert_eq!(format!("{:?}", HResult(0x8004_131A)), "SCHED_E_MALFORMEDXML (0x8004131a)");
}

/// [MS-ERREF] 2.1.2.
#[test]
fn hresult_from_win32() {
    for (win32, hresult) in
        [(0, 0), (2, 0x80070002), (0x1838, 0x80071838), (0x8004131A, 0x8004131A), (0x1_0005, 0x80070005)]
    {
        assert_eq!(HResult::from_win32(Win32Error(win32)), HResult(hresult));
    }
    assert_eq!(HResult(0x8007_0005).to_win32(), Some(Win32Error::ACCESS_DENIED));
    assert_eq!(HResult(0x8004_1326).to_win32(), None);
    let code = HResult(0x8004_1326);
    assert_eq!(
        (code.facility(), code.code(), code.severity()),
        (Facility::ITF, 0x1326, ResultSeverity::Failure)
    );
    assert_eq!(HResult(0x87FF_0001).facility(), Facility(0x7FF));
}

/// EVIDENCE.md ERR-03 and ERR-07: ATSvc has plain Win32 codes, and 3806 among them.
#[test]
fn net_api_status() {
    assert_eq!(NetApiStatus(0xEDE).name(), Some("APE_AT_ID_NOT_FOUND"));
    assert_eq!(NetApiStatus(234).to_string(), "ERROR_MORE_DATA (234)");
    assert_eq!(NetApiStatus(0).to_string(), "NERR_Success (0)");
    assert_eq!(NetApiStatus(0xABCD).to_string(), "0xabcd");
    assert_eq!(Win32Error(6200).name(), Some("SCHED_E_SERVICE_NOT_LOCALSYSTEM"));
    assert_eq!(Win32Error(0x6200).name(), None, "6200 is decimal (EVIDENCE.md ERR-04)");
}

/// EVIDENCE.md TIME-01, and a FILETIME of a real task cache (libyal/winreg-kb).
#[test]
fn file_time() {
    assert_eq!(FileTime(116_444_736_000_000_000).to_instant(), Some(datetime!(1970-01-01 00:00 UTC)));
    assert_eq!(FileTime(1).to_instant(), Some(datetime!(1601-01-01 00:00:00.0000001 UTC)));
    assert_eq!(FileTime(0).to_instant(), None);
    assert_eq!(FileTime::from_instant(datetime!(1601-01-01 00:00 UTC)), None);
    assert_eq!(FileTime::from_instant(datetime!(1600-12-31 23:59 UTC)), None);
    // 2009-07-14, the value in winreg-kb's own test.
    assert!(FileTime(0x01CA_043F_127D_1C0C).to_string().starts_with("2009-07-14T"));
    assert_eq!(FileTime(u64::MAX).to_string(), format!("{} ticks", u64::MAX));
}

/// A run of units of one kind, shorter or longer than a block.
fn run() -> impl Strategy<Value = Vec<u16>> {
    let surrogates =
        prop_oneof![8 => Just(vec![0xD83D, 0xDE00]), 1 => Just(vec![0xD83D]), 1 => Just(vec![0xDE00])];
    prop_oneof![
        3 => proptest::collection::vec(0..0x80u16, 0..150),
        2 => proptest::collection::vec(0x80..0xD800u16, 0..5),
        1 => proptest::collection::vec(0xE000..=0xFFFFu16, 0..80),
        2 => proptest::collection::vec(surrogates, 0..40).prop_map(|pairs| pairs.concat()),
    ]
}

proptest! {
    #[test]
    fn file_time_and_date_time_agree(ticks in any::<u64>()) {
        let time = FileTime(ticks);
        if let Some(instant) = time.to_instant() {
            prop_assert_eq!(FileTime::from_instant(instant), Some(time));
        }
        let _ = time.to_string();
    }

    #[test]
    fn system_time_keeps_any_words(bytes in any::<[u8; 16]>()) {
        let time = SystemTime::from_wire(bytes);
        prop_assert_eq!(time.to_wire(), bytes);
        if let Some(civil) = time.to_civil() {
            let again = SystemTime::from_civil(civil);
            prop_assert_eq!(SystemTime { day_of_week: time.day_of_week, ..again }, time);
        }
        let _ = time.to_string();
    }

    #[test]
    fn system_time_of_real_dates(year in 1601..=9999u16, month in 1..=12u16, day in 1..=31u16, hour in 0..=24u16) {
        let time = SystemTime { year, month, day, hour, ..SystemTime::NONE };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month { 2 if leap => 29, 2 => 28, 4 | 6 | 9 | 11 => 30, _ => 31 };
        prop_assert_eq!(time.to_civil().is_some(), day <= days && hour < 24);
    }

    #[test]
    fn wide_strings_lose_nothing(units in proptest::collection::vec(any::<u16>(), 0..40)) {
        let string = WideString::from_units(units.clone());
        prop_assert_eq!(string.units(), &units[..]);
        prop_assert_eq!(&WideString::from_le_bytes(&string.to_le_bytes()), &string);
        prop_assert_eq!(string.to_text().ok(), String::from_utf16(&units).ok());
        let json = serde_json::to_string(&string).unwrap();
        prop_assert_eq!(serde_json::from_str::<WideString>(&json).unwrap(), string);
    }

    /// Runs of ASCII are copied in blocks. Wherever a run begins and ends, the standard library gives the same result.
    #[test]
    fn wide_strings_convert_as_the_standard_library_does(runs in proptest::collection::vec(run(), 0..6)) {
        let units = runs.concat();
        let string = WideString::from_units(units.clone());
        match String::from_utf16(&units) {
            Ok(text) => {
                prop_assert_eq!(WideString::from(text.as_str()), string.clone());
                prop_assert_eq!(string.to_text(), Ok(text));
            }
            Err(_) => {
                let mut index = 0;
                let lone = char::decode_utf16(units.iter().copied()).find_map(|decoded| match decoded {
                    Ok(c) => {
                        index += c.len_utf16();
                        None
                    }
                    Err(error) => Some(error.unpaired_surrogate()),
                });
                prop_assert_eq!(string.to_text(), Err(NotUtf16 { index, unit: lone.unwrap() }));
            }
        }
    }

    #[test]
    fn hresult_serialises_as_hex(value in any::<u32>()) {
        let json = serde_json::to_value(HResult(value)).unwrap();
        prop_assert_eq!(&json, &format!("{value:#010x}"));
        prop_assert_eq!(serde_json::from_value::<HResult>(json).unwrap(), HResult(value));
    }
}
