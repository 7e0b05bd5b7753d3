//! What an expression demands of an event's id and provider: the key by which subscriptions are indexed, and the words for
//! a simple query.
//!
//! A demand is a set of ids, a set of providers, or both: an event that is in none of the sets is not selected. It may be
//! laxer than the expression, never stricter, since the index would lose a match otherwise. So anything that is not
//! understood demands nothing. `and` may keep the demand of either side; `or` may keep a set only if both sides have one,
//! and then their union. A path demands what its predicates demand, and what it is compared with, if it leads to the id or
//! to the provider's name by the way that every event has: `Event/System/EventID`, `Event/System/Provider/@Name`.
//!
//! A demand is exact if the expression demands nothing else. Then it is the whole of the query, and can be put into words.
//! That is lost with anything that is not understood, with two sets for one thing (an event may have two ids, in theory),
//! and with an `or` between an id and a provider.

use super::{
    compare::{Constant, Number, Operator},
    expression::{Axis, Comparison, Expression, Operand, Step},
};
use std::collections::BTreeSet;

/// What an event must have for an expression to hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Demand<'q> {
    /// Its id is one of these.
    pub(super) ids: Option<BTreeSet<u64>>,
    /// Its provider is one of these.
    pub(super) providers: Option<BTreeSet<&'q str>>,
    /// Whether nothing else is demanded.
    exact: bool,
}

/// The place in an event at which an expression is evaluated, on the ways to the id and the provider.
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
    /// What a query demands.
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

    /// The demands of a path: those of all its predicates and, if it leads to a known place, that of its value.
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
            // Every event has a System: asking for it alone demands nothing.
            (Place::Event | Place::System, None) => Self { exact: true, ..Self::default() },
            // A provider with a predicate for its name.
            (Place::Provider, None) => Self { exact: demand.providers.is_some(), ..Self::default() },
            _ => Self::default(),
        };
        demand.and(own)
    }

    /// Both hold.
    fn and(self, other: Self) -> Self {
        let twice = self.ids.is_some() && other.ids.is_some()
            || self.providers.is_some() && other.providers.is_some();
        Self {
            ids: self.ids.or(other.ids),
            providers: self.providers.or(other.providers),
            exact: self.exact && other.exact && !twice,
        }
    }

    /// One of them holds.
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

    /// The demand in words, if it is the whole of the query.
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
    /// Where a step leads.
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
