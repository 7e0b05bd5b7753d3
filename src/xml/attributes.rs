//! The attributes of known elements.

use super::{
    error::Rule,
    reading::{Checked, Kind, Reading},
    schema::{AttributeKind, Content, Row},
    tree::{Attribute, Id, NONE},
};
use crate::{
    definition::SchemaVersion,
    limits,
    markup::{self, Attributes, RawAttribute},
};
use std::borrow::Cow;

/// Whether a tag with attributes is spelled as by the writer; false if a closer look is needed.
fn is_usual(tag: &str, row: &Row, attributes: &Attributes<'_>) -> bool {
    let is_root = row.attributes.iter().any(|known| known.kind == AttributeKind::Version);
    let end = if tag.ends_with(" />") { " />" } else { ">" };
    let mut rest = tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(row.name));
    let mut places = 0;
    for raw in attributes.iter() {
        let place = match row.attributes.iter().position(|known| known.name == raw.name) {
            Some(place) => place,
            None if is_root && raw.name == "xmlns" => row.attributes.len(),
            // Not written, or after the others.
            None => return false,
        };
        let blank = |b| (b == b'\t') | (b == b'\n') | (b == b'\r');
        let special = |b| (b == b'&') | (b == b'>') | (b == b'"') | blank(b);
        if place < places || markup::first_of(raw.value.as_bytes(), special).is_some() {
            return false;
        }
        places = place + 1;
        rest = rest.and_then(|rest| rest.strip_prefix(' ')).and_then(|rest| rest.strip_prefix(raw.name));
        rest = rest.and_then(|rest| rest.strip_prefix("=\"")).and_then(|rest| rest.strip_prefix(raw.value));
        rest = rest.and_then(|rest| rest.strip_prefix('"'));
    }
    rest == Some(end)
}

impl<'t> Reading<'t, '_> {
    /// Creates a node for the frame that was just opened, and checks its attributes.
    pub(super) fn open_node(&mut self, kind: Kind) -> Checked {
        if matches!(kind, Kind::Skipped) {
            return Ok(());
        }
        let id = Id::try_from(self.tree.nodes.len()).unwrap_or(NONE).wrapping_sub(1);
        if let Some(frame) = self.stack.last_mut() {
            frame.node = id;
            if let Some(node) = self.tree.nodes.get_mut(id as usize) {
                node.inside = frame.inside;
            }
        }
        let Some(row) = self.tree.node(id).map(|node| node.row) else { return Ok(()) };
        if self.attributes.is_empty() && row.attributes.iter().all(|a| !a.required) {
            return Ok(());
        }
        let attributes = std::mem::take(&mut self.attributes);
        if let Some(frame) = self.stack.last_mut() {
            let tag = self.text.get(frame.open as usize..frame.inside as usize).unwrap_or_default();
            frame.usual = is_usual(tag, row, &attributes);
        }
        let looked = self.look_at_attributes(id, row, &attributes);
        self.attributes = attributes;
        looked
    }

    fn look_at_attributes(&mut self, node: Id, row: &'static Row, attributes: &Attributes<'t>) -> Checked {
        for raw in attributes.iter() {
            let known = row.attributes.iter().find(|known| known.name == raw.name);
            let value = markup::attribute_value(raw.value);
            let kept = row.keeps_attributes() && self.tree.attributes.len() < limits::XML_ATTRIBUTES;
            if raw.name != "xmlns" && (kept || known.is_some()) {
                let (name, value, known, at) = (raw.name, value.clone(), known.is_some(), raw.at);
                self.tree.unknown_attributes |= !known;
                self.tree.attributes.push(Attribute { node, name, value, known, at });
            }
            // Any attribute on an element of any type; attributes of the XML Schema instance namespace anywhere.
            let allowed = self.is_specification()
                && (matches!(row.content, Content::Marker) || self.namespaces.is_schema_instance(raw.name));
            match known {
                Some(known) => self.attribute(known.kind, known.name, value, raw.at)?,
                None if raw.declares_namespace() || allowed => {}
                None => self.unknown_attribute(&raw, kept)?,
            }
        }
        let absent = |name: &str| !attributes.iter().any(|raw| raw.name == name);
        let Some(missing) = row.attributes.iter().find(|a| a.required && absent(a.name)) else {
            return Ok(());
        };
        let open = self.stack.last().map_or(0, |frame| frame.open as usize);
        self.violation(Rule::MissingAttribute { name: missing.name }, open, open + 1, missing.name, "")?;
        // The rest is not an item of its list, but is kept there.
        self.refuse();
        Ok(())
    }

    fn unknown_attribute(&mut self, raw: &RawAttribute<'t>, kept: bool) -> Checked {
        let (prefix, local) = markup::split_prefix(raw.name).unwrap_or(("", raw.name));
        let foreign = self.namespaces.of_prefix(prefix).filter(|_| !prefix.is_empty()).map(str::to_owned);
        let value = foreign.clone().unwrap_or_default();
        let rule = match foreign {
            Some(found) => Rule::Namespace { found },
            None => Rule::UnknownAttribute { name: raw.name.into(), parent: self.parent_name() },
        };
        let lost = if kept { String::new() } else { format!("{}=\"{}\"", raw.name, raw.value) };
        self.report(rule, raw.at, raw.at, local, &value, &lost)
    }

    fn attribute(
        &mut self,
        kind: AttributeKind,
        name: &'static str,
        value: Cow<'t, str>,
        at: usize,
    ) -> Checked {
        let highest = self.options.highest_version;
        let is_name = || !self.is_specification() || markup::is_ncname(crate::time::collapsed(&value));
        let expected = match kind {
            AttributeKind::Version => match value.parse::<SchemaVersion>() {
                Ok(version) if highest.has(version) => {
                    // The version of a task inside Data is not that of the enclosing task.
                    self.version = if self.stack.len() == 1 { Some(version) } else { self.version };
                    return Ok(());
                }
                Ok(_) => format!("a version up to {highest}"),
                Err(_) => "a version like 1.2".to_owned(),
            },
            AttributeKind::Id | AttributeKind::IdRef if !is_name() => {
                "a name without blanks and colons".to_owned()
            }
            AttributeKind::Id if self.ids.insert(self.identity(&value)) => return Ok(()),
            AttributeKind::Id => {
                let rule = Rule::DuplicateId { id: value.to_string() };
                return self.violation(rule, at, at, name, &value);
            }
            AttributeKind::NonEmptyString if value.is_empty() => "text of at least one character".to_owned(),
            AttributeKind::IdRef | AttributeKind::NonEmptyString => return Ok(()),
        };
        let rule = Rule::Value { value: value.to_string(), expected };
        self.violation(rule, at, at, name, &value)
    }

    /// The normal form of an identifier that must be unique; in the specification an xs:ID, without surrounding
    /// blanks.
    fn identity(&self, id: &Cow<'t, str>) -> Cow<'t, str> {
        match id {
            Cow::Borrowed(text) if self.is_specification() => crate::time::collapsed(text).into(),
            Cow::Owned(text) if self.is_specification() => crate::time::collapsed(text).to_owned().into(),
            _ => id.clone(),
        }
    }
}
