//! A thousand kills of hosts and publishers in the middle of their work; fails if one of them
//! loses anything. `MAYFLY_KILLS` asks for another number, `MAYFLY_SEED` for other moments.

use std::process::ExitCode;
use std::time::Instant;

use crate::durability::lane;

const LANES: u64 = 40;

/// Runs the benchmark.
pub fn run() -> ExitCode {
    let number = |name: &str, default: u64| {
        let value = std::env::var(name).ok();
        value.map_or(default, |value| value.parse().expect("a number"))
    };
    let (kills, seed) = (number("MAYFLY_KILLS", 1000), number("MAYFLY_SEED", 1000));
    let start = Instant::now();
    let each = u32::try_from(kills.div_ceil(LANES)).expect("fewer kills");
    let tally = lane::run(seed..seed + LANES, each);
    println!(
        "{} kills, {} of them in the middle of a write: every acknowledged post is there; \
         readers got {} pages and no error; {:.0} s",
        tally.kills,
        tally.struck,
        tally.pages,
        start.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}
