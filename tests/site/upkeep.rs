//! `reindex` and `gc`: on the store of the manifest, and over the network.

use super::program::Server;
use super::publishing::{TOKEN, check, site};

#[test]
fn a_lost_index_is_made_anew() {
    let site = site();
    site.run(&["publish", "--store", "sqlite:x.db"]);
    let database = rusqlite::Connection::open(site.folder.join("x.db")).unwrap();
    let gone = database.execute("DELETE FROM spin_key_value WHERE key = 'head'", []);
    assert_eq!(gone.unwrap(), 1);
    let posts = || {
        let server = site.serve(&["--store", "sqlite:x.db"]);
        server.get("/").text().matches("/posts/first").count()
    };
    assert_eq!(posts(), 0);
    let reindex = ["reindex", "--store", "sqlite:x.db"];
    check(
        &site.run(&reindex),
        0,
        "the index is in order; looked at 2 records",
        &[],
    );
    assert_ne!(posts(), 0);
}

#[test]
fn over_the_network() {
    let site = site();
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let url = format!("http://{}", server.address);
    let run = |command: &str| {
        let arguments = [command, "--to", &url];
        site.mayfly(&arguments)
            .env("MAYFLY_TOKEN", TOKEN)
            .output()
            .unwrap()
    };
    assert_eq!(run("publish").status.code(), Some(0));
    site.write("content/media/a.svg", "<svg>replaced</svg>");
    assert_eq!(run("publish").status.code(), Some(0));
    let said = String::from_utf8(run("gc").stdout).unwrap();
    assert!(
        said.starts_with("deleted 0 keys; ") && said.contains(" in 600 s"),
        "{said}"
    );
    // Each document is looked at once, and so is each place of the index.
    check(
        &run("reindex"),
        0,
        "the index is in order; looked at 4 records",
        &[],
    );
    let wrong = site.run(&["gc", "--to", &url, "--token", "wrong"]);
    check(&wrong, 1, "", &["POST /api/gc", "401 Unauthorized"]);
    let misplaced = site.run(&["gc", "--token-file", "token"]);
    check(&misplaced, 1, "", &["--token-file is for a blog elsewhere"]);
}
