//! corpus/xml: the descriptors in definitions are read, written and explained.

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    security::{Domains, SecurityDescriptor},
    xml::{self, Options},
};

pub fn stated(files: &Folder) -> Result<(), Failed> {
    let machine = Domains::of_domain("S-1-5-21-1-2-3".parse()?);
    let mut count = 0;
    for (name, bytes) in &files.0 {
        let Some(task) = xml::recover(bytes, &Options::default()).task else { continue };
        let Some(text) = task.registration_info.security_descriptor else { continue };
        let descriptor: SecurityDescriptor =
            text.parse().map_err(|error| format!("{name}: {text}: {error}"))?;
        // Windows' own spelling of the descriptor reads as the same descriptor.
        assert_eq!(descriptor.to_sddl()?.parse::<SecurityDescriptor>()?, descriptor, "{name}");
        let known = descriptor.resolve(&machine);
        assert_eq!(SecurityDescriptor::from_bytes(&known.to_bytes()?)?, known, "{name}");
        // No shipped task is unreadable for everyone.
        let explained = known.explain();
        let read = explained.operations.iter().find(|permission| permission.operation == "read");
        assert!(read.is_some_and(|read| !read.allowed.is_empty()), "{name}: {text}");
        count += 1;
    }
    // 74 of the files have the element.
    if count >= 70 { Ok(()) } else { Err(format!("{count} descriptors only").into()) }
}
