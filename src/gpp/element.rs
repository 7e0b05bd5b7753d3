//! The file as a tree that preserves every byte.

use crate::{
    error::Position,
    markup::{Encoding, attribute_value, push_escaped, text_value},
};
use std::{borrow::Cow, fmt};
use zeroize::Zeroizing;

/// The location of something that was read: by default, an offset in the text. Ignored when elements are compared.
#[derive(Clone, Copy, Default)]
pub(super) struct At<T = usize>(pub(super) T);

impl<T> PartialEq for At<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for At<T> {}

/// Where an element starts in a file, and the file's encoding.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) start: Position,
    pub(super) encoding: Encoding,
}

/// An element, with its attributes and content in the order and layout of the file.
///
/// `Debug` omits passwords; `Display` returns the markup, including passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    /// White space before the end of the start tag.
    pub(super) tail: String,
    /// Whether it is written as an empty-element tag, if it has no content.
    pub(super) empty: bool,
    pub(super) children: Vec<Node>,
    /// White space in the end tag.
    pub(super) close: String,
    pub(super) at: At,
    /// For a definition: where it starts in the file.
    pub(super) origin: At<Option<Origin>>,
}

/// An attribute, preserved as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Attribute {
    /// White space before it.
    pub(super) lead: String,
    pub(super) name: String,
    /// The equals sign, with white space around it.
    pub(super) equals: String,
    pub(super) quote: char,
    pub(super) raw: Zeroizing<String>,
    pub(super) at: At,
}

/// A part of an element's content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text as it was written, with unexpanded references.
    Text(String),
    /// A comment, CDATA section or processing instruction as it was written.
    Other(String),
}

/// The attribute that contains a password.
const CREDENTIAL: &[u8] = b"cpassword";

/// Whether an attribute of this name contains a password. Damage may have extended the name.
fn is_credential(name: &str) -> bool {
    name.as_bytes().windows(CREDENTIAL.len()).any(|window| window.eq_ignore_ascii_case(CREDENTIAL))
}

/// Whether a text may contain a password, since damage turns attributes into text.
pub(super) fn mentions_credential(text: &str) -> bool {
    let mut windows = text.as_bytes().windows(CREDENTIAL.len()).enumerate();
    windows.any(|(at, window)| {
        window.eq_ignore_ascii_case(CREDENTIAL)
            && text.get(at + CREDENTIAL.len()..).is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}

impl Attribute {
    /// Creates an attribute, as the editor writes it.
    pub(super) fn new(name: &str, value: &str) -> Self {
        let mut raw = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '"' => raw += "&quot;",
                '\t' => raw += "&#x9;",
                '\n' => raw += "&#xA;",
                c => push_escaped(c.encode_utf8(&mut [0; 4]), &mut raw),
            }
        }
        Self {
            lead: " ".to_owned(),
            name: name.to_owned(),
            equals: "=".to_owned(),
            quote: '"',
            raw: Zeroizing::new(raw),
            at: At::default(),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value; `None` for a password.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'_, str>> {
        (!self.is_credential()).then(|| attribute_value(&self.raw))
    }

    /// Whether its value is a password (`cpassword`).
    #[must_use]
    pub fn is_credential(&self) -> bool {
        is_credential(&self.name)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    fn push_markup(&self, out: &mut String) {
        for part in [&self.lead, &self.name, &self.equals] {
            *out += part;
        }
        out.push(self.quote);
        *out += &self.raw;
        out.push(self.quote);
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => write!(f, "{}={value:?}", self.name),
            None => write!(f, "{}=(not shown)", self.name),
        }
    }
}

impl Element {
    /// Creates an empty element.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            tail: String::new(),
            empty: true,
            children: Vec::new(),
            close: String::new(),
            at: At::default(),
            origin: At::default(),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the element has this name, ignoring case and prefix.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        let local = self.name.split_once(':').map_or(self.name.as_str(), |(_, local)| local);
        local.eq_ignore_ascii_case(name)
    }

    /// The attributes, in order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The value of an attribute, ignoring case in the name; `None` for a password.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(name)?.value()
    }

    pub(super) fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// The content, in order.
    #[must_use]
    pub fn children(&self) -> &[Node] {
        &self.children
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    pub(super) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The first child element of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.is(name))
    }

    pub(super) fn child_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.elements_mut().find(|element| element.is(name))
    }

    /// The text content, without that of child elements.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for node in &self.children {
            if let Node::Text(raw) | Node::Other(raw) = node {
                text += &text_value(raw);
            }
        }
        text
    }

    /// Sets the value of an attribute. A new attribute is inserted before the first one for which `comes_after`
    /// holds.
    pub(super) fn set(&mut self, name: &str, value: &str, comes_after: impl Fn(&str) -> bool) {
        let new = Attribute::new(name, value);
        match self.attributes.iter_mut().find(|attribute| attribute.name.eq_ignore_ascii_case(name)) {
            Some(old) => (old.raw, old.quote) = (new.raw, new.quote),
            None => {
                let later = self.attributes.iter().position(|attribute| comes_after(&attribute.name));
                self.attributes.insert(later.unwrap_or(self.attributes.len()), new);
            }
        }
    }

    /// Removes all passwords from the element and its content, including texts that may contain one, and returns
    /// their number.
    pub(super) fn remove_credentials(&mut self) -> usize {
        let before = self.attributes.len() + self.children.len();
        self.attributes.retain(|attribute| !attribute.is_credential());
        self.children.retain(|node| match node {
            Node::Element(_) => true,
            Node::Text(raw) | Node::Other(raw) => !mentions_credential(raw),
        });
        let inside: usize = self.elements_mut().map(Self::remove_credentials).sum();
        before - self.attributes.len() - self.children.len() + inside
    }

    /// The element without its content.
    pub(super) fn clone_head(&self) -> Self {
        Self {
            name: self.name.clone(),
            attributes: self.attributes.clone(),
            tail: self.tail.clone(),
            empty: self.empty,
            children: Vec::new(),
            close: self.close.clone(),
            at: self.at,
            origin: self.origin,
        }
    }

    pub(super) fn push_markup(&self, out: &mut String) {
        out.push('<');
        *out += &self.name;
        self.attributes.iter().for_each(|attribute| attribute.push_markup(out));
        *out += &self.tail;
        if self.empty && self.children.is_empty() {
            *out += "/>";
            return;
        }
        out.push('>');
        for node in &self.children {
            match node {
                Node::Element(element) => element.push_markup(out),
                Node::Text(raw) | Node::Other(raw) => *out += raw,
            }
        }
        *out += "</";
        *out += &self.name;
        *out += &self.close;
        out.push('>');
    }
}

#[cfg(feature = "serde")]
impl Node {
    /// Whether it consists of white space.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(raw) if raw.trim().is_empty())
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut markup = Zeroizing::new(String::new());
        self.push_markup(&mut markup);
        f.write_str(&markup)
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Element");
        shown.field("name", &self.name).field("attributes", &self.attributes);
        shown.field("children", &self.children).finish()
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(element) => element.fmt(f),
            Self::Text(raw) | Self::Other(raw) if mentions_credential(raw) => f.write_str("(not shown)"),
            Self::Text(raw) => f.debug_tuple("Text").field(raw).finish(),
            Self::Other(raw) => f.debug_tuple("Other").field(raw).finish(),
        }
    }
}
