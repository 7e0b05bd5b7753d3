//! Enumerates one folder, page by page.

use crate::{
    client::{
        error::{Error, Refused},
        listing::Listing,
    },
    dtyp::{HResult, WideString},
    limits,
    rpc::{
        Call,
        schrpc::{
            EnumFlags, SchRpcEnumFolders, SchRpcEnumFoldersResponse, SchRpcEnumTasks,
            SchRpcEnumTasksResponse, TaskNames,
        },
    },
};
use std::marker::PhantomData;

/// A method that enumerates the names in a folder.
pub trait Enumeration: Call<Status = HResult> + private::Parts {}

impl Enumeration for SchRpcEnumFolders {}
impl Enumeration for SchRpcEnumTasks {}

mod private {
    use super::{EnumFlags, TaskNames, WideString};
    use crate::rpc::Call;

    /// The common part of the two methods.
    pub trait Parts: Call {
        fn page(path: WideString, flags: EnumFlags, start_index: u32, requested: u32) -> Self;

        /// The index at which to continue, and the names.
        fn parts(response: Self::Response) -> (u32, TaskNames);
    }
}

impl private::Parts for SchRpcEnumFolders {
    fn page(path: WideString, flags: EnumFlags, start_index: u32, requested: u32) -> Self {
        Self { path, flags, start_index, requested }
    }

    fn parts(response: SchRpcEnumFoldersResponse) -> (u32, TaskNames) {
        (response.start_index, response.names)
    }
}

impl private::Parts for SchRpcEnumTasks {
    fn page(path: WideString, flags: EnumFlags, start_index: u32, requested: u32) -> Self {
        Self { path, flags, start_index, requested }
    }

    fn parts(response: SchRpcEnumTasksResponse) -> (u32, TaskNames) {
        (response.start_index, response.names)
    }
}

/// Enumerates the tasks or the folders in a folder, until the server returns `S_OK` ([MS-TSCH] 3.1.4.3.6.1,
/// 3.1.4.3.6.2).
///
/// Windows returns `S_FALSE` for every full page, including the last, and then an empty page (EVIDENCE.md RPC-15). An
/// empty page therefore also ends the enumeration.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{client::schrpc::{Names, create_folder}, rpc::schrpc::SchRpcEnumFolders};
/// use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
///
/// let mut server = State::new(Options::default(), 1);
/// let machine = Machine::default();
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// for name in ["a", "b", "c", "d"] {
///     server.call(&context, &create_folder(name, None));
/// }
///
/// let mut folders: Names<SchRpcEnumFolders> = Names::folders(r"\").with_page(2);
/// let mut calls = 0;
/// while let Some(request) = folders.request() {
///     folders.reply(server.call(&context, &request).reply)?;
///     calls += 1;
/// }
/// // the third page is empty
/// # Ok::<(), wintask::client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Names<C> {
    folder: WideString,
    flags: EnumFlags,
    requested: u32,
    /// The index at which to continue; `None` at the end.
    next: Option<u32>,
    names: Listing<WideString>,
    method: PhantomData<fn() -> C>,
}

impl Names<SchRpcEnumTasks> {
    /// Starts with the tasks in a folder, with or without hidden ones.
    #[must_use]
    pub fn tasks(folder: impl Into<WideString>, hidden: bool) -> Self {
        Self::new(folder.into(), if hidden { EnumFlags::HIDDEN } else { EnumFlags::NONE })
    }
}

impl Names<SchRpcEnumFolders> {
    /// Starts with the folders in a folder.
    #[must_use]
    pub fn folders(folder: impl Into<WideString>) -> Self {
        Self::new(folder.into(), EnumFlags::NONE)
    }
}

impl<C: Enumeration> Names<C> {
    fn new(folder: WideString, flags: EnumFlags) -> Self {
        let (requested, names) = (limits::LISTED_AT_ONCE, Listing::new());
        Self { folder, flags, requested, next: Some(0), names, method: PhantomData }
    }

    /// Sets the number of names that each call requests. The default is [`limits::LISTED_AT_ONCE`]. Zero requests all
    /// names in [`Profile::Windows`](crate::Profile::Windows), and none according to the specification.
    #[must_use]
    pub fn with_page(self, requested: u32) -> Self {
        Self { requested, ..self }
    }

    /// Returns the next call; `None` at the end.
    #[must_use]
    pub fn request(&self) -> Option<C> {
        Some(C::page(self.folder.clone(), self.flags, self.next?, self.requested))
    }

    /// Processes the response to the call.
    ///
    /// # Errors
    /// The server rejected the call, does not advance, or returns too much. The enumeration ends; the names received
    /// so far are kept.
    pub fn reply(&mut self, response: C::Response) -> Result<(), Error> {
        let at = self.next.take().ok_or(Error::UnexpectedResponse)?;
        let status = C::status(&response);
        if status.is_failure() {
            return Err(Refused { method: C::STRUCTURE.name, status: status.into() }.into());
        }
        let (next, names) = C::parts(response);
        let names = names.into_vec();
        let is_empty = names.is_empty();
        for name in names {
            let name = name.ok_or(Error::NullName)?;
            let units = name.len();
            self.names.push(name, units)?;
        }
        if status == HResult::S_FALSE && !is_empty {
            if next <= at {
                return Err(Error::NoProgress { at, next });
            }
            self.next = Some(next);
        }
        Ok(())
    }

    /// The names so far.
    #[must_use]
    pub fn names(&self) -> &[WideString] {
        self.names.as_slice()
    }

    /// The names so far.
    #[must_use]
    pub fn into_names(self) -> Vec<WideString> {
        self.names.into_vec()
    }
}
