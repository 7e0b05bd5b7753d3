//! Enumerates the remainders of an arithmetic progression in ascending order.
//!
//! Consider `(first + n * step) mod modulus` for n from 0 to below a count. Which n has the least remainder, and
//! which the next? Both questions are answered with pairs of an index distance and the resulting change of the
//! remainder. An *up* pair increases the remainder, a *down* pair decreases it. Initially both have the index
//! distance 1. As in Euclid's algorithm, adding one to the other as often as possible gives pairs of greater distance
//! and smaller change, and every pair whose change is smaller than that of all shorter distances occurs on the way.
//!
//! The least remainder is found from n = 0 with down pairs: of those that do not make the remainder negative, the one
//! with the smallest distance leads to the next smaller remainder. It is applied as often as possible, then the next
//! one is formed. There are as many pairs as steps in Euclid's algorithm.
//!
//! The next remainder follows from the three-distance theorem: between neighbours in the order of remainders there
//! are at most three index differences, formed from the smallest up and down pairs whose distances are below the
//! count. If n plus the up distance is below the count, it is the next; if n is at least the down distance, n minus
//! the down distance is; otherwise both are applied.
//!
//! Progressions longer than the period of their remainders are truncated to one period, in which all remainders
//! differ; the caller continues from each n with [`Ascending::period`].

/// The greatest common divisor of two numbers, of which one may be zero.
pub(super) fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// An index distance, and its change of the remainder.
#[derive(Clone, Copy, Debug)]
struct Pair {
    distance: i64,
    change: i64,
}

impl Pair {
    /// Adds another pair to this one a number of times, which reduces its change.
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
    /// The number of indices, at most one period, and the number left.
    count: i64,
    left: i64,
    step: i64,
    modulus: i64,
    /// The pairs of the three-distance theorem, once the second remainder is requested.
    pairs: Option<(Pair, Pair)>,
}

impl Ascending {
    /// Starts at the least of `(first + n * step) mod modulus` for n from 0 to below `count`. `first` and `step` are
    /// at least 0 and below `modulus`, and `count` is above 0.
    pub(super) fn new(first: i64, step: i64, modulus: i64, count: i64) -> Self {
        let period = modulus / common_divisor(modulus, step);
        let count = count.min(period);
        let (index, value) = least(first, step, modulus, count);
        Self { index, value, period, count, left: count, step, modulus, pairs: None }
    }

    /// Moves to the next greater remainder; false if there is none. If several consecutive remainders have the same
    /// index difference, `moves` can select one of them; 1 is the next.
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
            let times = moves(up.distance).min(to_end / up.distance).min(self.left - 1);
            self.index += times * up.distance;
            self.value += times * up.change;
            times
        } else if self.index >= down.distance {
            // As long as neither can be added.
            let alike = ((up.distance - to_end - 1) / down.distance + 1).min(self.index / down.distance);
            let times = moves(down.distance).min(alike).min(self.left - 1);
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

    /// The up and the down pair with the smallest changes and distances below the count, which is at least 2.
    fn neighbours(&self) -> (Pair, Pair) {
        let mut up = Pair { distance: 1, change: self.step };
        let mut down = Pair { distance: 1, change: self.modulus - self.step };
        let room = |pair: Pair, by: Pair| (self.count - 1 - pair.distance) / by.distance;
        loop {
            // Neither change may become zero, which would be a whole period.
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
        // Now the down pair decreases too much or is too long, and so is every further one.
        if times == room {
            return (index, value);
        }
        if up.change >= down.change {
            up.reduce(down, (up.change - 1) / down.change);
        }
        // The shortest that does not decrease too much, or the one with the smallest change.
        let most = (down.change - 1) / up.change;
        if most == 0 {
            return (index, value);
        }
        let needed = (down.change - value + up.change - 1) / up.change;
        down.reduce(up, needed.min(most));
    }
}

#[cfg(test)]
mod tests {
    use super::Ascending;
    use proptest::prop_assert_eq;

    /// The indices and remainders of one period at most, sorted: the definition.
    fn sorted(first: i64, step: i64, modulus: i64, count: i64) -> Vec<(i64, i64)> {
        let mut all: Vec<(i64, i64)> = Vec::new();
        for index in 0..count {
            let value = (first + index * step) % modulus;
            if index > 0 && value == first {
                break;
            }
            all.push((value, index));
        }
        all.sort_unstable();
        all
    }

    fn agrees(first: i64, step: i64, modulus: i64, count: i64, moves: &[i64]) -> Result<(), String> {
        let all = sorted(first, step, modulus, count);
        let mut ascending = Ascending::new(first, step, modulus, count);
        let (mut rank, mut moves) = (0, moves.iter().cycle());
        loop {
            let found = (ascending.value, ascending.index);
            if all.get(rank) != Some(&found) {
                return Err(format!("{found:?} at {rank} of {all:?}"));
            }
            // As many neighbours as have the same index difference.
            let differences = all.iter().zip(all.iter().skip(1)).map(|(one, next)| next.1 - one.1).skip(rank);
            let alike = differences.clone().take_while(|d| Some(*d) == differences.clone().next()).count();
            let most = *moves.next().unwrap_or(&1);
            if !ascending.next(|_| most) {
                let is_last = rank + 1 == all.len();
                return if is_last { Ok(()) } else { Err(format!("the end at {rank} of {all:?}")) };
            }
            let now = all.iter().position(|(value, _)| *value == ascending.value);
            let now = now.ok_or_else(|| format!("{} is not in {all:?}", ascending.value))?;
            if now <= rank || now > rank + alike.min(most as usize) {
                return Err(format!("from {rank} to {now} of {all:?}"));
            }
            rank = now;
        }
    }

    /// All small progressions, one move at a time, by twos, and as far as possible.
    #[test]
    fn small_progressions() {
        for modulus in 1..=16 {
            for step in 0..modulus {
                for first in 0..modulus {
                    for count in 1..=modulus + 1 {
                        for moves in [[1, 1], [2, 1], [i64::MAX, 1], [i64::MAX, i64::MAX]] {
                            let agreed = agrees(first, step, modulus, count, &moves);
                            assert_eq!(
                                agreed,
                                Ok(()),
                                "{first} + n * {step} mod {modulus}, {count}, {moves:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_progression(
            modulus in 1..2000i64, step in 0..2000i64, first in 0..2000i64, count in 1..2100i64,
            moves in proptest::collection::vec(1..50i64, 1..4),
        ) {
            prop_assert_eq!(agrees(first % modulus, step % modulus, modulus, count, &moves), Ok(()));
        }
    }
}
