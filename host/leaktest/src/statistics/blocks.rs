//! Blocks: a series cut into equal stretches of requests, each with one value.

use super::slope::median;
use super::trend::Point;

/// The middle of a stretch of requests, and its value.
pub(super) type Block = (f64, f64);

const BLOCKS: usize = 32;

/// The least values of the blocks: what was never given back.
pub(super) fn floors(points: &[Point]) -> Vec<Block> {
    cut(points, |block| {
        block
            .iter()
            .map(|point| point.least)
            .fold(f64::INFINITY, f64::min)
    })
}

/// The medians of the blocks.
pub(super) fn medians(points: &[Point]) -> Vec<Block> {
    cut(points, |block| {
        median(&mut block.iter().map(|point| point.mean).collect::<Vec<_>>())
    })
}

/// Whether no block's floor is below that of an earlier one.
pub(super) fn only_rise(points: &[Point]) -> bool {
    floors(points).windows(2).all(|pair| pair[0].1 <= pair[1].1)
}

fn cut(points: &[Point], value: impl Fn(&[Point]) -> f64) -> Vec<Block> {
    let count = BLOCKS.min(points.len());
    let edge = |index: usize| index * points.len() / count;
    let block = |index: usize| {
        let block = &points[edge(index)..edge(index + 1)];
        let sum: f64 = block.iter().map(|point| point.request as f64).sum();
        (sum / block.len() as f64, value(block))
    };
    (0..count).map(block).collect()
}
