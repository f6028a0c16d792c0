//! Compiling, shown by example: each `compile/*.md` with its snapshot beside it.
//!
//! The name of a file is the name of its document; `page-` makes it a page. `UPDATE=1` rewrites
//! the snapshots, and the difference is then yours to read.

use handler::compile::{Compiled, Options, Source, Zone, compile};
use handler::document::Kind;
use handler::problem::Problem;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[test]
fn every_document_compiles_as_its_snapshot_says() {
    let mut differing = Vec::new();
    for path in documents() {
        let snapshot = path.with_extension("snap");
        let actual = compile_file(&path);
        if env::var_os("UPDATE").is_some() {
            fs::write(&snapshot, &actual).expect("the snapshot can be written");
        }
        let expected = fs::read_to_string(&snapshot).unwrap_or_default();
        if actual != expected {
            differing.push(format!(
                "{}: {}",
                snapshot.display(),
                first_difference(&expected, &actual)
            ));
        }
    }
    assert!(
        differing.is_empty(),
        "set UPDATE=1 if these are right:\n{}",
        differing.join("\n")
    );
}

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of documents is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no documents in {}", folder.display());
    paths
}

fn compile_file(path: &Path) -> String {
    let name = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .expect("a name in UTF-8");
    let text = fs::read(path).expect("the document can be read");
    let kind = if name.starts_with("page-") {
        Kind::Page
    } else {
        Kind::Post
    };
    let zone = Zone::parse("Asia/Shanghai").expect("a known zone");
    let options = Options {
        zone,
        smart_punctuation: true,
        math: true,
        lang: "en".to_owned(),
    };
    match compile(
        &Source {
            kind,
            name,
            text: &text,
        },
        &options,
    ) {
        Ok(compiled) => show(compiled),
        Err(problems) => show_problems(&problems),
    }
}

/// The fields and the notes as JSON, then the texts as they are, the site's address as `SITE`.
fn show(compiled: Compiled) -> String {
    let Compiled {
        mut document,
        feed_html,
        notes,
    } = compiled;
    let html = std::mem::take(&mut document.html);
    let excerpt = document.excerpt.take();
    let mut shown = serde_json::to_string_pretty(&document).expect("a document is JSON");
    let notes = serde_json::to_string_pretty(&notes).expect("notes are JSON");
    let _ = write!(shown, "\n\n-- notes --\n{notes}\n\n-- html --\n{html}");
    if let Some(excerpt) = excerpt {
        let _ = write!(shown, "\n-- excerpt --\n{excerpt}");
    }
    let _ = write!(shown, "\n-- feed --\n{}", feed_html.replace('\0', "SITE"));
    shown
}

fn show_problems(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |shown, problem| {
        format!("{shown}{problem}\n")
    })
}

fn first_difference(expected: &str, actual: &str) -> String {
    let line = expected
        .lines()
        .zip(actual.lines())
        .position(|(left, right)| left != right);
    let line = line.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    format!(
        "line {}\n  expected {}\n  actual   {}",
        line + 1,
        at(expected),
        at(actual)
    )
}
