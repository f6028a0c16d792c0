//! What is not in order, step by step.

use super::json;
use super::problem::failed;
use crate::check::{self, Finding};
use crate::host::Host;
use crate::request::Request;
use crate::response::Response;
use serde_json::{Value, json as value};

/// One step of a check; the first has no cursor.
pub(super) fn check(host: &impl Host, request: &Request) -> Response {
    match check::step(host, request.parameter("cursor").as_deref()) {
        Ok(step) => {
            let findings: Vec<Value> = step.findings.iter().map(finding).collect();
            json(
                200,
                &value!({
                    "findings": findings,
                    "unfinished": step.unfinished,
                    "looked_at": step.looked_at,
                    "cursor": step.cursor,
                }),
            )
        }
        Err(failure) => failed("the store cannot be checked", &failure),
    }
}

fn finding(finding: &Finding) -> Value {
    value!({ "key": finding.key, "problem": finding.problem, "remedy": finding.remedy })
}
