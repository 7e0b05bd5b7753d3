//! What the schema does not define, and data that the scheduler passes on.

use super::Layout;
use crate::markup;

/// Content of an element that the schema does not define: unknown attributes, elements and text, and how the element was
/// laid out.
///
/// The strict reader rejects unknown things; the forgiving one keeps them here, and the writers write them back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Extra {
    /// Attributes by name, including declarations of namespace prefixes, with their values unescaped.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub elements: Vec<UnknownElement>,
    /// The order in which the known children were stated.
    #[cfg_attr(feature = "serde", serde(skip))]
    #[cfg_attr(feature = "arbitrary", arbitrary(default))]
    pub layout: Layout,
}

impl Extra {
    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.elements.is_empty()
    }
}

/// An element or a text that the schema does not allow at its place, or an element with invalid content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct UnknownElement {
    /// The name of the known child that contains it, if that has no [`Extra`] itself, such as `DaysOfWeek` or
    /// `ValueQueries`; `None` if it is a child of the element itself.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub inside: Option<String>,
    /// The name of the known sibling that it follows. `None` if it comes first; in a list, which has the place itself; and
    /// for an element that the schema knows, such as a duplicate or one with invalid content, which is written last.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub after: Option<String>,
    /// The text as written, including tags, with line ends as `\n`.
    pub xml: String,
}

/// Content that the scheduler passes on unread: a fragment of XML, or text ([MS-TSCH] 2.5.5, 2.5.7.2).
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
    /// The content as written, including markup, references and CDATA sections, with line ends as `\n`.
    pub xml: String,
}

impl Data {
    /// Creates content from text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self { xml: markup::escaped(text) }
    }

    /// The text, if the content is text and CDATA sections alone.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        markup::plain_text(&self.xml)
    }
}

/// Whether a value is not stated, so that serde leaves it out.
#[cfg(feature = "serde")]
pub(crate) fn unstated<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
