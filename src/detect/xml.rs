//! Detects XML by its elements.

use super::{
    found::{Damage, DamageKind, Detection, Kind, Reason},
    markup::{Code, Encoding, Markup, MarkupKind, Units, Utf8, Utf16Be, Utf16Le},
};
use crate::{job::Confidence, limits};
use std::ops::Range;

/// The root element of a kind, and what distinguishes it from other elements of the same name.
struct Root {
    name: &'static str,
    /// The value of an identifying attribute: a namespace, or a class identifier.
    mark: &'static str,
    /// Child elements, at least one of which is required if the attribute is missing.
    children: &'static [&'static str],
    /// The element that contains several roots.
    list: &'static str,
    kind: Kind,
    kind_of_several: Kind,
}

const TASK: Root = Root {
    name: "Task",
    mark: "http://schemas.microsoft.com/windows/2004/02/mit/task",
    children: &["RegistrationInfo", "Triggers", "Settings", "Principals", "Actions"],
    list: "Tasks",
    kind: Kind::Task,
    kind_of_several: Kind::Tasks,
};

const EVENT: Root = Root {
    name: "Event",
    mark: "http://schemas.microsoft.com/win/2004/08/events/event",
    children: &["System", "EventData", "UserData"],
    list: "Events",
    kind: Kind::Event,
    kind_of_several: Kind::Events,
};

/// A Group Policy file contains definitions of the other kind, and is a single root.
const POLICY: Root = Root {
    name: "ScheduledTasks",
    mark: "{CC63F200-7309-4ba0-B154-A71CD118DBCC}",
    children: &["Task", "ImmediateTask", "TaskV2", "ImmediateTaskV2"],
    list: "",
    kind: Kind::GroupPolicy,
    kind_of_several: Kind::GroupPolicy,
};

const ROOTS: [&Root; 3] = [&POLICY, &TASK, &EVENT];

/// The lengths of the names of roots and their children, by their first letter, with a bit for each.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time alone, where get is not available")]
const LENGTHS: [u32; 128] = {
    let mut lengths = [0; 128];
    let mut root = 0;
    while root < ROOTS.len() {
        let Root { name, children, .. } = ROOTS[root];
        lengths[name.as_bytes()[0] as usize] |= 1 << name.len();
        let mut child = 0;
        while child < children.len() {
            lengths[children[child].as_bytes()[0] as usize] |= 1 << children[child].len();
            child += 1;
        }
        root += 1;
    }
    lengths
};

pub(super) fn detect(bytes: &[u8]) -> Option<Detection> {
    match Encoding::of(bytes)? {
        Encoding::Utf8(base) => scanned(Units::<Utf8>::new(bytes, base)),
        Encoding::Utf16Le(base) => scanned(Units::<Utf16Le>::new(bytes, base)),
        Encoding::Utf16Be(base) => scanned(Units::<Utf16Be>::new(bytes, base)),
    }
}

fn scanned<C: Code>(units: Units<'_, C>) -> Option<Detection> {
    let mut scan = Scan::new(units);
    scan.run();
    let (kind, confidence, reason) = scan.verdict()?;
    let start = matches!(reason, Reason::Part(_)).then_some(Damage { kind: DamageKind::NoStart, offset: 0 });
    let damages = [start, scan.damage, scan.illegal()];
    let damage = damages.into_iter().flatten().min_by_key(|damage| damage.offset);
    Some(Detection::new(kind, confidence, reason, damage))
}

/// What was seen of one kind.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The number of outermost elements of its name.
    elements: usize,
    /// The number of those with its identifying attribute.
    marked: usize,
    /// Whether such an element occurred before any damage.
    sound: bool,
    /// Whether an element of its name had one of its children.
    children: bool,
    /// The children seen anywhere, with a bit for each name.
    parts: u32,
    /// Whether its end tag occurred without an open element.
    ended: bool,
    /// The number of open elements of its name.
    open: usize,
    /// Whether the outermost element has its identifying attribute, regardless of the name.
    inherited: bool,
}

/// The number of different children that identify a kind whose root is missing.
const PARTS: u32 = 3;

/// The outermost element: a root, a list of roots, or neither.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outermost {
    None,
    Root(usize),
    List(usize),
    Other,
}

