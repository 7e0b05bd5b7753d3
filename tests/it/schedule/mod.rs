//! Run times ([MS-TSCH] 2.4.2.11, 2.5.3, 3.2.5.4.16; facts/time.md; facts/xml_schema.md 4).

mod clocks;
mod days;
mod oracle;
mod questions;
mod random;
mod rrule;
mod words;
mod zones;
