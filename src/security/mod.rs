//! Security descriptors ([MS-DTYP] 2.4.2 to 2.4.7, 2.5.1 to 2.5.3): who owns a task, and who may do what with it.
//!
//! | to | use |
//! |---|---|
//! | read and write SDDL | [`SecurityDescriptor`], by [`str::parse`] and [`to_sddl`](SecurityDescriptor::to_sddl) |
//! | read and write the binary form | [`SecurityDescriptor::from_bytes`], [`to_bytes`](SecurityDescriptor::to_bytes) |
//! | know whether somebody may do something | [`access_check`] |
//! | know what a new task or folder gets | [`SecurityDescriptor::create`] |
//! | pick the parts that `SchRpcGetSecurity` wants | [`SecurityDescriptor::select`] |
//! | tell people | [`SecurityDescriptor::explain`] |
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
//! Invariants: what parses is bounded by the 16-bit sizes of the binary form, so no ACL has more than some 4,000 ACEs;
//! nothing recurses; an ACE that cannot be understood never grants.

mod account;
mod ace;
mod ace_type;
mod acl;
mod binary;
mod check;
mod claim;
mod code;
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