struct Scan<'a, C: Code> {
    units: Units<'a, C>,
    /// The names of the open elements.
    open: Vec<Range<usize>>,
    /// The number of open elements beyond those stored.
    deeper: usize,
    seen: [Seen; ROOTS.len()],
    outermost: Outermost,
    damage: Option<Damage>,
}

impl<'a, C: Code> Scan<'a, C> {
    fn new(units: Units<'a, C>) -> Self {
        let (open, seen) = (Vec::new(), Default::default());
        Self { units, open, deeper: 0, seen, outermost: Outermost::None, damage: None }
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(next) = self.units.next_markup(at) {
            if let Some(end) = self.plain_end(next) {
                if let Some(name) = self.open.pop() {
                    self.closed(&name);
                }
                at = end;
                continue;
            }
            let Markup { kind, span } = self.units.markup(next);
            self.text(at..span.start);
            match kind {
                MarkupKind::Start { name, empty } => self.start(&span, name, empty),
                MarkupKind::End { name } => self.end(span.start, &name),
                MarkupKind::Declaration if !self.is_outside() => {
                    self.damaged(DamageKind::Truncated, span.start);
                    self.close(0);
                }
                MarkupKind::Declaration | MarkupKind::Other => {}
                MarkupKind::Text => self.text(span.clone()),
                MarkupKind::Stray if self.has_started() => self.damaged(DamageKind::Malformed, span.start),
                MarkupKind::Stray => self.damaged(DamageKind::Leading, span.start),
                MarkupKind::Cut { name } => {
                    self.start(&span, name, true);
                    self.damaged(DamageKind::Truncated, self.units.len());
                }
            }
            at = span.end;
            if !self.has_started() && self.damage.is_some() && at > limits::DETECT_LEADING_UNITS {
                return;
            }
        }
        self.text(at..self.units.len());
        if !self.is_outside() {
            self.damaged(DamageKind::Truncated, self.units.len());
        }
    }

    /// The end of the end tag of the innermost element, if it is next.
    fn plain_end(&self, at: usize) -> Option<usize> {
        let open = self.open.last().filter(|_| self.deeper == 0)?;
        self.units.plain_end(at, open)
    }

    fn is_outside(&self) -> bool {
        self.open.is_empty()
    }

    fn has_started(&self) -> bool {
        self.outermost != Outermost::None
    }

    /// Reports text outside all elements.
    fn text(&mut self, span: Range<usize>) {
        if !self.is_outside() || self.damage.is_some() {
            return;
        }
        if let Some(at) = self.units.first_content(span) {
            self.damaged(if self.has_started() { DamageKind::Trailing } else { DamageKind::Leading }, at);
        }
    }

    fn start(&mut self, tag: &Range<usize>, name: Range<usize>, empty: bool) {
        let outside = self.is_outside();
        if !self.has_started() && !name.is_empty() {
            self.outermost = self.classify(&name);
        }
        if outside || self.may_be_known(&name) {
            self.see(tag, &name, empty);
        }
        match empty {
            true => {}
            false if self.open.len() < limits::XML_DEPTH => self.open.push(name),
            false => self.deeper += 1,
        }
    }

    /// Whether a name may be one of a root or a child of one. Few other names have the same length and first letter.
    fn may_be_known(&self, name: &Range<usize>) -> bool {
        let first = self.units.first(name).unwrap_or_default();
        let lengths = LENGTHS.get(usize::from(first)).copied().unwrap_or_default();
        u32::try_from(name.len()).ok().and_then(|length| lengths.checked_shr(length)).unwrap_or_default() & 1
            != 0
    }

    /// Records what an element means for each kind.
    fn see(&mut self, tag: &Range<usize>, name: &Range<usize>, empty: bool) {
        let outside = self.is_outside();
        let parent = self.open.last();
        for (root, seen) in ROOTS.iter().zip(&mut self.seen) {
            let is_root = self.units.is(name, root.name);
            let marked = (outside || is_root) && self.units.has_value(tag, root.mark);
            if outside {
                seen.inherited = marked;
            }
            if is_root && seen.open == 0 {
                seen.elements += 1;
                if marked || seen.inherited {
                    seen.marked += 1;
                    seen.sound |= self.damage.is_none();
                }
            }
            if let Some(child) = root.children.iter().position(|child| self.units.is(name, child)) {
                seen.parts |= 1 << child;
                seen.children |= parent.is_some_and(|parent| self.units.is(parent, root.name));
            }
            seen.open += usize::from(is_root && !empty);
        }
    }

