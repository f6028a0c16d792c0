//! A series: one number per request in a fixed amount of memory.
//!
//! Each bucket stands for as many requests as are needed to fit all of them into the fixed
//! number of buckets, so that a million requests do not make the measurer grow while it
//! looks for growth.

use super::Point;

/// One number per request, oldest first.
#[derive(Clone, Debug)]
pub struct Series {
    buckets: Vec<Bucket>,
    /// Requests a bucket stands for.
    width: u64,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    request: u64,
    count: u64,
    least: f64,
    most: f64,
    sum: f64,
}

const BUCKETS: usize = 1024;

impl Series {
    /// A series without requests; it takes no more memory later.
    pub fn new() -> Self {
        Self {
            buckets: Vec::with_capacity(BUCKETS),
            width: 1,
        }
    }

    /// Adds the value of `request`; requests come roughly in order.
    pub fn push(&mut self, request: u64, value: f64) {
        let slot = |request: u64| request.saturating_sub(1) / self.width;
        let full = self.buckets.len() == BUCKETS;
        let one = Bucket {
            request,
            count: 1,
            least: value,
            most: value,
            sum: value,
        };
        match self.buckets.last_mut() {
            Some(last) if slot(last.request) >= slot(request) => last.join(&one),
            _ if !full => self.buckets.push(one),
            _ => {
                self.halve();
                self.push(request, value);
            }
        }
    }

    /// The series as points.
    pub fn points(&self) -> Vec<Point> {
        let point = |bucket: &Bucket| Point {
            request: bucket.request,
            least: bucket.least,
            mean: bucket.sum / bucket.count as f64,
            most: bucket.most,
        };
        self.buckets.iter().map(point).collect()
    }

    fn halve(&mut self) {
        self.width *= 2;
        let width = self.width;
        self.buckets.dedup_by(|next, kept| {
            let same = (next.request - 1) / width == (kept.request - 1) / width;
            if same {
                kept.join(next);
            }
            same
        });
    }
}

impl Default for Series {
    fn default() -> Self {
        Self::new()
    }
}

impl Bucket {
    fn join(&mut self, other: &Self) {
        self.request = self.request.max(other.request);
        self.count += other.count;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.sum += other.sum;
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
        let counted: u64 = series.buckets.iter().map(|bucket| bucket.count).sum();
        assert_eq!(counted, 1_000_000);
    }
}
