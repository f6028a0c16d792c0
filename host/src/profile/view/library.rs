//! The language's own library: `Vec::push` and its like, which stand between the program and its
//! allocator in nearly every stack. What they allocate is shown as their caller's, for that is
//! where it can be changed; where they call the program back they stay.

use super::stack::Call;

/// How names begin that are the library's, in Rust and C++.
const CRATES: [&str; 4] = ["alloc::", "core::", "std::", "hashbrown::"];
/// Where the sources of Rust's library are; inlined functions often have short names.
const SOURCES: [&str; 4] = [
    "/library/alloc/src/",
    "/library/core/src/",
    "/library/std/src/",
    "/hashbrown-",
];

/// Takes away the innermost calls in the library, unless there are no others.
pub(super) fn trim(calls: &mut Vec<Call>, names: &[String]) {
    let own = |call: &Call| !is_library(&names[call.name], &call.file);
    if let Some(own) = calls.iter().position(own) {
        calls.drain(..own);
    }
}

fn is_library(name: &str, file: &str) -> bool {
    let name = name.strip_prefix('<').unwrap_or(name);
    // A trait of the library, implemented by the library for all types.
    let name = name.strip_prefix("T as ").unwrap_or(name);
    CRATES.iter().any(|known| name.starts_with(known))
        || SOURCES.iter().any(|known| file.contains(known))
}
