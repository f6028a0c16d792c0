//! `serve COMPONENT.wasm`: a component without a manifest.

use std::path::Path;

use super::guests::{behaviours, blog, root, service};
use super::program::{Server, Site};
use super::publishing::{TOKEN, site};

/// Serves `component` from a folder in which there is nothing.
#[track_caller]
fn serve(site: &Site, component: &Path, arguments: &[&str]) -> Server {
    site.serve(&[&[component.to_str().unwrap()], arguments].concat())
}

#[test]
fn components_of_any_kind() {
    let site = Site::empty();
    let server = serve(&site, &behaviours(), &[]);
    assert_eq!(server.get("/method").text(), "Method::Get");
    assert_eq!(server.put("/store/default/a", b"kept").status, 200);
    assert_eq!(server.get("/store/default/a").text(), "kept");
    server.prints("gone at the end: --store names a place that lasts");
    assert!(!server.output().contains("admin token"));
    assert_eq!(serve(&site, &service(), &[]).get("/clean").text(), "done");

    let text = root().join("tests/fixtures/silent.wat");
    let silent = site.write("silent.wasm", wat::parse_file(text).unwrap());
    let server = serve(&site, &silent, &[]);
    assert_eq!(server.get("/").status, 500);
    server.prints("returned without a response");
    // Nothing else was made: no store, no manifest.
    for entry in std::fs::read_dir(&site.folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with("silent."), "{name}");
    }
}

#[test]
fn variables_are_those_of_the_environment() {
    let site = Site::empty();
    let component = behaviours();
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0"]);
    let command = command.arg(&component).env("SPIN_VARIABLE_GREETING", "hi");
    let server = Server::start(command);
    assert_eq!(server.get("/variable/greeting").text(), "hi");
    let missing = server.get("/variable/admin_token");
    assert!(missing.text().starts_with("error:"), "{}", missing.text());
    drop(server);
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0"]);
    let command = command
        .arg(&component)
        .env("SPIN_VARIABLE_ADMIN_TOKEN", "short");
    super::program::refuses(command, &["admin_token is too short"]);
}

#[test]
fn a_blog() {
    let site = site();
    std::fs::remove_file(site.folder.join("spin.toml")).unwrap();
    let lasting = ["--store", "sqlite:x.db"];
    let server = serve(
        &site,
        &blog(),
        &[&lasting[..], &["--content", "content"]].concat(),
    );
    assert!(server.get("/posts/first").text().contains("First"));
    server.prints("admin token: ");
    drop(server);

    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0"]);
    let command = command.arg(blog()).args(lasting);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    assert!(server.get("/posts/first").text().contains("First"));
    let address = format!("http://{}", server.address);
    let about = "---\ntitle: About us\n---\nText\n";
    site.write("content/pages/about.md", about);
    let publish = site.run(&["publish", "--to", &address, "--token", TOKEN]);
    let told = String::from_utf8_lossy(&publish.stdout);
    assert!(
        publish.status.success() && told.contains("1 page"),
        "{publish:?}"
    );
    assert!(server.get("/about").text().contains("About us"));
}
