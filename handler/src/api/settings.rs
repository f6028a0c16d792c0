//! The site's settings: `site.toml` as it was sent.

use super::guard::{conflict, expected};
use super::problem::{invalid, refusal, unwritten};
use super::{hex, json, unreadable};
use crate::host::Host;
use crate::key::Key;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::Response;
use crate::site::Site;
use crate::write;
use xxhash_rust::xxh3::xxh3_128;

/// `site.toml`, or the built-in settings' absence of it.
pub(super) fn get(host: &impl Host) -> Response {
    let record = match host.get(&Key::Site.to_string()) {
        Ok(record) => record,
        Err(error) => return unreadable(host, &error.into()),
    };
    match Site::decode(record.as_deref()) {
        Ok(site) => {
            let tag = format!("\"{}\"", hex(xxh3_128(site.source.as_bytes())));
            let toml = site.source.into_bytes();
            Response::new(200, "application/toml; charset=utf-8", toml).with("etag", tag)
        }
        Err(error) => unreadable(host, &error.into()),
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
        let found = (!site.source.is_empty()).then(|| xxh3_128(site.source.as_bytes()));
        let new = Some(xxh3_128(source.as_bytes()));
        if expected.is_some_and(|expected| !expected.holds(found, new)) {
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
    match change {
        Ok(Change::Made { recompile }) => {
            let hash = hex(xxh3_128(source.as_bytes()));
            json(
                200,
                &serde_json::json!({ "hash": hash, "recompile": recompile }),
            )
            .with("etag", format!("\"{hash}\""))
        }
        Ok(Change::Refused(problems)) => invalid(&problems),
        Ok(Change::Conflict) => conflict(),
        Err(failure) => unwritten(&failure),
    }
}

/// What became of new settings.
enum Change {
    Made { recompile: bool },
    Refused(Vec<Problem>),
    Conflict,
}
