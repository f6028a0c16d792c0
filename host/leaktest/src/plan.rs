//! The plan: which requests, how many, how.

use std::time::Duration;

use instance::RequestTemplate;

/// What a measurement will do.
#[derive(Debug)]
pub struct Plan {
    /// Templates of the requests, which take turns.
    pub kinds: Vec<RequestTemplate>,
    /// How many requests to put, unless it takes more to tell.
    pub requests: u64,
    /// How many at once.
    pub concurrency: u32,
    /// Requests that one instance gets; none for a fresh instance each.
    pub reuse: Option<u64>,
    /// Requests at the beginning that do not count; one in 20 where none are given.
    pub warmup: Option<u64>,
    /// Growth in bytes after the warm-up that is tolerated.
    pub budget_bytes: Option<f64>,
    /// After how long no request is begun any more.
    pub duration: Option<Duration>,
}

/// How far a plan goes.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Scope {
    /// Requests in all.
    pub requests: u64,
    /// Requests that one instance gets.
    pub requests_per_instance: u64,
    /// Points at the beginning of the series of instances that do not count.
    pub warmup_per_instance: u64,
    /// Requests at the beginning that do not count.
    pub warmup: u64,
}

/// How often the number of requests is doubled while the verdict is open.
pub const DOUBLINGS: u32 = 3;

impl Plan {
    /// The scope of the plan, doubled this often.
    pub fn scope(&self, doublings: u32) -> Scope {
        let requests = self.requests << doublings;
        let share = requests.div_ceil(u64::from(self.concurrency));
        let per_instance = match self.reuse {
            None => 1,
            Some(calls) if self.can_grow() => (calls << doublings).min(share),
            Some(calls) => calls,
        };
        let warmup = |calls: u64| self.warmup.unwrap_or(calls / 20);
        let judged = if self.reuse.is_some() {
            per_instance
        } else {
            requests
        };
        Scope {
            requests,
            requests_per_instance: per_instance,
            warmup_per_instance: warmup(judged),
            warmup: warmup(requests),
        }
    }

    /// Whether more requests tell more. Not where an instance gets fewer than there are: a
    /// longer life would be another measurement.
    pub fn can_grow(&self) -> bool {
        let share = self.requests.div_ceil(u64::from(self.concurrency));
        self.reuse.is_none_or(|calls| calls >= share)
    }
}
