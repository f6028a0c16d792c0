//! `mayfly measure`, run to its end on the component with the leaks.

use std::ffi::OsStr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use serde_json::Value;

use crate::support::guests;

/// The component that keeps memory as the path asks.
pub fn leaks() -> PathBuf {
    guests::outgoing().with_file_name("leaks.wasm")
}

/// A measurement's exit code and JSON report.
pub struct Measured {
    pub code: Option<i32>,
    pub report: Value,
}

/// Measures the component with the leaks.
#[track_caller]
pub fn measure(arguments: &[&str]) -> Measured {
    measure_component(&leaks(), arguments)
}

/// Measures any component.
#[track_caller]
pub fn measure_component(component: &Path, arguments: &[&str]) -> Measured {
    let mut command = mayfly();
    command.arg(component).args(["--format", "json"]);
    Measured::of(&command.args(arguments).output().unwrap())
}

/// Runs the program on the component with the leaks.
pub fn run(arguments: &[&str]) -> Output {
    mayfly().arg(leaks()).args(arguments).output().unwrap()
}

/// The program, to be told the rest.
pub fn mayfly() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mayfly"));
    command
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .arg("measure");
    command
}

/// A path for a file of this test, in a folder that goes with it.
pub fn scratch(name: &str) -> Scratch {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Relaxed);
    let folder =
        std::env::temp_dir().join(format!("mayfly-measure-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    Scratch {
        path: folder.join(name),
        folder,
    }
}

/// A path in a folder that goes with it.
pub struct Scratch {
    path: PathBuf,
    folder: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl AsRef<Path> for Scratch {
    fn as_ref(&self) -> &Path {
        self
    }
}

impl AsRef<OsStr> for Scratch {
    fn as_ref(&self) -> &OsStr {
        self.as_os_str()
    }
}

impl Measured {
    /// What a finished program reported.
    #[track_caller]
    pub fn of(output: &Output) -> Self {
        let report = serde_json::from_slice(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        Self {
            code: output.status.code(),
            report: report.unwrap_or_else(|_| panic!("no report: {error}")),
        }
    }

    #[track_caller]
    pub fn is(&self, outcome: &str, code: i32) -> &Self {
        assert_eq!(
            self.report["verdict"]["outcome"],
            outcome,
            "{}",
            self.summary()
        );
        assert_eq!(self.code, Some(code));
        self
    }

    #[track_caller]
    pub fn says(&self, part: &str) -> &Self {
        assert!(
            self.summary().contains(part),
            "{part:?} is not in: {}",
            self.summary()
        );
        self
    }

    /// One of the series.
    pub fn series(&self, measure: &str) -> &Value {
        let series = self.report["series"].as_array().unwrap();
        series
            .iter()
            .find(|series| series["measure"] == measure)
            .unwrap()
    }

    /// Sizes of the steps of one series.
    pub fn steps(&self, measure: &str) -> Vec<f64> {
        let steps = self.series(measure)["steps"].as_array().unwrap();
        steps
            .iter()
            .map(|step| step["size"].as_f64().unwrap())
            .collect()
    }

    #[track_caller]
    pub fn grows(&self, measure: &str, per_request: f64) -> &Self {
        let slope = self.series(measure)["slope"]["per_request"]
            .as_f64()
            .unwrap();
        let off = (slope - per_request).abs() / per_request;
        assert!(off < 0.05, "{measure}: {slope} is not {per_request}");
        self
    }

    fn summary(&self) -> &str {
        self.report["verdict"]["summary"].as_str().unwrap()
    }
}
