//! Why the interface did not do what it was asked: RFC 9457's problem documents.

use super::json_of;
use crate::body::BodyError;
use crate::error::ReadError;
use crate::problem::Problem;
use crate::response::Response;
use crate::store::StoreError;
use crate::write::WriteError;
use serde::Serialize;

/// An answer that says why something was not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) response: Response,
    /// What whoever runs the blog ought to know.
    pub(super) to_log: Option<String>,
}

/// A problem document.
#[derive(Serialize)]
struct ProblemDocument<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<SourceProblem<'a>>,
}

/// One problem of a source.
#[derive(Serialize)]
pub(super) struct SourceProblem<'a> {
    line: u32,
    field: Option<&'a str>,
    message: &'a str,
}

/// A problem that is told by its status and its words alone.
const UNTYPED: &str = "about:blank";

/// A reindex rebuilds the index; programs know by this type that they should call for one.
const INDEX_OUTDATED: &str = "urn:mayfly:index-outdated";

/// After how many seconds another try may do, where the store failed or was in use.
const RETRY_SECONDS: &str = "2";

/// A problem document about the whole request.
pub(super) fn refusal(status: u16, title: &str, detail: &str) -> Response {
    document(UNTYPED, status, title, detail, Vec::new())
}

/// The problem document of a source with problems.
pub(super) fn invalid(problems: &[Problem]) -> Response {
    let first = problems.first().map(ToString::to_string);
    let detail = first.unwrap_or_default();
    let problems = problems.iter().map(SourceProblem::from).collect();
    document(UNTYPED, 422, "the source has problems", &detail, problems)
}

fn document(
    kind: &'static str,
    status: u16,
    title: &str,
    detail: &str,
    problems: Vec<SourceProblem<'_>>,
) -> Response {
    let document = ProblemDocument {
        kind,
        title,
        status,
        detail,
        problems,
    };
    json_of("application/problem+json", status, &document)
}

impl<'a> From<&'a Problem> for SourceProblem<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self {
            line: problem.line,
            field: problem.field.as_deref(),
            message: &problem.message,
        }
    }
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self {
            response,
            to_log: None,
        }
    }
}

/// A publisher is told why: it is their own store.
impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        let kind = match error {
            ReadError::IndexOutdated => INDEX_OUTDATED,
            _ => UNTYPED,
        };
        let title = "the store cannot be read";
        let (status, told) = (error.status(), error.to_string());
        let response = document(kind, status, title, &told, Vec::new());
        let response = match status {
            503 => response.with("retry-after", RETRY_SECONDS),
            _ => response,
        };
        Self {
            response,
            to_log: Some(told),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        ReadError::from(error).into()
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        let told = error.to_string();
        match error {
            WriteError::Read(error) => error.into(),
            WriteError::Busy => refusal(503, "other publishers are at work", &told)
                .with("retry-after", RETRY_SECONDS)
                .into(),
            WriteError::TooMany => refusal(413, "too many edits", &told).into(),
        }
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        let title = match error {
            BodyError::TooLarge { .. } => "the request body is too large",
            BodyError::Incomplete => "the request body is incomplete",
            BodyError::TooSlow => "the request body came too slowly",
        };
        refusal(error.status(), title, &error.to_string()).into()
    }
}
