//! `measure`: does a component leak?
//!
//! It drives requests through the component inside this process, records what each used, and
//! lets the statistics judge. A measurement is plain data; the reports only show it. Nothing
//! here knows what the component is for.

mod baseline;
mod conclusion;
mod figures;
mod flags;
mod machine;
mod measurement;
mod plan;
mod report;
mod subject;
mod summary;

use std::process::ExitCode;

use anyhow::Result;
use leaktest::Steps;

use crate::progress::Progress;
use baseline::Baseline;
pub use flags::Flags;
use subject::Subject;

/// Measures, reports, and ends with the exit code of the verdict.
pub async fn run(flags: &Flags) -> Result<ExitCode> {
    let plan = plan::of_flags(flags)?;
    let baseline = flags.baseline.as_deref().map(Baseline::read).transpose()?;
    let report = report::File::open(flags)?;
    let progress = Progress::begin("compiling the component");
    let subject = Subject::open(flags)?;
    let show = move |done, planned| progress.set("requests", done, planned);
    let driven = leaktest::drive(&subject.runtime, &plan, show).await;
    let mut measurement = conclusion::draw(&subject, &plan, &driven);
    if let Some(baseline) = baseline {
        conclusion::compare(&mut measurement, &baseline, flags.tolerance_percent);
    }
    report::write(flags, report, &measurement)?;
    Ok(ExitCode::from(measurement.verdict.outcome.exit_code()))
}

/// The measurement that `flags` describe, for who asks for its requests step by step.
pub fn steps(flags: &Flags) -> Result<Steps> {
    let plan = plan::of_flags(flags)?;
    Ok(Steps::new(&Subject::open(flags)?.runtime, &plan))
}
