//! The forms of the report, and the comparison with an older one.

use std::path::Path;
use std::process::Command;

use super::program::{leaks, measure, run, scratch};

const FEW: [&str; 4] = ["-n", "500", "--request", "GET /clean"];

fn output(arguments: &[&str]) -> String {
    String::from_utf8(run(&[&FEW[..], arguments].concat()).stdout).unwrap()
}

#[test]
fn a_table() {
    let text = output(&[]);
    for part in [
        "leaks.wasm: bounded",
        "live bytes",
        "GET /clean",
        "▁",
        "requests a second",
    ] {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

#[test]
fn json_has_all_that_ci_needs() {
    let measured = measure(&FEW);
    let report = &measured.report;
    assert_eq!(report["schema"], "mayfly-measure-1");
    assert_eq!(report["verdict"]["exit_code"], 0);
    assert_eq!(report["kinds"][0]["statuses"]["200"], report["requests"]);
    assert!(report["kinds"][0]["allocated_bytes"].as_f64().unwrap() > 1000.0);
    assert!(
        measured.series("resident-set")["points"]
            .as_array()
            .unwrap()
            .len()
            > 100
    );
}

#[test]
fn junit_fails_with_the_verdict() {
    let text = output(&["--format", "junit"]);
    let attribute = |text: &str, name: &str| {
        let report = roxmltree::Document::parse(text).unwrap();
        let suite = report.descendants().find(|it| it.has_tag_name("testsuite"));
        suite.unwrap().attribute(name).unwrap().to_owned()
    };
    assert_eq!(attribute(&text, "tests"), "2", "{text}");
    assert_eq!(attribute(&text, "failures"), "0", "{text}");
    let leak = run(&[
        "-n",
        "1000",
        "--reuse",
        "1000",
        "--request",
        "GET /slow",
        "--format",
        "junit",
    ]);
    let text = String::from_utf8(leak.stdout).unwrap();
    assert_eq!(attribute(&text, "failures"), "1", "{text}");
    assert!(text.contains("message=\"leak: "), "{text}");
}

#[test]
fn the_page_needs_nothing_else() {
    let file = scratch("report.html");
    output(&[
        "--report",
        file.to_str().unwrap(),
        "--request",
        "GET /clean?a&b",
    ]);
    let page = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        page.matches("<svg").count(),
        5,
        "four series and a histogram"
    );
    assert!(page.contains("GET /clean?a&amp;b"), "{page}");
    for foreign in [
        "<script", "http://", "https://", "src=", "url(", "NaN", "inf",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    parses(&page);
}

/// Every tag is closed, in the order in which it was opened.
#[track_caller]
fn parses(page: &str) {
    let mut open = Vec::new();
    for tag in page.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if tag.ends_with('/') || ["!DOCTYPE", "meta"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn a_baseline_fails_on_growth() {
    let file = scratch("old.json");
    let old = run(&[
        "--format",
        "json",
        "-n",
        "500",
        "--request",
        "GET /pool/10/110/{n}",
    ]);
    std::fs::write(&file, old.stdout).unwrap();
    let compare = |file: &Path, request: &str| {
        let baseline = [
            "--baseline",
            file.to_str().unwrap(),
            "-n",
            "500",
            "--request",
            request,
        ];
        measure(&baseline)
    };
    compare(&file, "GET /pool/10/110/{n}").is("bounded", 0);
    let grown = compare(&file, "GET /pool/20/110/{n}");
    grown
        .is("leak", 1)
        .says("More than in the baseline: live bytes from");
}

#[test]
fn a_file_of_requests_and_a_manifest() {
    let manifest = scratch("spin.toml");
    let text = format!(
        "spin_manifest_version = 2\n[application]\nname = \"t\"\n[component.t]\nsource = {:?}\n",
        leaks()
    );
    std::fs::write(&manifest, text).unwrap();
    let requests = manifest.with_file_name("requests");
    std::fs::write(
        &requests,
        "# two kinds\nGET /clean\n\nPOST /slow a body of {n}\n",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_mayfly"))
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .args(["measure", "-n", "400", "--format", "json", "--manifest"])
        .arg(&manifest)
        .arg("--requests-file")
        .arg(&requests)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds = report["kinds"].as_array().unwrap();
    let sent: Vec<_> = kinds.iter().map(|kind| &kind["request"]).collect();
    assert_eq!(sent, ["GET /clean", "POST /slow"]);
    assert_eq!(kinds[0]["answered"], kinds[1]["answered"]);
}
