//! `If-Match` and `If-None-Match: *`: guards against overwriting what someone else wrote meanwhile.

use super::problem::{Refusal, refusal};
use crate::etag::ETag;
use crate::request::Request;
use crate::response::Response;
use crate::write::Expected;

/// What the headers say must stand there (RFC 9110, 13.1).
pub(super) fn expected(request: &Request) -> Result<Option<Expected>, Refusal> {
    let header = |name| request.header(name).map(str::trim);
    let if_match = header("if-match").map(|tag| {
        parse(tag).ok_or_else(|| {
            refusal(
                400,
                "invalid If-Match",
                "If-Match must be an ETag that a GET of this address gave, or `*`",
            )
        })
    });
    match (if_match.transpose()?, header("if-none-match")) {
        (expected, None) => Ok(expected),
        (None, Some("*")) => Ok(Some(Expected::Nothing)),
        // Something and nothing: no state of the store is both.
        (Some(_), Some("*")) => Err(conflict().into()),
        (_, Some(_)) => Err(refusal(
            400,
            "invalid If-None-Match",
            "only `If-None-Match: *` is supported: it writes only where nothing is published",
        )
        .into()),
    }
}

/// The meaning of an entity tag of ours, or of `*`.
pub(super) fn parse(tag: &str) -> Option<Expected> {
    if tag == "*" {
        return Some(Expected::Any);
    }
    ETag::parse(tag).map(|tag| Expected::Hash(tag.0))
}

/// The answer where something else stands there.
pub(super) fn conflict() -> Response {
    refusal(
        412,
        "changed by someone else",
        "read it again, and send your change on top of it",
    )
}
