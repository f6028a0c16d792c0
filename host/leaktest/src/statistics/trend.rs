//! What goes into the statistics, and what comes out.

use serde::Serialize;

use super::slope::Slope;

/// A few neighbouring requests, as one point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The last of the requests.
    pub request: u64,
    /// The least value.
    pub least: f64,
    /// The mean value.
    pub mean: f64,
    /// The greatest value.
    pub most: f64,
    /// The first request that came close to it.
    pub peak: u64,
}

/// What is asked of a series.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Requests that do not count, at the beginning.
    pub warmup: u64,
    /// Growth after the warm-up that is no leak.
    pub budget: f64,
}

/// What a series does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The first value.
    pub base: f64,
    /// The value at the end.
    pub plateau: f64,
    /// Growth a request where the series grows, with its 95 % confidence interval.
    pub slope: Slope,
    /// The request with which a leak began, as well as the series shows it; none without a leak.
    pub since: Option<u64>,
    /// Growth that is over, in the order in which it came.
    pub steps: Vec<Step>,
    /// The answer.
    pub judgement: Judgement,
}

/// Growth that came at once and stayed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The request at which it had come.
    pub request: u64,
    /// Its size.
    pub size: f64,
}

/// Whether a series is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// It stays, or grows less than the budget, or grew and then stayed.
    Bounded,
    /// It grows and goes on growing.
    Leak,
    /// It grew, and too few requests followed to know whether that is over.
    Unclear,
}
