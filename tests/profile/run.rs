//! `mayfly profile` run to its end, and what it printed as numbers.

use std::path::Path;
use std::process::{Command, Output};

use super::components::counting;
use crate::support::program::Site;

/// What a run printed.
pub struct Printed {
    pub out: String,
    pub err: String,
}

/// Bytes and blocks.
pub type Amount = (u64, u64);

/// Runs `mayfly profile` with `arguments` and expects success.
#[track_caller]
pub fn profile(arguments: &[&str]) -> Printed {
    let output = run(arguments);
    let printed = Printed {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(output.status.success(), "{}{}", printed.out, printed.err);
    printed
}

/// Expects that `mayfly profile` fails with an error that says all of `parts`.
#[track_caller]
pub fn refuses(arguments: &[&str], parts: &[&str]) {
    let output = run(arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert_eq!(error.matches("mayfly: ").count(), 1, "{error}");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
}

/// Records `requests` to the counting guest into a capture, gone with the site.
#[track_caller]
pub fn capture(site: &Site, name: &str, arguments: &[&str]) -> String {
    let path = site.folder.join(name).display().to_string();
    profile(&[&[counting().as_str(), "-o", &path], arguments].concat());
    path
}

/// Runs Go's tool on a capture.
#[track_caller]
pub fn go_pprof(arguments: &[&str]) -> String {
    let output = Command::new("go")
        .args(["tool", "pprof"])
        .args(arguments)
        .output();
    let output = output.expect("`go` does not start: install the Debian package golang-go");
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    text
}

fn run(arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_mayfly"));
    command
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder)
        .arg("profile")
        .args(arguments)
        .output()
        .unwrap()
}

impl Printed {
    /// The three sums: allocated, at the peak, left.
    #[track_caller]
    pub fn sums(&self) -> [Amount; 3] {
        let mut lines = self.out.lines();
        ["total allocated:", "peak:", "left at the end:"].map(|head| {
            let line = lines.next().unwrap_or_default();
            amount(
                line.strip_prefix(head)
                    .unwrap_or_else(|| panic!("no {head:?} in {}", self.out)),
            )
        })
    }

    /// The sums as the guest counted them.
    #[track_caller]
    pub fn counted(&self) -> [Amount; 3] {
        let (_, counted) = self.err.rsplit_once("counted ").expect("a count");
        let mut parts = counted.lines().next().unwrap().split(", ");
        std::array::from_fn(|_| amount(parts.next().unwrap()))
    }

    /// The row of the table whose function ends with `name`.
    #[track_caller]
    pub fn row(&self, name: &str) -> Vec<&str> {
        let row = self.out.lines().find(|line| line.ends_with(name));
        let row = row.unwrap_or_else(|| panic!("{name:?} is not in: {}", self.out));
        row.split_whitespace().collect()
    }
}

/// `2000 bytes in 10 blocks`.
#[track_caller]
fn amount(text: &str) -> Amount {
    let numbers: Vec<_> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers[..] {
        [bytes, blocks] => (bytes, blocks),
        _ => panic!("not an amount: {text:?}"),
    }
}
