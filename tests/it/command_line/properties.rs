//! Properties over generated commands: printing and reading agree, and a definition that a command states is registered by
//! it.

use crate::{compat::properties::plausible_task, oracles::command_line as oracle};
use proptest::{collection::vec, prelude::*};
use wintask::command_line::{arguments, join};

/// A switch with a value that it may have, or with any other.
fn switch() -> impl Strategy<Value = String> {
    let valued = prop::sample::select(vec![
        "S", "U", "P", "RU", "RP", "SC", "MO", "D", "M", "I", "TN", "TR", "ST", "RI", "ET", "DU", "XML",
        "SD", "ED", "EC", "DELAY", "RL", "FO",
    ]);
    let flags = prop::sample::select(vec![
        "K", "V1", "IT", "NP", "Z", "F", "ENABLE", "DISABLE", "NH", "V", "HRESULT", "?",
    ]);
    let values = prop_oneof![
        prop::sample::select(vec![
            "daily",
            "MINUTE",
            "monthly",
            "onevent",
            "FIRST",
            "lastday",
            "MON,TUE",
            "1,15",
            "*",
            "JAN,DEC",
            "09:30",
            "9:30",
            "0010:00",
            "01/31/2024",
            "2024-01-31",
            "31.01.2024",
            "HIGHEST",
            "csv",
            "ONE",
            "SYSTEM",
            "",
            "20",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        "[\"\\\\ a]{0,6}",
    ];
    prop_oneof![
        (valued, values).prop_map(|(name, value)| format!("/{name} {}", &join(["", &value])[3..])),
        flags.prop_map(|name| format!("/{name}")),
        "[ -~]{1,8}",
    ]
}

fn schtasks() -> impl Strategy<Value = String> {
    let verbs =
        prop::sample::select(vec!["/create", "/CHANGE", "/delete", "/run", "/end", "/query", "/showsid", ""]);
    (verbs, vec(switch(), 0..9))
        .prop_map(|(verb, switches)| format!("schtasks {verb} {}", switches.join(" ")))
}

fn at() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        r"\\corp",
        "10:30",
        "8:00p",
        "5",
        "/every:M,T,5",
        "/next:",
        "/interactive",
        "/delete",
        "/yes",
        "cmd",
        "\"a b\"",
        "/x",
    ]);
    vec(parts, 0..6).prop_map(|parts| format!("at {}", parts.join(" ")))
}

proptest! {
    #[test]
    fn joined_arguments_split_into_the_same(words in vec("[\"\\\\ \ta-c]{0,8}|\\PC{0,6}", 1..6)) {
        let program = words[0].replace('"', "");
        let words: Vec<&str> = std::iter::once(&*program).chain(words[1..].iter().map(|word| &**word)).collect();
        let split = arguments(&join(words.iter().copied()));
        prop_assert_eq!(split.iter().map(|argument| &*argument.text).collect::<Vec<_>>(), words);
    }

    #[test]
    fn what_is_printed_reads_back_equal(line in prop_oneof![schtasks(), at(), "\\PC{0,80}"]) {
        oracle::line_holds(&line);
    }

    #[test]
    fn a_definition_that_a_command_states_is_registered_by_it(task in plausible_task()) {
        oracle::task_holds(&task);
    }
}
