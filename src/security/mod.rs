//! Security descriptors ([MS-DTYP] 2.4.2 to 2.4.7, 2.5.1 to 2.5.3): the owner of a task, and who may access it.
//!
//! | to | use |
//! |---|---|
//! | read and write SDDL | [`SecurityDescriptor`], by [`str::parse`] and [`to_sddl`](SecurityDescriptor::to_sddl) |
//! | read and write the binary form | [`SecurityDescriptor::from_bytes`], [`to_bytes`](SecurityDescriptor::to_bytes) |
//! | check whether a caller may do something | [`access_check`] |
//! | compute the descriptor of a new task or folder | [`SecurityDescriptor::create`] |
//! | select the parts that `SchRpcGetSecurity` asks for | [`SecurityDescriptor::select`] |
//! | explain a descriptor in words | [`SecurityDescriptor::explain`] |
//! | find the SID of a well-known account, or its name | [`Sid::from_account_name`], [`Sid::account_name`] |
//!
//! ```
//! use wintask::security::{AccessMask, GenericMapping, SecurityDescriptor, Sid, Token, access_check};
//!
//! // A user creates a task in the root folder, and its principal may read it.
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
//! Invariants: everything that parses is bounded by the 16-bit sizes of the binary form, so an ACL has at most 4,095 ACEs;
//! nothing recurses; an ACE that cannot be interpreted never grants access.

mod account;
mod ace;
mod ace_type;
mod acl;
mod binary;
mod check;
mod claim;
mod codes;
mod condition;
mod cursor;
mod descriptor;
mod error;
mod information;
mod inherit;
mod literal;
mod mask;
mod print;
mod sddl;
#[cfg(feature = "serde")]
mod serialization;
mod sid;
mod token;
mod trustee;
mod words;

pub use account::Base;
pub use ace::{Ace, AceData};
pub use ace_type::{AceFlags, AceType};
pub use acl::{Acl, AclPart};
pub use check::{AccessCheck, access_check};
pub use claim::{Claim, ClaimFlags, ClaimValues};
pub use condition::{Condition, Outcome};
pub use descriptor::{Control, SecurityDescriptor};
pub use error::{BuildError, Error, ErrorKind};
pub use information::SecurityInformation;
pub use inherit::NewObject;
pub use mask::{AccessMask, GenericMapping};
pub use sid::Sid;
pub use token::{Group, Privileges, Token};
pub use trustee::{Domains, RelativeSid, Trustee};
pub use words::{Explanation, Permission};
