//! `measure`: does a component leak?
//!
//! It drives requests through the component inside this process, records what each used, and
//! lets the statistics judge. A measurement is plain data; the reports only show it. Nothing
//! here knows what the component is for.

mod baseline;
mod flags;
mod machine;
mod measurement;
mod plan;
mod report;
mod subject;
mod summary;

use std::process::ExitCode;

use anyhow::Result;
use leaktest::{Outcome, Steps};

use crate::failure::Failure;
use crate::print;
use baseline::Baseline;
pub use flags::Flags;
use measurement::Measurement;
use subject::Subject;

/// Measures, reports, and ends with the exit code of the verdict.
pub async fn run(flags: &Flags) -> ExitCode {
    match measure(flags).await {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            print::note(format_args!("mayfly: {}", Failure(&error)));
            ExitCode::from(Outcome::Error.exit_code())
        }
    }
}

async fn measure(flags: &Flags) -> Result<Outcome> {
    let plan = plan::of_flags(flags)?;
    let baseline = flags.baseline.as_deref().map(Baseline::read).transpose()?;
    let subject = Subject::open(flags)?;
    let driven = leaktest::drive(&subject.runtime, &plan).await;
    let mut measurement = Measurement::new(&subject, &plan, &driven);
    if let Some(baseline) = baseline {
        measurement.compare(&baseline, flags.tolerance_percent);
    }
    report::write(flags, &measurement)?;
    Ok(measurement.verdict.outcome)
}

/// The measurement that `flags` describe, for who asks for its requests step by step.
pub fn steps(flags: &Flags) -> Result<Steps> {
    let plan = plan::of_flags(flags)?;
    Ok(Steps::new(&Subject::open(flags)?.runtime, &plan))
}
