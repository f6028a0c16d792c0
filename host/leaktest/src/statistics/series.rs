//! A series: one number per request in a fixed amount of memory.
//!
//! Each bucket stands for as many requests as are needed to fit all of them into the fixed
//! number of buckets, so that a million requests do not make the measurer grow while it
//! looks for growth.

use super::trend::Point;

/// One number per request, or several where the same request is made in several instances.
#[derive(Clone, Debug)]
pub struct Series {
    buckets: Vec<Option<Bucket>>,
    /// Requests a bucket stands for.
    width: u64,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    request: u64,
    count: u64,
    least: f64,
    most: f64,
    /// The first request that came close to the greatest value.
    peak: u64,
    sum: f64,
}

const BUCKETS: usize = 1024;
/// Within this share of the greatest value a value is as good as that.
const CLOSE: f64 = 0.01;

impl Series {
    /// A series without requests; it takes no more memory later.
    pub fn new() -> Self {
        Self {
            buckets: Vec::with_capacity(BUCKETS),
            width: 1,
        }
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Adds a value of `request`; what was there before the first request counts to the first.
    pub fn push(&mut self, request: u64, value: f64) {
        let mut slot = self.slot(request);
        while slot >= BUCKETS {
            self.halve();
            slot = self.slot(request);
        }
        if slot >= self.buckets.len() {
            self.buckets.resize(slot + 1, None);
        }
        let one = Bucket {
            request,
            count: 1,
            least: value,
            most: value,
            peak: request,
            sum: value,
        };
        join(&mut self.buckets[slot], one);
    }

    /// The series as points.
    pub fn points(&self) -> Vec<Point> {
        let point = |bucket: &Bucket| Point {
            request: bucket.request,
            least: bucket.least,
            mean: bucket.sum / bucket.count as f64,
            most: bucket.most,
            peak: bucket.peak,
        };
        self.buckets.iter().flatten().map(point).collect()
    }

    fn slot(&self, request: u64) -> usize {
        (request.saturating_sub(1) / self.width) as usize
    }

    fn halve(&mut self) {
        self.width *= 2;
        let half = self.buckets.len().div_ceil(2);
        for slot in 0..half {
            let mut joined = self.buckets[2 * slot];
            if let Some(second) = self.buckets.get(2 * slot + 1).copied().flatten() {
                join(&mut joined, second);
            }
            self.buckets[slot] = joined;
        }
        self.buckets.truncate(half);
    }
}

fn join(kept: &mut Option<Bucket>, other: Bucket) {
    let Some(bucket) = kept else {
        *kept = Some(other);
        return;
    };
    bucket.request = bucket.request.max(other.request);
    bucket.count += other.count;
    bucket.least = bucket.least.min(other.least);
    if other.most > bucket.most + CLOSE * bucket.most.abs() {
        bucket.peak = other.peak;
    }
    bucket.most = bucket.most.max(other.most);
    bucket.sum += other.sum;
}

impl Default for Series {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_requests_fit() {
        let mut series = Series::new();
        let room = series.buckets.capacity();
        for request in 1..=1_000_000 {
            series.push(request, request as f64);
        }
        let points = series.points();
        assert_eq!(series.buckets.capacity(), room);
        assert!(points.len() > BUCKETS / 4, "{} points", points.len());
        assert_eq!((points[0].least, points[0].request), (1.0, series.width));
        assert_eq!(points.last().map(|point| point.most), Some(1e6));
        let counted: u64 = series
            .buckets
            .iter()
            .flatten()
            .map(|bucket| bucket.count)
            .sum();
        assert_eq!(counted, 1_000_000);
        assert!(points[3].peak > points[2].request && points[3].peak <= points[3].request);
    }
}
