//! Enumerates a folder and everything in it, recursively.

use super::names::Names;
use crate::{
    Profile,
    client::{
        error::{Error, NameErrorKind, Refused},
        listing::Budget,
    },
    definition::{TaskPath, TaskPathErrorKind},
    dtyp::WideString,
    rpc::schrpc::{Request, Response, SchRpcEnumFolders, SchRpcEnumTasks},
};

/// Enumerates the folders and tasks under a folder recursively, with [`Names`].
///
/// A subfolder that the server does not list, because it was deleted or access is denied, does not end the
/// enumeration; see [`Tree::refused`].
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{client::schrpc::{Tree, create_folder}, ndr::Transfer, rpc::schrpc::{INTERFACE, Response}};
/// use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
///
/// let mut server = State::new(Options::default(), 1);
/// let machine = Machine::default();
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// for path in [r"\a\b", r"\c"] {
///     server.call(&context, &create_folder(path, None));
/// }
///
/// let mut tree = Tree::below(r"\".parse()?, false);
/// while let Some(request) = tree.request() {
///     let step = server.dispatch(&context, &INTERFACE, request.opnum(), &request.encode()?, Transfer::NDR20);
///     let answer = step.reply?;
///     tree.reply(Response::decode(request.opnum(), &answer)?)?;
/// }
/// let folders: Vec<_> = tree.folders().iter().map(|path| path.to_string()).collect();
/// assert_eq!(folders, [r"\a", r"\a\b", r"\c"]);
/// assert!(tree.tasks().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    hidden: bool,
    /// The folder being enumerated, and which part of it; `None` at the end.
    current: Option<(TaskPath, Part)>,
    /// The folders still to be enumerated, the next one last.
    pending: Vec<TaskPath>,
    folders: Vec<TaskPath>,
    tasks: Vec<TaskPath>,
    refused: Vec<(TaskPath, Refused)>,
    /// The remaining budget of the whole enumeration.
    budget: Budget,
}

/// The part of a folder that is being enumerated.
#[derive(Clone, Debug)]
enum Part {
    Folders(Names<SchRpcEnumFolders>),
    Tasks(Names<SchRpcEnumTasks>),
}

impl Tree {
    /// Starts at a folder, with or without hidden tasks.
    #[must_use]
    pub fn below(folder: TaskPath, hidden: bool) -> Self {
        let current = Some((folder.clone(), Part::Folders(Names::folders(folder))));
        Self {
            hidden,
            current,
            pending: Vec::new(),
            folders: Vec::new(),
            tasks: Vec::new(),
            refused: Vec::new(),
            budget: Budget::FULL,
        }
    }

    /// Returns the next call; `None` at the end.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        match &self.current.as_ref()?.1 {
            Part::Folders(names) => names.request().map(Request::from),
            Part::Tasks(names) => names.request().map(Request::from),
        }
    }

    /// Processes the response to the call.
    ///
    /// # Errors
    /// The server rejected the first folder, does not advance, or returns too much or an invalid name. The
    /// enumeration ends; everything found so far is kept.
    pub fn reply(&mut self, response: Response) -> Result<(), Error> {
        let (folder, part) = self.current.take().ok_or(Error::UnexpectedResponse)?;
        let answered = match (part, response) {
            (Part::Folders(mut names), Response::SchRpcEnumFolders(response)) => {
                names.reply(response).map(|()| Part::Folders(names))
            }
            (Part::Tasks(mut names), Response::SchRpcEnumTasks(response)) => {
                names.reply(response).map(|()| Part::Tasks(names))
            }
            _ => return Err(Error::UnexpectedResponse),
        };
        match answered {
            Ok(part) => self.advance(folder, part),
            // If no subfolder was listed yet, the first folder itself was rejected.
            Err(Error::Refused(refused)) if !self.folders.is_empty() => {
                self.budget.spend(size_of::<(TaskPath, Refused)>(), units(&folder))?;
                self.refused.push((folder, refused));
                self.descend();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Continues with the same enumeration, or with the next one.
    fn advance(&mut self, folder: TaskPath, part: Part) -> Result<(), Error> {
        match part {
            Part::Folders(names) if names.request().is_none() => {
                for name in names.into_names().into_iter().rev() {
                    let path = join(&folder, name)?;
                    self.budget.spend(size_of::<TaskPath>(), units(&path))?;
                    self.pending.push(path);
                }
                let tasks = Names::tasks(folder.clone(), self.hidden);
                self.current = Some((folder, Part::Tasks(tasks)));
                Ok(())
            }
            Part::Tasks(names) if names.request().is_none() => {
                for name in names.into_names() {
                    let path = join(&folder, name)?;
                    self.budget.spend(size_of::<TaskPath>(), units(&path))?;
                    self.tasks.push(path);
                }
                self.descend();
                Ok(())
            }
            part => {
                self.current = Some((folder, part));
                Ok(())
            }
        }
    }

    /// Continues with the next folder.
    fn descend(&mut self) {
        if let Some(folder) = self.pending.pop() {
            self.folders.push(folder.clone());
            self.current = Some((folder.clone(), Part::Folders(Names::folders(folder))));
        }
    }

    /// The subfolders found so far; each precedes its own subfolders.
    #[must_use]
    pub fn folders(&self) -> &[TaskPath] {
        &self.folders
    }

    /// The tasks found so far, folder by folder.
    #[must_use]
    pub fn tasks(&self) -> &[TaskPath] {
        &self.tasks
    }

    /// The subfolders that the server refused to list.
    #[must_use]
    pub fn refused(&self) -> &[(TaskPath, Refused)] {
        &self.refused
    }
}

fn units(path: &TaskPath) -> usize {
    path.to_wide().len()
}

/// The path of an entry in a folder, from its name.
fn join(folder: &TaskPath, name: WideString) -> Result<TaskPath, Error> {
    let invalid = |kind| Error::Name { folder: folder.clone(), kind };
    if name.is_empty() {
        return Err(invalid(TaskPathErrorKind::EmptyName.into()));
    }
    if name.units().contains(&u16::from(b'\\')) {
        return Err(invalid(NameErrorKind::Separator));
    }
    folder.join(name, Profile::Windows).map_err(|error| invalid((*error.kind()).into()))
}
