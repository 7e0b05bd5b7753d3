//! Content that the schema does not define, and data that the scheduler passes on.

use super::Layout;
use crate::markup;

/// Undefined content of an element: unknown attributes, elements and text, and the element's layout.
///
/// The strict reader rejects unknown content; the forgiving reader stores it here, and the writers write it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Extra {
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
