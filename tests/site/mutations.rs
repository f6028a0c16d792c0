//! Bytes that others wrote, changed at random: whatever they are, they are read or refused. The
//! same changes are made each time, and a fixed number of them.

use std::io::{Read, Write};

use fastrand::Rng;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use heapprof::heap::{
    Amount, Amounts, Function, Heap, Labels, Line, Location, Module, Run, Sample, decode, encode,
};
use instance::RequestTemplate;
use instance::units::{parse_size, parse_time, show_size};
use mayfly::manifest::Manifest;

use super::guests::root;
use super::program::Site;

/// Changes some bytes of `valid`; `known` are pieces that mean something in such a text.
fn mutated(rng: &mut Rng, valid: &[u8], known: &[&[u8]]) -> Vec<u8> {
    let mut bytes = valid.to_vec();
    for _ in 0..rng.usize(1..=4) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..8)).min(bytes.len());
        match rng.u8(..6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, rng.u8(..)),
            3 => bytes[at..end].fill_with(|| rng.u8(..)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let times = rng.usize(1..40);
                bytes.splice(at..at, piece.repeat(times));
            }
            _ => drop(bytes.splice(at..end, rng.choice(known).unwrap().iter().copied())),
        }
    }
    bytes
}

fn texts(seed: u64, valid: &[&str], known: &[&[u8]], times: usize, mut read: impl FnMut(&str)) {
    let mut rng = Rng::with_seed(seed);
    for _ in 0..times {
        let text = rng.choice(valid).unwrap().as_bytes();
        read(&String::from_utf8_lossy(&mutated(&mut rng, text, known)));
    }
}

#[test]
fn sizes_and_times() {
    let valid = ["16MiB", "1536KiB", "1 GiB", "100", "250ms", "30s", "5m"];
    let known: [&[u8]; 5] = [
        b"99999999999999999999",
        b"GiB",
        b"-1",
        b"m",
        "\u{b5}".as_bytes(),
    ];
    texts(1, &valid, &known, 20_000, |text| {
        if let Ok(bytes) = parse_size(text) {
            // One decimal is shown.
            let again = parse_size(&show_size(bytes)).unwrap();
            assert!(again.abs_diff(bytes) <= bytes / 20, "{text:?}: {again}");
        }
        if let Ok(time) = parse_time(text) {
            assert!(
                text.starts_with(|first: char| first.is_ascii_digit()),
                "{time:?}"
            );
        }
    });
}

#[test]
fn requests_and_stores() {
    let valid = [
        "GET /",
        "POST /posts/{n}?a=b the {n}th",
        "sqlite:a/b.db",
        "redis://u:p@h:1/0",
    ];
    let known: [&[u8]; 6] = [b"{n}", b"//", b"%zz", b"@", b":99999", b"[::1]"];
    texts(2, &valid, &known, 20_000, |text| {
        if let Ok(template) = text.parse::<RequestTemplate>() {
            // Any number may stand for itself.
            template.request(u64::MAX).unwrap();
        }
        let _ = text.parse::<keyvalue::Location>();
    });
}

#[test]
fn manifests() {
    let site = Site::empty();
    let valid = std::fs::read_to_string(root().join("spin.toml")).unwrap();
    let known: [&[u8]; 6] = [
        b"[component.x]\n",
        b"source = ",
        b"\"\"\"",
        b"{{",
        b"= 2\n",
        b"[[",
    ];
    let (mut read, mut refused) = (0, 0);
    texts(3, &[&valid], &known, 2000, |text| {
        let path = site.write("x.toml", text);
        match Manifest::read(&path) {
            Ok(_) => read += 1,
            Err(error) => {
                let error = format!("{error:#}");
                assert!(error.contains("x.toml"), "{error}");
                refused += 1;
            }
        }
    });
    assert!(
        read > 100 && refused > 100,
        "{read} read, {refused} refused"
    );
}

/// A capture with something in every field.
fn capture() -> Vec<u8> {
    let amount = Amount {
        blocks: 3,
        bytes: 96,
    };
    let amounts = Amounts {
        alloc: amount,
        inuse: amount,
        peak: amount,
        temporary: Amount::default(),
        grown: amount,
    };
    // Another program may say so.
    let most = Amount {
        blocks: i64::MAX,
        bytes: i64::MAX,
    };
    let huge = Amounts {
        alloc: most,
        inuse: most,
        ..amounts
    };
    let function = |name: &str| Function {
        name: name.to_owned(),
        system_name: name.to_owned(),
        file: "src/lib.rs".to_owned(),
    };
    let location = |address, function| Location {
        module: 0,
        address,
        lines: vec![Line { function, line: 7 }],
    };
    let labels = Labels {
        bytes: Some(32),
        request: Some("GET /".to_owned()),
        number: Some(1),
        at_us: Some(10),
        order: Some(1),
    };
    let sample = |stack, amounts| Sample {
        stack,
        amounts,
        labels: labels.clone(),
    };
    let heap = Heap {
        modules: vec![Module {
            file: "x.wasm".to_owned(),
            build_id: "0".to_owned(),
            start: 0,
            end: 1000,
        }],
        functions: vec![function("handle"), function("alloc")],
        locations: vec![location(10, 0), location(20, 1)],
        samples: vec![sample(vec![1, 0], amounts), sample(vec![0], huge)],
        run: Run {
            requests: 100,
            measured: 90,
            reuse: 100,
            ..Run::default()
        },
        drop_frames: "^alloc$".to_owned(),
    };
    encode::encode(&heap).unwrap()
}

/// A capture, and others of which something was changed; the seed says what.
fn captures(seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let file = capture();
    let mut valid = Vec::new();
    GzDecoder::new(&*file).read_to_end(&mut valid).unwrap();
    let mut rng = Rng::with_seed(seed);
    let numbers: [&[u8]; 3] = [&[0x7f], &[0xff; 9], &[0x80, 0x80, 0x80, 0x80, 0x10]];
    let changed = std::iter::repeat_with(move || {
        if rng.u8(..8) == 0 {
            return mutated(&mut rng, &file, &numbers);
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed
            .write_all(&mutated(&mut rng, &valid, &numbers))
            .unwrap();
        packed.finish().unwrap()
    });
    std::iter::once(capture()).chain(changed)
}

#[test]
fn captures_are_read_or_refused() {
    let (mut read, mut refused) = (0, 0);
    for file in captures(4).take(20_000) {
        match decode::decode(&file) {
            Ok(heap) => {
                heap.total();
                encode::encode(&heap).unwrap();
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(
        read > 100 && refused > 100,
        "{read} read, {refused} refused"
    );
}

/// Each view of a capture takes what was read of it.
#[test]
fn captures_are_shown_or_refused() {
    let site = Site::empty();
    for file in captures(5).take(25) {
        site.write("x.pb.gz", &file);
        for view in ["top", "leaks", "flamegraph"] {
            let output = site.run(&["profile", view, "x.pb.gz"]);
            let error = String::from_utf8_lossy(&output.stderr);
            let code = output.status.code();
            assert!(code.is_some_and(|code| code < 100), "{view}: {error}");
            assert!(!error.contains("panicked"), "{view}: {error}");
        }
    }
}
