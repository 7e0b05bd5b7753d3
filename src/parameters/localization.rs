//! Texts stored as resources in a library.

use crate::definition::{Action, Task};
use std::{fmt, str::FromStr};

/// A reference to a text in a library's resources: `$(@library,-id)` ([MS-TSCH] 2.5.8).
///
/// The specification's example has no `@`; its prose does, and so do all Windows tasks. Both are accepted; output has
/// the `@`.
///
/// ```
/// use wintask::parameters::ResourceReference;
///
/// let text: ResourceReference = r"$(@%SystemRoot%\system32\example.dll,-601)".parse()?;
/// assert_eq!((text.library.as_str(), text.id), (r"%SystemRoot%\system32\example.dll", 601));
/// assert_eq!(text.to_string(), r"$(@%SystemRoot%\system32\example.dll,-601)");
/// assert!("Contoso".parse::<ResourceReference>().is_err());
/// # Ok::<(), wintask::parameters::NotAReference>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ResourceReference {
    /// The path of the library, which may contain environment variables.
    pub library: String,
    /// The resource number of the text.
    pub id: u32,
}

/// The error for text that is not a resource reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not of the form $(@library,-id)")]
pub struct NotAReference;

crate::dtyp::macros::message_serde!(NotAReference);

impl FromStr for ResourceReference {
    type Err = NotAReference;
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        read(text.trim()).ok_or(NotAReference)
    }
}

fn read(text: &str) -> Option<ResourceReference> {
    let inside = text.strip_prefix("$(")?.strip_suffix(')')?;
    let (library, id) = inside.strip_prefix('@').unwrap_or(inside).rsplit_once(',')?;
    let digits = id.trim_start().strip_prefix('-')?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let id = digits.parse().ok().filter(|_| plain)?;
    (!library.is_empty()).then(|| ResourceReference { library: library.to_owned(), id })
}

impl fmt::Display for ResourceReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "$(@{},-{})", self.library, self.id)
    }
}

crate::dtyp::macros::text_serde!(ResourceReference);

/// Returns the task with its localisable fields ([MS-TSCH] 2.5.8) in one of these languages, in order of preference.
///
/// For each reference, `resolve` is called with each language in turn, and finally with `None` for the server's
/// default (3.2.5.4.3). If none of the calls returns a text, the reference stays unchanged. If there are no
/// languages, nothing is resolved.
///
/// The localisable fields are Source, Author, Description and Documentation of the registration, DisplayName of the
/// principals, Subject and Body of messages, and Title and Body of message boxes.
///
/// ```
/// use wintask::{
///     definition::{Exec, Task},
///     parameters::localize,
/// };
///
/// let mut task = Task::new(Exec::new("notepad.exe"));
/// task.registration_info.author = Some("$(@example.dll,-7)".into());
/// let task = localize(&task, &["en-US"], |text, _| Some(format!("text {} of {}", text.id, text.library)));
/// assert_eq!(task.registration_info.author.as_deref(), Some("text 7 of example.dll"));
/// ```
#[must_use]
pub fn localize(
    task: &Task,
    languages: &[&str],
    mut resolve: impl FnMut(&ResourceReference, Option<&str>) -> Option<String>,
) -> Task {
    let mut localized = task.clone();
    if languages.is_empty() {
        return localized;
    }
    visit(&mut localized, |field| {
        let Ok(reference) = field.parse::<ResourceReference>() else { return };
        let mut asked = languages.iter().map(|language| Some(*language)).chain([None]);
        if let Some(text) = asked.find_map(|language| resolve(&reference, language)) {
            *field = text;
        }
    });
    localized
}

/// Calls `field` for each localisable field.
fn visit(task: &mut Task, mut field: impl FnMut(&mut String)) {
    let info = &mut task.registration_info;
    let registration = [&mut info.source, &mut info.author, &mut info.description, &mut info.documentation];
    registration.into_iter().flatten().for_each(&mut field);
    task.principals.iter_mut().filter_map(|principal| principal.display_name.as_mut()).for_each(&mut field);
    for action in &mut task.actions.list {
        match action {
            Action::SendEmail(mail) => {
                [&mut mail.subject, &mut mail.body].into_iter().flatten().for_each(&mut field);
            }
            Action::ShowMessage(message) => {
                message.title.iter_mut().chain([&mut message.body]).for_each(&mut field);
            }
            Action::Exec(_) | Action::ComHandler(_) | Action::Unknown(_) => {}
        }
    }
}
