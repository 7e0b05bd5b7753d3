//! Memory: nothing allocates more than a small multiple of its input, whatever the input claims.
//!
//! A counting allocator measures the peak of live bytes during each call; every bound is the multiple of the
//! input plus one constant.

mod eventlog;
mod job;
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

// SAFETY: hands every call on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both blocks may be live while the bytes move.
        grow(size);
        shrink(layout.size());
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What may come on top of the multiple: findings are bounded in number, and an error has a text.
const CONSTANT: usize = 32 * 1024;

/// The most bytes that were live during the call, beyond those before it.
fn peak<T>(call: impl FnOnce() -> T) -> usize {
    let before = LIVE.get();
    PEAK.set(before);
    let result = call();
    let peak = PEAK.get() - before;
    drop(result);
    peak
}

/// Runs the call and checks that its peak stays within `factor` times the input's size plus [`CONSTANT`].
fn bounded<T>(what: &str, input: usize, factor: usize, call: impl FnOnce() -> T) {
    let peak = peak(call);
    assert!(peak <= factor * input + CONSTANT, "{what}: {peak} bytes at the peak for an input of {input}");
}

#[test]
fn the_measure_measures() {
    let caught = std::panic::catch_unwind(|| bounded("two megabytes", 100, 8, || vec![1u8; 2 << 20]));
    assert!(caught.is_err());
}
