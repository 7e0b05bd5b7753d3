//! Group Policy's scheduled tasks.

use wintask::{
    definition::{Exec, Task},
    finding::Severity,
    gpp::{self, Context, ScheduledTasks},
    limits,
    xml::{self, Form},
};

/// Reading accepts any bytes and stays within the input. A file that is read strictly is written back byte for byte,
/// and the forgiving reader agrees. A recovered file is well-formed when written, and reads back the same. The task
/// of an item is accepted by Windows unless a loss is reported, and repeating an update changes nothing.
///
/// Catches: panics, hangs, locations outside the input, silent losses, output that the reader rejects. Does not
/// catch: a file that both misread.
pub(crate) fn policy(data: &[u8]) {
    let recovered = gpp::recover(data);
    assert!(recovered.findings.iter().count() <= limits::MAX_FINDINGS);
    for finding in &recovered.findings {
        assert!(finding.place().offset().is_some_and(|at| at <= data.len()), "{finding}");
    }
    match ScheduledTasks::read(data) {
        Ok(policy) => {
            assert_eq!(policy.to_bytes(), data);
            assert_eq!(recovered.policy.as_ref(), Some(&policy));
        }
        Err(error) => {
            assert!(error.place().offset().is_some_and(|at| at <= data.len()), "{error}");
            assert_eq!(recovered.findings.worst(), Some(Severity::Error), "{error}");
        }
    }
    let Some(policy) = recovered.policy else { return };
    let written = policy.to_bytes();
    let again = gpp::recover(&written);
    let syntax = again.findings.iter().find(|finding| finding.code() == "gpp.syntax");
    // Depth and size are limited; the output may be longer than the input.
    assert!(syntax.is_none() || written.len() > limits::XML_BYTES, "{syntax:?}");
    let again = again.policy.expect("what was written has a root");
    assert_eq!(again.to_bytes(), written);
    let now = time::macros::datetime!(2024-05-15 10:20:30);
    let context = Context::default().with_now(now).with_user("CONTOSO", "alice");
    for item in policy.items().take(4) {
        let _ = item.filters().map(|filter| filter.to_string().len()).sum::<usize>();
        let (task, job) = (gpp::to_task(&item, &context), gpp::to_job(&item, &context));
        if let Ok(job) = job {
            let _ = job.value.to_bytes();
        }
        if let Ok(task) = task
            && task.losses.worst() < Some(Severity::Error)
        {
            let text = xml::write_text(&task.value, Form::Utf8).expect("a task can be written");
            let read = xml::read_text(&text, &xml::Options::default());
            assert_eq!(read.map_err(|error| error.to_string()).as_ref(), Ok(&task.value), "{text}");
        }
        let existing = Task::new(Exec::new("old.exe").with_arguments("/old"));
        if let Ok(once) = gpp::updated(&item, &existing, &context) {
            let twice = gpp::updated(&item, &once.value, &context).expect("what was made once is made again");
            assert_eq!(twice.value, once.value);
        }
    }
}
