//! Stores and variables under the names that other hosts have for them.

use super::guests::stores;
use super::program::{Server, Site};

fn server() -> (Site, Server) {
    let site = Site::of(&stores());
    let server = site.serve(&["--store", "memory"]);
    (site, server)
}

#[test]
fn the_older_draft() {
    let (_site, server) = server();
    let all_ways = "a=one,b=two,none c None None true";
    assert_eq!(server.get("/draft").text(), all_ways);
    assert_eq!(server.get("/draft-unnamed").text(), all_ways);
    assert_eq!(server.get("/draft-foreign").text(), "Error::NoSuchStore");
    let refusal = server.get("/draft-cursor");
    assert!(refusal.text().contains("the first page is the only one"));
}

#[test]
fn spin() {
    let (_site, server) = server();
    assert_eq!(server.get("/spin").text(), "one b None true");
    assert_eq!(server.get("/spin-foreign").text(), "Error::NoSuchStore");
}

#[test]
fn all_lead_to_one_store() {
    let (_site, server) = server();
    server.get("/draft");
    assert_eq!(server.get("/spin").text(), "one b,c None true");
}

#[test]
fn configuration() {
    let (_site, server) = server();
    let text = server.get("/config").text().to_owned();
    for part in [
        "(\"greeting\", \"hello world\")",
        "Ok(Some(\"hello world\"))",
        "Ok(None)",
    ] {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}
