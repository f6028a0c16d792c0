//! Mistakes: each is told in one line, with exit code 2.

use super::program::{leaks, mayfly, scratch};

#[track_caller]
pub fn refused(arguments: &[&str], parts: &[&str]) {
    let output = mayfly().args(arguments).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
}

#[test]
fn no_component() {
    refused(&["nowhere.wasm"], &["nowhere.wasm", "build it first"]);
    refused(
        &["--manifest", "nowhere.toml"],
        &["nowhere.toml", "--manifest"],
    );
}

#[test]
fn requests_that_are_none() {
    let component = leaks();
    let component = component.to_str().unwrap();
    refused(
        &[component, "--request", "GET clean"],
        &["GET clean", "METHOD /path"],
    );
    let file = scratch("requests");
    std::fs::write(&file, "# two\nGET /\nPOST\n").unwrap();
    let file = file.to_str().unwrap();
    refused(
        &[component, "--requests-file", file],
        &[file, "line 3", "POST"],
    );
    std::fs::write(file, "# none\n").unwrap();
    refused(
        &[component, "--requests-file", file],
        &[file, "has no request"],
    );
}

#[test]
fn a_baseline_of_something_else() {
    let component = leaks();
    let file = scratch("baseline.json");
    std::fs::write(&file, "{}").unwrap();
    let arguments = [
        component.to_str().unwrap(),
        "--baseline",
        file.to_str().unwrap(),
    ];
    refused(&arguments, &["baseline.json", "no JSON report"]);
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_the_run() {
    let component = leaks();
    let arguments = [
        component.to_str().unwrap(),
        "--report",
        "/nowhere/report.html",
        "-n",
        "1000000000",
    ];
    refused(
        &arguments,
        &["cannot write the report /nowhere/report.html"],
    );
}

#[test]
fn a_store_that_is_not_there_is_not_made() {
    let (component, store) = (leaks(), scratch("typo.db"));
    let named = format!("sqlite:{}", store.display());
    let arguments = [component.to_str().unwrap(), "--store", &named];
    refused(&arguments, &["there is no store", "typo.db"]);
    assert!(!store.exists());
}
