//! Work on several threads, with results in order.

use std::{num::NonZero, sync::mpsc::sync_channel, thread};

/// Processes the items in parallel, and returns the results in the order of the items. No thread is ahead by more
/// than two results.
pub fn in_order<'i, I: Sync, R: Send>(
    jobs: NonZero<usize>,
    items: &'i [I],
    work: impl Fn(&'i I) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let jobs = jobs.get().min(items.len()).max(1);
    let work = &work;
    thread::scope(|scope| {
        let start = |job: usize| {
            let (sender, receiver) = sync_channel(1);
            scope.spawn(move || {
                // The receiver is gone, and no more results are needed.
                let _ = items.iter().skip(job).step_by(jobs).try_for_each(|item| sender.send(work(item)));
            });
            receiver
        };
        let receivers: Vec<_> = (0..jobs).map(start).collect();
        for receiver in receivers.iter().cycle().take(items.len()) {
            if let Ok(result) = receiver.recv() {
                take(result);
            }
        }
    });
}
