//! Memory: nothing allocates more than a small multiple of its input, regardless of what the input claims.
//!
//! A counting allocator measures the peak of live bytes during each call. Every bound is a multiple of the
//! input plus a constant. The same allocator searches freed blocks for secrets that were not wiped.

#[path = "../shared/europe.rs"]
mod europe;
mod eventlog;
mod job;
mod ndr;
mod schedule;
mod security;
mod xml;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static SECRET: Cell<Option<&'static [u8]>> = const { Cell::new(None) };
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn grow(size: usize) {
    LIVE.with(|live| {
        live.set(live.get().saturating_add(size));
        PEAK.with(|peak| peak.set(peak.get().max(live.get())));
    });
}

fn shrink(size: usize) {
    LIVE.with(|live| live.set(live.get().saturating_sub(size)));
}

/// Counts a freed block that contains the secret.
fn look_into(block: &[u8]) {
    let left = SECRET.get().is_some_and(|secret| block.windows(secret.len()).any(|bytes| bytes == secret));
    LEFT.set(LEFT.get() + usize::from(left));
}

// SAFETY: forwards every call to the system's allocator. Blocks are zeroed, so that all of them can be read when
// freed; reallocation is the trait's own: a new block, a copy, the old block freed.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        look_into(unsafe { std::slice::from_raw_parts(pointer, layout.size()) });
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The constant on top of the multiple: findings are bounded in number, and an error has a text.
const CONSTANT: usize = 32 * 1024;

/// The peak of live bytes during the call, beyond those before it.
fn peak<T>(call: impl FnOnce() -> T) -> usize {
    let before = LIVE.get();
    PEAK.set(before);
    let result = call();
    let peak = PEAK.get() - before;
    drop(result);
    peak
}

/// The live bytes after the call, beyond those before it.
fn held(call: impl FnOnce()) -> usize {
    let before = LIVE.get();
    call();
    LIVE.get() - before
}

/// Runs the call and checks that its peak stays within `factor` times the input's size plus [`CONSTANT`].
fn bounded<T>(what: &str, input: usize, factor: usize, call: impl FnOnce() -> T) {
    let peak = peak(call);
    assert!(peak <= factor * input + CONSTANT, "{what}: {peak} bytes at the peak for an input of {input}");
}

/// The number of blocks that the call frees with the secret in them.
fn left_behind(secret: &'static [u8], call: impl FnOnce()) -> usize {
    LEFT.set(0);
    SECRET.set(Some(secret));
    call();
    SECRET.set(None);
    LEFT.get()
}

#[test]
fn the_measure_measures() {
    let copy = || drop(b"not wiped".to_vec());
    assert_eq!(left_behind(b"not wiped", copy), 1);

    let caught = std::panic::catch_unwind(|| bounded("two megabytes", 100, 8, || vec![1u8; 2 << 20]));
    assert!(caught.is_err());
}
