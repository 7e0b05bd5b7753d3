//! Determines which ids and providers an expression requires: the index key of a subscription, and the description of
//! a simple query.
//!
//! A requirement is a set of ids, a set of providers, or both; an event outside these sets is not selected. It may be
//! weaker than the expression, but never stronger, since the index would miss matches. Unsupported parts therefore
//! require nothing. `and` may use the requirement of either side; `or` may use a set only if both sides have one, and
//! takes their union. A path requires what its predicates require. It also requires the value that it is compared
//! with, if it leads to the id or the provider's name in the usual place: `Event/System/EventID`,
//! `Event/System/Provider/@Name`.
//!
//! A requirement is exact if it is equivalent to the expression. It then describes the whole query, in words. It is
//! not exact if there is an unsupported part, two sets for the same property (an event may have two ids, in theory),
//! or an `or` between an id and a provider.

use super::{
    compare::{Constant, Number, Operator},
    expression::{Axis, Comparison, Expression, Operand, Step},
};
use std::collections::BTreeSet;

/// The requirements of an expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Demand<'q> {
    /// The allowed ids.
    pub(super) ids: Option<BTreeSet<u64>>,
    /// The allowed providers.
    pub(super) providers: Option<BTreeSet<&'q str>>,
    /// Whether there are no other requirements.
    exact: bool,
}

/// The location in an event at which an expression is evaluated, on the way to the id or the provider.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Document,
    Event,
    System,
    EventId,
    Provider,
    ProviderName,
    Elsewhere,
}

impl<'q> Demand<'q> {
    /// The requirements of a query.
    pub(super) fn of(expression: &'q Expression) -> Self {
        Self::at(Place::Document, expression)
    }

    fn at(place: Place, expression: &'q Expression) -> Self {
        match expression {
            Expression::And(parts) => {
                parts.iter().map(|part| Self::at(place, part)).reduce(Self::and).unwrap_or_default()
            }
            Expression::Or(parts) => {
                parts.iter().map(|part| Self::at(place, part)).reduce(Self::or).unwrap_or_default()
            }
            Expression::Exists(path) => Self::path(place, path, None),
            Expression::Compare(comparison) => match &**comparison {
                Comparison { left: Operand::Path(path), operator: Operator::Equal, right } => {
                    Self::path(place, path, Some(right))
                }
                _ => Self::default(),
            },
            Expression::Band(..) | Expression::Never => Self::default(),
        }
    }

    /// The requirements of a path: those of all its predicates and, if it leads to a known location, that of its
    /// value.
    fn path(mut place: Place, path: &'q [Step], value: Option<&'q Constant>) -> Self {
        let mut demand = Self { exact: true, ..Self::default() };
        for step in path {
            place = place.step(step);
            for predicate in &step.predicates {
                demand = demand.and(Self::at(place, predicate));
            }
        }
        let exact = demand.exact;
        let own = match (place, value) {
            (Place::EventId, Some(constant)) => match constant.number() {
                Some(Number::Natural(id)) => Self { ids: Some([id].into()), exact, ..Self::default() },
                _ => Self::default(),
            },
            (Place::ProviderName, Some(Constant::Text(name, _))) => {
                Self { providers: Some([name.as_ref()].into()), exact, ..Self::default() }
            }
            // Every event has a System element, so its existence requires nothing.
            (Place::Event | Place::System, None) => Self { exact: true, ..Self::default() },
            // A provider with a predicate on its name.
            (Place::Provider, None) => Self { exact: demand.providers.is_some(), ..Self::default() },
            _ => Self::default(),
        };
        demand.and(own)
    }

    /// Combines two requirements with `and`.
    fn and(self, other: Self) -> Self {
        let twice = self.ids.is_some() && other.ids.is_some()
            || self.providers.is_some() && other.providers.is_some();
        Self {
            ids: self.ids.or(other.ids),
            providers: self.providers.or(other.providers),
            exact: self.exact && other.exact && !twice,
        }
    }

    /// Combines two requirements with `or`.
    fn or(self, other: Self) -> Self {
        let union = self.only_ids() && other.only_ids() || self.only_providers() && other.only_providers();
        Self {
            ids: self.ids.zip(other.ids).map(|(mut a, b)| {
                a.extend(b);
                a
            }),
            providers: self.providers.zip(other.providers).map(|(mut a, b)| {
                a.extend(b);
                a
            }),
            exact: self.exact && other.exact && union,
        }
    }

    fn only_ids(&self) -> bool {
        self.ids.is_some() && self.providers.is_none()
    }

    fn only_providers(&self) -> bool {
        self.providers.is_some() && self.ids.is_none()
    }

    /// The requirement in words, if it is exact.
    pub(super) fn words(&self) -> Option<String> {
        if !self.exact {
            return None;
        }
        let ids = self.ids.iter().flatten().map(u64::to_string).collect::<Vec<_>>().join(" or ");
        let providers = self.providers.iter().flatten().copied().collect::<Vec<_>>().join(" or ");
        Some(match (ids.is_empty(), providers.is_empty()) {
            (false, false) => format!("event {ids} of {providers}"),
            (false, true) => format!("event {ids}"),
            (true, false) => format!("any event of {providers}"),
            (true, true) => "any event".to_owned(),
        })
    }
}

impl Place {
    /// The location after a step.
    fn step(self, step: &Step) -> Self {
        let name = step.name.as_deref();
        match (self, step.axis, name) {
            (Self::Document, Axis::Child, None | Some("Event")) => Self::Event,
            (Self::Event, Axis::Child, Some("System")) => Self::System,
            (Self::System, Axis::Child, Some("EventID")) => Self::EventId,
            (Self::EventId, Axis::Text, None) => Self::EventId,
            (Self::System, Axis::Child, Some("Provider")) => Self::Provider,
            (Self::Provider, Axis::Attribute, Some("Name")) => Self::ProviderName,
            _ => Self::Elsewhere,
        }
    }
}
