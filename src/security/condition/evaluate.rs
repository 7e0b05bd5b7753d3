//! Evaluates conditions in three-valued logic.

use super::{
    binary::Condition,
    token::{Class, Operator, Source, Token as Piece},
};
use crate::{
    dtyp::WideString,
    limits,
    security::{
        ace::AceData,
        acl::AclPart,
        claim::{Claim, ClaimFlags, ClaimValues},
        literal::{fold, same_name},
        sid::Sid,
        token::Token,
        trustee::Trustee,
    },
};
use std::{cell::Cell, cmp::Ordering};

/// The outcome of a condition ([MS-DTYP] 2.4.4.17.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "the logic has three values")]
pub enum Outcome {
    /// The condition holds.
    True,
    /// The condition does not hold.
    False,
    /// An attribute is missing, or of the wrong type.
    Unknown,
}

crate::dtyp::macros::choice! {
    Outcome {
        True = "true",
        False = "false",
        Unknown = "unknown",
    }
}

impl Outcome {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// The input of an evaluation.
pub(in crate::security) struct Situation<'a> {
    pub(in crate::security) token: &'a Token,
    /// The claims about the object: those passed in, and those in its SACL.
    claims: &'a [Claim],
    sacl: &'a AclPart,
    /// The number of values that may still be compared.
    left: Cell<usize>,
}

/// Operands of different types, or too many of them; the outcome of the condition is unknown ([MS-DTYP] 2.4.4.17.6).
struct Mismatch;

