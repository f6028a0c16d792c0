//! `If-Match`: a guard against overwriting what someone else wrote meanwhile.

use super::problem::refusal;
use crate::request::Request;
use crate::response::Response;
use crate::write::Expected;

/// What the header says must stand there (RFC 9110, 13.1.1).
pub(super) fn expected(request: &Request) -> Result<Option<Expected>, Response> {
    parse(request.header("if-match"))
}

/// What the value of such a header says; a batch has one for each edit.
pub(super) fn parse(tag: Option<&str>) -> Result<Option<Expected>, Response> {
    match tag.map(str::trim) {
        None => Ok(None),
        Some("*") => Ok(Some(Expected::Any)),
        Some(tag) => match u128::from_str_radix(tag.trim_matches('"'), 16) {
            Ok(hash) => Ok(Some(Expected::Hash(hash))),
            Err(_) => Err(refusal(
                400,
                "If-Match is no tag of ours",
                "send the ETag that a GET of this address gave",
            )),
        },
    }
}

/// The answer where something else stands there.
pub(super) fn conflict() -> Response {
    refusal(
        412,
        "changed by someone else",
        "read it again, and send your change on top of it",
    )
}
