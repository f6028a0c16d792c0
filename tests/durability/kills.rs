//! Hosts and publishers are killed in the middle of their work.

use super::lane;

/// Most of the time a lane waits for the lock of the dead to run out: many fit beside each other.
const LANES: u64 = 25;
const KILLS: u32 = 4;

#[test]
fn a_hundred_kills_lose_nothing() {
    let tally = lane::run(0..LANES, KILLS);
    assert_eq!(tally.kills, 100);
    // Else the moments are not those that matter.
    assert!(tally.struck >= 10, "{tally:?}");
    assert!(tally.pages >= 1000, "{tally:?}");
    println!("{tally:?}");
}
