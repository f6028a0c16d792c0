//! The report for CI: one test case for the verdict and one for each kind of request.

use std::fmt::Write;

use crate::html::escape;
use crate::measure::figures::word;
use crate::measure::measurement::Measurement;
use leaktest::Outcome;

/// The report as JUnit's XML.
pub(super) fn show(measurement: &Measurement) -> String {
    let mut cases = String::new();
    // Writing to a string cannot fail.
    let failures = write_cases(&mut cases, measurement).unwrap_or(0);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"mayfly measure {}\" tests=\"{}\" failures=\"{failures}\" time=\"{:.3}\">\n{cases}</testsuite>\n",
        escape(&measurement.component),
        1 + measurement.kinds.len(),
        measurement.elapsed_ms as f64 / 1000.0,
    )
}

fn write_cases(cases: &mut String, measurement: &Measurement) -> Result<usize, std::fmt::Error> {
    let mut failures = 0;
    let mut case = |name: &str, failure: Option<String>| {
        let name = escape(name);
        match failure {
            None => writeln!(cases, "  <testcase classname=\"memory\" name=\"{name}\"/>"),
            Some(message) => {
                failures += 1;
                let message = escape(&message);
                writeln!(
                    cases,
                    "  <testcase classname=\"memory\" name=\"{name}\"><failure message=\"{message}\"/></testcase>"
                )
            }
        }
    };
    let verdict = &measurement.verdict;
    let failed = verdict.outcome != Outcome::Bounded;
    let message = || format!("{}: {}", word(verdict.outcome), verdict.summary);
    case("verdict", failed.then(message))?;
    for kind in &measurement.kinds {
        let reasons: Vec<_> = kind.failures.keys().map(String::as_str).collect();
        case(
            &kind.request,
            (!reasons.is_empty()).then(|| reasons.join("; ")),
        )?;
    }
    Ok(failures)
}
