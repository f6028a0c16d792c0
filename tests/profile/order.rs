//! Block by block: sizes, numbers and order, as the guest's own log has them.

use std::collections::BTreeMap;

use super::components::counting;
use super::run::{go_pprof, profile};
use crate::support::program::Site;

/// A block as the capture has it.
#[derive(Debug, Default, PartialEq)]
struct Block {
    bytes: i64,
    allocated: i64,
    live: i64,
}

#[test]
fn every_block_is_where_the_guest_has_it() {
    let site = Site::empty();
    let path = site.folder.join("heap.pb.gz").display().to_string();
    let printed = profile(&["-o", &path, "--request", "GET /order", &counting()]);
    let log = printed.err.lines().filter_map(|line| {
        let (_, change) = line.rsplit_once("log ")?;
        change.parse::<i64>().ok()
    });
    let log: Vec<i64> = log.collect();
    let allocated = log.iter().filter(|change| **change > 0);
    let expected: Vec<_> = allocated
        .map(|bytes| Block {
            bytes: *bytes,
            allocated: 1,
            live: i64::from(!log.contains(&-bytes)),
        })
        .collect();
    assert_eq!(expected.len(), 75);
    let blocks = blocks(&go_pprof(&["-raw", &path]));
    let first = blocks.iter().position(|block| *block == expected[0]);
    let first = first.unwrap_or_else(|| panic!("{:?} is not in {blocks:?}", expected[0]));
    assert_eq!(blocks[first..first + expected.len()], expected);
    assert_eq!(printed.sums(), printed.counted());
}

/// The blocks of a capture in the order of their allocation.
fn blocks(raw: &str) -> Vec<Block> {
    let mut blocks = BTreeMap::new();
    let mut values: Vec<i64> = Vec::new();
    for line in raw.lines() {
        if let Some((numbers, _)) = line.split_once(':')
            && numbers.split_whitespace().count() == 10
        {
            let numbers = numbers.split_whitespace();
            values = numbers.filter_map(|number| number.parse().ok()).collect();
        }
        if let (Some(bytes), Some(order)) = (label(line, "bytes:["), label(line, "order:[")) {
            let (allocated, live) = (values[0], values[2]);
            let block: &mut Block = blocks.entry(order).or_default();
            block.bytes = bytes;
            block.allocated += allocated;
            block.live += live;
        }
    }
    blocks.into_values().collect()
}

fn label(line: &str, key: &str) -> Option<i64> {
    let (_, rest) = line.split_once(key)?;
    let number = rest.split(|digit: char| !digit.is_ascii_digit()).next()?;
    number.parse().ok()
}
