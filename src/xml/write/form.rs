//! The forms of a written definition.

use crate::dtyp::macros::{choice, message_serde};

/// How to write a definition. Windows has three writers, which differ in what they state and in which order.
///
/// | form | order | states | encoding |
/// |---|---|---|---|
/// | [`File`](Self::File) | as stated | what is stated | UTF-16LE, byte order mark, CRLF |
/// | [`Server`](Self::Server) | the server's | what is stated and not a default, and what the server adds | UTF-16LE, CRLF |
/// | [`Client`](Self::Client) | the client's | what is stated, and the defaults of settings | UTF-16LE, byte order mark, CRLF |
/// | [`Utf8`](Self::Utf8) | the schema's | what is stated | UTF-8, LF |
///
/// Reading what was written gives a definition with the same effective values, except for what [`Form::Server`] adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Form {
    /// As Windows stores it: everything that is stated, in the order in which it was stated, and nothing else.
    ///
    /// A definition that was read and not changed is written byte for byte as it was, if it was laid out as Windows
    /// lays out: two blanks for each level, a line for each element, `<X />` for an empty one, the attribute `version`
    /// before the namespace. A value that was changed changes in its place. A new element goes where the client would
    /// write it, and so does everything in a definition that was built in code.
    File,
    /// As `SchRpcRetrieveTask` and `schtasks /query /xml` return it: the server's own order, without values at their
    /// defaults, durations without leading zeros.
    ///
    /// The server states some values whether the definition does or not. One of them changes what is effective: a
    /// definition without `IdleSettings` returns with `StopOnIdleEnd` true, although the engine uses false where
    /// nothing is stated ([MS-TSCH] notes 28 to 31), and then with the schema's idle times. This matters only to tasks
    /// with `RunOnlyIfIdle`.
    Server,
    /// As the Task Scheduler snap-in exports it (`ITaskDefinition::XmlText`): the client's order, and the settings
    /// stated even at their defaults.
    ///
    /// `IdleSettings` is completed where it is stated, and not added where it is not: the schema's defaults, which the
    /// client would write, are not what the engine uses without it.
    Client,
    /// Everything that is stated and nothing else, in the order of the schema, which both profiles accept. Its
    /// declaration names no encoding, so that the text can be read as bytes or as a string.
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
    /// A text has a character that XML does not allow.
    #[error("{element} contains the character {character:?}, which XML does not allow")]
    Character {
        /// The element or attribute that has the text.
        element: String,
        /// The character.
        character: char,
    },
}
