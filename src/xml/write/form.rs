//! The forms of a written definition.

use crate::dtyp::macros::{choice, message_serde};

/// The form of a written definition. Windows has three writers, which differ in content and order.
///
/// | form | order | content | encoding |
/// |---|---|---|---|
/// | [`File`](Self::File) | original | everything stated | UTF-16LE, byte order mark, CRLF |
/// | [`Server`](Self::Server) | the server's | everything stated except defaults, and additions by the server | UTF-16LE, CRLF |
/// | [`Client`](Self::Client) | the client's | everything stated, and default settings | UTF-16LE, byte order mark, CRLF |
/// | [`Utf8`](Self::Utf8) | the schema's | everything stated | UTF-8, LF |
///
/// Reading the output gives a definition with the same effective values, except for the additions of
/// [`Form::Server`]. [`Profile::Windows`] accepts all forms;
/// [`Profile::Specification`] requires the schema's order, which only [`Form::Utf8`] has.
///
/// [`Profile::Windows`]: crate::Profile::Windows
/// [`Profile::Specification`]: crate::Profile::Specification
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Form {
    /// As Windows stores it: exactly what is stated, in its original order.
    ///
    /// A definition that was read and not changed is reproduced byte for byte if it has Windows' layout: two blanks
    /// for each level, a line for each element, `<X />` for an empty element, and the attribute `version` before the
    /// namespace. A changed value is changed in place. New elements are placed as by the server among children
    /// in its order, and otherwise, like everything in a definition built in code, as by the client.
    File,
    /// As `SchRpcRetrieveTask` and `schtasks /query /xml` return it: in the server's order, without default values,
    /// with durations without leading zeros.
    ///
    /// The server adds some values that the definition does not state. One of them changes effective values: a
    /// definition without `IdleSettings` is returned with `StopOnIdleEnd` true, although the engine uses false if
    /// nothing is stated ([MS-TSCH] notes 28 to 31), and then with the schema's idle times. This matters only to
    /// tasks with `RunOnlyIfIdle`.
    Server,
    /// As the Task Scheduler snap-in exports it (`ITaskDefinition::XmlText`): in the client's order, including
    /// default settings.
    ///
    /// `IdleSettings` is completed if it is stated, but not added if it is absent, because the engine does not use
    /// the schema's defaults, which the client would write, without it.
    Client,
    /// Exactly what is stated, in the schema's order, which both profiles accept. The declaration names no encoding,
    /// so the text can be read as bytes or as a string.
    Utf8,
}

choice! {
    Form {
        File = "file",
        Server = "server",
        Client = "client",
        Utf8 = "utf8",
    }
}

message_serde!(WriteError);

/// Why a task cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A text contains a character that XML does not allow.
    #[error("{element} contains the character {character:?}, which XML does not allow")]
    Character {
        /// The element or attribute that contains the text.
        element: String,
        /// The character.
        character: char,
    },
}
