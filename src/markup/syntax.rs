//! What can be wrong with a text that should be XML.

macro_rules! syntax {
    ( $( $(#[$meta:meta])* $variant:ident: $windows:literal, $text:literal; )* ) => {
        /// Why a text is no XML.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[non_exhaustive]
        pub enum Syntax { $( $(#[$meta])* #[error($text)] $variant, )* }

        impl Syntax {
            /// The words of Windows' own reader (XmlLite), which TASK_XML_ERROR_INFO has as its value.
            #[must_use]
            pub fn message(self) -> &'static str {
                match self { $( Self::$variant => concat!("ERROR: ", $windows), )* }
            }
        }
    };
}

syntax! {
    /// Markup that makes no sense here.
    Document: "incorrect document syntax", "no markup that XML has at this place";
    /// No root element, or more than one.
    RootElement: "one root element", "a document has one root element";
    /// The declaration names an encoding that a string does not have, or bytes are none of the encoding they seem.
    Encoding: "unable to switch the encoding", "the text is not in the encoding that it claims";
    /// The document ends within something.
    End: "unexpected end of input", "the document ends here, and something is still open";
    /// An end tag closes another element than the one that is open.
    ElementMatch: "element type match", "this end tag is not that of the element which is open";
    /// An attribute stands twice.
    UniqueAttribute: "unique attribute spec", "the attribute stands here a second time";
    /// A reference to an entity that is none of the five, or no reference at all.
    Entity: "entity declared", "& begins none of &amp; &lt; &gt; &quot; &apos; &#number;";
    /// A character that XML does not have.
    Character: "illegal xml character", "XML has no such character";
    /// A name that is none.
    Name: "illegal name character", "no name of an element or attribute";
    /// White space is missing.
    Whitespace: "whitespace expected", "white space is missing";
    /// An equals sign is missing.
    Equal: "equal expected", "the equals sign of an attribute is missing";
    /// A quote is missing.
    Quote: "quote expected", "a quote around an attribute's value is missing";
    /// `<` in the value of an attribute.
    LessThan: "no '<' in attribute value", "< stands in an attribute's value";
    /// A comment with `--` in it.
    Comment: "incorrect comment syntax", "-- stands in a comment";
    /// `]]>` outside of a CDATA section, or a section outside of the root.
    CData: "incorrect CDATA section syntax", "]]> or a CDATA section has no place here";
    /// A document type declaration; none is read.
    Dtd: "DTD is prohibited", "a document type declaration is not allowed";
    /// A prefix that no namespace belongs to.
    Prefix: "undeclared prefix", "the prefix is not declared";
    /// Elements nested deeper than [`limits::XML_DEPTH`](crate::limits::XML_DEPTH).
    Depth: "maximum element depth exceeded", "elements are nested too deep";
    /// A document longer than [`limits::XML_BYTES`](crate::limits::XML_BYTES).
    Length: "the document is too long", "the document is too long";
    /// More elements than [`limits::XML_ELEMENTS`](crate::limits::XML_ELEMENTS).
    Elements: "the document has too many elements", "the document has too many elements";
}
