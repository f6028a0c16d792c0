//! What the component may use: sizes that are exact on every machine, and only ever go down.

use std::collections::BTreeSet;

use super::guests::{blog, root};
use super::program::{Server, Site};
use wasmparser::{ComponentExternalKind, Parser, Payload};

/// The peak memory of the last request that the log tells of, in bytes.
#[track_caller]
fn peak_bytes(server: &Server, path: &str) -> u64 {
    server.prints(&format!("\"path\":\"{path}\""));
    let output = server.output();
    let line = output
        .lines()
        .rev()
        .find(|line| line.contains(&format!("\"path\":\"{path}\"")))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    line["peak_memory_bytes"].as_u64().unwrap()
}

#[test]
fn a_page_fits_into_its_memory() {
    let site = Site::of(&blog());
    let content = root().join("content");
    let server = site.serve(&["--content", content.to_str().unwrap(), "--log", "json"]);
    for (path, ceiling_kib) in [
        // A post of 7 KB, and the longest of the sample content, 24 KB.
        ("/posts/the-life-of-a-request", 512),
        ("/posts/linear-memory-from-the-ground-up", 640),
        ("/", 512),
        ("/tags", 512),
        ("/archive", 512),
        ("/about", 512),
        ("/nothing", 512),
        ("/sitemap.xml", 512),
        ("/media/plots/high-water.png", 512),
        ("/feed.xml", 1792),
    ] {
        server.get(path);
        let peak = peak_bytes(&server, path);
        assert!(
            peak <= ceiling_kib * 1024,
            "{path} needs {} KiB",
            peak / 1024
        );
    }
}

#[test]
fn the_component_is_small() {
    let bytes = std::fs::metadata(blog()).unwrap().len();
    assert!(bytes <= 3 * 1024 * 1024, "{bytes} bytes");
}

/// Every import is a host that cannot run the blog: an addition has to be meant.
#[test]
fn the_component_imports_what_every_host_has() {
    let component = std::fs::read(blog()).unwrap();
    let mut imports = BTreeSet::new();
    let mut exports = BTreeSet::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| unversioned(import.unwrap().name.name)),
                );
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    let export = export.unwrap();
                    if matches!(
                        export.kind,
                        ComponentExternalKind::Func | ComponentExternalKind::Instance
                    ) {
                        exports.insert(unversioned(export.name.name));
                    }
                }
            }
            _ => {}
        }
    }
    let listed = include_str!("imports.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(imports, listed);
    let expected = ["wasi:http/incoming-handler@0.2", "wizer-initialize"].map(str::to_owned);
    assert_eq!(exports, expected.into());
}

/// Hosts match `0.2.x` by its first two numbers, and drafts by the whole name.
fn unversioned(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stable, patch)) if !name.contains('-') || patch.parse::<u32>().is_ok() => {
            stable.to_owned()
        }
        _ => name.to_owned(),
    }
}
