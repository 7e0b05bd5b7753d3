//! The remainders of an arithmetic progression, least first, without going through it.
//!
//! Take `(first + n * step) mod modulus` for n from 0 to below a count. Which n has the least remainder, and which has the
//! next? Both questions are answered by pairs of an index distance and the change of the remainder that it makes. An *up*
//! pair raises the remainder, a *down* pair lowers it. At first both have the index distance 1. As in Euclid's algorithm,
//! adding the one to the other as often as it fits gives pairs of greater distance and smaller change, and every pair
//! whose change is smaller than that of all shorter distances appears on the way.
//!
//! The least remainder is found from n = 0 by down pairs: of those that do not lower the remainder below zero, the one of
//! the smallest distance leads to the next smaller remainder. It is applied as often as it fits, then the next one is
//! formed. There are as many pairs as Euclid's algorithm has steps.
//!
//! The next remainder follows from the three-distance theorem: between neighbours in the order of the remainders there are
//! at most three differences of indices, made of the smallest up and the smallest down pair whose distances are below the
//! count. If n plus the up distance is below the count, that is the next; if n is at least the down distance, n less the
//! down distance is; otherwise both are applied.
//!
//! Progressions longer than the period of their remainders are cut to one period, in which all remainders differ; the
//! caller goes on from each n by [`Ascending::period`].

/// The greatest common divisor of two numbers, of which one may be zero.
pub(super) fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// An index distance, and by how much it changes the remainder.
#[derive(Clone, Copy, Debug)]
struct Pair {
    distance: i64,
    change: i64,
}

impl Pair {
    /// Adds another pair to this one a number of times, which makes its change smaller.
    fn reduce(&mut self, by: Self, times: i64) {
        self.distance += times * by.distance;
        self.change -= times * by.change;
    }
}

/// The remainders of a progression in ascending order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ascending {
    /// The index, and its remainder.
    pub(super) index: i64,
    pub(super) value: i64,
    /// The number of indices after which the remainders recur.
    pub(super) period: i64,
    /// How many indices there are, at most one period, and how many of them are left.
    count: i64,
    left: i64,
    step: i64,
    modulus: i64,
    /// The pairs of the three-distance theorem, once the second remainder is asked for.
    pairs: Option<(Pair, Pair)>,
}

impl Ascending {
    /// Starts at the least of `(first + n * step) mod modulus` for n from 0 to below `count`. `first` and `step` are from
    /// 0 to below `modulus`, and `count` is above 0.
    pub(super) fn new(first: i64, step: i64, modulus: i64, count: i64) -> Self {
        let period = modulus / common_divisor(modulus, step);
        let count = count.min(period);
        let (index, value) = least(first, step, modulus, count);
        Self { index, value, period, count, left: count, step, modulus, pairs: None }
    }

    /// Goes to the next greater remainder; false if there is none. Where several remainders in a row are as far apart in
    /// indices, `moves` may say at which of them to stop, the next one being 1.
    pub(super) fn next(&mut self, moves: impl FnOnce(i64) -> i64) -> bool {
        if self.left <= 1 {
            return false;
        }
        let (up, down) = match self.pairs {
            Some(pairs) => pairs,
            None => *self.pairs.insert(self.neighbours()),
        };
        let to_end = self.count - 1 - self.index;
        let times = if to_end >= up.distance {
            let times = moves(up.distance).min(to_end / up.distance);
            self.index += times * up.distance;
            self.value += times * up.change;
            times
        } else if self.index >= down.distance {
            // As long as nothing can be added.
            let alike = ((up.distance - to_end - 1) / down.distance + 1).min(self.index / down.distance);
            let times = moves(down.distance).min(alike);
            self.index -= times * down.distance;
            self.value += times * down.change;
            times
        } else {
            self.index += up.distance - down.distance;
            self.value += up.change + down.change;
            1
        };
        self.left -= times;
        true
    }

    /// The up and the down pair of the smallest changes, both of distances below the count, which is at least 2.
    fn neighbours(&self) -> (Pair, Pair) {
        let mut up = Pair { distance: 1, change: self.step };
        let mut down = Pair { distance: 1, change: self.modulus - self.step };
        let room = |pair: Pair, by: Pair| (self.count - 1 - pair.distance) / by.distance;
        loop {
            // Neither change may come to zero: that would be a whole period.
            if up.change > down.change {
                let times = room(up, down).min((up.change - 1) / down.change);
                if times == 0 {
                    return (up, down);
                }
                up.reduce(down, times);
            } else {
                let times = room(down, up).min((down.change - 1) / up.change);
                if times == 0 {
                    return (up, down);
                }
                down.reduce(up, times);
            }
        }
    }
}

/// The index of the least remainder, and the remainder.
fn least(first: i64, step: i64, modulus: i64, count: i64) -> (i64, i64) {
    let (mut index, mut value) = (0, first);
    if step == 0 {
        return (index, value);
    }
    let mut up = Pair { distance: 1, change: step };
    let mut down = Pair { distance: 1, change: modulus - step };
    loop {
        let room = (count - 1 - index) / down.distance;
        let times = room.min(value / down.change);
        index += times * down.distance;
        value -= times * down.change;
        // Now the down pair lowers too much, or is too long, and then any further one is.
        if times == room {
            return (index, value);
        }
        if up.change >= down.change {
            up.reduce(down, (up.change - 1) / down.change);
        }
        // The shortest that does not lower too much, or the one of the smallest change.
        let most = (down.change - 1) / up.change;
        if most == 0 {
            return (index, value);
        }
        let needed = (down.change - value + up.change - 1) / up.change;
        down.reduce(up, needed.min(most));
    }
}
