//! Parses text to a tree, up to the first violation or with recovery from all of them.

use super::element::{At, Attribute, Element, Node};
use crate::{
    limits,
    markup::{
        self, Aside, Attributes, Characters, Lead, RawAttribute, Scanner, Syntax, Wrong, torn_attributes,
        torn_end_tag, torn_start_tag,
    },
};
use zeroize::Zeroizing;

/// The parts of a document. In a well-formed document, their concatenated text is the document.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) prolog: String,
    /// The root elements; a well-formed document has one.
    pub(super) roots: Vec<Element>,
    pub(super) epilog: String,
}

/// Parses a text. `report` receives each violation and decides whether to continue; if it does not, there is no
/// result.
pub(super) fn parse(text: &str, report: &mut dyn FnMut(Syntax, usize) -> bool) -> Option<Parts> {
    let mut scanner = Scanner::new(text);
    let mut builder = Builder {
        text,
        report,
        open: Vec::new(),
        parts: Parts::default(),
        elements: 0,
        endless_doctype: false,
    };
    while builder.step(&mut scanner)? {}
    builder.finish()
}

struct Builder<'t, 'r> {
    text: &'t str,
    report: &'r mut dyn FnMut(Syntax, usize) -> bool,
    open: Vec<Element>,
    parts: Parts,
    elements: usize,
    /// Whether an unterminated document type declaration was seen.
    endless_doctype: bool,
}

