//! SASec: the accounts that .JOB tasks and AT jobs run under ([MS-TSCH] 3.2.5.3, 6.2).
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
        /// The server, which a server ignores.
        handle: Option<WideString> = "Handle",
        /// The task, such as `MyJob.job`.
        job_name: WideString = "pwszJobName",
        /// The account, `domain\account` or `user@domain`; empty for the local system.
        account: WideString = "pwszAccount",
        /// Its password.
        password: Option<Password> = "pwszPassword",
        /// [`JobFlags::RUN_ONLY_IF_LOGGED_ON`] or nothing.
        job_flags: JobFlags = "dwJobFlags",
    }
    out {}

    /// Sets the account of all AT jobs.
    1 SASetNSAccountInformation "hSASetNSAccountInformation" "3.2.5.3.5" -> SASetNSAccountInformationResponse
    in {
        /// The server, which a server ignores.
        handle: Option<WideString> = "Handle",
        /// The account; NULL for the local system.
        account: Option<WideString> = "pwszAccount",
        /// Its password.
        password: Option<Password> = "pwszPassword",
    }
    out {}

    /// Tells the account of all AT jobs.
    2 SAGetNSAccountInformation "hSAGetNSAccountInformation" "3.2.5.3.6" -> SAGetNSAccountInformationResponse
    in {
        /// The server, which a server ignores.
        handle: Option<WideString> = "Handle",
        /// Room for the account's name.
        buffer: CountedBuffer = "ccBufferSize" "wszBuffer",
    }
    out {
        /// The account's name and a NUL; empty for the local system.
        buffer: AccountBuffer = "wszBuffer" [from buffer],
    }

    /// Tells the account of a task.
    3 SAGetAccountInformation "hSAGetAccountInformation" "3.2.5.3.7" -> SAGetAccountInformationResponse
    in {
        /// The server, which a server ignores.
        handle: Option<WideString> = "Handle",
        /// The task, such as `MyJob.job`.
        job_name: WideString = "pwszJobName",
        /// Room for the account's name.
        buffer: CountedBuffer = "ccBufferSize" "wszBuffer",
    }
    out {
        /// The account's name and a NUL; empty for the local system.
        buffer: AccountBuffer = "wszBuffer" [from buffer],
    }
}
