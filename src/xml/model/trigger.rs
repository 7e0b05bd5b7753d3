//! Triggers: shared children, and those of each kind.

use super::{FromNode, Item, Parent, ToValue, Value, attribute, children, extra, required};
use crate::{
    definition::{
        EventTrigger, Extra, Schedule, SessionStateChangeTrigger, Trigger, TriggerKind,
        WnfStateChangeTrigger, names,
    },
    xml::{
        schema::number,
        table,
        tree::{Id, Node, Tree},
    },
};

/// The number of a child in a table.
macro_rules! number {
    ($table:ident, $name:ident) => {
        const { number(&table::$table, names::$name) }
    };
}

// Shared children come first, at the same positions in all tables.
const ENABLED: u8 = number!(IDLE, ENABLED);
const START_BOUNDARY: u8 = number!(IDLE, START_BOUNDARY);
const END_BOUNDARY: u8 = number!(IDLE, END_BOUNDARY);
const REPETITION: u8 = number!(IDLE, REPETITION);
const EXECUTION_TIME_LIMIT: u8 = number!(IDLE, EXECUTION_TIME_LIMIT);

/// Reads an optional child; one that is present but unreadable is reported in `unread`.
fn optional<T: FromNode>(tree: &Tree<'_>, id: Id, number: u8, unread: &mut Vec<u8>) -> Option<T> {
    let (id, node) = tree.numbered(id, number)?;
    let value = T::from_node(tree, id, node);
    if value.is_none() {
        unread.push(number);
    }
    value
}

