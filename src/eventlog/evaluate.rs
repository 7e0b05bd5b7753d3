//! Matches an expression against an event, in a bounded number of steps.
//!
//! Paths lead only downwards, from a node to its children, its attributes or its own text. A test therefore looks at
//! each node at most once, and a selector of *t* tests costs at most *t* times the event's *n* nodes. An attacker
//! controls that product: 700 KB of query and event reach ten thousand million steps. No index avoids this. An index
//! of names does not help, since all nodes may have the same name. An index of values helps with `=` and, with
//! minimum and maximum, with the other comparisons of a plain path, but a predicate combines them separately for each
//! node: whether `Data[@Name!='a' and .. ]` holds somewhere can only be found out by testing each node.
//!
//! Each match is therefore limited as a whole, like an access check, by
//! [`EVENT_MATCH_STEPS`](limits::EVENT_MATCH_STEPS). A step is a node that was looked at, or [`BYTES_OF_A_STEP`]
//! bytes of a compared value. Names are free: comparing names of different lengths ends at once, and names of equal
//! length cost no more than the query's own text. A match that reaches the limit has no result ([`LimitReached`])
//! rather than the result "no". Events logged by Windows stay far below it: an event of 64 KiB has at most some 3,000
//! nodes, and a selector made by Event Viewer has up to 32 tests, which look at a few nodes each.
//!
//! Nothing is allocated, apart from the value of an element with children and the counters of a step with more than
//! four predicates. The position of a node counts the nodes of its step that passed the preceding predicates, so each
//! predicate of a step has a counter.

use super::{
    compare::{Number, holds, number_holds},
    expression::{Axis, Comparison, Expression, Moment, Operand, Step},
    tree::{Place, Tree},
    value::{Type, time},
};
use crate::{limits, time::Ticks};
use std::{borrow::Cow, cell::Cell};
use time::OffsetDateTime;

/// Ticks in a millisecond.
const MILLISECOND: i64 = 10_000;

/// The number of bytes of a value that cost as much as a node.
const BYTES_OF_A_STEP: usize = 32;

/// The error for a match that was abandoned because it needs more than
/// [`EVENT_MATCH_STEPS`](limits::EVENT_MATCH_STEPS) steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("matching requires more than {} steps", limits::EVENT_MATCH_STEPS)]
pub struct LimitReached;

crate::dtyp::macros::message_serde!(LimitReached);

/// An event, the current time, and the remaining number of steps.
pub(super) struct Evaluator<'e> {
    tree: &'e Tree,
    now: OffsetDateTime,
    left: Cell<usize>,
}

impl<'e> Evaluator<'e> {
    pub(super) fn new(tree: &'e Tree, now: OffsetDateTime) -> Self {
        Self { tree, now, left: Cell::new(limits::EVENT_MATCH_STEPS) }
    }

    /// Whether the expression holds at the top level.
    pub(super) fn matches(&self, expression: &Expression) -> Result<bool, LimitReached> {
        self.holds(expression, Tree::DOCUMENT, 1)
    }

