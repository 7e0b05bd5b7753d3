//! Searches for the parts of a damaged file.
//!
//! The counts chain the parts together, so one wrong count misplaces everything after it. Other evidence shows where
//! the parts are: each string ends at its first NUL, the reserved data has 0 or 8 bytes, Trigger Offset is where the
//! chain must end, and each trigger starts with its own size. The search tries both the counts and this evidence for
//! each part, and keeps the reading with the lowest cost, that is, with the fewest anomalies. It is bounded: seven
//! parts, at most three ways to read each, and strings of at most 65,535 units.

use super::layout::{RawTrigger, SIGNATURE_HEADER, SIGNATURE_SIZE, STRINGS, TRIGGER_MARK};
use std::ops::Range;

/// A counted part as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The offset of its count.
    pub(super) at: usize,
    /// The number of bytes present.
    pub(super) size: usize,
    /// The number of bytes according to its count.
    pub(super) declared: usize,
    /// Whether the file ends within it.
    pub(super) cut: bool,
}

impl Part {
    pub(super) fn data(&self) -> Range<usize> {
        self.at + 2..self.end()
    }

    pub(super) fn end(&self) -> usize {
        self.at + 2 + self.size
    }
}

/// A reading of the variable part: five strings, user data and reserved data, as far as they could be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    cost: u32,
    parts: [Option<Part>; PARTS],
    /// Offset of the trigger count.
    pub(super) trigger_count_at: Option<usize>,
}

/// The triggers found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TriggerRun {
    /// The number according to the count.
    pub(super) declared: usize,
    /// The number of complete ones.
    pub(super) number: usize,
    /// Whether the file ends within another one.
    pub(super) cut: bool,
}

const PARTS: usize = 7;
const STRING_PARTS: usize = 5;

/// The cost of each anomaly in a reading.
mod cost {
    pub(super) const EMBEDDED_NUL: u32 = 1;
    pub(super) const ODD_TAIL: u32 = 1;
    pub(super) const COUNT_REPLACED: u32 = 2;
    pub(super) const ODD_RESERVED: u32 = 2;
    pub(super) const TRIGGERS_MISFIT: u32 = 2;
    /// The new size was derived from Trigger Offset, so the offset necessarily matches.
    pub(super) const SIZE_DERIVED: u32 = 3;
    pub(super) const UNTERMINATED: u32 = 3;
    pub(super) const TRIGGER_OFFSET_DISAGREES: u32 = 3;
    pub(super) const CUT: u32 = 4;
    pub(super) const CUT_BEFORE_TRIGGER_OFFSET: u32 = 6;
}

impl Plan {
    pub(super) fn strings(&self) -> impl Iterator<Item = Option<Part>> {
        self.parts.into_iter().take(STRING_PARTS)
    }

    pub(super) fn user_data(&self) -> Option<Part> {
        let [.., user_data, _] = self.parts;
        user_data
    }

    pub(super) fn reserved(&self) -> Option<Part> {
        let [.., reserved] = self.parts;
        reserved
    }

    fn with(mut self, index: usize, part: Part, cost: u32) -> Self {
        if let Some(place) = self.parts.get_mut(index) {
            *place = Some(part);
        }
        self.cost += cost;
        self
    }
}

/// A file, and the two offsets in its header.
pub(super) struct Search<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) app_name_at: Option<usize>,
    pub(super) trigger_offset: Option<usize>,
}

