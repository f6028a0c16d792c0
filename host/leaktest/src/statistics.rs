//! Statistics: does a series of measurements stay bounded?
//!
//! Numbers in, a `Trend` out. A series that only rises (memory seen exactly) is read as a
//! staircase, one that also falls (noise) as a drift; each has rules of its own for the
//! difference between a step, which is over, and a leak, which goes on.

mod blocks;
mod drift;
mod series;
mod slope;
mod staircase;
mod trend;

pub use series::Series;
pub use slope::Slope;
pub use trend::{Judgement, Point, Rule, Step, Trend};

/// Fewer points say nothing.
const FEWEST_POINTS: usize = 16;

/// Judges `points` by `rule`.
pub fn judge(points: &[Point], rule: &Rule) -> Trend {
    let counted = points.partition_point(|point| point.request <= rule.warmup);
    let (before, after) = points.split_at(counted);
    let mut trend = Trend {
        base: points.first().map_or(0.0, |point| point.least),
        plateau: points.last().map_or(0.0, |point| point.least),
        slope: Slope::default(),
        since: None,
        steps: Vec::new(),
        judgement: Judgement::Unclear,
    };
    if after.len() < FEWEST_POINTS {
        return trend;
    }
    if blocks::only_rise(after) {
        staircase::judge(after, rule, &mut trend);
    } else {
        drift::judge(after, rule, &mut trend);
    }
    trend.steps.retain(|step| step.size > rule.budget);
    let warm = warm_step(&trend, before, after).filter(|step| step.size > rule.budget);
    trend.steps.splice(0..0, warm);
    if trend.judgement == Judgement::Leak {
        trend.since = Some(begin(points, after, &trend));
    }
    trend
}

/// Where the line of the leak, followed back from the end, leaves the series: before it began,
/// there was more than the line says.
fn begin(points: &[Point], after: &[Point], trend: &Trend) -> u64 {
    let end = points.last().map_or(0, |point| point.request);
    let line =
        |point: &Point| trend.plateau - trend.slope.per_request * (end - point.request) as f64;
    let floors = blocks::floors(after);
    let mut rises: Vec<f64> = floors
        .windows(2)
        .map(|pair| pair[1].1 - pair[0].1)
        .collect();
    rises.sort_by(f64::total_cmp);
    // What is lost comes in stairs, so a point may lie a stair above the line.
    let stair = rises
        .get(rises.len() * 9 / 10)
        .copied()
        .unwrap_or(0.0)
        .max(0.0);
    let before = points
        .iter()
        .rposition(|point| point.least > line(point) + stair);
    before.map_or(1, |place| points[place].request + 1)
}

/// What came during the warm-up, besides what a leak took in the meantime.
fn warm_step(trend: &Trend, before: &[Point], after: &[Point]) -> Option<Step> {
    let settled = after.first()?;
    let leaked = match trend.judgement {
        Judgement::Leak => trend.slope.high * settled.request as f64,
        Judgement::Bounded | Judgement::Unclear => 0.0,
    };
    let size = settled.least - trend.base - leaked;
    let crossed = |point: &&Point| point.most > trend.base + size / 2.0;
    let request = before.iter().chain(after).find(crossed)?.peak;
    (size > 0.0).then_some(Step { request, size })
}
