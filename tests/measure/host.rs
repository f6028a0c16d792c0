//! What the host keeps: handles, slots of the pool, files, threads, its own memory.

use super::program::measure;

#[test]
fn handles_that_are_never_dropped_are_a_leak() {
    let measured = measure(&["-n", "1000", "--reuse", "1000", "--request", "GET /handle"]);
    measured
        .is("leak", 1)
        .says("The number of host handles that the component holds grows by 1 a request");
}

#[test]
fn fresh_instances_bound_handles() {
    measure(&["-n", "1000", "--request", "GET /handle"]).is("bounded", 0);
}

#[test]
fn everything_goes_back_to_the_pool() {
    for reuse in [&[][..], &["--reuse", "50"]] {
        let arguments = [
            "-n",
            "1000",
            "-c",
            "4",
            "--request",
            "GET /clean",
            "--request",
            "GET /bomb",
        ];
        let measured = measure(&[&arguments[..], reuse].concat());
        let host = &measured.report["host"];
        for what in ["instances", "memories", "tables", "stacks"] {
            assert_eq!(host["pool"][what], 0, "{what}");
        }
        assert_eq!(host["faults"].as_array().unwrap().len(), 0, "{host}");
    }
}

/// A million of them are in `make bench`.
#[test]
fn fifty_thousand_requests_leave_the_host_as_it_was() {
    let measured = measure(&["-n", "50000", "--request", "GET /clean"]);
    measured.is("bounded", 0);
    assert_eq!(measured.series("resident-set")["judgement"], "bounded");
}

#[test]
fn instances_of_a_hundred_calls() {
    let measured = measure(&[
        "-n",
        "2000",
        "-c",
        "2",
        "--reuse",
        "100",
        "--request",
        "GET /slow",
    ]);
    assert_eq!(measured.report["answered"], 2000);
    // Two lanes share the requests as they come, so each may end in the middle of a life.
    let instances = measured.report["instances"].as_u64().unwrap();
    assert!((20..=21).contains(&instances), "{instances}");
}
