//! Writes a task as text. The table determines the order of children; there is no intermediate structure.

use super::{
    form::{Form, WriteError},
    order, tag,
    text::{OpenTag, Text},
};
use crate::{
    Profile,
    definition::{Before, ChildOrder, Extra, Layout, SchemaVersion, Task, UnknownElement},
    xml::{
        model::{Item, List, Parent, Unstated, Value},
        schema::{self, CHILDREN, Complex, Row, Type},
        simple::{self, Parsed},
        table::{NAMESPACE, ROOT},
    },
};
use std::borrow::Cow;

pub(super) struct Writer {
    out: Text,
    form: Form,
    version: Option<SchemaVersion>,
}

/// What the parent knows about an element.
#[derive(Clone, Copy, Default)]
struct Outer<'a> {
    /// Unknown content of the parent, including that inside this element.
    unknown: &'a [UnknownElement],
    /// The layout of the parent, and the number of this child.
    layout: Option<(&'a Layout, u8)>,
    depth: usize,
}

impl Writer {
    pub(super) fn new(form: Form, version: Option<SchemaVersion>) -> Self {
        Self { out: Text::new(form == Form::Utf8), form, version }
    }

    /// The text of a task, and the first character that XML does not allow.
    pub(super) fn task(mut self, task: &Task) -> (String, Option<WriteError>) {
        self.out.push("<?xml version=\"1.0\"");
        self.out.push(if self.form == Form::Utf8 { "" } else { " encoding=\"UTF-16\"" });
        self.out.push("?>");
        let layout = self.stated(Some(&task.extra));
        self.gap_or_line(layout.and_then(|layout| layout.gap(Before::Itself)), 0);
        let version = task.version.map(SchemaVersion::to_text);
        let attributes = [("version", version.as_deref().unwrap_or_default()), ("xmlns", NAMESPACE)];
        let attributes = attributes.get(usize::from(version.is_none())..).unwrap_or_default();
        self.element(Value::Parent(task), attributes, &ROOT, Outer::default());
        if let Some(gap) = layout.and_then(|layout| layout.gap(Before::EndOfText)) {
            self.out.markup(gap);
        }
        if self.form == Form::Utf8 {
            self.out.line(0);
        }
        self.out.finish()
    }

    /// Writes an element without surrounding white space.
    fn element(
        &mut self,
        value: Value<'_>,
        attributes: &[(&str, &str)],
        row: &'static Row,
        outer: Outer<'_>,
    ) {
        let extra = value.extra();
        let own = self.stated(extra);
        // The parent keeps the layout of elements that have none themselves.
        let kept = outer.layout.filter(|_| extra.is_none());
        if let Some((layout, child)) = kept
            && let Some(spelling) = layout.spelling(child, || value.usual())
            && !outer.unknown.iter().any(|u| u.inside.as_deref() == Some(row.name))
        {
            return self.out.markup(&spelling.stated);
        }
        let tag = match kept {
            Some((layout, child)) => layout.tag(Some(child)),
            None => own.and_then(|own| own.tag(None)),
        };
        let tag = self.start_tag(row, attributes, extra, tag);
        match (value, &row.content) {
            (Value::Parent(_) | Value::List(_), schema::Content::Complex(complex)) => {
                match value {
                    Value::Parent(parent) => self.children(parent, complex, extra, outer.depth + 1),
                    Value::List(list) => self.items(list, complex, row, outer),
                    _ => {}
                }
                let gap = match kept {
                    Some((layout, child)) => layout.gap(Before::EndOf(child)),
                    None => own.and_then(|own| own.gap(Before::End)),
                };
                if gap.is_some() || self.out.len() > tag.inside {
                    self.gap_or_line(gap, outer.depth);
                }
            }
            _ => self.value(value, row),
        }
        self.out.close(row.tags, &tag);
    }

