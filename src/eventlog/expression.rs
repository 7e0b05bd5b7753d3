//! An event query's XPath as a tree.

use super::compare::{Constant, Operator};
use crate::time::Ticks;

/// An expression that is true or false of a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// False of every node: a string by itself, as an operand of `and` or `or`.
    Never,
    /// The path selects something.
    Exists(Path),
    /// A value and a mask have a bit in common.
    Band(Path, u64),
    Compare(Box<Comparison>),
}

/// An operator with its two sides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) left: Operand,
    pub(super) operator: Operator,
    pub(super) right: Constant,
}

/// The left side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Path(Path),
    /// The bits that a value and the mask have in common.
    Band(Path, u64),
    Position,
    /// Milliseconds from the first to the second.
    Timediff(Moment, Moment),
}

/// An argument of `timediff`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Moment {
    Now,
    At(Ticks),
    Of(Path),
}

/// Steps from a node down.
pub(super) type Path = Vec<Step>;

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) axis: Axis,
    /// The name of what it selects; none selects everything.
    pub(super) name: Option<Box<str>>,
    pub(super) predicates: Vec<Expression>,
}

/// The direction of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Attribute,
    /// The node's own text.
    Text,
}
