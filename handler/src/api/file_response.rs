//! What is answered about one file, uploaded or of the theme.

use super::json;
use super::problem::{Refusal, refusal};
use crate::etag::ETag;
use crate::response::Response;
use serde::Serialize;

/// The answer to a file that was written.
#[derive(Serialize)]
struct Stored {
    hash: ETag,
}

/// The answer to a file with these bytes that was written.
pub(super) fn stored(bytes: &[u8]) -> Response {
    let hash = ETag::of(bytes);
    json(200, &Stored { hash }).with_tag(hash)
}

/// The answer where there is no such file.
pub(super) fn missing(name: &str) -> Refusal {
    refusal(404, "not found", &format!("there is no file {name:?}")).into()
}