    /// Writes a start tag; the original one if it still has the same attributes.
    #[inline]
    fn start_tag<'s>(
        &mut self,
        row: &Row,
        attributes: &[(&str, &str)],
        extra: Option<&Extra>,
        stated: Option<&'s str>,
    ) -> OpenTag<'s> {
        let unknown = extra.into_iter().flat_map(|extra| &extra.attributes);
        let unknown = unknown.map(|(name, value)| (name.as_str(), value.as_str()));
        let attributes = attributes.iter().copied().chain(unknown);
        if let Some(stated) =
            stated.filter(|stated| tag::has_attributes(stated, row.name, attributes.clone()))
        {
            return self.out.stated_tag(stated);
        }
        self.out.start_tag(row.tags, attributes)
    }

    /// Writes a simple element that has neither attributes nor a layout; returns whether it is one, and not empty.
    #[inline]
    fn leaf(&mut self, value: Value<'_>, row: &'static Row) -> bool {
        let is_leaf = match value {
            Value::Text(text) | Value::Plain(text) => !text.is_empty(),
            Value::Word(_) | Value::Number(_) | Value::Guid(_) => true,
            _ => false,
        };
        if is_leaf {
            self.out.push(row.tags.start);
            self.value(value, row);
            self.out.push(row.tags.end);
        }
        is_leaf
    }

    /// Writes the content of an element without child elements.
    #[inline]
    fn value(&mut self, value: Value<'_>, row: &'static Row) {
        match value {
            Value::Raw(markup) => self.out.markup(markup),
            Value::Text(text) | Value::Plain(text) if self.form == Form::Server => {
                self.out.text(&as_server(text, row), row.name)
            }
            Value::Plain(text) => self.out.push(text),
            Value::Text(text) => self.out.text(text, row.name),
            Value::Named(value) => self.out.text(&value.value, row.name),
            Value::Word(word) => self.out.push(word),
            Value::Number(number) => self.out.number(number),
            Value::Guid(id) => self.out.guid(id),
            Value::Empty | Value::Parent(_) | Value::List(_) => {}
        }
    }

    /// Writes the children of an element that has each at most once.
    fn children(
        &mut self,
        parent: &dyn Parent,
        complex: &'static Complex,
        extra: Option<&Extra>,
        depth: usize,
    ) {
        let unknown = extra.map_or(&[][..], |extra| &extra.elements);
        let layout = self.stated(extra);
        // Empty parts are recorded only in the layout.
        let of_parts = extra.map(|extra| &extra.layout);
        let rules = Rules { form: self.form, version: self.version, layout: of_parts, unknown };
        let mut unplaced = Unplaced::of(unknown, complex);
        if let Some(unplaced) = &mut unplaced {
            self.unknown(unplaced.first(), depth);
        }
        let mut order = [0; CHILDREN];
        let order = match layout.map(Layout::order) {
            Some(ChildOrder::Stated { numbers, count }) => {
                let is_there = |number, row| rules.written(parent.child(number), number, row).is_some();
                let stated = numbers.get(..usize::from(*count)).unwrap_or_default();
                order::as_stated(complex, stated, &is_there, &mut order)
            }
            Some(ChildOrder::Server) => order::usual(complex, Form::Server),
            Some(ChildOrder::Client) | None => order::usual(complex, self.form),
        };
        for number in order.iter().copied() {
            let Some(row) = complex.children.get(usize::from(number)) else { continue };
            let Some(value) = rules.written(parent.child(number), number, row) else { continue };
            let layout = layout.filter(|layout| layout.has_texts());
            self.gap_or_line(layout.and_then(|layout| layout.gap(Before::Child(number))), depth);
            if layout.is_some() || !unknown.is_empty() || !self.leaf(value, row) {
                let layout = layout.map(|layout| (layout, number));
                self.child(value, row, Outer { unknown, layout, depth });
            }
            if let Some(unplaced) = &mut unplaced {
                self.unknown(unplaced.after(row.name), depth);
            }
        }
        if let Some(unplaced) = &mut unplaced {
            self.unknown(unplaced.rest(), depth);
        }
    }

    /// Writes the items of a list in their own order, and the content that the enclosing element keeps.
    fn items(&mut self, list: &dyn List, complex: &'static Complex, row: &Row, outer: Outer<'_>) {
        let depth = outer.depth + 1;
        list.each(&mut |item| self.item(item, complex, depth));
        for unknown in outer.unknown.iter().filter(|u| u.inside.as_deref() == Some(row.name)) {
            self.out.line(depth);
            self.out.markup(&unknown.xml);
        }
    }

    fn item(&mut self, item: Item<'_>, complex: &'static Complex, depth: usize) {
        let (row, value) = match item {
            Item::Foreign(xml) => {
                self.out.line(depth);
                return self.out.markup(xml);
            }
            Item::Only(value) => (complex.children.first(), value),
            Item::One(name, value) => (complex.find(name.as_bytes()).map(|(_, row)| row), value),
        };
        if let Some(row) = row {
            let layout = self.stated(value.extra());
            self.gap_or_line(layout.and_then(|layout| layout.gap(Before::Itself)), depth);
            self.child(value, row, Outer { depth, ..Outer::default() });
        }
    }

    /// Writes unknown content, each on its own line.
    fn unknown<'u>(&mut self, elements: impl Iterator<Item = &'u UnknownElement>, depth: usize) {
        for element in elements {
            self.out.line(depth);
            self.out.markup(&element.xml);
        }
    }

    /// Writes an element with the attribute of its value.
    #[inline]
    fn child(&mut self, value: Value<'_>, row: &'static Row, outer: Outer<'_>) {
        match value.attribute() {
            Some(attribute) => self.element(value, &[attribute], row, outer),
            None => self.element(value, &[], row, outer),
        }
    }

    /// Writes the original comments with their blanks, or else a new line.
    #[inline]
    fn gap_or_line(&mut self, gap: Option<&str>, depth: usize) {
        match gap {
            Some(gap) => self.out.markup(gap),
            None => self.out.line(depth),
        }
    }

    /// The layout of an element, if the form follows it.
    #[inline]
    fn stated<'e>(&self, extra: Option<&'e Extra>) -> Option<&'e Layout> {
        extra
            .filter(|_| self.form == Form::File)
            .map(|extra| &extra.layout)
            .filter(|layout| !layout.is_usual())
    }
}

