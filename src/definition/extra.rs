use super::Layout;

/// What an element has besides the values that the schema knows: unknown attributes, elements and stretches of text,
/// and how it was laid out.
///
/// The strict reader rejects unknown things; the forgiving one keeps them here, and the writers write them back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Extra {
    /// Attributes by name, values unescaped; declarations of namespace prefixes among them.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub elements: Vec<UnknownElement>,
    /// In which order the known children were stated.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub layout: Layout,
}

impl Extra {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.elements.is_empty()
    }
}

/// An element or a stretch of text that the schema does not know at its place, or whose content is not what the schema
/// wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct UnknownElement {
    /// Name of the known child that contains it, where that has no [`Extra`] of its own, such as `DaysOfWeek` or
    /// `ValueQueries`; none where it is a child of the element itself.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub inside: Option<String>,
    /// Name of the known sibling that it follows; none where it comes first, and in lists, where the list has the place.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub after: Option<String>,
    /// What was written, tags included, line ends as `\n`.
    pub xml: String,
}

/// Content that the scheduler hands on unread: a fragment of XML, or text ([MS-TSCH] 2.5.5, 2.5.7.2).
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
    /// What stands between the tags, as it was written: markup, references and CDATA sections included, line ends
    /// as `\n`.
    pub xml: String,
}

impl Data {
    /// Text as content.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut xml = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => xml += "&amp;",
                '<' => xml += "&lt;",
                '>' => xml += "&gt;",
                '\r' => xml += "&#xD;",
                c => xml.push(c),
            }
        }
        Self { xml }
    }

    /// The text, if the content is text and CDATA sections alone.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let mut text = String::with_capacity(self.xml.len());
        let mut rest = self.xml.as_str();
        while let Some(at) = rest.find(['&', '<']) {
            let (plain, markup) = rest.split_at_checked(at)?;
            text += plain;
            if let Some(section) = markup.strip_prefix("<![CDATA[") {
                let (content, behind) = section.split_once("]]>")?;
                text += content;
                rest = behind;
            } else {
                let (name, behind) = markup.strip_prefix('&')?.split_once(';')?;
                text.push(xml_reference(name)?);
                rest = behind;
            }
        }
        text += rest;
        Some(text)
    }
}

/// The character of a reference: one of the five names, or a number.
pub(crate) fn xml_reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            // from_str_radix would take a sign.
            let number = u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))?;
            char::from_u32(number).filter(|c| is_xml_char(*c))
        }
    }
}

/// Whether a document may hold the character ([XML] 2.2).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether a stated value is none: what serde leaves out.
#[cfg(feature = "serde")]
pub(crate) fn unstated<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
