//! `If-Match` and `If-None-Match: *`: guards against overwriting what someone else wrote meanwhile.

use super::problem::refusal;
use crate::request::Request;
use crate::response::Response;
use crate::write::Expected;

/// What the headers say must stand there (RFC 9110, 13.1).
pub(super) fn expected(request: &Request) -> Result<Option<Expected>, Response> {
    let header = |name| request.header(name).map(str::trim);
    let something = header("if-match").map(|tag| {
        parse(tag).ok_or_else(|| {
            refusal(
                400,
                "If-Match is no tag of ours",
                "send the ETag that a GET of this address gave",
            )
        })
    });
    match (something.transpose()?, header("if-none-match")) {
        (expected, None) => Ok(expected),
        (None, Some("*")) => Ok(Some(Expected::Nothing)),
        // Something and nothing: no state of the store is both.
        (Some(_), Some("*")) => Err(conflict()),
        (_, Some(_)) => Err(refusal(
            400,
            "If-None-Match is of no use here",
            "send it as *, to write only where nothing stands",
        )),
    }
}

/// The meaning of an entity tag of ours, or of `*`.
pub(super) fn parse(tag: &str) -> Option<Expected> {
    if tag == "*" {
        return Some(Expected::Any);
    }
    let digits = tag.trim_matches('"');
    let is_hash = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hash = u128::from_str_radix(digits, 16).ok();
    hash.filter(|_| is_hash).map(Expected::Hash)
}

/// The answer where something else stands there.
pub(super) fn conflict() -> Response {
    refusal(
        412,
        "changed by someone else",
        "read it again, and send your change on top of it",
    )
}
