//! What the host keeps: handles, slots of the pool, files, threads, its own memory.

use std::process::Command;

use super::drift::{POST, drift};
use super::program::{Measured, measure, scratch};
use crate::support::guests;

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
        assert_eq!(host["leftovers"].as_array().unwrap().len(), 0, "{host}");
    }
}

/// A million of them are in `make bench`.
#[test]
fn fifty_thousand_requests_of_a_post_leave_the_host_as_it_was() {
    let manifest = scratch("spin.toml");
    let text = format!(
        "spin_manifest_version = 2\n[application]\nname = \"t\"\n[variables]\n\
         admin_token = {{ default = \"\" }}\n[component.t]\nsource = {:?}\n\
         key_value_stores = [\"default\"]\nvariables = {{ admin_token = \"{{{{ admin_token }}}}\" }}\n",
        guests::blog()
    );
    std::fs::write(&manifest, text).unwrap();
    let store = format!("sqlite:{}", manifest.with_file_name("x.db").display());
    let command = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mayfly"));
        command.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
        command.arg(name).arg("--manifest").arg(&manifest);
        command.args(["--store", &store]);
        command
    };
    let content = guests::root().join("content");
    let published = command("publish").arg(content).output().unwrap();
    assert!(published.status.success(), "{published:?}");
    let arguments = [
        "-n",
        "50000",
        "-c",
        "2",
        "--format",
        "json",
        "--request",
        POST,
    ];
    let output = command("measure").args(arguments).output().unwrap();
    let measured = Measured::of(&output);
    measured.is("bounded", 0);
    assert_eq!(
        measured.report["kinds"][0]["statuses"]["200"],
        measured.report["requests"]
    );
    let drift = drift(&measured.report);
    assert!(drift <= 1_048_576.0, "the process grew by {drift} bytes");
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
