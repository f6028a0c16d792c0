//! A component of WASI 0.3, measured in the same ways.

use super::program::{Measured, mayfly, measure_component};
use crate::support::guests;

#[track_caller]
fn measure(arguments: &[&str]) -> Measured {
    measure_component(&guests::service(), arguments)
}

#[track_caller]
fn reused(number: &str, request: &str) -> Measured {
    measure(&["-n", number, "--reuse", number, "--request", request])
}

#[test]
fn fresh_instances_bound_everything() {
    for request in [
        "GET /clean",
        "GET /slow",
        "GET /cache?{n}",
        "GET /stream?200000",
    ] {
        measure(&["-n", "300", "--request", request]).is("bounded", 0);
    }
}

#[test]
fn a_reused_one_that_gives_all_back_is_bounded() {
    for request in ["GET /clean", "GET /stream?200000", "PUT /echo some text"] {
        reused("2000", request).is("bounded", 0);
    }
}

#[test]
fn a_reused_one_that_keeps_something_leaks() {
    let slow = reused("2000", "GET /slow");
    slow.is("leak", 1).grows("live-bytes", 16.0);
    let cache = reused("2000", "GET /cache?{n}");
    cache.is("leak", 1).grows("live-bytes", 4080.0);
    let handles = reused("1000", "GET /handle");
    handles.is("leak", 1).says("grows by 1 a request");
}

#[test]
fn limits_and_traps_are_told() {
    for (request, reason) in [
        ("GET /bomb", "memory limit of 16 MiB reached (5 times)"),
        ("GET /loop", "cpu limit of 50 ms reached (5 times)"),
        ("GET /trap", "instruction executed (5 times)"),
        ("GET /refuse", "no answer: the component answered"),
    ] {
        // Of the others none may come to the limit on a busy machine.
        let time = if request == "GET /loop" {
            "50ms"
        } else {
            "10s"
        };
        let limited = ["--cpu-limit", time, "--request", request];
        measure(&limited).is("error", 2).says(reason);
        measure(&[&limited[..], &["--reuse", "100"]].concat())
            .is("error", 2)
            .says(reason);
    }
}

#[test]
fn everything_goes_back_to_the_pool() {
    let requests = ["--request", "GET /clean", "--request", "GET /late-trap"];
    let measured = measure(&[&["-n", "1000", "-c", "4"], &requests[..]].concat());
    for what in ["instances", "memories", "tables", "stacks"] {
        assert_eq!(measured.report["host"]["pool"][what], 0, "{what}");
    }
}

#[test]
fn what_the_component_prints_does_not_hide_the_report() {
    let component = guests::service();
    let mut command = mayfly();
    command
        .arg(component)
        .args(["--request", "GET /print", "-n", "50"]);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
