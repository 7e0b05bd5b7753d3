//! The errors of a text that should be XML.

macro_rules! syntax {
    ( $( $(#[$meta:meta])* $variant:ident: $windows:literal, $text:literal; )* ) => {
        /// The error for a text that is not well-formed XML.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[non_exhaustive]
        pub enum Syntax { $( $(#[$meta])* #[error($text)] $variant, )* }

        impl Syntax {
            /// The message of Windows' own reader (XmlLite), which is the value in TASK_XML_ERROR_INFO.
            #[must_use]
            pub fn message(self) -> &'static str {
                match self { $( Self::$variant => concat!("ERROR: ", $windows), )* }
            }
        }
    };
}

syntax! {
    /// Text or markup that is not allowed here.
    Document: "incorrect document syntax", "unexpected text or markup";
    /// No root element, or more than one.
    RootElement: "one root element", "expected exactly one root element";
    /// The declaration names another encoding than that of the string.
    Encoding: "unable to switch the encoding", "the text is not in the declared encoding";
    /// Bytes that are invalid in the encoding of the file.
    Undecodable: "unable to switch the encoding", "invalid bytes for the encoding of the file";
    /// The document ends within an element or other markup.
    End: "unexpected end of input", "unexpected end of document: an element or other markup is not closed";
    /// An end tag does not match the open element.
    ElementMatch: "element type match", "the end tag does not match the open element";
    /// A duplicate attribute.
    UniqueAttribute: "unique attribute spec", "duplicate attribute";
    /// A reference to an unknown entity, or a `&` that does not start a reference.
    Entity: "entity declared", "& does not start a known entity (&amp; &lt; &gt; &quot; &apos; &#number;)";
    /// A character that XML does not allow.
    Character: "illegal xml character", "illegal character";
    /// An invalid name.
    Name: "illegal name character", "invalid name of an element or attribute";
    /// White space is missing.
    Whitespace: "whitespace expected", "expected white space";
    /// An equals sign is missing.
    Equal: "equal expected", "expected = after the name of an attribute";
    /// A quote is missing.
    Quote: "quote expected", "expected a quote around the value of an attribute";
    /// `<` in the value of an attribute.
    LessThan: "no '<' in attribute value", "the value of an attribute contains <";
    /// A comment with `--` in it.
    Comment: "incorrect comment syntax", "a comment contains --";
    /// `]]>` outside a CDATA section, or a section outside the root.
    CData: "incorrect CDATA section syntax", "unexpected ]]> or CDATA section";
    /// A document type declaration, which is not allowed.
    Dtd: "DTD is prohibited", "a document type declaration is not allowed";
    /// An undeclared namespace prefix.
    Prefix: "undeclared prefix", "the prefix is not declared";
    /// Elements nested deeper than [`limits::XML_DEPTH`](crate::limits::XML_DEPTH).
    Depth: "maximum element depth exceeded", "elements are nested too deeply";
    /// A document longer than [`limits::XML_BYTES`](crate::limits::XML_BYTES).
    Length: "the document is too long", "the document is too long";
    /// More elements than [`limits::XML_ELEMENTS`](crate::limits::XML_ELEMENTS).
    Elements: "the document has too many elements", "the document has too many elements";
}
