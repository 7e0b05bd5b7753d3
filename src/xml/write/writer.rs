//! Elements to text.

use super::{
    form::{Form, WriteError},
    order,
};
use crate::{
    Profile,
    definition::{Before, Extra, SchemaVersion, Stated, Task, UnknownElement},
    markup::{Attributes, attribute_value, attributes, is_xml_char, push_attribute, push_escaped},
    xml::{
        model::{Content, Element},
        schema::{self, Complex, Row, Type},
        simple::{self, Parsed},
        table::{NAMESPACE, ROOT},
    },
};
use std::{borrow::Cow, collections::BTreeMap};

pub(super) struct Writer {
    out: String,
    form: Form,
    eol: &'static str,
    version: Option<SchemaVersion>,
    /// Whether characters that XML does not allow are written for the reader to report.
    unchecked: bool,
}

pub(super) type Written = Result<(), WriteError>;

/// What an element's parent knows of it.
#[derive(Clone, Copy, Default)]
struct Outer<'a> {
    /// Unknown things of the parent, those inside this element among them.
    unknown: &'a [UnknownElement],
    /// How the parent was laid out, and the number of this child of it.
    layout: Option<(&'a Stated, u8)>,
    depth: usize,
}

/// How a start tag ends.
#[derive(Clone, Copy)]
enum TagEnd<'a> {
    Usual,
    /// As it was stated.
    Stated(&'a str),
}

impl Writer {
    pub(super) fn new(form: Form, version: Option<SchemaVersion>) -> Self {
        let eol = if form == Form::Utf8 { "\n" } else { "\r\n" };
        Self { out: String::with_capacity(2048), form, eol, version, unchecked: false }
    }

    /// A writer for a text that nobody but the reader sees.
    pub(super) fn unchecked(form: Form, version: Option<SchemaVersion>) -> Self {
        Self { unchecked: true, ..Self::new(form, version) }
    }

