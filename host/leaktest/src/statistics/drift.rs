//! A series with noise, such as the resident set: its first half is dropped as settling, and
//! the rest must grow beyond doubt and budget, not return, and not be a single step.

use super::blocks::{Block, medians};
use super::slope::Slope;
use super::slope::median;
use super::trend::{Judgement, Point, Rule, Step, Trend};

/// The last third of the growth is at least this much of the one before.
const PACE: f64 = 0.5;
/// A leak outgrows the noise around it this many times.
const CLEARANCE: f64 = 4.0;

pub(super) fn judge(points: &[Point], rule: &Rule, trend: &mut Trend) {
    let (settling, settled) = points.split_at(points.len() / 2);
    let blocks = medians(settled);
    let requests = blocks[blocks.len() - 1].0 - blocks[0].0;
    let step = step(&blocks).filter(|(_, step)| step.size > rule.budget);
    trend.slope = Slope::through(&blocks);
    trend.plateau = median(&mut values(&blocks[blocks.len() * 3 / 4..]));
    trend.steps.extend(step.map(|(_, step)| step));
    let grows = |slope: Slope| slope.low > 0.0 && slope.per_request * requests > rule.budget;
    trend.judgement = match step {
        Some((at, _)) if blocks.len() - at < blocks.len() / 4 => Judgement::Unclear,
        Some((at, _)) if grows(Slope::through(&blocks[at..])) => Judgement::Unclear,
        Some(_) => Judgement::Bounded,
        None if !grows(trend.slope) || returns(&blocks) => Judgement::Bounded,
        None if was_there_before(&medians(settling), trend.plateau) => Judgement::Unclear,
        None if slows_down(&blocks) || drowns(&blocks, trend.slope) => Judgement::Unclear,
        None => Judgement::Leak,
    };
}

/// A wave that is longer than half the series looks like growth in its rising part.
fn was_there_before(settling: &[Block], plateau: f64) -> bool {
    settling.iter().any(|block| block.1 >= plateau)
}

fn values(blocks: &[Block]) -> Vec<f64> {
    blocks.iter().map(|block| block.1).collect()
}

/// Memory that is lost does not come back: once the last third is down at what the first
/// third was, the growth between was no leak.
fn returns(blocks: &[Block]) -> bool {
    let third = blocks.len() / 3;
    let first = median(&mut values(&blocks[..third]));
    let last = &blocks[blocks.len() - third..];
    last.iter().any(|block| block.1 <= first)
}

/// What settles grows less and less; a leak keeps its pace.
fn slows_down(blocks: &[Block]) -> bool {
    let third = blocks.len() / 3;
    let level = |from: usize| median(&mut values(&blocks[from..from + third]));
    let (first, second, last) = (level(0), level(third), level(blocks.len() - third));
    last - second < PACE * (second - first)
}

/// Waves as long as the series pass the test of significance one time in forty; a leak that
/// is no larger than they are waits for a longer run.
fn drowns(blocks: &[Block], slope: Slope) -> bool {
    let growth = slope.per_request * (blocks[blocks.len() - 1].0 - blocks[0].0);
    let noise = (spread_around_line(blocks) / blocks.len() as f64).sqrt();
    growth < CLEARANCE * noise
}

/// The one step that explains the blocks better than a line does, if any.
fn step(blocks: &[Block]) -> Option<(usize, Step)> {
    let n = blocks.len() as f64;
    let line = spread_around_line(blocks);
    let halves = |at: usize| spread(&blocks[..at]) + spread(&blocks[at..]);
    let candidates = 2..blocks.len() - 1;
    let at = candidates.min_by(|a, b| halves(*a).total_cmp(&halves(*b)))?;
    // The place of the step is one parameter more than the line has (Schwarz's criterion).
    if n * halves(at).ln() + n.ln() >= n * line.ln() {
        return None;
    }
    let size = median(&mut values(&blocks[at..])) - median(&mut values(&blocks[..at]));
    let request = blocks[at].0 as u64;
    Some((at, Step { request, size }))
}

fn spread(blocks: &[Block]) -> f64 {
    let mean = values(blocks).iter().sum::<f64>() / blocks.len() as f64;
    blocks.iter().map(|block| (block.1 - mean).powi(2)).sum()
}

fn spread_around_line(blocks: &[Block]) -> f64 {
    let n = blocks.len() as f64;
    let (x, y) = (
        blocks.iter().map(|block| block.0).sum::<f64>() / n,
        blocks.iter().map(|block| block.1).sum::<f64>() / n,
    );
    let across: f64 = blocks.iter().map(|block| (block.0 - x).powi(2)).sum();
    let both: f64 = blocks
        .iter()
        .map(|block| (block.0 - x) * (block.1 - y))
        .sum();
    spread(blocks) - both * both / across
}
