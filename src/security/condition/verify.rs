//! Validates the binary form of conditions.

use super::token::{Class, Operator, Token, Tokens};
use crate::limits;

/// The precedence of an operator in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tightness {
    Or,
    And,
    Term,
}

impl Class {
    pub(super) fn tightness(self) -> Tightness {
        match self {
            Self::Or => Tightness::Or,
            Self::And => Tightness::And,
            _ => Tightness::Term,
        }
    }
}

/// The kind of value of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Truth,
    Attribute,
    Value,
    /// SIDs only.
    Sids,
}

#[derive(Clone, Copy)]
struct Operand {
    shape: Shape,
    tightness: Tightness,
    /// The nesting depth of parentheses and negations in its text, counted as in the parser.
    depth: usize,
}

/// Validates a condition and returns its length before the padding.
pub(super) fn length(code: &[u8]) -> Option<usize> {
    let mut stack = Vec::new();
    let mut tokens = Tokens::new(code);
    for token in tokens.by_ref() {
        let operand = match token.ok()? {
            Token::Operator(operator) => apply(operator, &mut stack)?,
            Token::Composite(elements) => leaf(composite(elements)?),
            Token::Attribute(..) => leaf(Shape::Attribute),
            Token::Sid(..) => leaf(Shape::Sids),
            Token::Integer(_) | Token::String(_) | Token::Octets(_) => leaf(Shape::Value),
        };
        if operand.depth > limits::CONDITION_DEPTH {
            return None;
        }
        stack.push(operand);
    }
    match stack.as_slice() {
        [Operand { shape: Shape::Truth | Shape::Attribute, .. }] => Some(tokens.at()),
        _ => None,
    }
}

fn leaf(shape: Shape) -> Operand {
    Operand { shape, tightness: Tightness::Term, depth: 0 }
}

/// Whether there is at least one literal, and none is composite.
fn composite(elements: Tokens) -> Option<Shape> {
    let mut shape = None;
    for element in elements {
        let element = match element.ok()? {
            Token::Sid(..) => Shape::Sids,
            Token::Integer(_) | Token::String(_) | Token::Octets(_) => Shape::Value,
            Token::Composite(_) | Token::Attribute(..) | Token::Operator(_) => return None,
        };
        shape = Some(if shape.is_none_or(|before| before == element) { element } else { Shape::Value });
    }
    shape
}

fn apply(operator: &Operator, stack: &mut Vec<Operand>) -> Option<Operand> {
    let right = stack.pop()?;
    let logical = |operand: &Operand| matches!(operand.shape, Shape::Truth | Shape::Attribute);
    let tightness = operator.class.tightness();
    let depth = match operator.class {
        Class::Compare => {
            let left = stack.pop()?;
            (left.shape == Shape::Attribute && right.shape != Shape::Truth).then_some(0)
        }
        Class::Exists => (right.shape == Shape::Attribute).then_some(0),
        Class::Member => (right.shape == Shape::Sids).then_some(0),
        Class::Not => logical(&right).then_some(right.depth + 2),
        Class::And | Class::Or => {
            let left = stack.pop()?;
            let inner = left.depth + usize::from(left.tightness < tightness);
            let outer = right.depth + usize::from(right.tightness <= tightness);
            (logical(&left) && logical(&right)).then_some(inner.max(outer))
        }
    };
    Some(Operand { shape: Shape::Truth, tightness, depth: depth? })
}
