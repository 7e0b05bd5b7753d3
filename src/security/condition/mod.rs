//! Conditional expressions ([MS-DTYP] 2.4.4.17, 2.5.1.1): reading, writing and evaluating them.
//!
//! A condition is kept in its binary form, operands before operators. So nothing here recurses, however deep the nesting.

mod binary;
mod evaluate;
mod parse;
mod print;
mod token;
mod verify;

pub use binary::Condition;
pub use evaluate::Outcome;
pub(super) use evaluate::Situation;
