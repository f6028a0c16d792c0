//! Components that are unlike others from the start: what they need is there, or the program
//! says at once why they cannot be run.

use std::path::PathBuf;

use super::guests::root;
use super::program::Site;

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures").join(name)
}

/// A site with the component of a fixture.
fn site_of_text(name: &str) -> Site {
    let site = Site::of("component.wasm".as_ref());
    site.write("component.wasm", wat::parse_file(fixture(name)).unwrap());
    site
}

#[test]
fn an_initialization_that_does_not_end_is_refused() {
    for endless in ["initialize/endless.wat", "initialize/endless-start.wat"] {
        let parts = [
            "./component.wasm: ",
            "wizer-initialize",
            "did not end within 3 s of processor time",
            "look there for an endless loop",
        ];
        site_of_text(endless).refuses(&["--store", "memory"], &parts);
    }
}

#[test]
fn an_initialization_without_end_of_memory_is_refused() {
    let parts = [
        "./component.wasm: ",
        "wizer-initialize",
        "needs more memory than the 8 MiB that an instance may have",
        "raise --memory-limit above 8 MiB",
    ];
    let limit = ["--store", "memory", "--memory-limit", "8MiB"];
    site_of_text("initialize/greedy.wat").refuses(&limit, &parts);
}
