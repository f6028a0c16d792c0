//! Components under test, built from source: by `make test` before all tests, and else by each
//! process of tests for itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of components in a target folder.
const OUTPUT: &str = "wasm32-wasip2/release";

/// The component that behaves as the path asks.
pub fn behaviours() -> PathBuf {
    guests().join("http.wasm")
}

/// A component with an import that no host of ours offers.
pub fn outgoing() -> PathBuf {
    guests().join("outgoing.wasm")
}

/// A component of WASI 0.3 that behaves as the path asks.
pub fn service() -> PathBuf {
    guests().join("service.wasm")
}

/// A component that reaches its store through the interfaces of several hosts.
pub fn stores() -> PathBuf {
    guests().join("stores.wasm")
}

/// The blog.
pub fn blog() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| built(&root(), &["-p", "handler"], &root().join("target")));
    built.join("handler.wasm")
}

/// The top folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The folder of the components under test.
pub fn guests() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    BUILT.get_or_init(|| built(&root().join("tests/fixtures/guests"), &[], &target))
}

/// Where `build` leaves components of a workspace, which it does not do again if `make` has.
fn built(workspace: &Path, arguments: &[&str], target: &Path) -> PathBuf {
    if std::env::var_os("COMPONENTS_ARE_BUILT").is_some() {
        return target.join(OUTPUT);
    }
    build(workspace, arguments, target)
}

/// Builds a workspace of components; says where they are.
pub fn build(workspace: &Path, arguments: &[&str], target: &Path) -> PathBuf {
    let toolchain = Command::new(root().join(".ci/wasm-toolchain"))
        .output()
        .unwrap();
    assert!(
        toolchain.status.success(),
        "{}",
        String::from_utf8_lossy(&toolchain.stderr)
    );
    let rustc = String::from_utf8(toolchain.stdout).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    if workspace != root() {
        // Components of strangers are compiled as those compile them.
        cargo.env("RUSTFLAGS", "");
    }
    let built = cargo
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
    target.join(OUTPUT)
}
