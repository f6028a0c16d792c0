//! The components that are profiled, in the builds that the tests need.

use std::path::Path;

use crate::support::guests::{build, guests, root};

/// The component that counts what it allocates.
pub fn counting() -> String {
    guests().join("heap.wasm").display().to_string()
}

/// The component that keeps memory.
pub fn leaks() -> String {
    guests().join("leaks.wasm").display().to_string()
}

/// The component of WASI 0.3.
pub fn service() -> String {
    crate::support::guests::service().display().to_string()
}

/// The counting component without the names of its functions.
pub fn stripped() -> String {
    other(
        "heap",
        "stripped",
        &["--config", "profile.release.strip=true"],
    )
}

/// A component that carries lines and inlined functions.
pub fn with_lines(name: &str) -> String {
    let strip = "profile.release.strip=false";
    let debug = "profile.release.debug='limited'";
    other(name, "with-lines", &["--config", strip, "--config", debug])
}

fn other(name: &str, kind: &str, arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guests-{kind}"));
    let workspace = root().join("tests/fixtures/guests");
    let built = build(&workspace, &[&["-p", name], arguments].concat(), &target);
    built.join(format!("{name}.wasm")).display().to_string()
}
