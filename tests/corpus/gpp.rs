//! The real files of Group Policy (EVIDENCE.md GPP-01 to GPP-12).

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    finding::Severity,
    gpp::{Context, ConvertError, ScheduledTasks, definition, recover, to_task},
};

/// Each file is read strictly and written back byte for byte.
pub fn round_trip(files: &Folder) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        let policy = ScheduledTasks::read(bytes).map_err(|error| format!("{name}: {error}"))?;
        if policy.to_bytes() != *bytes {
            return Err(format!("{name} is written back differently").into());
        }
        let recovered = recover(bytes);
        assert_eq!(recovered.policy, Some(policy), "{name}");
        let worst = recovered.findings.iter().find(|finding| finding.severity() > Severity::Info);
        if let Some(finding) = worst {
            return Err(format!("{name}: {finding}").into());
        }
    }
    Ok(())
}

/// Every item is understood: it has a name, and its definition is one that Windows accepts once it is applied. Without the
/// time, those of immediate tasks are rejected only because of it.
pub fn items(files: &Folder) -> Result<(), Failed> {
    let applied = Context::default().with_now(time::macros::datetime!(2024-05-15 10:20:30));
    let mut definitions = 0;
    for (name, bytes) in &files.0 {
        let policy = ScheduledTasks::read(bytes)?;
        for item in policy.items() {
            assert!(item.name().is_some() && item.label().is_some() && !item.is_ignored(), "{name}");
            assert!(item.filters().all(|filter| filter.row().is_some()), "{name}");
            to_task(&item, &applied).map_err(|error| format!("{name}: {error}"))?;
            let Some(before) = definition(&item, &Context::default()) else { continue };
            definitions += 1;
            match before {
                Ok(_) => assert!(!item.kind().is_immediate(), "{name}"),
                Err(error) => {
                    assert!(item.kind().is_immediate(), "{name}: {error}");
                    let ConvertError::NoTime(error) = error else { panic!("{name}: {error}") };
                    assert!(error.place().path().ends_with("Boundary"), "{name}: {error}");
                }
            }
        }
    }
    assert!(definitions >= 8, "{definitions}");
    Ok(())
}
