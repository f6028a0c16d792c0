//! Why the interface did not do what it was asked: RFC 9457's problem documents.

use crate::error::ReadError;
use crate::problem::Problem;
use crate::response::Response;
use crate::write::WriteError;
use serde_json::{Value, json};

/// After how many seconds another try may do, where the store failed or was in use.
pub(super) const RETRY_SECONDS: &str = "2";

/// A problem document about the whole request.
pub(super) fn refusal(status: u16, title: &str, detail: &str) -> Response {
    document(
        status,
        &json!({ "title": title, "status": status, "detail": detail }),
    )
}

/// The answer of a blog whose index has to be rebuilt first; clients know it by its type.
pub(super) fn outdated() -> Response {
    let body = json!({
        "type": "urn:mayfly:index-outdated", "title": "the index must be rebuilt", "status": 503,
        "detail": ReadError::IndexOutdated.to_string(),
    });
    document(503, &body).with("retry-after", RETRY_SECONDS)
}

/// The problem document of a source with problems.
pub(super) fn invalid(problems: &[Problem]) -> Response {
    let first = problems
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    document(
        422,
        &json!({
            "title": "the source has problems", "status": 422, "detail": first,
            "problems": problems.iter().map(describe).collect::<Vec<_>>(),
        }),
    )
}

/// The answer to a write that did not come about.
pub(super) fn unwritten(failure: &WriteError) -> Response {
    failed("not written", failure)
}

/// The answer to work that was not done, under a title that says which.
pub(super) fn failed(title: &str, failure: &WriteError) -> Response {
    match failure {
        WriteError::Busy => {
            refusal(503, title, &failure.to_string()).with("retry-after", RETRY_SECONDS)
        }
        WriteError::TooMany => refusal(413, "too many edits", &failure.to_string()),
        WriteError::Read(ReadError::IndexOutdated) => outdated(),
        WriteError::Read(error) => {
            let answer = refusal(error.status(), title, &failure.to_string());
            match error.status() {
                503 => answer.with("retry-after", RETRY_SECONDS),
                _ => answer,
            }
        }
    }
}

/// One problem of a source.
pub(super) fn describe(problem: &Problem) -> Value {
    json!({ "line": problem.line, "field": problem.field, "message": problem.message })
}

fn document(status: u16, body: &Value) -> Response {
    Response::new(
        status,
        "application/problem+json",
        body.to_string().into_bytes(),
    )
}
