//! Triggers: what all have, and what each kind has of its own.

use super::{Element, FromNode, attribute, children, extra, put, required};
use crate::{
    definition::{
        EventTrigger, Extra, Schedule, SessionStateChangeTrigger, Trigger, TriggerKind,
        WnfStateChangeTrigger, names,
    },
    xml::tree::{Id, Node, Tree},
};

/// Reads a child that may be missing; what is there and cannot be read is reported by `unread`.
fn optional<T: FromNode>(
    tree: &Tree<'_>,
    id: Id,
    name: &'static str,
    unread: &mut Vec<&'static str>,
) -> Option<T> {
    let (id, node) = tree.child(id, name)?;
    let value = T::from_node(tree, id, node);
    if value.is_none() {
        unread.push(name);
    }
    value
}

impl FromNode for Trigger {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let mut unread = Vec::new();
        let kind = kind(tree, id, node, &mut unread)?;
        let enabled = optional(tree, id, names::ENABLED, &mut unread);
        let start_boundary = optional(tree, id, names::START_BOUNDARY, &mut unread);
        let end_boundary = optional(tree, id, names::END_BOUNDARY, &mut unread);
        let repetition = optional(tree, id, names::REPETITION, &mut unread);
        let execution_time_limit = optional(tree, id, names::EXECUTION_TIME_LIMIT, &mut unread);
        let lost = if unread.is_empty() {
            Vec::new()
        } else {
            children(tree, id, |name, _, _| !unread.contains(&name))
        };
        Some(Self {
            id: attribute(tree, id, "id"),
            kind,
            enabled,
            start_boundary,
            end_boundary,
            repetition,
            execution_time_limit,
            extra: extra(tree, id, lost),
        })
    }
}

fn kind(tree: &Tree<'_>, id: Id, node: &Node, unread: &mut Vec<&'static str>) -> Option<TriggerKind> {
    Some(match node.row.name {
        names::BOOT_TRIGGER => TriggerKind::Boot { delay: optional(tree, id, names::DELAY, unread) },
        names::REGISTRATION_TRIGGER => {
            TriggerKind::Registration { delay: optional(tree, id, names::DELAY, unread) }
        }
        names::IDLE_TRIGGER => TriggerKind::Idle,
        names::TIME_TRIGGER => {
            TriggerKind::Time { random_delay: optional(tree, id, names::RANDOM_DELAY, unread) }
        }
        names::EVENT_TRIGGER => TriggerKind::Event(EventTrigger {
            subscription: required(tree, id, names::SUBSCRIPTION)?,
            delay: optional(tree, id, names::DELAY, unread),
            period_of_occurrence: optional(tree, id, names::PERIOD_OF_OCCURRENCE, unread),
            number_of_occurrences: optional(tree, id, names::NUMBER_OF_OCCURRENCES, unread),
            matching_element: optional(tree, id, names::MATCHING_ELEMENT, unread),
            value_queries: optional(tree, id, names::VALUE_QUERIES, unread),
        }),
        names::LOGON_TRIGGER => TriggerKind::Logon {
            user_id: optional(tree, id, names::USER_ID, unread),
            delay: optional(tree, id, names::DELAY, unread),
        },
        names::SESSION_STATE_CHANGE_TRIGGER => TriggerKind::SessionStateChange(SessionStateChangeTrigger {
            user_id: optional(tree, id, names::USER_ID, unread),
            delay: optional(tree, id, names::DELAY, unread),
            state_change: required(tree, id, names::STATE_CHANGE)?,
        }),
        names::CALENDAR_TRIGGER => TriggerKind::Calendar {
            random_delay: optional(tree, id, names::RANDOM_DELAY, unread),
            schedule: schedule(tree, id, unread)?,
        },
        names::WNF_STATE_CHANGE_TRIGGER => TriggerKind::WnfStateChange(WnfStateChangeTrigger {
            delay: optional(tree, id, names::DELAY, unread),
            state_name: required(tree, id, names::STATE_NAME)?,
            data: optional(tree, id, names::DATA, unread),
            data_offset: optional(tree, id, names::DATA_OFFSET, unread),
        }),
        _ => return None,
    })
}

