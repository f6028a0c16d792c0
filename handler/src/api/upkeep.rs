//! Keeping the store in order: a new index, and nothing that nobody refers to.

use super::json;
use super::problem::unwritten;
use crate::host::Host;
use crate::response::Response;
use crate::write;
use serde_json::json as value;

/// One step of a reindex.
pub(super) fn reindex(host: &impl Host) -> Response {
    match write::reindex::step(host) {
        Ok(step) => json(
            200,
            &value!({ "handled": step.handled, "done": step.is_done }),
        ),
        Err(failure) => unwritten(&failure),
    }
}

/// One pass of collecting.
pub(super) fn collect(host: &impl Host) -> Response {
    match write::collect(host) {
        Ok(pass) => json(
            200,
            &value!({
                "deleted": pass.deleted,
                "marked": pass.marked,
                "again_seconds": pass.again_seconds,
            }),
        ),
        Err(failure) => unwritten(&failure),
    }
}
