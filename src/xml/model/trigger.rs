//! Triggers: what all have, and what each kind has of its own.

use super::{Element, FromNode, attribute, children, extra, put, required};
use crate::{
    definition::{
        EventTrigger, Extra, Schedule, SessionStateChangeTrigger, Trigger, TriggerKind, WnfStateChangeTrigger,
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
        let enabled = optional(tree, id, "Enabled", &mut unread);
        let start_boundary = optional(tree, id, "StartBoundary", &mut unread);
        let end_boundary = optional(tree, id, "EndBoundary", &mut unread);
        let repetition = optional(tree, id, "Repetition", &mut unread);
        let execution_time_limit = optional(tree, id, "ExecutionTimeLimit", &mut unread);
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
        "BootTrigger" => TriggerKind::Boot { delay: optional(tree, id, "Delay", unread) },
        "RegistrationTrigger" => TriggerKind::Registration { delay: optional(tree, id, "Delay", unread) },
        "IdleTrigger" => TriggerKind::Idle,
        "TimeTrigger" => TriggerKind::Time { random_delay: optional(tree, id, "RandomDelay", unread) },
        "EventTrigger" => TriggerKind::Event(EventTrigger {
            subscription: required(tree, id, "Subscription")?,
            delay: optional(tree, id, "Delay", unread),
            period_of_occurrence: optional(tree, id, "PeriodOfOccurrence", unread),
            number_of_occurrences: optional(tree, id, "NumberOfOccurrences", unread),
            matching_element: optional(tree, id, "MatchingElement", unread),
            value_queries: optional(tree, id, "ValueQueries", unread),
        }),
        "LogonTrigger" => TriggerKind::Logon {
            user_id: optional(tree, id, "UserId", unread),
            delay: optional(tree, id, "Delay", unread),
        },
        "SessionStateChangeTrigger" => TriggerKind::SessionStateChange(SessionStateChangeTrigger {
            user_id: optional(tree, id, "UserId", unread),
            delay: optional(tree, id, "Delay", unread),
            state_change: required(tree, id, "StateChange")?,
        }),
        "CalendarTrigger" => TriggerKind::Calendar {
            random_delay: optional(tree, id, "RandomDelay", unread),
            schedule: schedule(tree, id, unread)?,
        },
        "WnfStateChangeTrigger" => TriggerKind::WnfStateChange(WnfStateChangeTrigger {
            delay: optional(tree, id, "Delay", unread),
            state_name: required(tree, id, "StateName")?,
            data: optional(tree, id, "Data", unread),
            data_offset: optional(tree, id, "DataOffset", unread),
        }),
        _ => return None,
    })
}

/// The one schedule of a calendar trigger.
fn schedule(tree: &Tree<'_>, trigger: Id, unread: &mut Vec<&'static str>) -> Option<Schedule> {
    let (id, node) = tree.children(trigger).find(|(_, node)| node.row.choice)?;
    let mut inner = Vec::new();
    let schedule = match node.row.name {
        "ScheduleByDay" => Schedule::Day {
            days_interval: optional(tree, id, "DaysInterval", &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        "ScheduleByWeek" => Schedule::Week {
            weeks_interval: optional(tree, id, "WeeksInterval", &mut inner),
            days_of_week: optional(tree, id, "DaysOfWeek", &mut inner).unwrap_or_default(),
            extra: extra(tree, id, Vec::new()),
        },
        "ScheduleByMonth" => Schedule::Month {
            days_of_month: optional(tree, id, "DaysOfMonth", &mut inner).unwrap_or_default(),
            months: optional(tree, id, "Months", &mut inner),
            extra: extra(tree, id, Vec::new()),
        },
        _ => Schedule::MonthDayOfWeek {
            weeks: optional(tree, id, "Weeks", &mut inner).unwrap_or_default(),
            days_of_week: optional(tree, id, "DaysOfWeek", &mut inner).unwrap_or_default(),
            months: optional(tree, id, "Months", &mut inner),
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
        put(&mut children, "Enabled", self.enabled.as_ref());
        put(&mut children, "StartBoundary", self.start_boundary.as_ref());
        put(&mut children, "EndBoundary", self.end_boundary.as_ref());
        put(&mut children, "Repetition", self.repetition.as_ref());
        put(&mut children, "ExecutionTimeLimit", self.execution_time_limit.as_ref());
        match &self.kind {
            TriggerKind::Boot { delay } | TriggerKind::Registration { delay } => {
                put(&mut children, "Delay", delay.as_ref())
            }
            TriggerKind::Idle => {}
            TriggerKind::Time { random_delay } => put(&mut children, "RandomDelay", random_delay.as_ref()),
            TriggerKind::Event(event) => {
                put(&mut children, "Subscription", Some(&event.subscription));
                put(&mut children, "Delay", event.delay.as_ref());
                put(&mut children, "PeriodOfOccurrence", event.period_of_occurrence.as_ref());
                put(&mut children, "NumberOfOccurrences", event.number_of_occurrences.as_ref());
                put(&mut children, "MatchingElement", event.matching_element.as_ref());
                put(&mut children, "ValueQueries", event.value_queries.as_ref());
            }
            TriggerKind::Logon { user_id, delay } => {
                put(&mut children, "UserId", user_id.as_ref());
                put(&mut children, "Delay", delay.as_ref());
            }
            TriggerKind::SessionStateChange(session) => {
                put(&mut children, "UserId", session.user_id.as_ref());
                put(&mut children, "Delay", session.delay.as_ref());
                put(&mut children, "StateChange", Some(&session.state_change));
            }
            TriggerKind::Calendar { random_delay, schedule } => {
                put(&mut children, "RandomDelay", random_delay.as_ref());
                children.push(schedule.element());
            }
            TriggerKind::WnfStateChange(state) => {
                put(&mut children, "Delay", state.delay.as_ref());
                put(&mut children, "StateName", Some(&state.state_name));
                put(&mut children, "Data", state.data.as_ref());
                put(&mut children, "DataOffset", state.data_offset.as_ref());
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
                put(&mut children, "DaysInterval", days_interval.as_ref());
                ("ScheduleByDay", extra)
            }
            Self::Week { weeks_interval, days_of_week, extra } => {
                put(&mut children, "WeeksInterval", weeks_interval.as_ref());
                put(&mut children, "DaysOfWeek", Some(days_of_week));
                ("ScheduleByWeek", extra)
            }
            Self::Month { days_of_month, months, extra } => {
                put(&mut children, "DaysOfMonth", Some(days_of_month));
                put(&mut children, "Months", months.as_ref());
                ("ScheduleByMonth", extra)
            }
            Self::MonthDayOfWeek { weeks, days_of_week, months, extra } => {
                put(&mut children, "Weeks", Some(weeks));
                put(&mut children, "DaysOfWeek", Some(days_of_week));
                put(&mut children, "Months", months.as_ref());
                ("ScheduleByMonthDayOfWeek", extra)
            }
        };
        Element::parent(name, children, Some(extra))
    }
}