    pub(super) fn task(&mut self, task: &Task) -> Written {
        let encoding = if self.form == Form::Utf8 { "" } else { " encoding=\"UTF-16\"" };
        self.out += "<?xml version=\"1.0\"";
        self.out += encoding;
        self.out += "?>";
        let version = task.version.map(|version| version.to_string());
        let mut root = task.element();
        root.attributes.extend(version.iter().map(|version| ("version", version.as_str())));
        root.attributes.push(("xmlns", NAMESPACE));
        self.gap_or_line(self.stated(root.extra).and_then(|stated| stated.gap(Before::Itself)), 0);
        self.element(&root, &ROOT, Outer::default())?;
        if let Some(gap) = self.stated(root.extra).and_then(|stated| stated.gap(Before::EndOfText)) {
            self.markup(gap);
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> String {
        if self.form == Form::Utf8 {
            self.out += self.eol;
        }
        self.out
    }

    /// An element, nothing before it and nothing after it.
    fn element(&mut self, element: &Element<'_>, row: &'static Row, outer: Outer<'_>) -> Written {
        let is_added_to = outer.unknown.iter().any(|u| u.inside.as_deref() == Some(row.name));
        if let Some((layout, child)) = outer.layout.filter(|_| element.extra.is_none() && !is_added_to)
            && let Some(spelling) = layout.spelling(child, || element.usual())
        {
            self.markup(&spelling.stated);
            return Ok(());
        }
        let tag = match outer.layout {
            Some((layout, child)) if element.extra.is_none() => layout.tag(Some(child)),
            _ => self.stated(element.extra).and_then(|stated| stated.tag(None)),
        };
        let end = self.open(row.name, &element.attributes, element.extra, tag)?;
        let start = self.out.len();
        self.out += end.of_parent();
        let inside = self.out.len();
        match &element.content {
            Content::Empty => {}
            Content::Text(text) => self.text(&self.in_form(text, row), row.name)?,
            Content::Raw(markup) | Content::Foreign(markup) => self.markup(markup),
            Content::Children(children) => {
                let schema::Content::Complex(complex) = row.content else { return Ok(()) };
                if complex.list.is_some() || complex.bare {
                    self.items(children, complex, row, outer)?;
                } else {
                    self.children(children, complex, element.extra, outer.depth + 1)?;
                }
                let gap = match outer.layout {
                    Some((layout, child)) if element.extra.is_none() => layout.gap(Before::EndOf(child)),
                    _ => self.stated(element.extra).and_then(|stated| stated.gap(Before::End)),
                };
                if gap.is_some() || self.out.len() > inside {
                    self.gap_or_line(gap, outer.depth);
                }
            }
        }
        match end.of_empty().filter(|_| self.out.len() == inside) {
            Some(end) => {
                self.out.truncate(start);
                self.out += end;
            }
            None => {
                self.out += "</";
                self.out += row.name;
                self.out.push('>');
            }
        }
        Ok(())
    }

    /// The children of an element that has each of them once.
    fn children(
        &mut self,
        children: &[Element<'_>],
        complex: &'static Complex,
        extra: Option<&Extra>,
        depth: usize,
    ) -> Written {
        let unknown = extra.map_or(&[][..], |extra| &extra.elements);
        let layout = self.stated(extra);
        // Of an empty part there is a trace in the layout alone.
        let of_parts = extra.and_then(|extra| extra.layout.stated());
        let stated = |row: &Row| children.iter().find(|child| child.name == row.name);
        let (form, version) = (self.form, self.version);
        let is_there = |index: usize| {
            complex.children.get(index).is_some_and(|row| match stated(row) {
                Some(child) => {
                    !((form == Form::Server || form == Form::Client && row.client_omits) && omits(child, row))
                }
                None => {
                    let empty =
                        of_parts.is_some_and(|layout| layout.order.iter().any(|c| usize::from(*c) == index));
                    order::is_added(row, form, version)
                        || row.part && empty && form != Form::Server
                        || row.part && unknown.iter().any(|u| u.inside.as_deref() == Some(row.name))
                }
            })
        };
        let mut placed = vec![false; unknown.len()];
        let order = order::children(complex, form, extra, &is_there);
        let known = |unknown: &UnknownElement| complex.begins_with_child(&unknown.xml);
        self.unknown(unknown, &mut placed, |u| u.after.is_none() && !known(u), depth);
        for index in order {
            let Some(row) = complex.children.get(index) else { continue };
            let added = standard(row);
            let child = stated(row).unwrap_or(&added);
            let number = index as u8;
            self.gap_or_line(layout.and_then(|layout| layout.gap(Before::Child(number))), depth);
            let layout = layout.map(|layout| (layout, number));
            self.element(child, row, Outer { unknown, layout, depth })?;
            self.unknown(unknown, &mut placed, |u| u.after.as_deref() == Some(row.name), depth);
        }
        self.unknown(unknown, &mut placed, |u| !known(u), depth);
        self.unknown(unknown, &mut placed, |_| true, depth);
        Ok(())
    }

    /// The items of a list in their own order, and what the element around it keeps of it.
    fn items(
        &mut self,
        items: &[Element<'_>],
        complex: &'static Complex,
        row: &Row,
        outer: Outer<'_>,
    ) -> Written {
        let depth = outer.depth + 1;
        for item in items {
            match (&item.content, complex.children.iter().find(|row| row.name == item.name)) {
                (Content::Foreign(xml), _) => {
                    self.line(depth);
                    self.markup(xml);
                }
                (_, Some(row)) => {
                    let gap = self.stated(item.extra).and_then(|stated| stated.gap(Before::Itself));
                    self.gap_or_line(gap, depth);
                    self.element(item, row, Outer { depth, ..Outer::default() })?;
                }
                _ => {}
            }
        }
        for unknown in outer.unknown.iter().filter(|u| u.inside.as_deref() == Some(row.name)) {
            self.line(depth);
            self.markup(&unknown.xml);
        }
        Ok(())
    }

    /// A value as the form has it: the server writes durations anew.
    fn in_form<'t>(&self, text: &'t str, row: &Row) -> Cow<'t, str> {
        match row.content {
            schema::Content::Simple(Type::Duration { .. } | Type::LenientDuration { .. })
                if self.form == Form::Server =>
            {
                without_leading_zeros(crate::time::collapsed(text))
            }
            _ => text.into(),
        }
    }

    /// Unknown things that belong here and were not written yet.
    fn unknown(
        &mut self,
        elements: &[UnknownElement],
        placed: &mut [bool],
        here: impl Fn(&UnknownElement) -> bool,
        depth: usize,
    ) {
        for (element, placed) in elements.iter().zip(placed).filter(|(element, _)| element.inside.is_none()) {
            if !*placed && here(element) {
                *placed = true;
                self.line(depth);
                self.markup(&element.xml);
            }
        }
    }

    /// A new line.
    fn line(&mut self, depth: usize) {
        self.out += self.eol;
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    /// The comments that were stated here, with the blanks around them; else a new line.
    fn gap_or_line(&mut self, gap: Option<&str>, depth: usize) {
        match gap {
            Some(gap) => self.markup(gap),
            None => self.line(depth),
        }
    }

    /// How an element was laid out, if the form follows that.
    fn stated<'e>(&self, extra: Option<&'e Extra>) -> Option<&'e Stated> {
        extra.filter(|_| self.form == Form::File).and_then(|extra| extra.layout.stated())
    }

    /// A start tag without its end, so that an empty element can be made of it: as it was stated, if it still has the
    /// same attributes.
    fn open<'s>(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        extra: Option<&Extra>,
        stated: Option<&'s str>,
    ) -> Result<TagEnd<'s>, WriteError> {
        let unknown = extra.into_iter().flat_map(|extra| &extra.attributes);
        let unknown = unknown.map(|(name, value)| (name.as_str(), value.as_str()));
        let attributes: Vec<_> = attributes.iter().copied().chain(unknown).collect();
        for (name, value) in &attributes {
            self.check(value, name)?;
        }
        if let Some(stated) = stated.filter(|stated| has_attributes(stated, name, &attributes)) {
            let start = stated.trim_end_matches('>').trim_end_matches('/').trim_end();
            self.markup(start);
            return Ok(TagEnd::Stated(stated.get(start.len()..).unwrap_or_default()));
        }
        self.out.push('<');
        self.out += name;
        for (name, value) in &attributes {
            push_attribute(name, value, &mut self.out);
        }
        Ok(TagEnd::Usual)
    }

    fn text(&mut self, text: &str, element: &str) -> Written {
        self.check(text, element)?;
        let mut lines = text.split('\n');
        push_escaped(lines.next().unwrap_or_default(), &mut self.out);
        for line in lines {
            self.out += self.eol;
            push_escaped(line, &mut self.out);
        }
        Ok(())
    }

    /// Checks that XML allows every character of the text.
    fn check(&self, text: &str, element: &str) -> Written {
        match text.chars().find(|c| !is_xml_char(*c) && !self.unchecked) {
            Some(character) => Err(WriteError::Character { element: element.to_owned(), character }),
            None => Ok(()),
        }
    }

    /// Markup as it is, with the form's line ends.
    fn markup(&mut self, xml: &str) {
        let mut lines = xml.split('\n');
        self.out += lines.next().unwrap_or_default();
        for line in lines {
            self.out += self.eol;
            self.out += line;
        }
    }
}