impl Search<'_> {
    /// The reading according to the counts.
    pub(super) fn as_declared(&self) -> Plan {
        let mut plan = Plan { cost: 0, parts: [None; PARTS], trigger_count_at: None };
        let mut at = self.app_name_at.unwrap_or(STRINGS);
        for (index, place) in plan.parts.iter_mut().enumerate() {
            let Some(part) = self.declared(index, at) else { return plan };
            *place = Some(part);
            at = part.end();
        }
        Plan { trigger_count_at: Some(at), ..plan }
    }

    /// The reading with the lowest cost.
    pub(super) fn best(&self) -> Plan {
        let sequential = self.from(0, STRINGS, u32::MAX);
        match self.app_name_at {
            Some(at) if at > STRINGS && at < self.bytes.len() => {
                // Only Vista and later read that offset.
                let moved = self.from(0, at, u32::MAX);
                if moved.cost <= sequential.cost { moved } else { sequential }
            }
            _ => sequential,
        }
    }

    /// The best reading of part `index`, whose count is at `at`, and of the parts after it. Readings that cost
    /// `bound` or more are skipped.
    fn from(&self, index: usize, at: usize, bound: u32) -> Plan {
        if index == PARTS {
            return self.end(at);
        }
        let mut best: Option<Plan> = None;
        for (part, cost) in self.candidates(index, at).into_iter().flatten() {
            let bound = best.map_or(bound, |plan| plan.cost.min(bound));
            if cost >= bound {
                continue;
            }
            let rest = if part.cut { self.cut() } else { self.from(index + 1, part.end(), bound - cost) };
            let plan = rest.with(index, part, cost);
            if plan.cost < bound || best.is_none() {
                best = Some(plan);
            }
        }
        best.unwrap_or(Plan { cost: u32::MAX / 2, ..self.cut() })
    }

    /// Part `index` at `at`, according to its count.
    fn declared(&self, index: usize, at: usize) -> Option<Part> {
        let left = self.bytes.len().checked_sub(at + 2)?;
        let declared = usize::from(self.word(at)?) * if index < STRING_PARTS { 2 } else { 1 };
        Some(Part { at, size: declared.min(left), declared, cut: declared > left })
    }

    /// The ways to read part `index` at `at`, with their costs.
    fn candidates(&self, index: usize, at: usize) -> [Option<(Part, u32)>; 3] {
        let Some(as_declared) = self.declared(index, at) else {
            return [None, None, None];
        };
        let left = self.bytes.len() - (at + 2);
        let declared = as_declared.declared;
        let sized = |size: usize| Part { size, cut: false, ..as_declared };
        let replaced = |size: Option<usize>, cost: u32| {
            let size = size.filter(|size| *size <= left && *size != declared)?;
            Some((sized(size), cost))
        };
        let up_to_triggers = |after: usize| self.trigger_offset?.checked_sub(at + 2 + after);
        let declared_cost = match index {
            _ if as_declared.cut => cost::CUT,
            0..STRING_PARTS => self.string_cost(as_declared.data()),
            5 => 0,
            _ => reserved_cost(declared),
        };
        let [first, second] = match index {
            0..STRING_PARTS => [replaced(self.up_to_nul(at + 2), cost::COUNT_REPLACED), None],
            // The bytes between here and the triggers, minus the usual reserved data.
            5 => [10, 2].map(|after| replaced(up_to_triggers(after), cost::SIZE_DERIVED)),
            _ => {
                let size = up_to_triggers(0);
                [replaced(size, cost::SIZE_DERIVED + size.map_or(0, reserved_cost)), None]
            }
        };
        [Some((as_declared, declared_cost)), first, second]
    }

    /// The end of the chain: checks whether it is at Trigger Offset, and whether triggers follow.
    fn end(&self, at: usize) -> Plan {
        let Some(run) = self.triggers(at) else {
            return self.cut();
        };
        let disagrees = self.trigger_offset.is_some_and(|offset| offset != at);
        let left = self.bytes.len() - (at + 2);
        let misfit = match left.checked_sub(run.declared * RawTrigger::SIZE) {
            Some(0 | SIGNATURE_SIZE) => 0,
            Some(1..SIGNATURE_SIZE) => cost::ODD_TAIL,
            _ => cost::TRIGGERS_MISFIT,
        };
        let foreign = run.declared > 0 && left >= 2 && self.word(at + 2) != Some(RawTrigger::SIZE as u16);
        let cost = misfit
            + if disagrees { cost::TRIGGER_OFFSET_DISAGREES } else { 0 }
            + if foreign { cost::ODD_TAIL } else { 0 };
        Plan { cost, parts: [None; PARTS], trigger_count_at: Some(at) }
    }

    /// The end of a truncated file.
    fn cut(&self) -> Plan {
        let whole = self.trigger_offset.is_some_and(|offset| offset < self.bytes.len());
        let cost = if whole { cost::CUT_BEFORE_TRIGGER_OFFSET } else { 0 };
        Plan { cost, parts: [None; PARTS], trigger_count_at: None }
    }

    /// The triggers whose count is at `at`, either the counted number or as many as start with their own size.
    pub(super) fn triggers(&self, at: usize) -> Option<TriggerRun> {
        let declared = usize::from(self.word(at)?);
        let rest = self.bytes.get(at + 2..).unwrap_or_default();
        let (whole, cut) = rest.as_chunks::<{ RawTrigger::SIZE }>();
        let marked = whole.iter().take_while(|t| t.starts_with(&TRIGGER_MARK)).count();
        let left = rest.len().checked_sub(declared * RawTrigger::SIZE);
        let number = match left {
            // More triggers follow the last one counted.
            Some(left) if left >= RawTrigger::SIZE && left != SIGNATURE_SIZE && marked > declared => marked,
            Some(_) => declared,
            None if marked > 0 => marked,
            None => whole.len(),
        };
        let ends_within = left.is_none() && number == whole.len() && !cut.is_empty();
        Some(TriggerRun { declared, number, cut: ends_within })
    }

    /// The triggers at the end of the file or before its signature, at or after `from`, found only by their own size:
    /// the offset of the first, and the number.
    pub(super) fn last_triggers(&self, from: usize) -> Option<(usize, usize)> {
        let signed = self.bytes.len().checked_sub(SIGNATURE_SIZE);
        let ends = [Some(self.bytes.len()), signed.filter(|at| self.starts(*at, &SIGNATURE_HEADER))];
        ends.into_iter().flatten().find_map(|end| {
            let rest = self.bytes.get(from..end)?.as_rchunks::<{ RawTrigger::SIZE }>().1;
            let number = rest.iter().rev().take_while(|t| t.starts_with(&TRIGGER_MARK)).count();
            (number > 0).then(|| (end - number * RawTrigger::SIZE, number))
        })
    }

    fn starts(&self, at: usize, mark: &[u8]) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(mark))
    }

    /// Whether triggers are plausible at `at`: the first starts with its own size.
    pub(super) fn has_triggers(&self, at: usize) -> bool {
        at >= STRINGS
            && self.word(at).is_some_and(|n| n > 0)
            && self.word(at + 2) == Some(RawTrigger::SIZE as u16)
    }

    pub(super) fn word(&self, at: usize) -> Option<u16> {
        self.bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
    }

    /// Bytes from `at` through the first NUL unit.
    fn up_to_nul(&self, at: usize) -> Option<usize> {
        let units = self.bytes.get(at..)?.as_chunks::<2>().0.iter().take(0xFFFF);
        units.enumerate().find(|(_, unit)| **unit == [0, 0]).map(|(index, _)| (index + 1) * 2)
    }

    fn string_cost(&self, data: Range<usize>) -> u32 {
        let size = data.len();
        match self.up_to_nul(data.start) {
            _ if size == 0 => 0,
            Some(first) if first == size => 0,
            _ if self.bytes.get(data).is_some_and(|bytes| bytes.ends_with(&[0, 0])) => cost::EMBEDDED_NUL,
            _ => cost::UNTERMINATED,
        }
    }
}

fn reserved_cost(size: usize) -> u32 {
    if matches!(size, 0 | 8) { 0 } else { cost::ODD_RESERVED }
}
