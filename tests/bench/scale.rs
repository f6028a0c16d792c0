//! What a blog costs at 100, 10,000 and 100,000 posts: how fast they are published, what each
//! kind of page takes, what one more post writes. Fails where a promise is broken.
//!
//! Arguments are other sizes.

use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

use crate::scale::cost::{self, Cost};
use crate::scale::model::Model;
use crate::scale::posts::Posts;
use crate::scale::publishing;
use crate::scale::world::World;

/// Posts that a second must suffice for, of blogs large enough to tell.
const RATE: f64 = 1_000.0;
const TELLING: usize = 10_000;
/// Bytes that the publisher may take at any size.
const RESIDENT_BYTES: u64 = 256 << 20;

/// Runs the benchmark.
pub async fn run(arguments: &[String]) -> ExitCode {
    let sizes: Vec<usize> = arguments
        .iter()
        .filter_map(|size| size.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![100, 10_000, 100_000]
    } else {
        sizes
    };
    let mut broken = Vec::new();
    let mut small: Option<Vec<Cost>> = None;
    for count in sizes {
        let posts = Posts { count };
        let world = World::of(posts);
        broken.extend(import(&world));
        let model = Model::of(posts);
        let costs = cost::costs(&world, &model, 101).await;
        cost::print(count, &costs);
        model.check_lists(&world).await;
        broken.extend(model.check_posts(&world, 200).await);
        broken.extend(publishing::check_keys(&world, &model).await);
        broken.extend(cost::excesses(small.as_ref().unwrap_or(&costs), &costs));
        small.get_or_insert(costs);
    }
    for promise in &broken {
        println!("broken: {promise}");
    }
    ExitCode::from(u8::from(!broken.is_empty()))
}

/// Publishes a blog with the program itself; what it promised and did not keep.
fn import(world: &World) -> Vec<String> {
    let start = Instant::now();
    let program = Command::new(env!("CARGO_BIN_EXE_mayfly"))
        .arg("publish")
        .arg(world.content())
        .args(world.flags())
        .spawn();
    let resident_bytes = watch(program.unwrap());
    let rate = world.posts.count as f64 / start.elapsed().as_secs_f64();
    println!(
        "\n{} posts published in {:.1} s: {rate:.0} a second, resident at most {} MiB",
        world.posts.count,
        start.elapsed().as_secs_f64(),
        resident_bytes >> 20
    );
    let mut broken = Vec::new();
    if world.posts.count >= TELLING && rate < RATE {
        broken.push(format!("{rate:.0} posts a second"));
    }
    if resident_bytes > RESIDENT_BYTES {
        broken.push(format!("the publisher took {} MiB", resident_bytes >> 20));
    }
    broken
}

/// Waits for the end of a program; the most memory that it had resident, in bytes.
fn watch(mut program: Child) -> u64 {
    let status = format!("/proc/{}/status", program.id());
    let mut resident_kib = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        resident_kib = kib.unwrap_or(0).max(resident_kib);
        if let Some(status) = program.try_wait().unwrap() {
            assert!(status.success(), "publishing failed: {status}");
            return resident_kib << 10;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
