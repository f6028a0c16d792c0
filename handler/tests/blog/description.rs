//! The description of the interface names exactly what the interface answers to.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;
use std::collections::{BTreeMap, BTreeSet};

/// The statuses of each method of each path, as `openapi.yaml` has them.
type Description = BTreeMap<String, BTreeMap<String, BTreeSet<u16>>>;

fn description() -> Description {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    let text = std::fs::read_to_string(path).expect("the description");
    let (_, paths) = text.split_once("\npaths:\n").expect("paths");
    let (paths, _) = paths.split_once("\ncomponents:\n").expect("components");
    let (mut path, mut method) = (String::new(), String::new());
    let mut described = Description::new();
    for line in paths.lines() {
        let indent = line.len() - line.trim_start().len();
        let word = line
            .trim()
            .trim_end_matches(':')
            .trim_matches('"')
            .to_owned();
        match (indent, word.as_str()) {
            (2, _) => path = word,
            (4, "parameters") => {}
            (4, _) => {
                method = word.to_uppercase();
                described
                    .entry(path.clone())
                    .or_default()
                    .entry(method.clone())
                    .or_default();
            }
            (8, status) => {
                let status = status.parse().ok();
                let operation = described
                    .get_mut(&path)
                    .and_then(|path| path.get_mut(&method));
                if let (Some(operation), Some(status)) = (operation, status) {
                    operation.insert(status);
                }
            }
            _ => {}
        }
    }
    described
}

fn target(path: &str) -> String {
    path.trim_start_matches("/api/")
        .replace("{slug}", "some")
        .replace("{name}", "some.html")
}

#[test]
fn each_address_answers_to_the_methods_that_are_described_and_to_no_other() {
    let described = description();
    assert_eq!(described.len(), 15);
    for (path, operations) in described {
        let refused = SimHost::new()
            .api(Method::Options, &target(&path), "")
            .expect(405);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let allowed: BTreeSet<&str> = refused
            .header("allow")
            .split(", ")
            .filter(|method| *method != "HEAD")
            .collect();
        let methods: BTreeSet<&str> = operations.keys().map(String::as_str).collect();
        assert_eq!(allowed, methods, "{path}");
    }
}

#[test]
fn every_answer_has_a_status_that_is_described_for_it() {
    let good = post("Some", "2026-01-01", "");
    let bodies = [
        "",
        "{}",
        "{\"days\": 0}",
        "\u{0}",
        "title = \"T\"",
        &good,
        "---\n---\n",
    ];
    for (path, operations) in description() {
        for (method, statuses) in &operations {
            let blog = SimHost::new();
            let mut seen = BTreeSet::new();
            for body in bodies {
                for tag in [None, Some("*"), Some("x")] {
                    let answer = blog.api_if(Method::parse(method), &target(&path), body, tag);
                    assert!(
                        statuses.contains(&answer.status),
                        "{method} {path} answers {} to {body:?}: {}",
                        answer.status,
                        answer.text()
                    );
                    seen.insert(answer.status);
                }
            }
            assert!(
                !seen.is_empty() && *statuses != BTreeSet::new(),
                "{method} {path}"
            );
        }
    }
}
