//! The site's settings: `site.toml` as it was sent.

use super::json;
use super::preconditions::conflict;
use super::problem::{Refusal, invalid};
use crate::etag::ETag;
use crate::host::Host;
use crate::problem::Problem;
use crate::response::Response;
use crate::site::{self, Site};
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
}

/// `site.toml`; empty where none was sent.
pub(super) fn get(host: &impl Host) -> Result<Response, Refusal> {
    let site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let toml = site.source.into_bytes();
    Ok(Response::new(200, "application/toml; charset=utf-8", toml).with_etag())
}

/// Replaces the settings.
pub(super) fn put(
    host: &impl Host,
    source: &str,
    expected: Option<Expected>,
) -> Result<Response, Refusal> {
    let hash = ETag::of(source.as_bytes());
    let change = write::site(host, |site| {
        let found = (!site.source.is_empty()).then(|| ETag::of(site.source.as_bytes()).0);
        if expected.is_some_and(|expected| !expected.holds(found, Some(hash.0))) {
            return Change::Conflict;
        }
        match site.clone().with_settings(source) {
            Ok(new) => {
                let recompile = !site.source.is_empty()
                    && site.settings.compile_options() != new.settings.compile_options();
                *site = new;
                Change::Made { recompile }
            }
            Err(problems) => Change::Refused(problems),
        }
    });
    Ok(match change? {
        Change::Made { recompile } => json(200, &Written { hash, recompile }).with_tag(hash),
        Change::Refused(problems) => invalid(&problems),
        Change::Conflict => conflict(),
    })
}
