//! The least remainder of an arithmetic progression, without going through it.

/// The greatest common divisor of two numbers above zero.
pub(super) fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// So many are gone through sooner than they are computed.
const FEW: i64 = 1024;

/// The least of `(first + n * step) mod modulus` for n from 0 to below `count`; `first` is from 0 to below `modulus`.
pub(super) fn least(first: i64, step: i64, modulus: i64, count: i64) -> i64 {
    if count > FEW {
        return least_of_many(first, step, modulus, count);
    }
    let rest = modulus - step.rem_euclid(modulus);
    let (mut least, mut at) = (first, first);
    for _ in 1..count {
        at = if at >= rest { at - rest } else { at + (modulus - rest) };
        least = least.min(at);
    }
    least
}

fn least_of_many(first: i64, step: i64, modulus: i64, count: i64) -> i64 {
    let [start, modulus, count] = [first, modulus, count].map(i128::from);
    let step = i128::from(step).rem_euclid(modulus);
    let reaches = |most: i128| {
        // How much must be added to come to 0, and to `most`.
        let least = modulus - start;
        start <= most || multiple_within(step, modulus, least, least + most).is_some_and(|n| n < count)
    };
    let (mut low, mut high) = (0, start);
    while low < high {
        let middle = (low + high) / 2;
        if reaches(middle) { high = middle } else { low = middle + 1 }
    }
    i64::try_from(low).unwrap_or(first)
}

/// The first n for which `n * step mod modulus` is from `least` to `most`, both between 0 and `modulus`: by Euclid's
/// algorithm, as what is needed of the modulus is a multiple of it within a range modulo the step.
fn multiple_within(step: i128, modulus: i128, least: i128, most: i128) -> Option<i128> {
    if least == 0 {
        return Some(0);
    }
    if step == 0 {
        return None;
    }
    let n = (least + step - 1) / step;
    if n * step <= most {
        return Some(n);
    }
    // No multiple of the step is within the range: some turns of the modulus come first.
    let turns = multiple_within(modulus % step, step, (-most).rem_euclid(step), (-least).rem_euclid(step))?;
    Some((least + turns * modulus + step - 1) / step)
}
