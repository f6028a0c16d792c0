//! A series that only rises, such as linear memory: every rise is exact evidence, and the
//! question is whether there will be another one.

use super::slope::Slope;
use super::slope::median;
use super::trend::{Judgement, Point, Rule, Step, Trend};

/// A leak shows at least this many rises; fewer may be steps.
const FEWEST_RISES: usize = 4;
/// It is over when nothing came for this many times the longest pause before. A table that
/// doubles has pauses that double, so less than 2 would take it for a plateau.
const PATIENCE: f64 = 3.0;
/// A leak keeps its pace: the second half grows at least this much of what the first did.
const PACE: f64 = 0.4;

pub(super) fn judge(points: &[Point], rule: &Rule, trend: &mut Trend) {
    let floor = floor(points);
    let rises = rises(&floor);
    let (begin, end) = (floor[0].0, floor[floor.len() - 1].0);
    let growth = floor[floor.len() - 1].1 - floor[0].1;
    trend.plateau = floor[floor.len() - 1].1;
    trend.steps = merge(&rises, end - begin);
    if growth <= rule.budget || is_over(&rises, begin, end) {
        trend.judgement = Judgement::Bounded;
        return;
    }
    let (steps, stairs) = rises.split_at(after_outliers(&rises));
    let climbed: f64 = stairs.iter().map(|rise| rise.size).sum();
    if stairs.len() >= FEWEST_RISES && climbed > rule.budget && keeps_pace(stairs, end) {
        trend.steps = merge(steps, end - begin);
        trend.slope = pace(stairs);
        trend.judgement = Judgement::Leak;
    }
}

/// What was never given back later.
fn floor(points: &[Point]) -> Vec<(f64, f64)> {
    let mut least = f64::INFINITY;
    let mut floor: Vec<_> = points
        .iter()
        .rev()
        .map(|point| {
            least = least.min(point.least);
            (point.request as f64, least)
        })
        .collect();
    floor.reverse();
    floor
}

/// Request, growth and new value of each rise.
struct Rise {
    request: f64,
    size: f64,
    to: f64,
}

fn rises(floor: &[(f64, f64)]) -> Vec<Rise> {
    let pairs = floor.windows(2).filter(|pair| pair[1].1 > pair[0].1);
    let rise = |pair: &[(f64, f64)]| Rise {
        request: pair[1].0,
        size: pair[1].1 - pair[0].1,
        to: pair[1].1,
    };
    pairs.map(rise).collect()
}

fn is_over(rises: &[Rise], begin: f64, end: f64) -> bool {
    let mut last = begin;
    let mut longest = 0.0_f64;
    for rise in rises {
        longest = longest.max(rise.request - last);
        last = rise.request;
    }
    end - last >= PATIENCE * longest
}

/// A rise far above the usual one is a step, and what came before it says little.
fn after_outliers(rises: &[Rise]) -> usize {
    let usual = usual_size(rises);
    let outlier = rises.iter().rposition(|rise| rise.size > 8.0 * usual);
    let after = outlier.map_or(0, |outlier| outlier + 1);
    if after + FEWEST_RISES <= rises.len() {
        after
    } else {
        0
    }
}

fn usual_size(rises: &[Rise]) -> f64 {
    median(&mut rises.iter().map(|rise| rise.size).collect::<Vec<_>>())
}

fn keeps_pace(rises: &[Rise], end: f64) -> bool {
    let middle = f64::midpoint(rises[0].request, end);
    let (first, second) = rises.split_at(rises.partition_point(|rise| rise.request <= middle));
    let grown = |rises: &[Rise]| rises.iter().map(|rise| rise.size).sum::<f64>();
    grown(second) >= PACE * grown(first)
}

/// From one rise to another is a whole number of periods, so the line between them is exact
/// where a fit through the stairs would depend on where the series was cut.
fn pace(rises: &[Rise]) -> Slope {
    let (first, last) = (&rises[0], &rises[rises.len() - 1]);
    let span = last.request - first.request;
    let per_request = (last.to - first.to) / span;
    // Each end is known to half a stair.
    let stair = usual_size(rises) / span;
    Slope {
        per_request,
        low: per_request - stair,
        high: per_request + stair,
    }
}

/// Rises that came close together, as one step each.
fn merge(rises: &[Rise], span: f64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for rise in rises {
        match steps.last_mut() {
            Some(last) if rise.request - last.request as f64 <= span / 50.0 => {
                last.size += rise.size;
                last.request = rise.request as u64;
            }
            _ => steps.push(Step {
                request: rise.request as u64,
                size: rise.size,
            }),
        }
    }
    steps
}
