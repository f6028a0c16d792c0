//! The site's settings: `site.toml` as it was sent.

use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
use crate::host::Host;
use crate::request::Request;
use crate::response::Response;
use crate::site::{self, Site};
use crate::write;
use xxhash_rust::xxh3::xxh3_128;

/// `site.toml`, or the built-in settings' absence of it.
pub(super) fn get(host: &impl Host) -> Response {
    let record = match host.get(site::KEY) {
        Ok(record) => record,
        Err(error) => return unreadable(&error.into()),
    };
    match Site::decode(record.as_deref()) {
        Ok(site) => Response::new(
            200,
            "application/toml; charset=utf-8",
            site.source.into_bytes(),
        )
        .tagged(),
        Err(error) => unreadable(&error.into()),
    }
}

/// Replaces the settings. The answer says whether the posts have to be compiled again.
pub(super) fn put(host: &impl Host, request: &Request) -> Response {
    let Ok(source) = std::str::from_utf8(&request.body) else {
        return refusal(400, "not UTF-8", "save site.toml as UTF-8");
    };
    let mut problems = Vec::new();
    let changed = write::site(host, |site| match site.clone().with_settings(source) {
        Ok(new) => {
            let again = !site.source.is_empty()
                && site.settings.compile_options() != new.settings.compile_options();
            *site = new;
            again
        }
        Err(found) => {
            problems = found;
            false
        }
    });
    match changed {
        _ if !problems.is_empty() => invalid(&problems),
        Ok(recompile) => {
            let hash = hex(xxh3_128(source.as_bytes()));
            json(
                200,
                &serde_json::json!({ "hash": hash, "recompile": recompile }),
            )
        }
        Err(failure) => unwritten(&failure),
    }
}