/// An operand on the stack.
enum Value<'a> {
    Truth(Outcome),
    Attribute(Option<&'a Claim>),
    Literal(Piece<'a>),
}

impl Condition {
    /// Evaluates the condition ([MS-DTYP] 2.5.3.1.5) for a caller and the claims about the object.
    ///
    /// The outcome is [`Outcome::Unknown`] if an attribute is missing, operands have different types, or the domain
    /// of a SID is unknown.
    ///
    /// ```
    /// use wintask::security::{Claim, ClaimValues, Condition, Outcome, Sid, Token};
    ///
    /// let condition: Condition = r#"@User.Title == "VP" && Member_of {SID(BA)}"#.parse()?;
    /// let mut caller = Token::new(Sid::LOCAL_SERVICE).with_group(Sid::ADMINISTRATORS);
    /// assert_eq!(condition.evaluate(&caller, &[]), Outcome::Unknown);
    /// caller.user_claims.push(Claim::new("title", ClaimValues::Strings(vec!["vp".into()])));
    /// assert_eq!(condition.evaluate(&caller, &[]), Outcome::True);
    /// # Ok::<(), wintask::security::Error>(())
    /// ```
    #[must_use]
    pub fn evaluate(&self, token: &Token, resource: &[Claim]) -> Outcome {
        self.outcome(&Situation::new(token, resource, &AclPart::Absent), false)
    }

    /// Evaluates the condition. `denying` is true for denying ACEs, to which deny-only groups also apply.
    pub(in crate::security) fn outcome(&self, situation: &Situation, denying: bool) -> Outcome {
        let mut stack = Vec::new();
        for piece in self.tokens().checked() {
            let value = match piece {
                Piece::Operator(operator) => match self.apply(operator, &mut stack, situation, denying) {
                    Ok(outcome) => Value::Truth(outcome),
                    Err(Mismatch) => return Outcome::Unknown,
                },
                Piece::Attribute(source, name) => Value::Attribute(situation.claim(source, name)),
                literal => Value::Literal(literal),
            };
            stack.push(value);
        }
        match (stack.pop(), stack.is_empty()) {
            (Some(value), true) => truth(&value).unwrap_or(Outcome::Unknown),
            _ => Outcome::Unknown,
        }
    }

    fn apply<'a>(
        &'a self,
        operator: &Operator,
        stack: &mut Vec<Value<'a>>,
        situation: &Situation<'a>,
        denying: bool,
    ) -> Result<Outcome, Mismatch> {
        let right = stack.pop().ok_or(Mismatch)?;
        let outcome = match operator.class {
            Class::Not => truth(&right)?.not(),
            Class::Exists => Outcome::of(matches!(right, Value::Attribute(Some(_)))),
            Class::Member => self.member(operator.base, &right, situation.token, denying)?,
            Class::And => truth(&stack.pop().ok_or(Mismatch)?)?.and(truth(&right)?),
            Class::Or => truth(&stack.pop().ok_or(Mismatch)?)?.or(truth(&right)?),
            Class::Compare => {
                let left = stack.pop().ok_or(Mismatch)?;
                situation.spend(self.count(&left) + self.count(&right))?;
                match (self.list(&left)?, self.list(&right)?) {
                    (Some(left), Some(right)) => compare(operator.base, left, right)?,
                    _ => Outcome::Unknown,
                }
            }
        };
        Ok(if operator.is_negated() { outcome.not() } else { outcome })
    }

    /// Whether the caller, or the caller's device, is a member of all or any of the groups.
    fn member(&self, base: u8, right: &Value, token: &Token, denying: bool) -> Result<Outcome, Mismatch> {
        let (device, any) = (matches!(base, 0x8A | 0x8C), matches!(base, 0x8B | 0x8C));
        let Value::Literal(literal) = right else { return Err(Mismatch) };
        let start = if any { Outcome::False } else { Outcome::True };
        Ok(self.elements(literal).fold(start, |so_far, element| {
            let one = match self.trustee(&element).sid() {
                None => Outcome::Unknown,
                Some(sid) if device => Outcome::of(token.device_groups.contains(&sid)),
                Some(sid) => Outcome::of(token.has(&sid, denying)),
            };
            if any { so_far.or(one) } else { so_far.and(one) }
        }))
    }

    /// The elements of a composite, or the literal itself.
    fn elements<'a>(&self, literal: &Piece<'a>) -> impl Iterator<Item = Piece<'a>> {
        let (inner, single) = match literal {
            Piece::Composite(elements) => (Some(elements.checked()), None),
            other => (None, Some(*other)),
        };
        inner.into_iter().flatten().chain(single)
    }

    /// The number of values in an operand.
    fn count(&self, value: &Value) -> usize {
        match value {
            Value::Truth(_) | Value::Attribute(None) => 0,
            Value::Attribute(Some(claim)) => claim.values.len(),
            Value::Literal(literal) => self.elements(literal).count(),
        }
    }

    /// The values of an operand; `None` for an attribute that is missing or empty.
    fn list(&self, value: &Value) -> Result<Option<List>, Mismatch> {
        match value {
            Value::Truth(_) => Err(Mismatch),
            Value::Attribute(claim) => Ok(claim.map(List::of_claim)),
            Value::Literal(literal) => {
                let keys = self.elements(literal).map(|element| match element {
                    Piece::Integer(value) => Ok(Key::Integer(value.value())),
                    Piece::String(units) => Ok(Key::Text(WideString::from_le_bytes(units).into_units())),
                    Piece::Octets(bytes) => Ok(Key::Octets(bytes.to_vec())),
                    Piece::Sid(..) => Ok(Key::Sid(self.trustee(&element).sid())),
                    Piece::Composite(_) | Piece::Attribute(..) | Piece::Operator(_) => Err(Mismatch),
                });
                Ok(Some(List { keys: keys.collect::<Result<_, _>>()?, exact: false }))
            }
        }
    }
}

impl<'a> Situation<'a> {
    pub(in crate::security) fn new(token: &'a Token, claims: &'a [Claim], sacl: &'a AclPart) -> Self {
        Self { token, claims, sacl, left: Cell::new(limits::CONDITION_VALUES) }
    }

    /// Counts compared values; above the limit, the outcome is unknown.
    fn spend(&self, count: usize) -> Result<(), Mismatch> {
        self.left.set(self.left.get().checked_sub(count).ok_or(Mismatch)?);
        Ok(())
    }

    fn resource(&self) -> impl Iterator<Item = &'a Claim> {
        let stated =
            self.sacl.aces().iter().filter(|ace| ace.is_effective()).filter_map(|ace| match ace.data() {
                AceData::Claim(claim) => Some(&**claim),
                _ => None,
            });
        self.claims.iter().chain(stated)
    }

    /// The claim with this name, if it has a value.
    fn claim(&self, source: Source, name: &[u8]) -> Option<&'a Claim> {
        let name = WideString::from_le_bytes(name);
        let find = |claims: &'a [Claim]| claims.iter().find(|claim| same_name(&claim.name, &name));
        let claim = match source {
            Source::Local => find(&self.token.local_claims),
            Source::User => find(&self.token.user_claims),
            Source::Device => find(&self.token.device_claims),
            Source::Resource => self.resource().find(|claim| same_name(&claim.name, &name)),
        };
        claim.filter(|claim| !claim.values.is_empty())
    }
}

