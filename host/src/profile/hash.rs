//! A hash for keys of a few small numbers that this program makes itself: nobody chooses them
//! to collide, and the standard hash took a tenth of a profile's time.

use std::hash::{BuildHasherDefault, Hasher};

/// A map with such keys.
pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mixer>>;

/// Multiplies by an odd number with well mixed bits, and rotates.
#[derive(Default)]
pub(super) struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        // A table takes its slot from the low bits, which a product mixes least.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(5);
    }
}
