//! Security descriptors ([MS-DTYP] 2.4.2 to 2.4.7, 2.5.1 to 2.5.3): the owner of a task, and who can access it.
//!
//! | to | use |
//! |---|---|
//! | parse and print SDDL | [`SecurityDescriptor`], by [`str::parse`] and [`to_sddl`](SecurityDescriptor::to_sddl) |
//! | read and write the binary form | [`SecurityDescriptor::from_bytes`], [`to_bytes`](SecurityDescriptor::to_bytes) |
//! | check whether a caller has access | [`access_check`] |
//! | compute the descriptor of a new task or folder | [`SecurityDescriptor::create`] |
//! | select the parts that `SchRpcGetSecurity` requests | [`SecurityDescriptor::select`] |
//! | explain a descriptor in words | [`SecurityDescriptor::explain`] |
//! | find the SID of a well-known account, or its name | [`Sid::from_account_name`], [`Sid::account_name`] |
//!
//! ```
//! use wintask::security::{AccessMask, GenericMapping, SecurityDescriptor, Sid, Token, access_check};
//!
//! // A user creates a task in the root folder and grants its principal read access.
//! let user = Token::new("S-1-5-21-1-2-3-1001".parse()?);
//! let root = wintask::scheduler::root_descriptor();
//! let mut task = SecurityDescriptor::create(wintask::security::NewObject::Task, Some(&root), None, &user);
//! task.allow_file_read(Sid::LOCAL_SERVICE);
//!
//! let service = Token::new(Sid::LOCAL_SERVICE);
//! let may = |rights| access_check(&task, &service, rights, &GenericMapping::FILE).allowed;
//! assert!(may(AccessMask::GENERIC_READ));
//! assert!(!may(AccessMask::GENERIC_EXECUTE));
//! # Ok::<(), wintask::security::Error>(())
//! ```
//!
//! Invariants: everything that parses is limited by the 16-bit sizes of the binary form, so an ACL has at most 4,095
//! ACEs. Nothing recurses. An ACE that cannot be interpreted never grants access.

mod account;
#[cfg(feature = "security")]
mod ace;
mod ace_type;
#[cfg(feature = "security")]
mod acl;
#[cfg(all(feature = "security", feature = "arbitrary"))]
mod arbitrary;
#[cfg(feature = "security")]
mod binary;
#[cfg(feature = "security")]
mod check;
#[cfg(feature = "security")]
mod claim;
mod codes;
#[cfg(feature = "security")]
mod condition;
mod cursor;
#[cfg(feature = "security")]
mod descriptor;
mod error;
#[cfg(feature = "security")]
mod information;
#[cfg(feature = "security")]
mod inherit;
#[cfg(feature = "security")]
mod literal;
#[cfg(feature = "security")]
mod mask;
#[cfg(feature = "security")]
mod print;
#[cfg(feature = "security")]
mod sddl;
#[cfg(all(feature = "serde", feature = "security"))]
mod serialization;
mod sid;
#[cfg(feature = "security")]
mod token;
#[cfg(feature = "security")]
mod trustee;
#[cfg(feature = "security")]
mod words;

pub use account::Base;
#[cfg(feature = "security")]
pub use ace::{Ace, AceData};
pub use ace_type::{AceFlags, AceType};
#[cfg(feature = "security")]
pub use acl::{Acl, AclPart};
#[cfg(feature = "security")]
pub use check::{AccessCheck, access_check};
#[cfg(feature = "security")]
pub use claim::{Claim, ClaimFlags, ClaimValues};
#[cfg(feature = "security")]
pub use condition::{Condition, Outcome};
#[cfg(feature = "security")]
pub use descriptor::{Control, SecurityDescriptor};
pub use error::{BuildError, Error, ErrorKind};
#[cfg(feature = "security")]
pub use information::SecurityInformation;
#[cfg(feature = "security")]
pub use inherit::NewObject;
#[cfg(feature = "security")]
pub use mask::{AccessMask, GenericMapping};
pub use sid::Sid;
#[cfg(feature = "security")]
pub use token::{Group, Privileges, Token};
#[cfg(feature = "security")]
pub use trustee::{Domains, RelativeSid, Trustee};
#[cfg(feature = "security")]
pub use words::{Explanation, Permission};
