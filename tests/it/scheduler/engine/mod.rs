//! When tasks start, wait, stop and expire: scenarios of our own (`testdata/scheduler/engine`), and those of
//! `WINTASK_SHARED` where it is there.

mod scene;
mod shared;
mod text;

use std::{fs, panic::catch_unwind, path::Path};

#[test]
fn scenarios() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scheduler/engine");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap();
        for case in text::cases(&text) {
            count += 1;
            match catch_unwind(|| text::play(&case)) {
                Ok(Ok(())) => {}
                Ok(Err(difference)) => wrong.push(format!("{name}/{}: {difference}", case.name)),
                Err(_) => wrong.push(format!("{name}/{}: a check failed (see above)", case.name)),
            }
        }
    }
    assert!(count > 60, "only {count} cases were found");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