/// Determines which children of an element are written.
struct Rules<'a> {
    form: Form,
    version: Option<SchemaVersion>,
    layout: Option<&'a Layout>,
    unknown: &'a [UnknownElement],
}

impl Rules<'_> {
    /// The value written for a child: the stated one, or the one that the form adds.
    #[inline]
    fn written<'v>(&self, stated: Option<Value<'v>>, number: u8, row: &'static Row) -> Option<Value<'v>> {
        match stated {
            Some(value) => {
                let omits = self.form == Form::Server || self.form == Form::Client && row.client_omits;
                (!(omits && is_omitted(value, row))).then_some(value)
            }
            None if row.part && self.is_stated_part(number, row) => Some(standard(row)),
            None => order::is_added(row, self.form, self.version).then(|| standard(row)),
        }
    }

    /// Whether a part was written without any known content.
    fn is_stated_part(&self, number: u8, row: &Row) -> bool {
        let empty = || self.layout.is_some_and(|layout| layout.states(number));
        let filled = || self.unknown.iter().any(|u| u.inside.as_deref() == Some(row.name));
        self.form != Form::Server && empty() || filled()
    }
}

/// The server's form of a value, with normalised durations.
fn as_server<'t>(text: &'t str, row: &Row) -> Cow<'t, str> {
    match row.content {
        schema::Content::Simple(Type::Duration { .. } | Type::LenientDuration { .. }) => {
            without_leading_zeros(crate::time::collapsed(text))
        }
        _ => text.into(),
    }
}

/// Whether the server or the client omits the element, because its value is the default.
fn is_omitted(value: Value<'_>, row: &Row) -> bool {
    let (Some(omitted), schema::Content::Simple(ty)) = (row.omitted, &row.content) else { return false };
    match value {
        Value::Word(word) => word == omitted,
        Value::Number(number) => omitted.parse() == Ok(number),
        Value::Text(text) | Value::Plain(text) if text == omitted => true,
        Value::Text(text) | Value::Plain(text) => {
            let parse = |text| simple::parse(*ty, text, Profile::Windows);
            match parse(omitted) {
                None | Some(Parsed::Text) => false,
                omitted => omitted == parse(text),
            }
        }
        _ => false,
    }
}

/// The value written for an absent element.
fn standard(row: &'static Row) -> Value<'static> {
    match row.content {
        schema::Content::Complex(complex) if complex.list.is_some() || complex.bare => Value::List(&Unstated),
        schema::Content::Complex(_) => Value::Parent(&Unstated),
        _ => Value::Text(row.standard()),
    }
}

/// `PT03M` as `PT3M`.
fn without_leading_zeros(duration: &str) -> Cow<'_, str> {
    if !duration.as_bytes().windows(2).any(|pair| matches!(pair, [b'0', b'0'..=b'9'])) {
        return duration.into();
    }
    let is_digit = |c: &char| c.is_ascii_digit();
    let mut out = String::with_capacity(duration.len());
    let mut rest = duration.chars().peekable();
    while let Some(c) = rest.next() {
        let in_number = out.ends_with(|c: char| c.is_ascii_digit() || c == '.');
        if c != '0' || in_number || !rest.peek().is_some_and(is_digit) {
            out.push(c);
        }
    }
    out.into()
}

/// The unknown content of an element that was not written yet.
struct Unplaced<'u> {
    elements: &'u [UnknownElement],
    complex: &'static Complex,
    placed: Vec<bool>,
}

impl<'u> Unplaced<'u> {
    /// `None` if there is none.
    fn of(elements: &'u [UnknownElement], complex: &'static Complex) -> Option<Self> {
        let placed = || vec![false; elements.len()];
        (!elements.is_empty()).then(|| Self { elements, complex, placed: placed() })
    }

    /// The content before the children.
    fn first(&mut self) -> impl Iterator<Item = &'u UnknownElement> {
        let complex = self.complex;
        self.take(move |u| u.after.is_none() && !complex.begins_with_child(&u.xml))
    }

    /// The content after the child with this name.
    fn after(&mut self, name: &'static str) -> impl Iterator<Item = &'u UnknownElement> {
        self.take(move |u| u.after.as_deref() == Some(name))
    }

    /// The rest: unknown content, then known content that must not be mistaken for a child that was read.
    fn rest(&mut self) -> impl Iterator<Item = &'u UnknownElement> {
        let complex = self.complex;
        let unknown: Vec<_> = self.take(move |u| !complex.begins_with_child(&u.xml)).collect();
        unknown.into_iter().chain(self.take(|_| true))
    }

    fn take(&mut self, here: impl Fn(&UnknownElement) -> bool) -> impl Iterator<Item = &'u UnknownElement> {
        let elements = self.elements.iter().zip(&mut self.placed);
        elements.filter_map(move |(element, placed)| {
            let taken = element.inside.is_none() && !*placed && here(element);
            *placed |= taken;
            taken.then_some(element)
        })
    }
}
