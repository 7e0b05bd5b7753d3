//! SHA-256 (FIPS 180-4) and CRC-32 (ISO 3309), by which the registry knows a task's file.

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// The same of the square roots of the first eight primes.
const START: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The SHA-256 of the bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut state = blocks.iter().fold(START, compress);
    let mut tail = rest.to_vec();
    tail.push(0x80);
    tail.resize(tail.len() + (120 - tail.len()) % 64, 0);
    let bits = u64::try_from(bytes.len()).unwrap_or(u64::MAX).wrapping_mul(8);
    tail.extend(bits.to_be_bytes());
    state = tail.as_chunks::<64>().0.iter().fold(state, compress);
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

/// Sixteen rounds: the word of each, and the words from which the one that takes its place is made, 1, 9 and 14 further on.
macro_rules! rounds {
    ($words:ident $keys:ident $state:ident: $($at:literal $next:literal $ninth:literal $last:literal;)*) => {$(
        let [a, b, c, d, e, f, g, h] = $state;
        let word = $words[$at];
        let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = g ^ e & (f ^ g);
        let first = h.wrapping_add(sum).wrapping_add(choice).wrapping_add($keys[$at]).wrapping_add(word);
        let sum = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = a & b | c & (a | b);
        $state = [first.wrapping_add(sum).wrapping_add(majority), a, b, c, d.wrapping_add(first), e, f, g];
        let (next, last) = ($words[$next], $words[$last]);
        let early = next.rotate_right(7) ^ next.rotate_right(18) ^ next >> 3;
        let late = last.rotate_right(17) ^ last.rotate_right(19) ^ last >> 10;
        $words[$at] = word.wrapping_add(early).wrapping_add($words[$ninth]).wrapping_add(late);
    )*};
}

fn compress(start: [u32; 8], block: &[u8; 64]) -> [u32; 8] {
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    let mut state = start;
    for keys in ROUNDS.as_chunks::<16>().0 {
        rounds! { words keys state:
            0 1 9 14; 1 2 10 15; 2 3 11 0; 3 4 12 1; 4 5 13 2; 5 6 14 3; 6 7 15 4; 7 8 0 5;
            8 9 1 6; 9 10 2 7; 10 11 3 8; 11 12 4 9; 12 13 5 10; 13 14 6 11; 14 15 7 12; 15 0 8 13;
        }
    }
    for (sum, old) in state.iter_mut().zip(start) {
        *sum = sum.wrapping_add(old);
    }
    state
}

/// The remainders of four bits.
const NIBBLES: [u32; 16] = [
    0x0000_0000,
    0x1db7_1064,
    0x3b6e_20c8,
    0x26d9_30ac,
    0x76dc_4190,
    0x6b6b_51f4,
    0x4db2_6158,
    0x5005_713c,
    0xedb8_8320,
    0xf00f_9344,
    0xd6d6_a3e8,
    0xcb61_b38c,
    0x9b64_c2b0,
    0x86d3_d2d4,
    0xa00a_e278,
    0xbdbd_f21c,
];

/// The CRC-32 of the bytes.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| {
        let [low, ..] = crc.to_le_bytes();
        crc >> 4 ^ NIBBLES.get(usize::from(low & 0xF)).copied().unwrap_or_default()
    };
    !bytes.iter().fold(!0, |crc: u32, byte| step(step(crc ^ u32::from(*byte))))
}
