//! The site's settings: `site.toml` as it was sent.

use super::guard::{conflict, expected};
use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
use crate::host::Host;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;
use crate::site::Site;
use crate::write;
use xxhash_rust::xxh3::xxh3_128;

/// `site.toml`, or the built-in settings' absence of it.
pub(super) fn get(host: &impl Host) -> Response {
    match Site::read(host).and_then(|site| site.source(host)) {
        Ok(source) => {
            let tag = format!("\"{}\"", hex(xxh3_128(source.as_bytes())));
            let toml = source.into_bytes();
            Response::new(200, "application/toml; charset=utf-8", toml).with("etag", tag)
        }
        Err(error) => unreadable(&error),
    }
}

/// Replaces the settings. The answer says whether the posts have to be compiled again.
pub(super) fn put(host: &impl Host, request: &Request) -> Response {
    let Ok(source) = std::str::from_utf8(&request.body) else {
        return refusal(400, "not UTF-8", "save site.toml as UTF-8");
    };
    let expected = match expected(request) {
        Ok(expected) => expected,
        Err(refused) => return refused,
    };
    let change = write::update_site(host, |site| {
        if let Some(expected) = expected {
            let found = site.source(host)?;
            let found = (!found.is_empty()).then(|| xxh3_128(found.as_bytes()));
            if !expected.holds(found, Some(xxh3_128(source.as_bytes()))) {
                return Ok(Change::Conflict);
            }
        }
        let (is_first, before) = (site.source_hash.is_none(), site.compile_fingerprint);
        Ok(match site.set_source(source) {
            Ok(()) => Change::Made {
                recompile: !is_first && site.compile_fingerprint != before,
            },
            Err(problems) => Change::Refused(problems),
        })
    });
    match change.and_then(|change| change) {
        Ok(Change::Made { recompile }) => made(&hex(xxh3_128(source.as_bytes())), recompile),
        Ok(Change::Refused(problems)) => invalid(&problems),
        Ok(Change::Conflict) => conflict(),
        Err(failure) => unwritten(&failure),
    }
}

fn made(hash: &str, recompile: bool) -> Response {
    let mut answer = serde_json::json!({ "hash": hash, "recompile": recompile });
    if recompile {
        answer["detail"] = RECOMPILE.into();
    }
    json(200, &answer).with("etag", format!("\"{hash}\""))
}

const RECOMPILE: &str = "the posts were compiled for other settings: run `mayfly reindex`, or POST \
    /api/reindex until it answers that it is done. Until then each page is compiled anew for each \
    visitor, and lists keep the dates of the former time zone. A date without an offset is meant \
    in the new zone from then on, so a scheduled post may come due at another time";

/// What became of new settings.
enum Change {
    Made { recompile: bool },
    Refused(Vec<Problem>),
    Conflict,
}
