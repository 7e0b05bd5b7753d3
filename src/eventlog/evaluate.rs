//! Matches an expression against an event. Each test looks at each node at most once: axes lead down only, and no node
//! has two parents.

use super::{
    compare::{Number, holds, number_holds, time},
    event::Type,
    expression::{Comparison, Expression, Moment, Operand, Step},
    tree::{Place, Tree},
};
use crate::time::Ticks;

/// Ticks of a millisecond.
const MILLISECOND: i64 = 10_000;

/// An event and the instant at which it is looked at.
pub(super) struct Evaluator<'e> {
    pub(super) tree: &'e Tree,
    pub(super) now: Ticks,
}

impl Evaluator<'_> {
    /// Whether the expression holds at the top level.
    pub(super) fn matches(&self, expression: &Expression) -> bool {
        self.holds(expression, Tree::DOCUMENT, 1)
    }

    /// Whether it holds for a node that stands at this position among its like.
    fn holds(&self, expression: &Expression, node: Place, position: u64) -> bool {
        match expression {
            Expression::And(parts) => parts.iter().all(|part| self.holds(part, node, position)),
            Expression::Or(parts) => parts.iter().any(|part| self.holds(part, node, position)),
            Expression::Never => false,
            Expression::Exists(path) => self.any(path, node, &mut |_| true),
            Expression::Band(path, mask) => self.band(path, *mask, node).is_some_and(|bits| bits != 0),
            Expression::Compare(comparison) => self.compares(comparison, node, position),
        }
    }

    fn compares(&self, comparison: &Comparison, node: Place, position: u64) -> bool {
        let Comparison { left, operator, right } = comparison;
        let number = match left {
            Operand::Path(path) => {
                return self.any(path, node, &mut |found| {
                    holds(&self.tree.value(found), self.tree.ty(found), *operator, right)
                });
            }
            Operand::Band(path, mask) => self.band(path, *mask, node).map(Number::Natural),
            Operand::Position => Some(Number::Natural(position)),
            Operand::Timediff(from, to) => self.timediff(from, to, node),
        };
        number.is_some_and(|number| number_holds(number, *operator, right))
    }

    /// Whether a path selects a node for which the test holds. What it selects is seen in the order of the document.
    pub(super) fn any(&self, path: &[Step], node: Place, test: &mut dyn FnMut(Place) -> bool) -> bool {
        let Some((step, rest)) = path.split_first() else { return test(node) };
        // How many passed the predicates before each.
        let mut passed = vec![0; step.predicates.len()];
        self.tree.step(node, step).any(|found| {
            let selected = step.predicates.iter().zip(&mut passed).all(|(predicate, passed)| {
                *passed += 1;
                self.holds(predicate, found, *passed)
            });
            selected && self.any(rest, found, test)
        })
    }

    /// The first node that a path selects.
    pub(super) fn first(&self, path: &[Step], node: Place) -> Option<Place> {
        let mut first = None;
        self.any(path, node, &mut |found| {
            first = Some(found);
            true
        });
        first
    }

    fn band(&self, path: &[Step], mask: u64, node: Place) -> Option<u64> {
        let found = self.first(path, node)?;
        match Number::parse(&self.tree.value(found))? {
            Number::Natural(bits) => Some(bits & mask),
            Number::Double(_) => None,
        }
    }

    fn timediff(&self, from: &Moment, to: &Moment, node: Place) -> Option<Number> {
        let (from, to) = (self.moment(from, node)?, self.moment(to, node)?);
        Some(Number::from_signed(to.0.checked_sub(from.0)? / MILLISECOND))
    }

    fn moment(&self, moment: &Moment, node: Place) -> Option<Ticks> {
        match moment {
            Moment::Now => Some(self.now),
            Moment::At(ticks) => Some(*ticks),
            Moment::Of(path) => {
                let found = self.first(path, node)?;
                let text = self.tree.value(found);
                match self.tree.ty(found) {
                    // A FILETIME is a time, too.
                    Type::Unknown | Type::Number if text.bytes().all(|b| b.is_ascii_digit()) => {
                        text.parse().ok().map(Ticks)
                    }
                    _ => time(&text),
                }
            }
        }
    }
}
