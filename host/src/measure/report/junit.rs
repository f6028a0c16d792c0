//! The report for CI: one test case for the verdict and one for each kind of request.

use std::time::Duration;

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::measure::figures::word;
use crate::measure::measurement::Measurement;
use leaktest::Outcome;

/// The report as JUnit's XML.
pub(super) fn show(measurement: &Measurement) -> Result<String> {
    let name = format!("mayfly measure {}", measurement.component);
    let verdict = &measurement.verdict;
    let message = format!("{}: {}", word(verdict.outcome), verdict.summary);
    let failed = verdict.outcome != Outcome::Bounded;
    let mut suite = TestSuite::new(name.as_str());
    suite.set_time(Duration::from_millis(measurement.elapsed_ms));
    suite.add_test_case(case("verdict", failed.then_some(message)));
    for kind in &measurement.kinds {
        let reasons: Vec<_> = kind.failures.keys().map(String::as_str).collect();
        let reasons = (!reasons.is_empty()).then(|| reasons.join("; "));
        suite.add_test_case(case(&kind.request, reasons));
    }
    let mut report = Report::new(name);
    report.add_test_suite(suite);
    report.to_string().context("cannot write the JUnit report")
}

fn case(name: &str, failure: Option<String>) -> TestCase {
    let status = match failure {
        None => TestCaseStatus::success(),
        Some(message) => {
            let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
            failed.set_message(message);
            failed
        }
    };
    let mut case = TestCase::new(name, status);
    case.set_classname("memory");
    case
}
