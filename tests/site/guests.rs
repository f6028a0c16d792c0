//! Components under test, built from source once for all tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The component that behaves as the path asks.
pub fn behaviours() -> PathBuf {
    guests().join("http.wasm")
}

/// A component with an import that no host of ours offers.
pub fn outgoing() -> PathBuf {
    guests().join("outgoing.wasm")
}

/// The component that counts what it allocates.
pub fn counting() -> PathBuf {
    guests().join("heap.wasm")
}

/// The component that keeps memory.
pub fn leaks() -> PathBuf {
    guests().join("leaks.wasm")
}

/// The same without the names of its functions.
pub fn stripped() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests-stripped");
    let strip = ["-p", "heap", "--config", "profile.release.strip=true"];
    build(&root().join("tests/fixtures/guests"), &strip, &target).join("heap.wasm")
}

/// A component with the lines of its source.
pub fn with_lines(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests-with-lines");
    let lines = [
        "-p",
        name,
        "--config",
        "profile.release.strip=false",
        "--config",
        "profile.release.debug='line-tables-only'",
    ];
    let built = build(&root().join("tests/fixtures/guests"), &lines, &target);
    built.join(format!("{name}.wasm"))
}

/// The blog.
pub fn blog() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| build(&root(), &["-p", "handler"], &root().join("target")));
    built.join("handler.wasm")
}

/// The top folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn guests() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    BUILT.get_or_init(|| build(&root().join("tests/fixtures/guests"), &[], &target))
}

fn build(workspace: &Path, arguments: &[&str], target: &Path) -> PathBuf {
    let toolchain = Command::new(root().join(".ci/wasm-toolchain"))
        .output()
        .unwrap();
    assert!(
        toolchain.status.success(),
        "{}",
        String::from_utf8_lossy(&toolchain.stderr)
    );
    let rustc = String::from_utf8(toolchain.stdout).unwrap();
    let built = Command::new(env!("CARGO"))
        .current_dir(workspace)
        .env("RUSTC", rustc.trim())
        .args([
            "build",
            "--release",
            "--target",
            "wasm32-wasip2",
            "--target-dir",
        ])
        .arg(target)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join("wasm32-wasip2/release")
}
