//! Counts against those of the guest itself, to the byte.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::components::counting;
use super::run::profile;
use crate::support::program::Site;

#[track_caller]
fn agree(path: &str) {
    let printed = profile(&[&counting(), "--request", &format!("GET {path}")]);
    assert_eq!(printed.sums(), printed.counted());
}

#[test]
fn rust_in_all_ways() {
    agree("/rust");
}

#[test]
fn blocks_that_are_freed_at_once() {
    agree("/temporary");
    let printed = profile(&[
        "top",
        &counting(),
        "--request",
        "GET /temporary",
        "--metric",
        "temporary",
    ]);
    assert_eq!(printed.row("at_once")[0..2], ["1000", "B"]);
}

#[test]
fn libc_in_all_ways() {
    let top = [
        "top",
        "--rows",
        "20",
        "--metric",
        "alloc",
        "--request",
        "GET /libc",
    ];
    let printed = profile(&[&top[..], &[&counting()]].concat());
    let flat = |name: &str| {
        let row = printed.row(name);
        format!("{} {} in {}", row[0], row[1], row[7])
    };
    assert_eq!(flat("c_malloc"), "168 B in 2");
    assert_eq!(flat("c_calloc"), "91 B in 1");
    assert_eq!(flat("c_aligned"), "728 B in 2");
    assert_eq!(flat("c_realloc"), "8.9 KiB in 3");
    // What the guest's own count does not see; 5 bytes are the path.
    let [allocated, _, left] = printed.sums();
    assert_eq!(allocated, (168 + 91 + 728 + 10 + 9000 + 60 + 5, 9));
    assert_eq!(left, (123 + 91 + 728 + 9000 + 60, 6));
}

#[test]
fn every_request_counts() {
    let once = profile(&[&counting(), "--request", "GET /rust"]).sums();
    let often = profile(&[&counting(), "--request", "GET /rust", "-n", "7"]).sums();
    assert_eq!(often[0], (7 * once[0].0, 7 * once[0].1));
    // Each instance starts again, so no two add up.
    assert_eq!(often[1..], once[1..]);
}

/// The second run finds the machine code of the first, also where the path is a bare name.
#[test]
fn a_component_is_compiled_once() {
    let site = Site::empty();
    std::fs::copy(counting(), site.folder.join("bare.wasm")).unwrap();
    let caches = site.folder.join("caches");
    let kept = || {
        let mut command = site.mayfly(&["profile", "bare.wasm"]);
        let run = command.env("XDG_CACHE_HOME", &caches).output().unwrap();
        assert!(run.status.success());
        let files = std::fs::read_dir(caches.join("mayfly")).unwrap().flatten();
        let files = files.map(|file| file.metadata().unwrap().ino());
        files.collect::<Vec<_>>()
    };
    let first = kept();
    assert_eq!(first.len(), 1);
    assert_eq!(kept(), first);
    assert_eq!(std::fs::read_dir(&site.folder).unwrap().count(), 2);
}

#[test]
fn kinds_of_requests_in_turn() {
    let both = [
        "--request",
        "GET /temporary",
        "--request",
        "GET /keep",
        "-n",
        "4",
    ];
    let printed = profile(&[&both[..], &[&counting()]].concat());
    // The paths are 10 and 5 bytes long.
    assert_eq!(
        printed.sums()[0],
        (2 * (1000 + 10) + 2 * (400 + 5), 2 * 21 + 2 * 2)
    );
}

#[test]
fn linear_memory_is_what_it_is_without_a_profile() {
    let site = Site::of(Path::new(&counting()));
    let server = site.serve(&["--store", "memory"]);
    server.get("/rust");
    server.prints("peak_memory_bytes");
    let served = server.output();
    let (_, served) = served.rsplit_once("peak_memory_bytes=").unwrap();
    let served: u64 = served.split_whitespace().next().unwrap().parse().unwrap();
    assert_eq!(linear_memory("/rust").1, served);
}

/// Live bytes, 8 for each header and what is lost to rounding are what the memory grew by, but
/// for what was free in it before and the page that is not full yet.
#[test]
fn live_bytes_explain_the_linear_memory() {
    let printed = profile(&["-v", &counting(), "--request", "GET /many"]);
    let (before, after) = linear_memory("/many");
    let (bytes, blocks) = printed.sums()[1];
    let (least, most) = (bytes, bytes + 16 * blocks);
    let page = 64 << 10;
    assert!(after - before <= most + page, "{before} {after} {most}");
    assert!(after - before + page >= least, "{before} {after} {least}");
}

#[track_caller]
fn linear_memory(path: &str) -> (u64, u64) {
    let printed = profile(&["-v", &counting(), "--request", &format!("GET {path}")]);
    let (_, line) = printed.err.rsplit_once("linear memory: ").unwrap();
    let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    (numbers.next().unwrap(), numbers.next().unwrap())
}
