//! Elements to text.

use super::{
    form::{Form, WriteError},
    order,
};
use crate::{
    Profile,
    definition::{Before, Extra, SchemaVersion, Spelling, Task, UnknownElement},
    markup::{is_xml_char, push_escaped},
    xml::{
        model::{Content, Element},
        schema::{self, Complex, Row, Type},
        simple::{self, Parsed},
        table::{NAMESPACE, ROOT},
    },
};
use std::borrow::Cow;

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
    /// How the value was spelled.
    spelling: Option<&'a Spelling>,
    depth: usize,
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
        self.gap_or_line(root.extra, Before::Itself, 0);
        self.element(&root, &ROOT, Outer::default())
    }

    pub(super) fn finish(mut self) -> String {
        if self.form == Form::Utf8 {
            self.out += self.eol;
        }
        self.out
    }

    /// An element, nothing before it and nothing after it.
    fn element(&mut self, element: &Element<'_>, row: &'static Row, outer: Outer<'_>) -> Written {
        self.open(row.name, &element.attributes, element.extra)?;
        let start = self.out.len();
        self.out.push('>');
        let inside = self.out.len();
        match &element.content {
            Content::Empty => {}
            Content::Text(text) => match outer.spelling {
                Some(spelling) => self.markup(spelling.stated.as_deref().unwrap_or_default()),
                None => self.text(&self.in_form(text, row), row.name)?,
            },
            Content::Raw(markup) | Content::Foreign(markup) => self.markup(markup),
            Content::Children(children) => {
                let schema::Content::Complex(complex) = row.content else { return Ok(()) };
                if complex.list.is_some() || complex.bare {
                    self.items(children, complex, row, outer)?;
                } else {
                    self.children(children, complex, element.extra, outer.depth + 1)?;
                }
                if self.out.len() > inside {
                    self.gap_or_line(element.extra, Before::End, outer.depth);
                }
            }
        }
        if self.out.len() == inside && outer.spelling.is_none_or(|spelling| spelling.stated.is_none()) {
            self.out.truncate(start);
            self.out += " />";
        } else {
            self.out += "</";
            self.out += row.name;
            self.out.push('>');
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
        let layout = extra.and_then(|extra| extra.layout.stated());
        let stated = |row: &Row| children.iter().find(|child| child.name == row.name);
        let (form, version) = (self.form, self.version);
        let is_there = |index: usize| {
            complex.children.get(index).is_some_and(|row| match stated(row) {
                Some(child) => {
                    !((form == Form::Server || form == Form::Client && row.client_omits) && omits(child, row))
                }
                None => {
                    let empty =
                        layout.is_some_and(|layout| layout.order.iter().any(|c| usize::from(*c) == index));
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
            let spelling = layout.filter(|_| self.form == Form::File);
            let spelling = spelling.and_then(|layout| layout.spelling(index as u8, &child.usual()));
            self.gap_or_line(extra, Before::Child(index as u8), depth);
            self.element(child, row, Outer { unknown, spelling, depth })?;
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
        let spelled = outer.spelling.and_then(|spelling| spelling.stated.as_deref());
        let spelled = spelled.into_iter().flat_map(|names| names.split(' '));
        let spelled: Vec<&Element<'_>> =
            spelled.filter_map(|name| items.iter().find(|item| item.member() == name)).collect();
        let as_given = items.iter().filter(|_| spelled.is_empty());
        for item in spelled.iter().copied().chain(as_given) {
            match (&item.content, complex.children.iter().find(|row| row.name == item.name)) {
                (Content::Foreign(xml), _) => {
                    self.line(depth);
                    self.markup(xml);
                }
                (_, Some(row)) => {
                    self.gap_or_line(item.extra, Before::Itself, depth);
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
    fn gap_or_line(&mut self, extra: Option<&Extra>, before: Before, depth: usize) {
        let layout = extra.filter(|_| self.form == Form::File).and_then(|extra| extra.layout.stated());
        match layout.and_then(|layout| layout.gap(before)) {
            Some(gap) => self.markup(gap),
            None => self.line(depth),
        }
    }

    /// A start tag without its end, so that an empty element can be made of it.
    fn open(&mut self, name: &str, attributes: &[(&str, &str)], extra: Option<&Extra>) -> Written {
        self.out.push('<');
        self.out += name;
        let unknown = extra.into_iter().flat_map(|extra| &extra.attributes);
        let unknown = unknown.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in attributes.iter().copied().chain(unknown) {
            self.out.push(' ');
            self.out += name;
            self.out += "=\"";
            self.check(value, name)?;
            let mut rest = value;
            while let Some(at) = rest.find(['"', '\t', '\n']) {
                let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
                let mut characters = special.chars();
                push_escaped(plain, &mut self.out);
                self.out += match characters.next() {
                    Some('"') => "&quot;",
                    Some('\t') => "&#x9;",
                    _ => "&#xA;",
                };
                rest = characters.as_str();
            }
            push_escaped(rest, &mut self.out);
            self.out.push('"');
        }
        Ok(())
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