impl FromNode for Trigger {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let mut unread = Vec::new();
        let kind = kind(tree, id, node, &mut unread)?;
        let enabled = optional(tree, id, ENABLED, &mut unread);
        let start_boundary = optional(tree, id, START_BOUNDARY, &mut unread);
        let end_boundary = optional(tree, id, END_BOUNDARY, &mut unread);
        let repetition = optional(tree, id, REPETITION, &mut unread);
        let execution_time_limit = optional(tree, id, EXECUTION_TIME_LIMIT, &mut unread);
        let lost = if unread.is_empty() {
            Vec::new()
        } else {
            children(tree, id, |_, node| !unread.contains(&node.index))
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

fn kind(tree: &Tree<'_>, id: Id, node: &Node, unread: &mut Vec<u8>) -> Option<TriggerKind> {
    Some(match node.row.name {
        names::BOOT_TRIGGER => TriggerKind::Boot { delay: optional(tree, id, number!(BOOT, DELAY), unread) },
        names::REGISTRATION_TRIGGER => {
            TriggerKind::Registration { delay: optional(tree, id, number!(REGISTRATION, DELAY), unread) }
        }
        names::IDLE_TRIGGER => TriggerKind::Idle,
        names::TIME_TRIGGER => {
            TriggerKind::Time { random_delay: optional(tree, id, number!(TIME, RANDOM_DELAY), unread) }
        }
        names::EVENT_TRIGGER => TriggerKind::from(EventTrigger {
            subscription: required(tree, id, number!(EVENT, SUBSCRIPTION))?,
            delay: optional(tree, id, number!(EVENT, DELAY), unread),
            period_of_occurrence: optional(tree, id, number!(EVENT, PERIOD_OF_OCCURRENCE), unread),
            number_of_occurrences: optional(tree, id, number!(EVENT, NUMBER_OF_OCCURRENCES), unread),
            matching_element: optional(tree, id, number!(EVENT, MATCHING_ELEMENT), unread),
            value_queries: optional(tree, id, number!(EVENT, VALUE_QUERIES), unread),
        }),
        names::LOGON_TRIGGER => TriggerKind::Logon {
            user_id: optional(tree, id, number!(LOGON, USER_ID), unread),
            delay: optional(tree, id, number!(LOGON, DELAY), unread),
        },
        names::SESSION_STATE_CHANGE_TRIGGER => TriggerKind::SessionStateChange(SessionStateChangeTrigger {
            user_id: optional(tree, id, number!(SESSION_STATE_CHANGE, USER_ID), unread),
            delay: optional(tree, id, number!(SESSION_STATE_CHANGE, DELAY), unread),
            state_change: required(tree, id, number!(SESSION_STATE_CHANGE, STATE_CHANGE))?,
        }),
        names::CALENDAR_TRIGGER => TriggerKind::Calendar {
            random_delay: optional(tree, id, number!(CALENDAR, RANDOM_DELAY), unread),
            schedule: schedule(tree, id, unread)?,
        },
        names::WNF_STATE_CHANGE_TRIGGER => TriggerKind::from(WnfStateChangeTrigger {
            delay: optional(tree, id, number!(WNF_STATE_CHANGE, DELAY), unread),
            state_name: required(tree, id, number!(WNF_STATE_CHANGE, STATE_NAME))?,
            data: optional(tree, id, number!(WNF_STATE_CHANGE, DATA), unread),
            data_offset: optional(tree, id, number!(WNF_STATE_CHANGE, DATA_OFFSET), unread),
        }),
        _ => return None,
    })
}

/// The schedule of a calendar trigger.
fn schedule(tree: &Tree<'_>, trigger: Id, unread: &mut Vec<u8>) -> Option<Schedule> {
    let (id, node) = tree.children(trigger).find(|(_, node)| node.row.choice)?;
    let mut inner = Vec::new();
    let schedule = match node.row.name {
        names::SCHEDULE_BY_DAY => Schedule::Day {
            days_interval: optional(tree, id, number!(SCHEDULE_BY_DAY, DAYS_INTERVAL), &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        names::SCHEDULE_BY_WEEK => Schedule::Week {
            weeks_interval: optional(tree, id, number!(SCHEDULE_BY_WEEK, WEEKS_INTERVAL), &mut inner),
            days_of_week: optional(tree, id, number!(SCHEDULE_BY_WEEK, DAYS_OF_WEEK), &mut inner)
                .unwrap_or_default(),
            extra: extra(tree, id, Vec::new()),
        },
        names::SCHEDULE_BY_MONTH => Schedule::Month {
            days_of_month: optional(tree, id, number!(SCHEDULE_BY_MONTH, DAYS_OF_MONTH), &mut inner)
                .unwrap_or_default(),
            months: optional(tree, id, number!(SCHEDULE_BY_MONTH, MONTHS), &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        _ => Schedule::MonthDayOfWeek {
            weeks: optional(tree, id, number!(SCHEDULE_BY_MONTH_DAY_OF_WEEK, WEEKS), &mut inner)
                .unwrap_or_default(),
            days_of_week: optional(
                tree,
                id,
                number!(SCHEDULE_BY_MONTH_DAY_OF_WEEK, DAYS_OF_WEEK),
                &mut inner,
            )
            .unwrap_or_default(),
            months: optional(tree, id, number!(SCHEDULE_BY_MONTH_DAY_OF_WEEK, MONTHS), &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
    };
    if !inner.is_empty() {
        unread.push(node.index);
    }
    Some(schedule)
}

impl Parent for Trigger {
    fn child(&self, index: u8) -> Option<Value<'_>> {
        match index {
            ENABLED => value(&self.enabled),
            START_BOUNDARY => value(&self.start_boundary),
            END_BOUNDARY => value(&self.end_boundary),
            REPETITION => value(&self.repetition),
            EXECUTION_TIME_LIMIT => value(&self.execution_time_limit),
            _ => self.kind.child(index),
        }
    }

    fn attribute(&self) -> Option<(&'static str, &str)> {
        self.id.as_deref().map(|id| ("id", id))
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Trigger {
    /// The trigger as a list item; for an unknown trigger, the preserved element.
    pub(super) fn item(&self) -> Item<'_> {
        match &self.kind {
            TriggerKind::Unknown(unknown) => Item::Foreign(&unknown.xml),
            kind => Item::One(kind.element_name().unwrap_or_default(), Value::Parent(self)),
        }
    }
}

/// A stated value.
fn value<T: ToValue>(stated: &Option<T>) -> Option<Value<'_>> {
    stated.as_ref().map(ToValue::to_value)
}

/// Looks up a child by number among the named fields.
macro_rules! child {
    ($index:expr, $table:ident { $( $name:ident: $value:expr ),* $(,)? }) => {
        match $index {
            $( index if index == number!($table, $name) => $value, )*
            _ => None,
        }
    };
}

impl TriggerKind {
    /// A child specific to this kind.
    fn child(&self, index: u8) -> Option<Value<'_>> {
        match self {
            Self::Boot { delay } => child!(index, BOOT { DELAY: value(delay) }),
            Self::Registration { delay } => child!(index, REGISTRATION { DELAY: value(delay) }),
            Self::Time { random_delay } => child!(index, TIME { RANDOM_DELAY: value(random_delay) }),
            Self::Event(event) => child!(
                index,
                EVENT {
                    SUBSCRIPTION: Some(event.subscription.to_value()),
                    DELAY: value(&event.delay),
                    PERIOD_OF_OCCURRENCE: value(&event.period_of_occurrence),
                    NUMBER_OF_OCCURRENCES: value(&event.number_of_occurrences),
                    MATCHING_ELEMENT: value(&event.matching_element),
                    VALUE_QUERIES: value(&event.value_queries),
                }
            ),
            Self::Logon { user_id, delay } => {
                child!(index, LOGON { USER_ID: value(user_id), DELAY: value(delay) })
            }
            Self::SessionStateChange(session) => child!(
                index,
                SESSION_STATE_CHANGE {
                    USER_ID: value(&session.user_id),
                    DELAY: value(&session.delay),
                    STATE_CHANGE: Some(session.state_change.to_value()),
                }
            ),
            Self::Calendar { random_delay, schedule } => child!(
                index,
                CALENDAR {
                    RANDOM_DELAY: value(random_delay),
                    SCHEDULE_BY_DAY: schedule.value(names::SCHEDULE_BY_DAY),
                    SCHEDULE_BY_WEEK: schedule.value(names::SCHEDULE_BY_WEEK),
                    SCHEDULE_BY_MONTH: schedule.value(names::SCHEDULE_BY_MONTH),
                    SCHEDULE_BY_MONTH_DAY_OF_WEEK: schedule.value(names::SCHEDULE_BY_MONTH_DAY_OF_WEEK),
                }
            ),
            Self::WnfStateChange(state) => child!(
                index,
                WNF_STATE_CHANGE {
                    DELAY: value(&state.delay),
                    STATE_NAME: Some(state.state_name.to_value()),
                    DATA: value(&state.data),
                    DATA_OFFSET: value(&state.data_offset),
                }
            ),
            Self::Idle | Self::Unknown(_) => None,
        }
    }
}

impl Schedule {
    /// The schedule, if this is the name of its element.
    fn value(&self, name: &str) -> Option<Value<'_>> {
        let own = match self {
            Self::Day { .. } => names::SCHEDULE_BY_DAY,
            Self::Week { .. } => names::SCHEDULE_BY_WEEK,
            Self::Month { .. } => names::SCHEDULE_BY_MONTH,
            Self::MonthDayOfWeek { .. } => names::SCHEDULE_BY_MONTH_DAY_OF_WEEK,
        };
        (own == name).then_some(Value::Parent(self))
    }
}

impl Parent for Schedule {
    fn child(&self, index: u8) -> Option<Value<'_>> {
        match self {
            Self::Day { days_interval, .. } => {
                child!(index, SCHEDULE_BY_DAY { DAYS_INTERVAL: value(days_interval) })
            }
            Self::Week { weeks_interval, days_of_week, .. } => child!(
                index,
                SCHEDULE_BY_WEEK {
                    WEEKS_INTERVAL: value(weeks_interval),
                    DAYS_OF_WEEK: Some(days_of_week.to_value()),
                }
            ),
            Self::Month { days_of_month, months, .. } => child!(
                index,
                SCHEDULE_BY_MONTH { DAYS_OF_MONTH: Some(days_of_month.to_value()), MONTHS: value(months) }
            ),
            Self::MonthDayOfWeek { weeks, days_of_week, months, .. } => child!(
                index,
                SCHEDULE_BY_MONTH_DAY_OF_WEEK {
                    WEEKS: Some(weeks.to_value()),
                    DAYS_OF_WEEK: Some(days_of_week.to_value()),
                    MONTHS: value(months),
                }
            ),
        }
    }

    fn extra(&self) -> Option<&Extra> {
        match self {
            Self::Day { extra, .. }
            | Self::Week { extra, .. }
            | Self::Month { extra, .. }
            | Self::MonthDayOfWeek { extra, .. } => Some(extra),
        }
    }
}
