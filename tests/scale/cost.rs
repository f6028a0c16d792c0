//! What the pages of a blog cost, in rows of a table.

use std::time::Duration;

use instance::Sample;

use super::kinds::{Kind, kinds};
use super::model::Model;
use super::world::World;

/// What a page of some kind costs.
pub struct Cost {
    pub kind: Kind,
    pub sample: Sample,
    /// The median of some requests.
    pub elapsed: Duration,
    pub body_bytes: usize,
}

/// Asks for a page of each kind, `times` times.
pub async fn costs(world: &World, model: &Model, times: usize) -> Vec<Cost> {
    let mut costs = Vec::new();
    for kind in kinds(model) {
        let mut elapsed = Vec::new();
        let mut answer = world.get(&kind.path).await;
        for _ in 0..times {
            elapsed.push(answer.elapsed);
            answer = world.get(&kind.path).await;
        }
        elapsed.sort_unstable();
        costs.push(Cost {
            kind,
            elapsed: elapsed[times / 2],
            body_bytes: answer.body.len(),
            sample: answer.sample,
        });
    }
    costs
}

/// Prints a row for each kind.
pub fn print(posts: usize, costs: &[Cost]) {
    println!(
        "\n{:26} {:>8} {:>9} {:>9} {:>9} {:>9}  example",
        format!("of {posts} posts"),
        "trips",
        "read KiB",
        "peak KiB",
        "body KiB",
        "time us"
    );
    for cost in costs {
        let store = &cost.sample.store;
        println!(
            "{:26} {:>8} {:>9} {:>9} {:>9} {:>9}  {}",
            cost.kind.name,
            store.store_round_trips,
            store.store_read_bytes.div_ceil(1024),
            cost.sample.peak_memory_bytes / 1024,
            cost.body_bytes.div_ceil(1024),
            cost.elapsed.as_micros(),
            cost.kind.path,
        );
    }
}

/// What is dearer than it may be: more of the store than its kind is allowed, or a tenth more
/// memory than in the small blog.
pub fn excesses(small: &[Cost], large: &[Cost]) -> Vec<String> {
    let mut excesses = Vec::new();
    for cost in small.iter().chain(large) {
        let (kind, store) = (&cost.kind, &cost.sample.store);
        if store.store_round_trips > kind.round_trips || store.store_read_bytes > kind.read_bytes {
            excesses.push(format!("{} {}: {store:?}", kind.name, kind.path));
        }
    }
    for (one, other) in small.iter().zip(large) {
        let (before, now) = (one.sample.peak_memory_bytes, other.sample.peak_memory_bytes);
        if now > before + before / 10 {
            excesses.push(format!(
                "{}: {now} bytes of memory, {before} in the small blog",
                one.kind.name
            ));
        }
    }
    excesses
}
