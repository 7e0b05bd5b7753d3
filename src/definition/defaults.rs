//! The defaults of the schema ([MS-TSCH] 2.5) and of the server (3.2.5.4.2): the text for the schema table, and the
//! effective value.

use super::{MultipleInstancesPolicy, RunLevel};

/// A default as XML text and as a value of the model.
pub(crate) struct Default<T> {
    pub(crate) text: &'static str,
    pub(crate) value: T,
}

macro_rules! defaults {
    (
        values { $( $value:ident: $ty:ident = $literal:literal; )* }
        names { $( $name:ident: $enum:ident = $variant:ident; )* }
        durations { $( $duration:ident = $text:literal; )* }
    ) => {
        $( pub(crate) const $value: Default<$ty> = Default { text: stringify!($literal), value: $literal }; )*
        $( pub(crate) const $name: Default<$enum> = Default { text: stringify!($variant), value: $enum::$variant }; )*
        // Seconds.
        $( pub(crate) const $duration: Default<u32> = Default { text: $text, value: seconds($text) }; )*
    };
}

defaults! {
    values {
        ALLOW_START_ON_DEMAND: bool = true;
        DISALLOW_START_IF_ON_BATTERIES: bool = true;
        STOP_IF_GOING_ON_BATTERIES: bool = true;
        ALLOW_HARD_TERMINATE: bool = true;
        START_WHEN_AVAILABLE: bool = false;
        RUN_ONLY_IF_NETWORK_AVAILABLE: bool = false;
        WAKE_TO_RUN: bool = false;
        ENABLED: bool = true;
        HIDDEN: bool = false;
        PRIORITY: u8 = 7;
        RUN_ONLY_IF_IDLE: bool = false;
        USE_UNIFIED_SCHEDULING_ENGINE: bool = false;
        DISALLOW_START_ON_REMOTE_APP_SESSION: bool = false;
        VOLATILE: bool = false;
        STOP_ON_IDLE_END: bool = true;
        RESTART_ON_IDLE: bool = false;
        TRIGGER_ENABLED: bool = true;
        STOP_AT_DURATION_END: bool = false;
    }
    names {
        MULTIPLE_INSTANCES_POLICY: MultipleInstancesPolicy = IgnoreNew;
        RUN_LEVEL: RunLevel = LeastPrivilege;
    }
    durations {
        EXECUTION_TIME_LIMIT = "PT72H";
        IDLE_DURATION = "PT10M";
        IDLE_WAIT_TIMEOUT = "PT1H";
    }
}

/// The seconds of `PTnM` or `PTnH`.
#[expect(clippy::panic, reason = "evaluated only at compile time")]
const fn seconds(text: &str) -> u32 {
    let (mut rest, mut number) = (text.as_bytes().split_at(2).1, 0);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number * 10 + (*digit - b'0') as u32;
        rest = after;
    }
    match rest {
        b"H" => number * 3600,
        b"M" => number * 60,
        _ => panic!("expected hours or minutes"),
    }
}
