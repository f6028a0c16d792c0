//! The interface against its description: schemathesis makes requests of it, and holds every
//! answer against it. Where there is no schemathesis, this says so.

use std::path::PathBuf;
use std::process::Command;

use super::guests::{blog, root};
use super::program::{Server, Site};
use super::publishing::TOKEN;

/// The program, from the path or from where `.ci/run` puts it.
fn schemathesis() -> Option<PathBuf> {
    let places = [
        PathBuf::from("schemathesis"),
        root().join("target/schemathesis/bin/schemathesis"),
    ];
    let runs = |path: &PathBuf| {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    places.into_iter().find(runs)
}

#[test]
fn every_answer_is_one_that_is_described() {
    let Some(schemathesis) = schemathesis() else {
        eprintln!("not run: there is no schemathesis (pip install schemathesis)");
        return;
    };
    let site = Site::of(&blog());
    // What the examples of the description are about.
    let source = "---\ntitle: Hello\ndate: 2026-01-01\n---\n";
    for path in [
        "posts/hello.md",
        "pages/hello.md",
        "media/hello.txt",
        "theme/hello.txt",
    ] {
        site.write(&format!("content/{path}"), source);
    }
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    command.args(["--content", "content"]);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let output = Command::new(schemathesis)
        .current_dir(&site.folder)
        .arg("--config-file")
        .arg(root().join("tests/fixtures/schemathesis.toml"))
        .arg("run")
        .arg(root().join("handler/openapi.yaml"))
        .args(["--url", &format!("http://{}", server.address)])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--max-examples", "10", "--max-time", "30"])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--no-color", "--generation-deterministic"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    assert!(
        server.output().matches("path=\"/api/batch\"").count() > 20,
        "{told}"
    );
}
