//! The ledger on allocations made by hand.

use super::{Ledger, Place, Schedule};
use crate::stacks::{Frame, StackId, Stacks};

fn stack(stacks: &mut Stacks, offset: u32) -> StackId {
    stacks.intern(&[Frame {
        module: 0,
        function: 0,
        offset,
    }])
}

fn at(address: u64) -> Place {
    Place {
        instance: 0,
        address,
    }
}

/// A run of any length takes the room of its stacks and its live blocks.
#[test]
fn events_are_not_kept() {
    let mut stacks = Stacks::default();
    let mut ledger = Ledger::new(Schedule::new(1000, 1));
    for _ in 0..1000 {
        ledger.begin_request(0);
        for address in 0..50 {
            let stack = stack(&mut stacks, address % 5);
            ledger.allocate(at(u64::from(address)), stack, 16);
        }
        for address in 0..50 {
            ledger.free(at(address));
        }
        ledger.end_request();
    }
    assert_eq!(ledger.entries().len(), 5);
    assert_eq!(ledger.blocks().count(), 0);
    let allocated: u64 = ledger.entries().iter().map(|entry| entry.allocated).sum();
    assert_eq!(allocated, 50_000);
}

#[test]
fn the_peak_is_what_was_alive_then() {
    let mut stacks = Stacks::default();
    let mut ledger = Ledger::new(Schedule::new(1, 1));
    let (first, second) = (stack(&mut stacks, 1), stack(&mut stacks, 2));
    ledger.begin_request(0);
    ledger.allocate(at(1), first, 100);
    ledger.allocate(at(2), first, 100);
    ledger.free(at(1));
    // The peak: one block of 100 bytes and one of 150.
    ledger.allocate(at(3), second, 150);
    ledger.free(at(2));
    ledger.allocate(at(4), second, 20);
    let peaks: Vec<_> = ledger
        .entries()
        .iter()
        .map(|entry| (entry.key.bytes, ledger.at_peak(entry)))
        .collect();
    assert_eq!(peaks, [(100, 1), (150, 1), (20, 0)]);
}

#[test]
fn a_block_is_temporary_if_nothing_came_in_between() {
    let mut stacks = Stacks::default();
    let mut ledger = Ledger::new(Schedule::new(1, 1));
    let stack = stack(&mut stacks, 1);
    ledger.begin_request(0);
    ledger.allocate(at(1), stack, 8);
    ledger.free(at(1));
    ledger.allocate(at(2), stack, 8);
    ledger.allocate(at(3), stack, 8);
    ledger.free(at(2));
    ledger.free(at(3));
    let entry = &ledger.entries()[0];
    assert_eq!((entry.allocated, entry.temporary, entry.live), (3, 2, 0));
}
