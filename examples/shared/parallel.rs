//! Work on several threads, with results in order.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

/// Does the work on batches of items, and hands the results over in the order of the items.
///
/// The work may give any number of results. Only those are kept that are waiting for their turn: two of each batch, and
/// the batches are at most three for each thread.
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
                    // Without a receiver no more results are needed.
                    work(items, &mut |result| drop(sender.send(result)));
                }
            });
        }
        results.into_iter().flatten().for_each(&mut take);
    });
}

/// What is still to be done.
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

/// The next batch, and where its results go. While a thread waits here for its turn, no other takes a later one.
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
