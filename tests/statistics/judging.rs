//! What the statistics say to series of every kind that a measurement can give.

use super::generate::{noise, pages, series};
use leaktest::statistics::{Judgement, Rule, Trend, judge};

const MIB: f64 = 1_048_576.0;

fn judged(requests: u64, budget: f64, value: impl FnMut(u64) -> f64) -> Trend {
    let rule = Rule {
        warmup: requests / 20,
        budget,
    };
    judge(&series(requests, value), &rule)
}

#[track_caller]
fn bounded(trend: &Trend) {
    assert_eq!(trend.judgement, Judgement::Bounded, "{trend:?}");
}

#[track_caller]
fn leaks(trend: &Trend, per_request: f64) {
    assert_eq!(trend.judgement, Judgement::Leak, "{trend:?}");
    let slope = trend.slope.per_request;
    let off = (slope - per_request).abs() / per_request;
    assert!(off < 0.05, "{slope} is not {per_request}");
}

#[test]
fn flat() {
    let trend = judged(2000, 0.0, |_| MIB);
    bounded(&trend);
    assert_eq!((trend.base, trend.plateau), (MIB, MIB));
    assert_eq!(trend.steps, []);
}

#[test]
fn noisy() {
    let mut noise = noise(1, 0.0, 50_000.0);
    bounded(&judged(2000, 65_536.0, |_| MIB + noise()));
}

#[test]
fn noise_that_wanders() {
    let mut noise = noise(2, 0.9, 50_000.0);
    bounded(&judged(2000, 65_536.0, |_| MIB + noise()));
}

#[test]
fn sawtooth() {
    for period in [7, 90, 400, 1100] {
        let trend = judged(2000, 4096.0, |request| {
            MIB + (request % period) as f64 * 5000.0
        });
        assert_ne!(
            trend.judgement,
            Judgement::Leak,
            "period {period}: {trend:?}"
        );
    }
    bounded(&judged(2000, 4096.0, |request| {
        MIB + (request % 90) as f64 * 5000.0
    }));
}

#[test]
fn a_step_is_told_with_its_size_and_place() {
    let trend = judged(
        2000,
        4096.0,
        |request| if request < 300 { MIB } else { 5.0 * MIB },
    );
    bounded(&trend);
    assert_eq!(trend.steps.len(), 1, "{trend:?}");
    assert_eq!(trend.steps[0].size, 4.0 * MIB);
    assert!((298..=302).contains(&trend.steps[0].request), "{trend:?}");
}

#[test]
fn a_step_in_noise() {
    let mut noise = noise(3, 0.5, 100_000.0);
    let trend = judged(4000, MIB, |request| {
        noise()
            + if request < 2900 {
                20.0 * MIB
            } else {
                28.0 * MIB
            }
    });
    bounded(&trend);
    assert_eq!(trend.steps.len(), 1, "{trend:?}");
    assert!((trend.steps[0].size / MIB - 8.0).abs() < 0.1, "{trend:?}");
    assert!(trend.steps[0].request.abs_diff(2900) < 100, "{trend:?}");
}

#[test]
fn a_step_during_the_warmup() {
    let trend = judged(
        2000,
        0.0,
        |request| if request < 2 { MIB } else { 3.0 * MIB },
    );
    bounded(&trend);
    assert_eq!((trend.base, trend.plateau), (MIB, 3.0 * MIB));
    assert_eq!(trend.steps[0].size, 2.0 * MIB);
    assert!(trend.steps[0].request <= 4, "{trend:?}");
}

#[test]
fn a_late_step_is_no_verdict() {
    let trend = judged(
        2000,
        4096.0,
        |request| if request < 1500 { MIB } else { 2.0 * MIB },
    );
    assert_eq!(trend.judgement, Judgement::Unclear, "{trend:?}");
}

#[test]
fn a_slow_leak_seen_exactly() {
    let trend = judged(2000, 4096.0, |request| MIB + request as f64 * 16.0);
    leaks(&trend, 16.0);
    assert_eq!(trend.since, Some(1));
}

#[test]
fn a_slow_leak_seen_through_pages() {
    leaks(
        &judged(50_000, 65_536.0, |request| {
            pages(MIB + request as f64 * 16.0)
        }),
        16.0,
    );
    let late = judged(60_000, 65_536.0, |request| {
        pages(MIB + request.saturating_sub(20_000) as f64 * 16.0)
    });
    leaks(&late, 16.0);
    let since = late.since.unwrap();
    assert!(since.abs_diff(20_000) < 2 * 65_536 / 16, "{since}");
    // Two rises could be steps.
    let few = judged(9000, 65_536.0, |request| pages(MIB + request as f64 * 16.0));
    assert_eq!(few.judgement, Judgement::Unclear, "{few:?}");
}

#[test]
fn a_slow_leak_in_noise() {
    let mut noise = noise(4, 0.9, 8192.0);
    leaks(
        &judged(20_000, 65_536.0, |request| {
            MIB + noise() + request as f64 * 16.0
        }),
        16.0,
    );
}

#[test]
fn a_leak_that_starts_late() {
    let late = |request: u64| MIB + request.saturating_sub(1200) as f64 * 100.0;
    let trend = judged(2000, 4096.0, late);
    leaks(&trend, 100.0);
    let since = trend.since.unwrap();
    assert!(since.abs_diff(1200) < 100, "{since}");
}

#[test]
fn a_leak_in_one_of_ten_routes() {
    let mut noise = noise(5, 0.0, 500.0);
    let leak = |request: u64| MIB + (request / 10) as f64 * 1000.0;
    leaks(&judged(2000, 4096.0, leak), 100.0);
    leaks(
        &judged(2000, 4096.0, |request| leak(request) + noise()),
        100.0,
    );
}

#[test]
fn a_leak_after_a_step() {
    let trend = judged(4000, 4096.0, |request| {
        (if request < 400 { MIB } else { 9.0 * MIB }) + request as f64 * 64.0
    });
    leaks(&trend, 64.0);
    assert_eq!(trend.since, Some(1));
}

#[test]
fn a_table_that_doubles_is_a_leak_or_unclear_but_no_plateau() {
    for requests in (1000..20_000).step_by(500) {
        let doubles = |request: u64| 32.0 * request.next_power_of_two() as f64;
        let trend = judged(requests, 4096.0, doubles);
        assert_ne!(trend.judgement, Judgement::Bounded, "{requests}: {trend:?}");
    }
}

#[test]
fn a_cache_that_fills_up() {
    let fills = |request: u64| MIB * (2.0 - (-(request as f64) / 300.0).exp());
    let trend = judged(20_000, 4096.0, fills);
    bounded(&trend);
}

#[test]
fn growth_within_the_budget() {
    bounded(&judged(2000, 40_000.0, |request| {
        MIB + request as f64 * 16.0
    }));
}

#[test]
fn too_few_requests() {
    let trend = judged(10, 4096.0, |_| MIB);
    assert_eq!(trend.judgement, Judgement::Unclear);
}
