//! ATSvc: the jobs of `at.exe` ([MS-TSCH] 3.2.5.2).

mod value;

pub use value::{AtDaysOfWeek, AtFlags, AtInfo};
