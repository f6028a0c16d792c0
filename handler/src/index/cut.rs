//! Where a run of items is divided into nodes.

use super::entry::Limit;
use serde::Serialize;

/// Where a run grows, which says where room is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// At its front, as when posts arrive in order of their dates: later nodes stay full.
    Front,
    /// At its back: earlier nodes stay full.
    Back,
    /// Anywhere: all nodes get as much.
    Anywhere,
}

/// An undivided node may grow to this many times its limit when a write has no node to spare.
const STRETCH: usize = 2;

/// How many of `items` go into each node, at the expense of the nodes to spare.
pub(super) fn lengths(
    items: &[impl Serialize],
    growth: Growth,
    limit: Limit,
    spare: &mut usize,
) -> Vec<usize> {
    let size = |item| {
        postcard::experimental::serialized_size(item)
            .expect("items are plain data, which postcard always encodes")
    };
    let sizes: Vec<usize> = items.iter().map(size).collect();
    let lengths = cut(&sizes, growth, limit);
    let more = lengths.len().saturating_sub(1);
    let bearable = items.len() <= STRETCH * limit.items
        && sizes.iter().sum::<usize>() <= STRETCH * limit.bytes;
    if more > *spare && bearable {
        return vec![items.len()];
    }
    *spare = spare.saturating_sub(more);
    lengths
}

/// How many items of these sizes go into each node.
fn cut(sizes: &[usize], growth: Growth, limit: Limit) -> Vec<usize> {
    match growth {
        Growth::Back => fill(sizes.iter(), limit),
        Growth::Front => {
            let mut lengths = fill(sizes.iter().rev(), limit);
            lengths.reverse();
            lengths
        }
        Growth::Anywhere => {
            let bytes: usize = sizes.iter().sum();
            let by_items = sizes.len().div_ceil(limit.items);
            let nodes = by_items.max(bytes.div_ceil(limit.bytes)).max(1);
            let items = sizes.len().div_ceil(nodes);
            fill(sizes.iter(), Limit { items, ..limit })
        }
    }
}

/// Fills one node after the other.
fn fill<'a>(sizes: impl Iterator<Item = &'a usize>, limit: Limit) -> Vec<usize> {
    let mut lengths = Vec::new();
    let (mut items, mut bytes) = (0, 0);
    for size in sizes {
        if items > 0 && (items == limit.items || bytes + size > limit.bytes) {
            lengths.push(items);
            (items, bytes) = (0, 0);
        }
        items += 1;
        bytes += size;
    }
    lengths.extend((items > 0).then_some(items));
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[usize], growth: Growth, expected: &[usize]) {
        let limit = Limit {
            items: 4,
            bytes: 100,
        };
        assert_eq!(cut(sizes, growth, limit), expected);
    }

    #[test]
    fn a_run_that_fits_is_one_node() {
        check(&[25; 4], Growth::Anywhere, &[4]);
        check(&[25; 4], Growth::Front, &[4]);
        check(&[], Growth::Back, &[]);
    }

    #[test]
    fn full_nodes_stay_where_nothing_grows() {
        check(&[1; 9], Growth::Front, &[1, 4, 4]);
        check(&[1; 9], Growth::Back, &[4, 4, 1]);
        check(&[1; 9], Growth::Anywhere, &[3, 3, 3]);
    }

    #[test]
    fn bytes_divide_too() {
        check(&[60, 60, 30], Growth::Back, &[1, 2]);
        check(&[60, 60, 30], Growth::Anywhere, &[1, 2]);
        check(&[300], Growth::Anywhere, &[1]);
    }
}
