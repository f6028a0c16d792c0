//! What commands print, where nobody reads it or there is no room for it; and which store they
//! mean.

use std::fs::OpenOptions;
use std::process::{Command, Output, Stdio};

use super::guests;
use super::program::{Server, Site};
use super::publishing::{TOKEN, check, site};

fn ends(command: &mut Command) -> Output {
    command.spawn().unwrap().wait_with_output().unwrap()
}

/// A pipe whose reader has gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn full() -> Stdio {
    let full = OpenOptions::new().write(true).open("/dev/full");
    full.unwrap().into()
}

const COMMANDS: [&[&str]; 7] = [
    &["publish", "--dry-run"],
    &["publish"],
    &["check"],
    &["reindex"],
    &["gc"],
    &["export", "back", "--overwrite"],
    &["new", "Second"],
];

#[test]
fn a_reader_who_has_seen_enough_ends_nothing() {
    let site = site();
    site.write("content/notes.txt", "");
    for arguments in COMMANDS {
        let mut command = site.mayfly(arguments);
        let output = ends(command.stdout(closed()).stderr(Stdio::piped()));
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        assert!(!told.contains("panicked"), "{told}");
    }
    for arguments in &COMMANDS[..6] {
        let mut command = site.mayfly(arguments);
        let output = ends(command.stdout(closed()).stderr(closed()));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
    let output = ends(
        site.mayfly(&["new", "?!"])
            .stdout(closed())
            .stderr(closed()),
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_disk_without_room_is_an_error() {
    let site = site();
    site.run(&["publish"]);
    for arguments in COMMANDS {
        let mut command = site.mayfly(arguments);
        let output = ends(command.stdout(full()).stderr(Stdio::piped()));
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains("cannot write to standard output"), "{told}");
    }
}

#[test]
fn the_variable_for_the_store_counts_where_it_has_a_meaning() {
    let site = site();
    let run = |arguments: &[&str]| {
        let mut command = site.mayfly(arguments);
        let command = command.env("MAYFLY_STORE", "sqlite:named.db");
        command.env("MAYFLY_TOKEN", TOKEN).output().unwrap()
    };
    let summary = "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&run(&["publish"]), 0, summary, &[]);
    assert!(site.folder.join("named.db").exists());
    let summary = "checked 1 post, 1 page, 1 media: 0 errors, 0 warnings";
    check(&run(&["check"]), 0, summary, &[]);
    let mut serve = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(serve.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let url = format!("http://{}", server.address);
    let summary = "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&run(&["publish", "--to", &url]), 0, summary, &[]);
    let said = "exported 4 files to back (0 not readable)";
    check(&run(&["export", "back", "--from", &url]), 0, said, &[]);
    let profile = run(&["profile", "--request", "GET /posts/first"]);
    let told = String::from_utf8_lossy(&profile.stderr);
    assert_eq!(profile.status.code(), Some(0), "{told}");
    assert!(!site.folder.join(".spin").exists());
    for typed in [&["publish", "--to"][..], &["export", "x", "--from"]] {
        let output = site.run(&[typed, &[&url, "--store", "memory"]].concat());
        assert_eq!(output.status.code(), Some(2));
    }
    let mut command = site.mayfly(&["publish"]);
    let output = command.env("MAYFLY_STORE", "mysql:x").output().unwrap();
    check(
        &output,
        1,
        "",
        &["MAYFLY_STORE: expected memory, sqlite:PATH"],
    );
}

#[test]
fn a_store_that_is_not_there_is_not_made() {
    let site: Site = site();
    let store = ["--store", "sqlite:typo/blog.db"];
    let component = guests::blog();
    let component = component.to_str().unwrap();
    let commands = [
        &["export", "back"][..],
        &["gc"],
        &["reindex"],
        &["profile"],
        &["profile", component],
    ];
    for command in commands {
        let output = site.run(&[command, &store].concat());
        let error = ["there is no store typo/blog.db: correct --store"];
        check(&output, 1, "", &error);
    }
    check(&site.run(&["gc"]), 1, "", &["there is no store ./.spin/"]);
    for made in ["typo", "back", ".spin"] {
        assert!(!site.folder.join(made).exists(), "{made}");
    }
}
