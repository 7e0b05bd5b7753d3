//! SASec: the accounts of .JOB tasks and AT jobs ([MS-TSCH] 3.2.5.3, 6.2).
//!
//! ```
//! use wintask::{
//!     dtyp::HResult,
//!     rpc::sasec::{AccountBuffer, Request, Response, SAGetNSAccountInformation},
//! };
//!
//! let ask = Request::from(SAGetNSAccountInformation::default()); // with the largest buffer
//! let stub = ask.encode()?;
//! assert_eq!(stub.len(), 4 + 4 + 4 + 2 * 273);
//!
//! let mut answer = ask.failure(HResult::S_OK);
//! if let Response::SAGetNSAccountInformation(answer) = &mut answer {
//!     answer.buffer = AccountBuffer::holding("DOMAIN\\user", 273).ok_or("too long")?;
//!     assert_eq!(answer.buffer.account(), "DOMAIN\\user");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod buffer;

pub use buffer::{AccountBuffer, CountedBuffer};

use super::{Endpoint, macros::interface};
use crate::{
    dtyp::{HResult, Password, WideString},
    job::JobFlags,
    ndr::coded,
};

coded! { u32: JobFlags }

interface! {
    "SASec", "378e52b0-c0a9-11cf-822d-00aa0051e40f", (1, 0), Endpoint::NamedPipe(r"\PIPE\atsvc"), HResult;

    /// Sets the account of a task.
    0 SASetAccountInformation "hSASetAccountInformation" "3.2.5.3.4" -> SASetAccountInformationResponse
    in {
        /// The server name; ignored by servers.
        handle: Option<WideString> = "Handle",
        /// The task, such as `MyJob.job`.
        job_name: WideString = "pwszJobName",
        /// The account, `domain\account` or `user@domain`; empty for LocalSystem.
        account: WideString = "pwszAccount",
        /// The password of the account.
        password: Option<Password> = "pwszPassword",
        /// [`JobFlags::RUN_ONLY_IF_LOGGED_ON`] or no flags.
        job_flags: JobFlags = "dwJobFlags",
    }
    out {}

    /// Sets the account of all AT jobs.
    1 SASetNSAccountInformation "hSASetNSAccountInformation" "3.2.5.3.5" -> SASetNSAccountInformationResponse
    in {
        /// The server name; ignored by servers.
        handle: Option<WideString> = "Handle",
        /// The account; NULL for LocalSystem.
        account: Option<WideString> = "pwszAccount",
        /// The password of the account.
        password: Option<Password> = "pwszPassword",
    }
    out {}

    /// Returns the account of all AT jobs.
    2 SAGetNSAccountInformation "hSAGetNSAccountInformation" "3.2.5.3.6" -> SAGetNSAccountInformationResponse
    in {
        /// The server name; ignored by servers.
        handle: Option<WideString> = "Handle",
        /// The buffer for the account name.
        buffer: CountedBuffer = "ccBufferSize" "wszBuffer",
    }
    out {
        /// The account name and a NUL; empty for LocalSystem.
        buffer: AccountBuffer = "wszBuffer" [from buffer],
    }

    /// Returns the account of a task.
    3 SAGetAccountInformation "hSAGetAccountInformation" "3.2.5.3.7" -> SAGetAccountInformationResponse
    in {
        /// The server name; ignored by servers.
        handle: Option<WideString> = "Handle",
        /// The task, such as `MyJob.job`.
        job_name: WideString = "pwszJobName",
        /// The buffer for the account name.
        buffer: CountedBuffer = "ccBufferSize" "wszBuffer",
    }
    out {
        /// The account name and a NUL; empty for LocalSystem.
        buffer: AccountBuffer = "wszBuffer" [from buffer],
    }
}
