//! Searches that usually end after a few bytes. They start with eight bytes at a time, since searches for long texts
//! have a higher initial cost.

use memchr::{memchr, memchr2, memchr3};

/// The first byte of a value.
#[inline]
pub(super) fn find(bytes: &[u8], one: u8) -> Option<usize> {
    near(bytes, |word| hits(word, one)).or_else(|| memchr(one, bytes))
}

/// The first byte of either value.
#[inline]
pub(super) fn find2(bytes: &[u8], one: u8, two: u8) -> Option<usize> {
    near(bytes, |word| hits(word, one) | hits(word, two)).or_else(|| memchr2(one, two, bytes))
}

/// The first byte of one of three values.
#[inline]
pub(crate) fn find3(bytes: &[u8], one: u8, two: u8, three: u8) -> Option<usize> {
    near(bytes, |word| hits(word, one) | hits(word, two) | hits(word, three))
        .or_else(|| memchr3(one, two, three, bytes))
}

/// Whether two short texts, such as names, are equal. Cheaper for these than a call of `memcmp`.
#[inline]
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    // The last words overlap the ones before.
    let (words, _) = one.as_chunks::<8>();
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(last), Some(same)) => {
            last == same && words.iter().zip(other.as_chunks::<8>().0).all(|(a, b)| a == b)
        }
        _ => match (one.first_chunk::<4>(), one.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                other.first_chunk() == Some(first) && other.last_chunk() == Some(last)
            }
            _ => one.iter().eq(other),
        },
    }
}

/// The first byte of a kind, searched in blocks without a branch for each byte.
#[inline]
pub(crate) fn first_of(bytes: &[u8], is_it: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 16;
    let is_clean = |block: &[u8; BLOCK]| block.iter().fold(0, |bits, b| bits | u8::from(is_it(*b))) == 0;
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let clean = BLOCK * blocks.iter().take_while(|block| is_clean(block)).count();
    // The last block overlaps the one before.
    if clean > 0 && bytes.len() - clean < BLOCK && bytes.last_chunk().is_none_or(is_clean) {
        return None;
    }
    let found = bytes.get(clean..)?.iter().position(|b| is_it(*b))?;
    Some(clean + found)
}

/// The first matching byte among the first few.
#[inline]
fn near(bytes: &[u8], hits: impl Fn(u64) -> u64) -> Option<usize> {
    const WORDS: usize = 4;
    let mut rest = bytes;
    for index in 0..WORDS {
        let (word, behind) = rest.split_first_chunk::<8>()?;
        let hits = hits(u64::from_le_bytes(*word));
        if hits != 0 {
            return Some(index * 8 + (hits.trailing_zeros() / 8) as usize);
        }
        rest = behind;
    }
    None
}

/// The high bit of the first byte of this value, and possibly of later ones.
#[inline]
const fn hits(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let word = word ^ (LOW * byte as u64);
    word.wrapping_sub(LOW) & !word & (LOW << 7)
}
