//! Each way to keep memory, in fresh instances and in one that is reused.

use super::program::measure;

const SLAB_800: &str = "GET /pool/800/110/{n}";
const SLAB_10: &str = "GET /pool/10/110/{n}";
const MIB: f64 = 1_048_576.0;

/// Fresh instances bound everything.
#[track_caller]
fn fresh_is_bounded(request: &str) {
    let measured = measure(&["-n", "300", "--request", request]);
    measured.is("bounded", 0).says("each in a fresh instance");
}

#[test]
fn fresh_pool_with_slabs_of_800() {
    fresh_is_bounded(SLAB_800);
}

#[test]
fn fresh_pool_with_slabs_of_10() {
    fresh_is_bounded(SLAB_10);
}

#[test]
fn fresh_cache() {
    fresh_is_bounded("GET /cache/{n}");
}

#[test]
fn fresh_slow_leak() {
    fresh_is_bounded("GET /slow");
}

#[test]
fn fresh_clean() {
    fresh_is_bounded("GET /clean");
}

/// 100 slabs of 800 contexts of 110 bytes are 8.4 MiB.
#[test]
fn reused_pool_with_slabs_of_800_is_a_step() {
    let measured = measure(&["--reuse", "20000", "--request", SLAB_800]);
    measured
        .is("bounded", 0)
        .says("A step, retained and not leaked: 8.4 MiB at request 1");
    for measure in ["live-bytes", "linear-memory"] {
        let steps = measured.steps(measure);
        assert_eq!(steps.len(), 1, "{measure}");
        assert!((steps[0] / MIB - 8.4).abs() < 0.1, "{measure}: {steps:?}");
    }
}

/// A slab that is used up is replaced, and stays while a request points into it.
#[test]
fn reused_pool_that_replaces_its_slabs_is_a_plateau() {
    let measured = measure(&["--reuse", "20000", "--request", "GET /pool/800/110/7"]);
    measured.is("bounded", 0).says("8.4 MiB at request 1");
}

#[test]
fn reused_pool_with_slabs_of_10_is_small() {
    let measured = measure(&["--reuse", "20000", "--request", SLAB_10]);
    measured.is("bounded", 0);
    let steps = measured.steps("live-bytes");
    assert_eq!(steps.len(), 1);
    assert!(steps[0] < 0.15 * MIB, "{steps:?}");
}

/// A page of 4,000 bytes, its key, and their places in the tree.
#[test]
fn reused_cache_leaks() {
    let measured = measure(&[
        "-n",
        "2000",
        "--reuse",
        "2000",
        "--request",
        "GET /cache/{n}",
    ]);
    measured
        .is("leak", 1)
        .says("GET /cache/{n} leaves 4.0 KiB behind");
    measured
        .grows("live-bytes", 4080.0)
        .grows("linear-memory", 4080.0);
    measured.says("reaches its limit of 16 MiB after about 1,");
}

#[test]
fn reused_slow_leak_leaks() {
    let measured = measure(&["-n", "2000", "--reuse", "2000", "--request", "GET /slow"]);
    measured.is("leak", 1).says("GET /slow leaves 16 B behind");
    measured.grows("live-bytes", 16.0);
}

/// What a component without a known allocator would show.
#[test]
fn pages_alone_tell_the_slow_leak() {
    let measured = measure(&["-n", "40000", "--reuse", "40000", "--request", "GET /slow"]);
    measured.is("leak", 1).grows("linear-memory", 16.0);
}

#[test]
fn reused_clean_is_bounded() {
    let measured = measure(&["--reuse", "5000", "-n", "5000", "--request", "GET /clean"]);
    measured.is("bounded", 0).says("Live bytes: always 0 B");
}

#[test]
fn one_leaking_route_of_ten_is_named() {
    let mut arguments = vec!["-n", "4000", "--reuse", "4000", "--request", "GET /slow"];
    let clean: Vec<String> = (0..9).map(|route| format!("GET /clean/{route}")).collect();
    for request in &clean {
        arguments.extend(["--request", request]);
    }
    let measured = measure(&arguments);
    measured.is("leak", 1).grows("live-bytes", 1.6);
    measured.says("Each request GET /slow leaves 16 B behind.");
}

#[test]
fn a_memory_bomb_is_stopped() {
    let bomb = ["--request", "GET /bomb"];
    measure(&bomb)
        .is("error", 2)
        .says("memory limit of 16 MiB reached (5 times)");
    let reused = measure(&[&bomb[..], &["--reuse", "100"]].concat());
    reused
        .is("error", 2)
        .says("memory limit of 16 MiB reached (5 times)");
}

#[test]
fn an_endless_loop_is_stopped() {
    let endless = ["--request", "GET /loop", "--cpu-limit", "50ms"];
    measure(&endless)
        .is("error", 2)
        .says("cpu limit of 50 ms reached (5 times)");
    let reused = measure(&[&endless[..], &["--reuse", "100"]].concat());
    reused
        .is("error", 2)
        .says("cpu limit of 50 ms reached (5 times)");
}

#[test]
fn a_page_alone_is_no_verdict() {
    let measured = measure(&["-n", "10", "--duration", "1ms"]);
    measured.is("inconclusive", 3).says("raise -n");
}
