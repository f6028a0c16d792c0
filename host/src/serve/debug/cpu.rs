//! `/debug/pprof/profile`: where the processor is in the guest, sampled in the instances that
//! serve the traffic.

use std::time::Duration;

use super::answer::{Answer, Failure, profile as file};
use super::query::Query;
use heapprof::served;
use instance::Runtime;

/// What Go takes by default.
const SECONDS: u32 = 30;
const MOST_SECONDS: u32 = 300;

/// Looks for as many seconds as the query says.
pub(super) async fn profile(runtime: &Runtime, query: &Query) -> Result<Answer, Failure> {
    let seconds = query.number("seconds", SECONDS, 1..=MOST_SECONDS)?;
    let time = Duration::from_secs(seconds.into());
    let samples = runtime.sample_cpu(time).await?;
    let samples =
        samples.ok_or_else(|| Failure::busy("another profile is being taken: try again"))?;
    Ok(file(served::cpu(&samples, runtime.path())?, "profile"))
}
