//! Random numbers from a seed, so that equal inputs give equal outputs.

use uuid::Uuid;

/// A random number generator (SplitMix64). It is part of the state, and reveals no secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `most`, inclusive.
    pub(super) fn up_to(&mut self, most: u64) -> u64 {
        let scaled = u128::from(self.next()) * (u128::from(most) + 1);
        u64::try_from(scaled >> 64).unwrap_or(most)
    }

    /// A random GUID (version 4).
    pub(super) fn uuid(&mut self) -> Uuid {
        let random = u128::from(self.next()) << 64 | u128::from(self.next());
        uuid::Builder::from_random_bytes(random.to_be_bytes()).into_uuid()
    }
}
