//! Series as a component or a process could give them, made from a seed.

use leaktest::statistics::{Point, Series};

/// Random numbers that are the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal, with deviation 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// Noise where each value keeps the share `memory` of the one before, with deviation `size`.
pub fn noise(seed: u64, memory: f64, size: f64) -> impl FnMut() -> f64 {
    let mut random = Random::new(seed);
    let mut value = random.normal() * size;
    let fresh = size * (1.0 - memory * memory).sqrt();
    move || {
        value = memory * value + fresh * random.normal();
        value
    }
}

/// Linear memory: whole pages, never given back.
pub fn pages(bytes: f64) -> f64 {
    (bytes / 65_536.0).ceil() * 65_536.0
}

/// The series of `requests` requests with these values.
pub fn series(requests: u64, mut value: impl FnMut(u64) -> f64) -> Vec<Point> {
    let mut series = Series::new();
    for request in 1..=requests {
        series.push(request, value(request));
    }
    series.points()
}
