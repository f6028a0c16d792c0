//! How often the statistics are wrong: clean runs called a leak, leaking runs missed.

use std::process::ExitCode;

use crate::statistics::generate::{Random, noise, pages, series};
use leaktest::statistics::{Judgement, Rule, judge};

const REQUESTS: u64 = 2000;
const RUNS: u64 = 100;
/// The budgets of `mayfly measure` for live bytes and for the resident set.
const LIVE_BUDGET: f64 = 4096.0;
const RSS_BUDGET: f64 = 1_048_576.0;

/// Runs the benchmark.
pub fn run() -> ExitCode {
    let clean = count(RUNS, |seed| live(seed, 0.0));
    let leaking = count(RUNS, |seed| live(seed, 64.0 + (seed % 8) as f64 * 64.0));
    let page_clean = count(RUNS, |seed| linear(seed, 0.0));
    let resident = count(RUNS, resident);
    println!("live bytes: {clean} of {RUNS} clean runs called a leak");
    println!("live bytes: {leaking} of {RUNS} leaks of 64 bytes a request or more found");
    println!("linear memory: {page_clean} of {RUNS} clean runs called a leak");
    println!("resident set: {resident} of {RUNS} clean runs called a leak");
    if (clean, leaking, page_clean, resident) == (0, RUNS, 0, 0) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn count(runs: u64, leaks: impl Fn(u64) -> bool) -> u64 {
    (0..runs).filter(|seed| leaks(*seed)).count() as u64
}

/// Live bytes: a step or two, requests that differ, and `leak` bytes a request.
fn live(seed: u64, leak: f64) -> bool {
    let mut random = Random::new(seed);
    let mut noise = noise(
        seed + 1000,
        0.9 * random.uniform(),
        4096.0 * random.uniform(),
    );
    let steps = [random.uniform() * 400.0, random.uniform() * 400.0];
    let size = random.uniform() * 1e6;
    called_a_leak(REQUESTS, LIVE_BUDGET, |request| {
        let taken = steps.iter().filter(|step| request as f64 > **step).count();
        1e6 + size * taken as f64 + leak * request as f64 + noise()
    })
}

fn linear(seed: u64, leak: f64) -> bool {
    let mut random = Random::new(seed);
    let full = 100.0 + 300.0 * random.uniform();
    let size = random.uniform() * 4e6;
    called_a_leak(REQUESTS, 65_536.0, |request| {
        let filled = (request as f64 / full).min(1.0);
        pages(1e6 + size * filled + leak * request as f64)
    })
}

/// The resident set: settles, wanders, steps once. As `mayfly measure` does, a longer run must
/// confirm what a short one says.
fn resident(seed: u64) -> bool {
    wanders(seed, REQUESTS) && wanders(seed, 2 * REQUESTS)
}

fn wanders(seed: u64, requests: u64) -> bool {
    let mut random = Random::new(seed);
    let mut noise = noise(seed + 2000, 0.99, 400_000.0 * random.uniform());
    let (settled, step) = (100.0 + 400.0 * random.uniform(), 2000.0 * random.uniform());
    called_a_leak(requests, RSS_BUDGET, |request| {
        let request = request as f64;
        let settling = 8e6 * (1.0 - (-request / settled).exp());
        4e7 + settling + if request > step { 2e6 } else { 0.0 } + noise()
    })
}

fn called_a_leak(requests: u64, budget: f64, value: impl FnMut(u64) -> f64) -> bool {
    let rule = Rule {
        warmup: requests / 20,
        budget,
    };
    judge(&series(requests, value), &rule).judgement == Judgement::Leak
}
