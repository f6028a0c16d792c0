//! A thousand kills of hosts and publishers in the middle of their work; fails if one of them
//! loses anything. `MAYFLY_KILLS` asks for another number, `MAYFLY_SEED` for other moments.

#![expect(
    clippy::unwrap_used,
    reason = "a run that cannot go on has failed, and says where"
)]

#[path = "../../tests/durability/blog.rs"]
mod blog;
#[path = "../../tests/durability/client.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod client;
#[path = "../../tests/durability/edit.rs"]
mod edit;
#[path = "../../tests/site/guests.rs"]
#[allow(dead_code, reason = "the other components are for other tests")]
mod guests;
#[path = "../../tests/site/http.rs"]
#[allow(dead_code, reason = "clients that behave badly are for other tests")]
mod http;
#[path = "../../tests/durability/lane.rs"]
mod lane;
#[path = "../../tests/durability/moment.rs"]
mod moment;
#[path = "../../tests/site/program.rs"]
#[allow(dead_code, reason = "programs that do not start are for other tests")]
mod program;
#[path = "../../tests/durability/reader.rs"]
mod reader;

use std::time::Instant;

const LANES: u64 = 40;

fn main() {
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
}