    fn classify(&self, name: &Range<usize>) -> Outermost {
        let position = |of: fn(&Root) -> &str| ROOTS.iter().position(|root| self.units.is(name, of(root)));
        match (position(|root| root.name), position(|root| root.list)) {
            (Some(root), _) => Outermost::Root(root),
            (_, Some(list)) => Outermost::List(list),
            _ => Outermost::Other,
        }
    }

    fn end(&mut self, at: usize, name: &Range<usize>) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let matches = |depth: usize| {
            let open = self.open.len().checked_sub(depth).and_then(|index| self.open.get(index));
            open.is_some_and(|open| self.units.same(open, name))
        };
        if matches(1) {
            return self.close(self.open.len() - 1);
        }
        let root = ROOTS.iter().position(|root| self.units.is(name, root.name));
        if self.is_outside() {
            self.damaged(DamageKind::NoStart, 0);
            if let Some(seen) = root.and_then(|root| self.seen.get_mut(root)) {
                seen.ended = true;
            }
            return;
        }
        // Closes an unclosed inner element; any other unmatched end tag is skipped.
        let closed = if matches(2) {
            Some(self.open.len() - 2)
        } else {
            root.and_then(|_| self.open.iter().position(|open| self.units.same(open, name)))
        };
        self.damaged(DamageKind::Malformed, at);
        if let Some(closed) = closed {
            self.close(closed);
        }
    }

    /// Closes elements until `left` are open.
    fn close(&mut self, left: usize) {
        while self.open.len() > left
            && let Some(name) = self.open.pop()
        {
            self.closed(&name);
        }
        self.deeper = 0;
    }

    /// Records that an element was closed.
    fn closed(&mut self, name: &Range<usize>) {
        if self.may_be_known(name) {
            for (root, seen) in ROOTS.iter().zip(&mut self.seen) {
                seen.open -= usize::from(self.units.is(name, root.name));
            }
        }
    }

    /// Records the first damage.
    fn damaged(&mut self, kind: DamageKind, at: usize) {
        if self.damage.is_none() {
            self.damage = Some(Damage { kind, offset: self.units.offset(at) });
        }
    }

    fn illegal(&self) -> Option<Damage> {
        self.units.illegal().map(|offset| Damage { kind: DamageKind::Character, offset })
    }

    /// The kind of the outermost element, or else the kind found inside it as an element, an attribute or parts.
    fn verdict(&self) -> Option<(Kind, Confidence, Reason)> {
        if let Outermost::Root(index) | Outermost::List(index) = self.outermost {
            let (root, seen) = (ROOTS.get(index)?, self.seen.get(index)?);
            let is_list = self.outermost == Outermost::List(index);
            let name = if is_list { root.list } else { root.name };
            let kind = if is_list || seen.elements > 1 { root.kind_of_several } else { root.kind };
            return Some(match seen {
                Seen { marked: 1.., .. } => (kind, Confidence::High, Reason::Root(name)),
                Seen { children: true, .. } => (kind, Confidence::Medium, Reason::RootName(name)),
                _ => (kind, Confidence::Low, Reason::RootName(name)),
            });
        }
        let all = || ROOTS.iter().zip(&self.seen);
        let inside = all().find(|(_, seen)| seen.marked > 0 && seen.sound);
        let inside =
            inside.map(|(root, _)| (root.kind_of_several, Confidence::Medium, Reason::Inside(root.name)));
        let marked = all().find(|(_, seen)| seen.inherited);
        let marked = marked.map(|(root, _)| (root.kind, Confidence::Medium, Reason::Namespace(root.name)));
        let part = all().find(|(_, seen)| seen.ended || seen.parts.count_ones() >= PARTS);
        let part = part.map(|(root, _)| (root.kind, Confidence::Low, Reason::Part(root.name)));
        inside.or(marked).or(part)
    }
}