    /// The value of the first node selected by a path.
    pub(super) fn first_value(&self, path: &[Step]) -> Result<Option<Cow<'e, str>>, LimitReached> {
        self.first(path, Tree::DOCUMENT)?.map(|found| self.value(found)).transpose()
    }

    /// Subtracts from the remaining steps.
    fn charge(&self, steps: usize) -> Result<(), LimitReached> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(LimitReached)
    }

    /// Whether an expression holds for a node at this position.
    fn holds(&self, expression: &Expression, node: Place, position: u64) -> Result<bool, LimitReached> {
        match expression {
            Expression::And(parts) => {
                for part in parts {
                    if !self.holds(part, node, position)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expression::Or(parts) => {
                for part in parts {
                    if self.holds(part, node, position)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expression::Never => Ok(false),
            Expression::Exists(path) => self.any(path, node, &mut |_| Ok(true)),
            Expression::Band(path, mask) => Ok(self.band(path, *mask, node)?.is_some_and(|bits| bits != 0)),
            Expression::Compare(comparison) => self.compares(comparison, node, position),
        }
    }

    fn compares(&self, comparison: &Comparison, node: Place, position: u64) -> Result<bool, LimitReached> {
        let Comparison { left, operator, right } = comparison;
        let number = match left {
            Operand::Path(path) => {
                return self.any(path, node, &mut |found| {
                    Ok(holds(&self.value(found)?, self.tree.ty(found), *operator, right))
                });
            }
            Operand::Band(path, mask) => self.band(path, *mask, node)?.map(Number::Natural),
            Operand::Position => Some(Number::Natural(position)),
            Operand::Timediff(from, to) => self.timediff(from, to, node)?,
        };
        Ok(number.is_some_and(|number| number_holds(number, *operator, right)))
    }

    /// Whether the test holds for any node selected by a path. Nodes are visited in document order.
    fn any(
        &self,
        path: &[Step],
        node: Place,
        test: &mut dyn FnMut(Place) -> Result<bool, LimitReached>,
    ) -> Result<bool, LimitReached> {
        let Some((step, rest)) = path.split_first() else { return test(node) };
        let mut passed = Passed::new(step.predicates.len());
        let mut selects =
            |found: Place| Ok(self.passes(step, found, &mut passed)? && self.any(rest, found, test)?);
        if step.axis == Axis::Text {
            self.charge(1)?;
            return if self.tree.text(node).is_empty() { Ok(false) } else { selects(node) };
        }
        let (end, mut next) = (self.tree.end(node), node + 1);
        while next < end {
            let Some(found) = self.tree.node(next) else { break };
            self.charge(1)?;
            let place = std::mem::replace(&mut next, found.end);
            if found.attribute != (step.axis == Axis::Attribute) {
                // Attributes come first.
                if found.attribute {
                    continue;
                }
                break;
            }
            let named = step.name.as_deref().is_none_or(|name| self.tree.is_named(found, name));
            if named && selects(place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a node passes the predicates of its step.
    fn passes(&self, step: &Step, found: Place, passed: &mut Passed) -> Result<bool, LimitReached> {
        for (n, predicate) in step.predicates.iter().enumerate() {
            if !self.holds(predicate, found, passed.next(n))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The first node selected by a path.
    fn first(&self, path: &[Step], node: Place) -> Result<Option<Place>, LimitReached> {
        let mut first = None;
        self.any(path, node, &mut |found| {
            first = Some(found);
            Ok(true)
        })?;
        Ok(first)
    }

    fn value(&self, node: Place) -> Result<Cow<'e, str>, LimitReached> {
        self.charge((self.tree.end(node) - node) as usize)?;
        let value = self.tree.value(node);
        self.charge(value.len() / BYTES_OF_A_STEP)?;
        Ok(value)
    }

    fn band(&self, path: &[Step], mask: u64, node: Place) -> Result<Option<u64>, LimitReached> {
        let Some(found) = self.first(path, node)? else { return Ok(None) };
        Ok(match Number::parse(&self.value(found)?) {
            Some(Number::Natural(bits)) => Some(bits & mask),
            Some(Number::Double(_)) | None => None,
        })
    }

    fn timediff(&self, from: &Moment, to: &Moment, node: Place) -> Result<Option<Number>, LimitReached> {
        let (from, to) = (self.moment(from, node)?, self.moment(to, node)?);
        let ticks = from.zip(to).and_then(|(from, to)| to.0.checked_sub(from.0));
        Ok(ticks.map(|ticks| Number::from_signed(ticks / MILLISECOND)))
    }

    fn moment(&self, moment: &Moment, node: Place) -> Result<Option<Ticks>, LimitReached> {
        let path = match moment {
            Moment::Now => return Ok(Some(Ticks::from_instant(self.now))),
            Moment::At(ticks) => return Ok(Some(*ticks)),
            Moment::Of(path) => path,
        };
        let Some(found) = self.first(path, node)? else { return Ok(None) };
        let text = self.value(found)?;
        Ok(match self.tree.ty(found) {
            // A FILETIME is also a time.
            Type::Unknown | Type::Number if text.bytes().all(|b| b.is_ascii_digit()) => {
                text.parse().ok().map(Ticks)
            }
            _ => time(&text),
        })
    }
}

/// The number of nodes that have reached each predicate of a step.
struct Passed {
    few: [u64; 4],
    more: Vec<u64>,
}

impl Passed {
    fn new(predicates: usize) -> Self {
        let few = [0; 4];
        let more = predicates.checked_sub(few.len()).map_or_else(Vec::new, |more| vec![0; more]);
        Self { few, more }
    }

    /// The position of a node at this predicate.
    fn next(&mut self, predicate: usize) -> u64 {
        let counter = match self.few.get_mut(predicate) {
            Some(counter) => Some(counter),
            None => self.more.get_mut(predicate - self.few.len()),
        };
        counter.map_or(0, |counter| {
            *counter += 1;
            *counter
        })
    }
}
