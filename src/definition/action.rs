//! What a task does.

use super::{Data, Extra, UnknownElement, names, stated};
use uuid::Uuid;

stated! {
    /// What a task does ([MS-TSCH] 2.5.7): 1 to 32 actions, run in sequence.
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct Actions {
        /// The id of the principal that the actions run as.
        pub context: Option<String> = with_context(impl Into<String>),
        /// The actions in order.
        pub list: Vec<Action>,
        /// Undefined attributes. Undefined elements are in `list`, as [`Action::Unknown`]; any elements here are not
        /// written.
        pub extra: Extra,
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        Self { list: actions.into_iter().collect(), ..Self::default() }
    }
}

/// An action of a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Action {
    /// Runs a program or opens a document (2.5.7.1).
    Exec(Exec),
    /// Calls a COM class (2.5.7.2).
    ComHandler(ComHandler),
    /// Sends an e-mail (2.5.7.3); deprecated since Windows 8.
    SendEmail(Box<SendEmail>),
    /// Shows a message box (2.5.7.4); deprecated since Windows 8.
    ShowMessage(ShowMessage),
    /// An action that the schema does not define, or that could not be read.
    Unknown(UnknownElement),
}

impl Action {
    /// The action's identifier.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Exec(action) => action.id.as_deref(),
            Self::ComHandler(action) => action.id.as_deref(),
            Self::SendEmail(action) => action.id.as_deref(),
            Self::ShowMessage(action) => action.id.as_deref(),
            Self::Unknown(_) => None,
        }
    }

    /// The element name; `None` for an unknown action.
    ///
    /// ```
    /// use wintask::definition::{Action, Exec};
    ///
    /// assert_eq!(Action::from(Exec::new("a.exe")).element_name(), Some("Exec"));
    /// ```
    #[must_use]
    pub fn element_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Exec(_) => names::EXEC,
            Self::ComHandler(_) => names::COM_HANDLER,
            Self::SendEmail(_) => names::SEND_EMAIL,
            Self::ShowMessage(_) => names::SHOW_MESSAGE,
            Self::Unknown(_) => return None,
        })
    }
}

stated! {
    /// Runs a program or opens a document ([MS-TSCH] 2.5.7.1).
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct Exec {
        /// The action's identifier.
        pub id: Option<String> = with_id(impl Into<String>),
        /// The path of the program or document, 1 to 260 characters.
        pub command: String,
        /// The arguments; parameters `$(name)` are replaced.
        pub arguments: Option<String> = with_arguments(impl Into<String>),
        /// The working directory, 1 to 260 characters; parameters `$(name)` are replaced.
        pub working_directory: Option<String> = with_working_directory(impl Into<String>),
        /// Whether the program's window is hidden (schema 1.6); default false.
        pub hide_app_window: Option<bool> = with_hide_app_window(bool),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl Exec {
    /// Creates an action that runs a program or opens a document.
    #[must_use]
    pub fn new(command: impl Into<String>) -> Self {
        Self { command: command.into(), ..Self::default() }
    }
}

stated! {
    /// Calls a COM class ([MS-TSCH] 2.5.7.2).
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct ComHandler {
        /// The action's identifier.
        pub id: Option<String> = with_id(impl Into<String>),
        /// The class.
        pub class_id: Uuid,
        /// The data passed to it.
        pub data: Option<Data> = with_data(Data),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl ComHandler {
    /// Creates an action that calls a COM class.
    #[must_use]
    pub fn new(class_id: Uuid) -> Self {
        Self { class_id, ..Self::default() }
    }
}

stated! {
    /// Sends an e-mail ([MS-TSCH] 2.5.7.3).
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct SendEmail {
        /// The action's identifier.
        pub id: Option<String> = with_id(impl Into<String>),
        /// The name of the mail server.
        pub server: String,
        /// The subject.
        pub subject: Option<String> = with_subject(impl Into<String>),
        /// Addresses, separated by semicolons.
        pub to: Option<String> = with_to(impl Into<String>),
        /// Carbon copy addresses.
        pub cc: Option<String> = with_cc(impl Into<String>),
        /// Blind carbon copy addresses.
        pub bcc: Option<String> = with_bcc(impl Into<String>),
        /// The address for replies.
        pub reply_to: Option<String> = with_reply_to(impl Into<String>),
        /// The sender.
        pub from: Option<String> = with_from(impl Into<String>),
        /// Header fields, at most 32.
        pub header_fields: Option<Vec<HeaderField>> = with_header_fields(Vec<HeaderField>),
        /// The body text.
        pub body: Option<String> = with_body(impl Into<String>),
        /// Paths of attached files, at most 8.
        pub attachments: Option<Vec<String>> = with_attachments(Vec<String>),
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl SendEmail {
    /// Creates an action that sends an e-mail through a server. The sender, recipient and text are not set yet.
    #[must_use]
    pub fn new(server: impl Into<String>) -> Self {
        Self { server: server.into(), ..Self::default() }
    }
}

stated! {
    /// A header field of a message.
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct HeaderField {
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl HeaderField {
    /// Creates a field from a name and a value.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), extra: Extra::default() }
    }
}

stated! {
    /// Shows a message box ([MS-TSCH] 2.5.7.4).
    #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    pub struct ShowMessage {
        /// The action's identifier.
        pub id: Option<String> = with_id(impl Into<String>),
        /// Its title.
        pub title: Option<String> = with_title(impl Into<String>),
        /// Its text.
        pub body: String,
        /// Content that the schema does not define.
        pub extra: Extra,
    }
}

impl ShowMessage {
    /// Creates an action that shows a message.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }
}

macro_rules! into_action {
    ($($ty:ident)*) => {$(
        impl From<$ty> for Action {
            fn from(action: $ty) -> Self {
                Self::$ty(action.into())
            }
        }
    )*};
}

into_action!(Exec ComHandler SendEmail ShowMessage);