impl<'t> Builder<'t, '_> {
    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Reports a violation; `None` to stop.
    fn violation(&mut self, syntax: Syntax, at: usize) -> Option<()> {
        (self.report)(syntax, at).then_some(())
    }

    /// Adds a node to the open element. Outside the root, only nodes that are allowed there are kept.
    fn add(&mut self, node: Node) {
        if let Some(parent) = self.open.last_mut() {
            return parent.children.push(node);
        }
        match node {
            Node::Element(element) => self.parts.roots.push(element),
            Node::Text(raw) | Node::Other(raw) if self.parts.roots.is_empty() => self.parts.prolog += &raw,
            Node::Text(raw) | Node::Other(raw) => self.parts.epilog += &raw,
        }
    }

    /// Reads the next item; returns false at the end.
    fn step(&mut self, scanner: &mut Scanner<'t>) -> Option<bool> {
        let at = scanner.at();
        let read = match scanner.lead() {
            Lead::Nothing => return Some(false),
            Lead::StartTag => self.start_tag(scanner),
            Lead::EndTag => self.end_tag(scanner),
            Lead::Characters => self.characters(scanner),
            Lead::Bang | Lead::Instruction => self.aside(scanner),
        };
        if let Err((syntax, wrong)) = read {
            self.violation(syntax, wrong)?;
            scanner.beware();
            scanner.seek(at);
            let size = self.torn(scanner, at);
            scanner.seek(at + size.max(1));
        }
        Some(true)
    }

    fn start_tag(&mut self, scanner: &mut Scanner<'t>) -> Result<(), Wrong> {
        let at = scanner.at();
        let tag = scanner.start_tag()?;
        let name_at = at + 1;
        if !markup::is_qualified_name(tag.name) {
            return Err((Syntax::Name, name_at));
        }
        if self.open.is_empty() && !self.parts.roots.is_empty() && !scanner.is_wary() {
            return Err((Syntax::RootElement, at));
        }
        self.bounds(at)?;
        let inside = name_at + tag.name.len();
        let mut found = Attributes::default();
        markup::attributes(tag.attributes, inside, &mut found)?;
        let mut element = Element { at: At(at), empty: tag.empty, ..Element::new(tag.name) };
        let mut end = inside;
        for attribute in found.iter() {
            let RawAttribute { name, value, at } = attribute;
            let after = at + name.len();
            let quoted = self.text.get(after..).unwrap_or_default();
            let equals = quoted.find(['"', '\'']).unwrap_or_default();
            let quote = quoted.get(equals..).and_then(|rest| rest.chars().next()).unwrap_or('"');
            element.attributes.push(Attribute {
                lead: self.slice(end, at).to_owned(),
                name: name.to_owned(),
                equals: quoted.get(..equals).unwrap_or_default().to_owned(),
                quote,
                raw: Zeroizing::new(value.to_owned()),
                at: At(at),
            });
            end = after + equals + value.len() + 2;
        }
        let tail = self.slice(end, scanner.at().saturating_sub(1));
        // A damaged file may have blanks between `/` and `>`.
        let blanks = if tag.empty { tail.rfind('/').and_then(|slash| tail.get(..slash)) } else { Some(tail) };
        blanks.unwrap_or_default().clone_into(&mut element.tail);
        self.begin(element, tag.empty);
        Ok(())
    }

    fn bounds(&self, at: usize) -> Result<(), Wrong> {
        if self.open.len() >= limits::XML_DEPTH {
            Err((Syntax::Depth, at))
        } else if self.elements >= limits::XML_ELEMENTS {
            Err((Syntax::Elements, at))
        } else {
            Ok(())
        }
    }

    fn begin(&mut self, element: Element, empty: bool) {
        self.elements += 1;
        if empty {
            self.add(Node::Element(element));
        } else {
            self.open.push(element);
        }
    }

    /// Closes the innermost element.
    fn close(&mut self, blanks: &str) {
        if let Some(mut element) = self.open.pop() {
            blanks.clone_into(&mut element.close);
            self.add(Node::Element(element));
        }
    }

    fn end_tag(&mut self, scanner: &mut Scanner<'t>) -> Result<(), Wrong> {
        let at = scanner.at();
        let Some(open) = self.open.last() else { return Err((Syntax::ElementMatch, at)) };
        let size = open.name.len();
        // The scanner needs a name that is a slice of the text.
        let name = self.slice(at + 2, at + 2 + size);
        let is_it = name == open.name;
        if scanner.end_tag(name.as_bytes())? != name.as_bytes() || !is_it {
            return Err((Syntax::ElementMatch, at));
        }
        self.close(self.slice(at + 2 + size, scanner.at().saturating_sub(1)));
        Ok(())
    }

    fn characters(&mut self, scanner: &mut Scanner<'t>) -> Result<(), Wrong> {
        let at = scanner.at();
        let kind = scanner.characters()?;
        if self.open.is_empty() && !matches!(kind, Characters::Blank) {
            return Err((Syntax::Document, at));
        }
        self.add(Node::Text(self.slice(at, scanner.at()).to_owned()));
        Ok(())
    }

    fn aside(&mut self, scanner: &mut Scanner<'t>) -> Result<(), Wrong> {
        let at = scanner.at();
        let aside = match scanner.lead() {
            Lead::Bang => scanner.bang()?,
            _ => scanner.instruction()?,
        };
        let raw = self.slice(at, scanner.at());
        match aside {
            Aside::Declaration if at > 0 => return Err((Syntax::Document, at)),
            Aside::Declaration => {
                markup::declaration(raw, at)?;
            }
            Aside::Section if self.open.is_empty() => return Err((Syntax::CData, at)),
            _ => {}
        }
        self.add(Node::Other(raw.to_owned()));
        Ok(())
    }

    /// Reads a piece of damaged markup, and returns its length.
    fn torn(&mut self, scanner: &mut Scanner<'t>, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        match scanner.lead() {
            Lead::StartTag => self.torn_start_tag(rest, at),
            Lead::EndTag => {
                let (name, size) = torn_end_tag(rest.get(2..).unwrap_or_default());
                match self.open.iter().rposition(|open| open.name == name) {
                    Some(depth) => {
                        while self.open.len() > depth {
                            self.close("");
                        }
                    }
                    None => self.keep_text(rest, 2 + size),
                }
                2 + size
            }
            Lead::Characters => {
                let size = rest.find('<').unwrap_or(rest.len());
                self.keep_text(rest, size);
                size
            }
            Lead::Instruction => {
                // A misplaced or damaged declaration. The search stops where other markup begins.
                let inside = rest.get(1..).unwrap_or_default();
                let inside = inside.get(..inside.find('<').unwrap_or(inside.len())).unwrap_or_default();
                let size = inside.find("?>").map_or(1, |end| end + 3);
                let raw = rest.get(..size).unwrap_or_default();
                let first =
                    self.open.is_empty() && self.parts.roots.is_empty() && self.parts.prolog.is_empty();
                if first && markup::declaration(raw, 0).is_ok() {
                    self.add(Node::Other(raw.to_owned()));
                } else if !self.open.is_empty() {
                    self.add(Node::Text(markup::escaped(raw)));
                }
                size
            }
            Lead::Bang => {
                // A section outside the root is passed over as a whole.
                let outside = self.open.is_empty() && matches!(scanner.bang(), Ok(Aside::Section));
                let section = outside.then(|| scanner.at() - at);
                let size = section.or_else(|| self.doctype(rest)).unwrap_or(1);
                self.keep_text(rest, size);
                size
            }
            Lead::Nothing => 1,
        }
    }

    /// The length of a document type declaration, which is never processed. An unterminated one is searched for only
    /// once.
    fn doctype(&mut self, rest: &str) -> Option<usize> {
        let begins = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        if !begins || self.endless_doctype {
            return None;
        }
        let size = markup::doctype_size(rest);
        self.endless_doctype = size.is_none();
        size
    }

    fn torn_start_tag(&mut self, rest: &'t str, at: usize) -> usize {
        let torn = torn_start_tag(rest.get(1..).unwrap_or_default());
        let torn = torn.filter(|tag| tag.closed && markup::is_qualified_name(tag.name));
        let Some(tag) = torn.filter(|_| self.bounds(at).is_ok()) else {
            // Consecutive ones count as one mistake; the last may start a tag.
            let row = rest.bytes().take_while(|byte| *byte == b'<').count();
            let named = rest.as_bytes().get(row).is_some_and(|byte| !byte.is_ascii_whitespace());
            let size = if named { row.saturating_sub(1).max(1) } else { row };
            self.keep_text(rest, size);
            return size;
        };
        let mut found = Attributes::default();
        torn_attributes(tag.attributes, at + 1 + tag.name.len(), &mut found, &mut String::new());
        let mut element = Element { at: At(at), empty: tag.empty, ..Element::new(tag.name) };
        for attribute in found.iter() {
            let value = markup::attribute_value(attribute.value);
            let known = Attribute::new(attribute.name, &value);
            element.attributes.push(Attribute { at: At(attribute.at), ..known });
        }
        self.begin(element, tag.empty);
        1 + tag.size
    }

    /// Keeps the first bytes as text. Outside the root nothing is kept, only the reported violation remains.
    fn keep_text(&mut self, rest: &str, size: usize) {
        let raw = rest.get(..size).unwrap_or_default();
        if !self.open.is_empty() {
            self.add(Node::Text(markup::escaped(&markup::text_value(raw))));
        }
    }

    fn finish(mut self) -> Option<Parts> {
        if !self.open.is_empty() {
            self.violation(Syntax::End, self.text.len())?;
            while !self.open.is_empty() {
                self.close("");
            }
        }
        if self.parts.roots.is_empty() {
            self.violation(Syntax::RootElement, self.text.len())?;
        }
        Some(self.parts)
    }
}
