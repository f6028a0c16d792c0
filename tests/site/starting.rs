//! Components that are unlike others from the start: what they need is there, or the program
//! says at once why they cannot be run.

use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload};

use super::guests::{behaviours, root};
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

/// The component in the file `component`, with a core module of `text` that is instantiated
/// `times` times and does nothing.
fn with_module(component: &Path, text: &Path, times: u8) -> Vec<u8> {
    let mut component = std::fs::read(component).unwrap();
    let (mut modules, mut depth) = (0u8, 0);
    for payload in Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => {
                modules += u8::from(depth == 0);
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    let module = wat::parse_file(text).unwrap();
    let instances = [vec![times], [0, modules, 0].repeat(times.into())].concat();
    // The numbers of the sections of core modules and of core instances.
    for (section, content) in [(1, module), (2, instances)] {
        let length = u8::try_from(content.len()).unwrap();
        assert!(length < 128, "one byte holds the length");
        component.extend([section, length]);
        component.extend(content);
    }
    component
}

#[test]
fn a_component_with_many_memories_is_served() {
    let component = with_module(&behaviours(), &fixture("memories.wat"), 3);
    let site = Site::of("component.wasm".as_ref());
    site.write("component.wasm", component);
    for instances in ["1", "4"] {
        let server = site.serve(&["--store", "memory", "--instances", instances]);
        for _ in 0..3 {
            assert_eq!(server.get("/method").status, 200);
        }
    }
}
