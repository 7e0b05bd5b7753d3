//! The namespaces of prefixes ([XML-NS]).

use super::table::NAMESPACE;
use crate::{
    limits,
    markup::{self, Attributes, Syntax, Wrong},
};
use std::borrow::Cow;

/// The declarations in scope.
#[derive(Default)]
pub(super) struct Namespaces<'t> {
    declared: Vec<Declaration<'t>>,
    /// Whether names without a prefix are in the namespace of task definitions.
    is_task: bool,
}

struct Declaration<'t> {
    /// The number of open elements around the declaring one.
    depth: usize,
    prefix: &'t str,
    uri: Cow<'t, str>,
}

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl<'t> Namespaces<'t> {
    /// Reads the declarations among an element's attributes, and checks that other prefixes are declared. Invalid
    /// declarations are skipped.
    pub(super) fn enter(&mut self, depth: usize, attributes: &Attributes<'t>) -> Result<(), Wrong> {
        let mut wrong = Ok(());
        for attribute in attributes.iter() {
            let prefix = match markup::split_prefix(attribute.name) {
                Some(("xmlns", prefix)) => prefix,
                None if attribute.name == "xmlns" => "",
                _ => continue,
            };
            let uri = markup::attribute_value(attribute.value);
            let reserved = matches!(prefix, "xmlns" | "xml") && uri != XML;
            // A prefix cannot be undeclared.
            if reserved || (uri.is_empty() && !prefix.is_empty()) {
                wrong = wrong.and(Err((Syntax::Prefix, attribute.at)));
            } else if self.declared.len() >= limits::XML_NAMESPACES {
                wrong = wrong.and(Err((Syntax::Elements, attribute.at)));
            } else {
                self.declared.push(Declaration { depth, prefix, uri });
            }
        }
        self.is_task = self.of_prefix("") == Some(NAMESPACE);
        let undeclared = attributes.iter().find(|attribute| {
            let prefix = markup::split_prefix(attribute.name).map_or("", |(prefix, _)| prefix);
            !prefix.is_empty() && prefix != "xmlns" && self.of_prefix(prefix).is_none()
        });
        wrong.and(undeclared.map_or(Ok(()), |attribute| Err((Syntax::Prefix, attribute.at))))
    }

    /// Removes the declarations of closed elements; `depth` elements are still open.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|declaration| declaration.depth >= depth) {
            self.declared.pop();
            self.is_task = self.of_prefix("") == Some(NAMESPACE);
        }
    }

    /// Whether names without a prefix are in the namespace of task definitions.
    pub(super) fn is_task(&self) -> bool {
        self.is_task
    }

    /// The local name and the namespace of an element; `None` if its prefix is undeclared.
    pub(super) fn element<'n>(&self, name: &'n str) -> Option<(&'n str, Cow<'t, str>)> {
        let (prefix, local) = markup::split_prefix(name).unwrap_or(("", name));
        self.uri(prefix).map(|uri| (local, uri))
    }

    /// The namespace of a prefix; for an undeclared empty prefix, an empty namespace.
    pub(super) fn of_prefix(&self, prefix: &str) -> Option<&str> {
        match self.declared.iter().rev().find(|declaration| declaration.prefix == prefix) {
            Some(declaration) => Some(&declaration.uri),
            None => predeclared(prefix),
        }
    }

    /// The same, which is copied only if it is written with references.
    pub(super) fn uri(&self, prefix: &str) -> Option<Cow<'t, str>> {
        match self.declared.iter().rev().find(|declaration| declaration.prefix == prefix) {
            Some(declaration) => Some(declaration.uri.clone()),
            None => predeclared(prefix).map(Cow::Borrowed),
        }
    }

    /// Whether an attribute is one that XML Schema allows anywhere.
    pub(super) fn is_schema_instance(&self, name: &str) -> bool {
        markup::split_prefix(name).is_some_and(|(prefix, local)| {
            matches!(local, "schemaLocation" | "noNamespaceSchemaLocation")
                && self.of_prefix(prefix) == Some(SCHEMA_INSTANCE)
        })
    }
}

/// The namespace of a prefix that needs no declaration.
fn predeclared(prefix: &str) -> Option<&'static str> {
    match prefix {
        "" => Some(""),
        "xml" => Some(XML),
        _ => None,
    }
}
