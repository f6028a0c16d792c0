//! Imports that the host does not offer: named, or linked to traps.

use std::path::Path;

use super::mistakes::refused;
use super::program::{Scratch, leaks, measure_component, scratch};
use crate::support::guests;

/// A component that wants two interfaces of nobody.
fn foreign() -> Scratch {
    let text = guests::root().join("tests/fixtures/foreign.wat");
    let component = scratch("foreign.wasm");
    std::fs::write(&component, wat::parse_file(text).unwrap()).unwrap();
    component
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn all_that_are_missing_are_named() {
    let named = [
        "wasi:http/outgoing-handler@0.2",
        "does not offer",
        "--trap-missing",
    ];
    refused(&[shown(&guests::outgoing())], &named);
    refused(
        &[shown(&foreign())],
        &["some:where/files@1.0.0, some:where/clock;"],
    );
}

#[test]
fn one_that_is_not_called_does_no_harm() {
    let stay = ["-n", "500", "--trap-missing", "--request", "GET /stay"];
    measure_component(&guests::outgoing(), &stay).is("bounded", 0);
}

#[test]
fn one_that_is_called_is_told() {
    let away = ["-n", "500", "--trap-missing", "--request", "GET /away"];
    let measured = measure_component(&guests::outgoing(), &away);
    measured
        .is("error", 2)
        .says("wasi:http/outgoing-handler@0.2");
    measured.says("#handle, which this host does not offer (5 times)");
}

#[test]
fn without_one_that_is_missing_nothing_changes() {
    let clean = ["-n", "500", "--trap-missing", "--request", "GET /clean"];
    measure_component(&leaks(), &clean).is("bounded", 0);
}
