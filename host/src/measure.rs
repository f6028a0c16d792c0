//! `measure`: does a component leak?
//!
//! It drives requests through the component inside this process, records what each used, and
//! lets the statistics judge. A measurement is plain data; the reports only show it. Nothing
//! here knows what the component is for.

mod baseline;
mod drive;
mod flags;
mod host;
pub(crate) mod kind;
mod lane;
mod machine;
mod measurement;
mod plan;
mod record;
mod report;
pub mod statistics;
mod steps;
mod subject;
mod summary;
mod verdict;

use std::process::ExitCode;

use anyhow::Result;

use crate::print;
use baseline::Baseline;
pub use flags::Flags;
use measurement::Measurement;
use plan::Plan;
pub use steps::Steps;
use subject::Subject;
use verdict::Outcome;

/// Measures, reports, and ends with the exit code of the verdict.
pub async fn run(flags: &Flags) -> ExitCode {
    match measure(flags).await {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            print::note(format_args!("mayfly: {error:#}"));
            ExitCode::from(Outcome::Error.exit_code())
        }
    }
}

async fn measure(flags: &Flags) -> Result<Outcome> {
    let plan = Plan::new(flags)?;
    let baseline = flags.baseline.as_deref().map(Baseline::read).transpose()?;
    let subject = Subject::open(flags)?;
    let driven = drive::drive(&subject.runtime, &plan).await;
    let mut measurement = Measurement::new(&subject, &plan, &driven);
    if let Some(baseline) = baseline {
        measurement.compare(&baseline, flags.tolerance_percent);
    }
    report::write(flags, &measurement)?;
    Ok(measurement.verdict.outcome)
}
