//! The site's settings: `site.toml` as it was sent.

use super::json;
use super::preconditions::conflict;
use super::problem::{Refusal, invalid};
use crate::error::ReadError;
use crate::etag::ETag;
use crate::host::Host;
use crate::problem::Problem;
use crate::response::Response;
use crate::site::Site;
use crate::write::{self, Expected};
use serde::Serialize;

/// The largest `site.toml`; every page reads what it says.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// What became of new settings.
enum Change {
    Made { recompile: bool },
    Refused(Vec<Problem>),
    Conflict,
}

/// The answer to settings that were written.
#[derive(Serialize)]
struct Written {
    hash: ETag,
    /// Whether the documents have to be compiled again.
    recompile: bool,
    /// What that means until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

const RECOMPILE: &str = "the posts were compiled for other settings: run `mayfly reindex`, or POST \
    /api/reindex until it answers that it is done. Until then each page is compiled anew for each \
    visitor, and lists keep the dates of the former time zone. A date without an offset is meant \
    in the new zone from then on, so a scheduled post may come due at another time";

/// `site.toml`; empty where none was sent.
pub(super) fn get(host: &impl Host) -> Result<Response, Refusal> {
    let toml = Site::read(host)?.source(host)?.into_bytes();
    Ok(Response::new(200, "application/toml; charset=utf-8", toml).with_etag())
}

/// Replaces the settings.
pub(super) fn put(
    host: &impl Host,
    source: &str,
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let hash = ETag::of(source.as_bytes());
    let holds = |site: &Site| -> Result<bool, ReadError> {
        let Some(expected) = expected else {
            return Ok(true);
        };
        let found = site.source(host)?;
        let found = (!found.is_empty()).then(|| ETag::of(found.as_bytes()).0);
        Ok(expected.holds(found, Some(hash.0)))
    };
    // Before anything is written, the lock included: a publisher may only want to know.
    let mut tried = Site::read(host)?;
    if !holds(&tried)? {
        return Ok(match tried.set_source(source) {
            Ok(()) => conflict(),
            Err(problems) => invalid(&problems),
        });
    }
    let change = write::update_site(host, |site| {
        if !holds(site)? {
            return Ok(Change::Conflict);
        }
        let (is_first, before) = (site.source_hash.is_none(), site.compile_fingerprint);
        Ok(match site.set_source(source) {
            Ok(()) => Change::Made {
                recompile: !is_first && site.compile_fingerprint != before,
            },
            Err(problems) => Change::Refused(problems),
        })
    });
    let change: Result<Change, ReadError> = change?;
    Ok(match change? {
        Change::Made { recompile } => {
            let detail = recompile.then_some(RECOMPILE);
            let written = Written {
                hash,
                recompile,
                detail,
            };
            json(200, &written).with_tag(hash)
        }
        Change::Refused(problems) => invalid(&problems),
        Change::Conflict => conflict(),
    })
}