impl<'a> TagEnd<'a> {
    /// The end of the tag of an element with content.
    fn of_parent(self) -> &'a str {
        match self {
            Self::Stated(end) if !end.ends_with("/>") => end,
            _ => ">",
        }
    }

    /// The end of the tag of an element without content; none if it has an end tag all the same.
    fn of_empty(self) -> Option<&'a str> {
        match self {
            Self::Usual => Some(" />"),
            Self::Stated(end) => Some(end).filter(|end| end.ends_with("/>")),
        }
    }
}

/// Whether a start tag has these attributes, in any order. The namespace of definitions may be declared again.
fn has_attributes(tag: &str, name: &str, expected: &[(&str, &str)]) -> bool {
    let inside = tag.trim_end_matches('>').trim_end_matches('/');
    let Some(text) = inside.strip_prefix('<').and_then(|tag| tag.strip_prefix(name)) else { return false };
    let mut stated = Attributes::default();
    if attributes(text, 0, &mut stated).is_err() {
        return false;
    }
    let mut missing: BTreeMap<&str, &str> = expected.iter().copied().collect();
    let version = |text: &str| text.parse::<SchemaVersion>().ok();
    let as_expected = stated.iter().all(|raw| {
        let value = attribute_value(raw.value);
        match missing.remove(raw.name) {
            Some(expected) => {
                expected == value
                    || raw.name == "version" && version(expected).is_some_and(|v| version(&value) == Some(v))
            }
            None => raw.name == "xmlns" && value == NAMESPACE,
        }
    });
    as_expected && missing.is_empty()
}

/// Whether the server, or the client, leaves the element out: its value is what applies without it.
fn omits(element: &Element<'_>, row: &Row) -> bool {
    let (Some(omitted), Content::Text(text)) = (row.omitted, &element.content) else { return false };
    let schema::Content::Simple(ty) = row.content else { return false };
    let parse = |text| simple::parse(ty, text, Profile::Windows);
    match (parse(omitted), parse(text)) {
        (Some(Parsed::Text), _) => **text == *omitted,
        (omitted, stated) => omitted == stated,
    }
}

/// An element that is written though it is not stated.
fn standard(row: &'static Row) -> Element<'static> {
    let content = match row.content {
        schema::Content::Complex(_) => Content::Children(Vec::new()),
        _ => Content::Text(row.standard().into()),
    };
    Element::new(row.name, content)
}

/// `PT03M` as `PT3M`.
fn without_leading_zeros(duration: &str) -> Cow<'_, str> {
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
