//! Conditional expressions ([MS-DTYP] 2.4.4.17, 2.5.1.1): parses, prints and evaluates them.
//!
//! A condition is stored in its binary form, in postfix order, so nothing here recurses, regardless of nesting.

mod binary;
mod evaluate;
mod parse;
mod print;
mod token;
mod verify;

pub use binary::Condition;
pub use evaluate::Outcome;
pub(super) use evaluate::Situation;