/// The one schedule of a calendar trigger.
fn schedule(tree: &Tree<'_>, trigger: Id, unread: &mut Vec<&'static str>) -> Option<Schedule> {
    let (id, node) = tree.children(trigger).find(|(_, node)| node.row.choice)?;
    let mut inner = Vec::new();
    let schedule = match node.row.name {
        names::SCHEDULE_BY_DAY => Schedule::Day {
            days_interval: optional(tree, id, names::DAYS_INTERVAL, &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        names::SCHEDULE_BY_WEEK => Schedule::Week {
            weeks_interval: optional(tree, id, names::WEEKS_INTERVAL, &mut inner),
            days_of_week: optional(tree, id, names::DAYS_OF_WEEK, &mut inner).unwrap_or_default(),
            extra: extra(tree, id, Vec::new()),
        },
        names::SCHEDULE_BY_MONTH => Schedule::Month {
            days_of_month: optional(tree, id, names::DAYS_OF_MONTH, &mut inner).unwrap_or_default(),
            months: optional(tree, id, names::MONTHS, &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        _ => Schedule::MonthDayOfWeek {
            weeks: optional(tree, id, names::WEEKS, &mut inner).unwrap_or_default(),
            days_of_week: optional(tree, id, names::DAYS_OF_WEEK, &mut inner).unwrap_or_default(),
            months: optional(tree, id, names::MONTHS, &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
    };
    if !inner.is_empty() {
        unread.push(node.row.name);
    }
    Some(schedule)
}

impl Trigger {
    /// The trigger as an element; of one that the schema does not know, what was kept.
    pub(in crate::xml) fn element(&self) -> Element<'_> {
        let mut children = Vec::new();
        put(&mut children, names::ENABLED, self.enabled.as_ref());
        put(&mut children, names::START_BOUNDARY, self.start_boundary.as_ref());
        put(&mut children, names::END_BOUNDARY, self.end_boundary.as_ref());
        put(&mut children, names::REPETITION, self.repetition.as_ref());
        put(&mut children, names::EXECUTION_TIME_LIMIT, self.execution_time_limit.as_ref());
        match &self.kind {
            TriggerKind::Boot { delay } | TriggerKind::Registration { delay } => {
                put(&mut children, names::DELAY, delay.as_ref())
            }
            TriggerKind::Idle => {}
            TriggerKind::Time { random_delay } => {
                put(&mut children, names::RANDOM_DELAY, random_delay.as_ref())
            }
            TriggerKind::Event(event) => {
                put(&mut children, names::SUBSCRIPTION, Some(&event.subscription));
                put(&mut children, names::DELAY, event.delay.as_ref());
                put(&mut children, names::PERIOD_OF_OCCURRENCE, event.period_of_occurrence.as_ref());
                put(&mut children, names::NUMBER_OF_OCCURRENCES, event.number_of_occurrences.as_ref());
                put(&mut children, names::MATCHING_ELEMENT, event.matching_element.as_ref());
                put(&mut children, names::VALUE_QUERIES, event.value_queries.as_ref());
            }
            TriggerKind::Logon { user_id, delay } => {
                put(&mut children, names::USER_ID, user_id.as_ref());
                put(&mut children, names::DELAY, delay.as_ref());
            }
            TriggerKind::SessionStateChange(session) => {
                put(&mut children, names::USER_ID, session.user_id.as_ref());
                put(&mut children, names::DELAY, session.delay.as_ref());
                put(&mut children, names::STATE_CHANGE, Some(&session.state_change));
            }
            TriggerKind::Calendar { random_delay, schedule } => {
                put(&mut children, names::RANDOM_DELAY, random_delay.as_ref());
                children.push(schedule.element());
            }
            TriggerKind::WnfStateChange(state) => {
                put(&mut children, names::DELAY, state.delay.as_ref());
                put(&mut children, names::STATE_NAME, Some(&state.state_name));
                put(&mut children, names::DATA, state.data.as_ref());
                put(&mut children, names::DATA_OFFSET, state.data_offset.as_ref());
            }
            TriggerKind::Unknown(unknown) => return Element::new("", super::Content::Foreign(&unknown.xml)),
        }
        let name = self.kind.element_name().unwrap_or_default();
        Element::parent(name, children, Some(&self.extra)).with_attribute("id", self.id.as_ref())
    }
}

impl Schedule {
    fn element(&self) -> Element<'_> {
        let mut children = Vec::new();
        let (name, extra): (_, &Extra) = match self {
            Self::Day { days_interval, extra } => {
                put(&mut children, names::DAYS_INTERVAL, days_interval.as_ref());
                (names::SCHEDULE_BY_DAY, extra)
            }
            Self::Week { weeks_interval, days_of_week, extra } => {
                put(&mut children, names::WEEKS_INTERVAL, weeks_interval.as_ref());
                put(&mut children, names::DAYS_OF_WEEK, Some(days_of_week));
                (names::SCHEDULE_BY_WEEK, extra)
            }
            Self::Month { days_of_month, months, extra } => {
                put(&mut children, names::DAYS_OF_MONTH, Some(days_of_month));
                put(&mut children, names::MONTHS, months.as_ref());
                (names::SCHEDULE_BY_MONTH, extra)
            }
            Self::MonthDayOfWeek { weeks, days_of_week, months, extra } => {
                put(&mut children, names::WEEKS, Some(weeks));
                put(&mut children, names::DAYS_OF_WEEK, Some(days_of_week));
                put(&mut children, names::MONTHS, months.as_ref());
                (names::SCHEDULE_BY_MONTH_DAY_OF_WEEK, extra)
            }
        };
        Element::parent(name, children, Some(extra))
    }
}
