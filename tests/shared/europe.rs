//! A zone that tests and benches share.

use wintask::{
    dtyp::SystemTime,
    time::{WindowsZone, ZoneRules},
};

/// Western Europe, by today's rules.
pub fn europe() -> WindowsZone {
    let change = |month, hour| SystemTime { month, day: 5, hour, ..SystemTime::NONE };
    let rules = ZoneRules {
        bias: -60,
        standard_bias: 0,
        daylight_bias: -60,
        standard_date: change(10, 3),
        daylight_date: change(3, 2),
    };
    WindowsZone::new(rules).expect("rules of a zone")
}
