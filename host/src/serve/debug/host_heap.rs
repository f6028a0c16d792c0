//! `/debug/pprof/host`: the heap of this program itself, because a leak may be in the host. The
//! allocator samples a block about every 512 KiB, from the start of a program that has debug pages.

use anyhow::Context;
use hyper::StatusCode;
use jemalloc_pprof::{PROF_CTL, activate_jemalloc_profiling};

use super::answer::{Answer, Failure, profile as file};
use heapprof::served;

/// Starts to sample, in a program that has the allocator for it.
pub(in crate::serve) async fn activate() {
    if PROF_CTL.is_some() {
        activate_jemalloc_profiling().await;
    }
}

/// What is alive of what was allocated since then.
pub(super) async fn profile() -> Result<Answer, Failure> {
    let Some(control) = PROF_CTL.as_ref() else {
        let text = "this program was built without the allocator that samples its heap: use the mayfly binary";
        return Err(Failure::new(StatusCode::NOT_IMPLEMENTED, text.to_owned()));
    };
    // Finding the names takes a second or so the first time, and reads this program's file.
    let dump = || control.blocking_lock().dump_pprof();
    let profile = tokio::task::spawn_blocking(dump).await;
    let profile = profile.context("the profile was given up")?;
    let profile = profile.context("cannot write the heap profile")?;
    Ok(file(served::host(&profile)?, "host"))
}