/// An operand of a logical operator. An attribute is true if any of its values is neither zero nor empty.
fn truth(value: &Value) -> Result<Outcome, Mismatch> {
    match value {
        Value::Truth(outcome) => Ok(*outcome),
        Value::Attribute(None) => Ok(Outcome::Unknown),
        Value::Attribute(Some(claim)) => Ok(Outcome::of(match &claim.values {
            ClaimValues::Integers(values) => values.iter().any(|v| *v != 0),
            ClaimValues::Unsigned(values) => values.iter().any(|v| *v != 0),
            ClaimValues::Booleans(values) => values.iter().any(|v| *v),
            ClaimValues::Strings(values) => values.iter().any(|v| !v.is_empty()),
            ClaimValues::Octets(values) => values.iter().any(|v| !v.is_empty()),
            ClaimValues::Sids(values) => !values.is_empty(),
        })),
        Value::Literal(_) => Err(Mismatch),
    }
}

/// An orderable value, so that sets are compared without trying every pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Integer(i128),
    Boolean(bool),
    Text(Vec<u16>),
    Octets(Vec<u8>),
    /// `None` if the domain is unknown.
    Sid(Option<Sid>),
}

struct List {
    keys: Vec<Key>,
    /// Whether comparisons are case-sensitive.
    exact: bool,
}

impl List {
    fn of_claim(claim: &Claim) -> Self {
        let keys = match &claim.values {
            ClaimValues::Integers(values) => values.iter().map(|v| Key::Integer((*v).into())).collect(),
            ClaimValues::Unsigned(values) => values.iter().map(|v| Key::Integer((*v).into())).collect(),
            ClaimValues::Booleans(values) => values.iter().map(|v| Key::Boolean(*v)).collect(),
            ClaimValues::Strings(values) => values.iter().map(|v| Key::Text(v.units().to_vec())).collect(),
            ClaimValues::Octets(values) => values.iter().map(|v| Key::Octets(v.clone())).collect(),
            ClaimValues::Sids(values) => values.iter().map(|v| Key::Sid(Trustee::sid(v))).collect(),
        };
        Self { keys, exact: claim.flags.contains(ClaimFlags::CASE_SENSITIVE) }
    }

    /// Sorts the values and removes duplicates.
    fn settle(&mut self, exact: bool, booleans: bool) {
        for key in &mut self.keys {
            match key {
                Key::Text(units) if !exact => units.iter_mut().for_each(|unit| *unit = fold(*unit)),
                Key::Integer(value @ 0..=1) if booleans => *key = Key::Boolean(*value == 1),
                _ => {}
            }
        }
        self.keys.sort_unstable();
        self.keys.dedup();
    }

    fn holds(&self, key: &Key) -> bool {
        self.keys.binary_search(key).is_ok()
    }
}

/// Applies an operator that is not the negation of another.
fn compare(operator: u8, mut left: List, mut right: List) -> Result<Outcome, Mismatch> {
    let single = left.keys.len() == 1 && right.keys.len() == 1;
    let order = matches!(operator, 0x82..=0x85);
    let exact = left.exact || right.exact;
    let has_boolean = |list: &List| list.keys.iter().any(|key| matches!(key, Key::Boolean(_)));
    let booleans = (has_boolean(&left) || has_boolean(&right)) && !order;
    left.settle(exact, booleans);
    right.settle(exact, booleans);
    let kind = left.keys.first().map(std::mem::discriminant);
    if left.keys.iter().chain(&right.keys).any(|key| Some(std::mem::discriminant(key)) != kind) {
        return Err(Mismatch);
    }
    if left.holds(&Key::Sid(None)) || right.holds(&Key::Sid(None)) {
        return Ok(Outcome::Unknown);
    }
    if order {
        let (Some(left), Some(right), true) = (left.keys.first(), right.keys.first(), single) else {
            return Err(Mismatch);
        };
        if matches!(left, Key::Boolean(_) | Key::Sid(_)) {
            return Err(Mismatch);
        }
        let order = left.cmp(right);
        return Ok(Outcome::of(match operator {
            0x82 => order == Ordering::Less,
            0x83 => order != Ordering::Greater,
            0x84 => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }));
    }
    Ok(Outcome::of(match operator {
        0x86 => right.keys.iter().all(|key| left.holds(key)),
        0x88 => right.keys.iter().any(|key| left.holds(key)),
        _ => left.keys == right.keys,
    }))
}
