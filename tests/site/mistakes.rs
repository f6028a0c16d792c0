//! What a user may get wrong: each mistake ends the program with one error that says the remedy.

use std::net::TcpListener;

use super::guests::{behaviours, outgoing};
use super::program::{Site, refuses};

#[test]
fn the_port_is_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let site = Site::of(&behaviours());
    let mut command = site.mayfly(&["serve", "--store", "memory", "--listen", &address]);
    refuses(
        &mut command,
        &[
            "cannot listen on",
            &address,
            "choose another address with --listen",
        ],
    );
}

#[test]
fn there_is_no_manifest() {
    let site = Site::empty();
    site.refuses(&[], &["cannot read the manifest spin.toml", "--manifest"]);
    site.refuses(&["--manifest", "x/y.toml"], &["x/y.toml"]);
}

#[test]
fn the_manifest_is_wrong() {
    let site = Site::empty();
    site.write(
        "spin.toml",
        "spin_manifest_version = 2\n[application]\nname = 1\n",
    );
    site.refuses(&[], &["spin.toml", "line 3", "expected a string"]);
}

#[test]
fn there_is_no_component() {
    let site = Site::of("gone.wasm".as_ref());
    site.refuses(
        &["--store", "memory"],
        &[
            "cannot read the component ./gone.wasm: build it first",
            "correct `source` in spin.toml",
        ],
    );
}

#[test]
fn there_is_no_component_and_no_manifest() {
    let site = Site::empty();
    for command in ["serve", "measure", "profile"] {
        let output = site.run(&[command, "nowhere.wasm"]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(error.contains("nowhere.wasm"), "{error}");
        assert!(error.contains("correct its path"), "{error}");
        assert!(!error.contains("manifest"), "{error}");
    }
    let output = site.run(&["serve", "x.wasm", "--manifest", "spin.toml"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn the_filter_of_the_log_is_wrong() {
    let site = Site::of(&behaviours());
    for filter in ["inof", "info,access=loud"] {
        let mut command = site.mayfly(&["serve", "--store", "memory", "--listen", "127.0.0.1:0"]);
        command.env("MAYFLY_LOG", filter);
        refuses(&mut command, &["MAYFLY_LOG", filter, "write a level"]);
    }
}

#[test]
fn help_names_the_variables_of_the_environment() {
    let output = Site::empty().run(&["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    for variable in ["MAYFLY_LOG", "MAYFLY_STORE", "MAYFLY_TOKEN"] {
        assert!(help.contains(variable), "{help}");
    }
}

#[test]
fn the_component_is_something_else() {
    let site = Site::of("x.wasm".as_ref());
    let store = ["--store", "memory"];
    site.write("x.wasm", "<html>");
    site.refuses(&store, &["./x.wasm: not a WebAssembly component"]);
    site.write("x.wasm", b"\0asm\x01\0\0\0");
    site.refuses(
        &store,
        &["./x.wasm: a core module", "build it for wasm32-wasip2"],
    );
    site.write("x.wasm", b"\0asm\x0d\0\x01\0garbage");
    site.refuses(&store, &["./x.wasm: not a valid component"]);
    site.write("x.wasm", b"\0asm\x0d\0\x01\0");
    site.refuses(
        &store,
        &["./x.wasm", "exports neither wasi:http/incoming-handler@0.2"],
    );
}

#[test]
fn the_component_imports_what_is_not_offered() {
    let site = Site::of(&outgoing());
    site.refuses(
        &["--store", "memory"],
        &[
            "outgoing.wasm",
            "wasi:http/outgoing-handler",
            "does not offer",
        ],
    );
}

#[test]
fn variables_are_missing_or_too_short() {
    let site = Site::of(&behaviours());
    let manifest = std::fs::read_to_string(site.folder.join("spin.toml")).unwrap();
    site.write(
        "spin.toml",
        manifest.replace("{ default = \"world\" }", "{ required = true }"),
    );
    site.refuses(
        &["--store", "memory"],
        &["\"who\" is required", "set SPIN_VARIABLE_WHO"],
    );
    site.write(
        "spin.toml",
        manifest.replace("default = \"\"", "default = \"short\""),
    );
    site.refuses(
        &["--store", "memory"],
        &["admin_token is too short", "20 characters"],
    );
}

#[test]
fn flags_are_wrong() {
    let site = Site::of(&behaviours());
    for flags in [
        ["--store", "mysql:x"],
        ["--memory-limit", "16MX"],
        ["--memory-limit", "1e99MiB"],
        ["--cpu-limit", "1"],
    ] {
        let output = site.run(&[&["serve"], &flags[..]].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(flags[1]), "{error}");
    }
}

#[test]
fn the_store_is_no_store() {
    let site = Site::of(&behaviours());
    site.write("file", "text");
    site.refuses(
        &["--store", "sqlite:file/x.db"],
        &["cannot make file for the store"],
    );
    site.refuses(
        &["--store", "sqlite:."],
        &["store sqlite:.", "check the path"],
    );
    site.write("text.db", "x".repeat(5000));
    site.refuses(
        &["--store", "sqlite:text.db"],
        &["text.db", "not a SQLite database"],
    );
}

#[test]
fn the_store_is_locked() {
    let site = Site::of(&behaviours());
    let database = rusqlite::Connection::open(site.folder.join("x.db")).unwrap();
    database
        .execute_batch("CREATE TABLE x (y); BEGIN EXCLUSIVE;")
        .unwrap();
    site.refuses(
        &["--store", "sqlite:x.db"],
        &["x.db", "another process holds it locked"],
    );
}
