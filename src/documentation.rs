//! The project's documents as rustdoc pages.

#[doc = include_str!("../ARCHITECTURE.md")]
pub mod architecture {}

#[doc = include_str!("../CHANGELOG.md")]
pub mod changelog {}

#[doc = include_str!("../CONFORMANCE.md")]
pub mod conformance {}

#[doc = include_str!("../EVIDENCE.md")]
pub mod evidence {}

#[doc = include_str!("../SECURITY.md")]
pub mod hostile_input {}
