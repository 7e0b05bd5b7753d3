//! Serialises elements and items as maps, without passwords.

use super::{
    context::Context,
    document::ScheduledTasks,
    element::{Attribute, Element, Node, mentions_credential},
    embedded::Embedded,
    filter::Filter,
    item::{Item, Trigger},
    loss::Loss,
    table::{Field, Owner},
};
use crate::finding::FindingKind;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// The attributes of an element by name; those in the table have typed values.
struct Attributes<'a>(&'a [Attribute], Option<Owner>);

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for attribute in self.0 {
            let Some(text) = attribute.value() else { continue };
            let field = self.1.and_then(|owner| Field::find(owner, attribute.name()));
            match field.and_then(|field| field.row().ty.read(&text)) {
                Some(value) => map.serialize_entry(attribute.name(), &value)?,
                None => map.serialize_entry(attribute.name(), &text)?,
            }
        }
        map.end()
    }
}

/// `{name, attributes, children}`; children only if there are any. Text is a string.
impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.name())?;
        map.serialize_entry("attributes", &Attributes(self.attributes(), None))?;
        let nodes: Vec<&Node> = self.children().iter().filter(|node| !node.is_blank()).collect();
        if !nodes.is_empty() {
            map.serialize_entry("children", &nodes)?;
        }
        map.end()
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Element(element) => element.serialize(serializer),
            Self::Text(raw) | Self::Other(raw) if mentions_credential(raw) => serializer.serialize_none(),
            Self::Text(raw) | Self::Other(raw) => serializer.serialize_str(raw),
        }
    }
}

/// The attributes of the trigger.
impl Serialize for Trigger<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Attributes(self.element().attributes(), Some(Owner::Trigger)).serialize(serializer)
    }
}

/// `{words, element}`.
impl Serialize for Filter<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("words", &self.to_string())?;
        map.serialize_entry("element", self.element())?;
        map.end()
    }
}

/// `{kind, action, name, run_as, is_ignored, has_password, attributes, properties, triggers, filters, definition}`.
/// Optional keys are omitted if absent; the definition is as much of the task as can be read.
impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind())?;
        map.serialize_entry("action", &self.action())?;
        for (key, text) in [("name", self.name()), ("run_as", self.run_as())] {
            if let Some(text) = text {
                map.serialize_entry(key, &text)?;
            }
        }
        map.serialize_entry("is_ignored", &self.is_ignored())?;
        map.serialize_entry("has_password", &self.has_password())?;
        map.serialize_entry("attributes", &Attributes(self.element().attributes(), Some(Owner::Item)))?;
        let properties = self.properties().map_or(&[] as &[_], Element::attributes);
        map.serialize_entry("properties", &Attributes(properties, Some(Owner::Properties(self.kind()))))?;
        let triggers: Vec<_> = self.triggers().collect();
        if !triggers.is_empty() {
            map.serialize_entry("triggers", &triggers)?;
        }
        let filters: Vec<_> = self.filters().collect();
        if !filters.is_empty() {
            map.serialize_entry("filters", &filters)?;
        }
        let read = |element| Embedded::new(element, &Context::default()).recover().task;
        if let Some(task) = self.embedded().and_then(read) {
            map.serialize_entry("definition", &task)?;
        }
        map.end()
    }
}

/// `{field, severity, code, message}`; the field only if the loss concerns an attribute.
impl Serialize for Loss {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(field) = self.field {
            map.serialize_entry("field", field.name())?;
        }
        map.serialize_entry("severity", &self.severity())?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &self.to_string())?;
        map.end()
    }
}

/// The items.
impl Serialize for ScheduledTasks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items())
    }
}
