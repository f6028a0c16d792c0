//! Allocators: counted where they are known, and pages where they are not.

use super::program::{Measured, measure_component, scratch};
use crate::support::guests;

fn has_live_bytes(measured: &Measured) -> bool {
    let series = measured.report["series"].as_array().unwrap();
    series
        .iter()
        .any(|series| series["measure"] == "live-bytes")
}

#[test]
fn those_of_all_fixtures_are_counted() {
    let fixtures = std::fs::read_dir(guests::guests()).unwrap();
    let fixtures = fixtures.map(|entry| entry.unwrap().path());
    let components = fixtures.filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.strip_suffix(".wasm")
            .is_some_and(|name| !name.contains('.'))
    });
    let mut names = Vec::new();
    for component in components.chain([guests::blog()]) {
        let measured = measure_component(
            &component,
            &["-n", "2", "--trap-missing", "--request", "GET /stay"],
        );
        assert!(has_live_bytes(&measured), "{}", component.display());
        names.push(component);
    }
    assert!(names.len() > 5, "{names:?}");
}

/// Measures a component with `word` for its addresses and `free` for what its `free` returns.
#[track_caller]
fn measure_odd(word: &str, free: &str) -> Measured {
    let text = guests::root().join("tests/fixtures/odd-allocator.wat");
    let text = std::fs::read_to_string(text).unwrap();
    let (_, text) = text.split_once("(component").unwrap();
    let text = text.replace("WORD", word).replace("FREE", free);
    let component = scratch("odd.wasm");
    let bytes = wat::parse_str(format!("(component{text}")).unwrap();
    std::fs::write(&component, bytes).unwrap();
    measure_component(&component, &["-n", "5"])
}

#[test]
fn one_that_cannot_be_counted_is_measured_by_pages() {
    let returns = "(result i32) (i32.const 0)";
    for (word, free) in [("i32", ""), ("i32", returns), ("i64", "")] {
        let measured = measure_odd(word, free);
        measured.is("error", 2).says("returned without a response");
    }
}
