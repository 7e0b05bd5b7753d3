//! An event query's XPath as a tree.

use super::compare::{Constant, Operator};
use crate::time::Ticks;
use smol_str::SmolStr;

/// An expression that holds or does not hold for a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// Never holds: a string on its own, as an operand of `and` or `or`.
    Never,
    /// A path that selects at least one node.
    Exists(Path),
    /// A value and a mask with at least one common bit.
    Band(Path, u64),
    Compare(Box<Comparison>),
}

/// An operator and its two sides.
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
    /// The common bits of a value and a mask.
    Band(Path, u64),
    Position,
    /// Milliseconds between two moments.
    Timediff(Moment, Moment),
}

/// An argument of `timediff`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Moment {
    Now,
    At(Ticks),
    Of(Path),
}

/// Steps downwards from a node.
pub(super) type Path = Vec<Step>;

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) axis: Axis,
    /// The name of the selected nodes; `None` selects all.
    pub(super) name: Option<SmolStr>,
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
