//! Work on several threads, with results in order.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

/// Processes batches of items in parallel, and passes on the results in the order of the items.
///
/// The work may produce any number of results. Results that wait for their turn are buffered: at most two for each batch,
/// and at most three batches for each thread.
pub fn in_order<I: Send, R: Send>(
    jobs: NonZero<usize>,
    batch: usize,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(Vec<I>, &mut dyn FnMut(R)) + Sync,
    mut take: impl FnMut(R),
) {
    let mut batches = Batches { items, batch };
    if jobs.get() == 1 {
        while let Some(items) = batches.next() {
            work(items, &mut take);
        }
        return;
    }
    let (turns, results) = sync_channel(2 * jobs.get());
    let batches = Mutex::new(batches);
    thread::scope(|scope| {
        for turns in vec![turns; jobs.get()] {
            scope.spawn(|| {
                let turns = turns;
                while let Some((items, sender)) = turn(&batches, &turns) {
                    // The receiver is gone, and no more results are needed.
                    work(items, &mut |result| drop(sender.send(result)));
                }
            });
        }
        results.into_iter().flatten().for_each(&mut take);
    });
}

/// The remaining work.
struct Batches<I> {
    items: I,
    batch: usize,
}

impl<I: Iterator> Batches<I> {
    fn next(&mut self) -> Option<Vec<I::Item>> {
        let items: Vec<_> = self.items.by_ref().take(self.batch).collect();
        (!items.is_empty()).then_some(items)
    }
}

/// The next batch, and where its results go. While a thread waits here, no other thread can take a later batch.
fn turn<I: Iterator, R>(
    batches: &Mutex<Batches<I>>,
    turns: &SyncSender<Receiver<R>>,
) -> Option<(Vec<I::Item>, SyncSender<R>)> {
    let mut batches = batches.lock().unwrap_or_else(PoisonError::into_inner);
    let items = batches.next()?;
    let (sender, receiver) = sync_channel(1);
    turns.send(receiver).ok()?;
    Some((items, sender))
}
