//! Content that the schema does not define, and data that the scheduler passes on.

use super::{ChildOrder, Layout};
use crate::markup;
use std::{
    fmt,
    hash::{Hash, Hasher},
    ops::{Deref, DerefMut},
};

/// Undefined content of an element: unknown attributes, elements and text, and the element's layout.
///
/// The strict reader rejects unknown content; the forgiving reader stores it here, and the writers write it back.
///
/// Nearly all elements have no such content. This is therefore a pointer to [`ExtraContent`], which takes up memory only
/// where there is some. Its fields are used as if they were here:
///
/// ```
/// use wintask::definition::{Extra, ExtraContent};
///
/// let mut extra = Extra::default();
/// assert!(extra.elements.is_empty());
/// extra.attributes.push(("by".into(), "hand".into()));
/// assert!(!extra.is_empty());
/// assert_eq!(extra, ExtraContent { attributes: vec![("by".into(), "hand".into())], ..Default::default() }.into());
/// ```
#[derive(Clone, Default)]
pub struct Extra {
    content: Option<Box<ExtraContent>>,
    /// Whether the children are in the server's order, which is as common as the client's. Used only without content.
    is_servers: bool,
}

/// The content of an [`Extra`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, rename = "Extra", deny_unknown_fields)
)]
pub struct ExtraContent {
    /// Attributes by name, including namespace declarations, with unescaped values.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub elements: Vec<UnknownElement>,
    /// The order of the known children.
    #[cfg_attr(feature = "serde", serde(skip))]
    #[cfg_attr(feature = "arbitrary", arbitrary(default))]
    pub layout: Layout,
}

impl Extra {
    /// Whether there is no undefined content.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.elements.is_empty()
    }
}

impl ExtraContent {
    /// No content, and children in this order.
    const fn of_order(order: ChildOrder) -> Self {
        Self { attributes: Vec::new(), elements: Vec::new(), layout: Layout::of_order(order) }
    }
}

impl From<ExtraContent> for Extra {
    fn from(content: ExtraContent) -> Self {
        let is_servers = content.layout.is_servers();
        let nothing = content.attributes.is_empty()
            && content.elements.is_empty()
            && (content.layout.is_usual() || is_servers);
        Self { content: (!nothing).then(|| Box::new(content)), is_servers }
    }
}

impl Deref for Extra {
    type Target = ExtraContent;

    fn deref(&self) -> &ExtraContent {
        static CLIENTS: ExtraContent = ExtraContent::of_order(ChildOrder::Client);
        static SERVERS: ExtraContent = ExtraContent::of_order(ChildOrder::Server);
        match &self.content {
            Some(content) => content,
            None if self.is_servers => &SERVERS,
            None => &CLIENTS,
        }
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut ExtraContent {
        let order = if self.is_servers { ChildOrder::Server } else { ChildOrder::Client };
        self.content.get_or_insert_with(|| Box::new(ExtraContent::of_order(order)))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.content.is_none() && other.content.is_none() || **self == **other
    }
}

impl Eq for Extra {}

impl Hash for Extra {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Extra {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Extra {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ExtraContent::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Extra {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        bytes.arbitrary().map(|content: ExtraContent| content.into())
    }
}

/// An element or text that the schema does not allow here, or an element with invalid content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct UnknownElement {
    /// The name of the known child that contains it, if that child has no [`Extra`] of its own, such as `DaysOfWeek`
    /// or `ValueQueries`; `None` if it is a child of the element itself.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub inside: Option<String>,
    /// The name of the preceding known sibling. `None` if it comes first, or in a list, which stores the position
    /// itself. Also `None` for an element that the schema defines, such as a duplicate or one with invalid content;
    /// these are written last.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub after: Option<String>,
    /// The text as written, including tags, with `
    /// ` as the line break.
    pub xml: String,
}

/// Content that the scheduler passes on without interpreting it: an XML fragment, or text ([MS-TSCH] 2.5.5, 2.5.7.2).
///
/// ```
/// use wintask::definition::Data;
///
/// let data = Data::from_text("a < b");
/// assert_eq!(data.xml, "a &lt; b");
/// assert_eq!(data.text().as_deref(), Some("a < b"));
/// assert_eq!(Data { xml: "<![CDATA[7b]]>".into() }.text().as_deref(), Some("7b"));
/// assert_eq!(Data { xml: "<a/>".into() }.text(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Data {
    /// The content as written, including markup, references and CDATA sections, with `
    /// ` as the line break.
    pub xml: String,
}

impl Data {
    /// Creates content from plain text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self { xml: markup::escaped(text) }
    }

    /// The text, if the content consists only of text and CDATA sections.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        markup::plain_text(&self.xml)
    }
}

/// Whether a value is absent, so that serde omits it.
#[cfg(feature = "serde")]
pub(crate) fn unstated<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
