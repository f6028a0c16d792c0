//! A link that shows a post before or after its time.

use super::object::Object;
use super::problem::refusal;
use super::{document, json, unreadable};
use crate::document::DocId;
use crate::host::Host;
use crate::key::Key;
use crate::preview;
use crate::request::Request;
use crate::response::Response;
use crate::site::Site;
use serde::Deserialize;

const DAY_SECONDS: i64 = 86_400;

/// The body of the request; it may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wish {
    /// For how many days the link is to hold; for JSON, 7.0 is an integer.
    days: f64,
}

impl Default for Wish {
    fn default() -> Self {
        Self { days: 7.0 }
    }
}

/// Signs a link.
pub(super) fn sign(host: &impl Host, slug: &str, request: &Request) -> Response {
    let wish = match request.body.as_slice() {
        [] => Ok(Wish::default()),
        body => serde_json::from_slice(body).map(|Object::<Wish>(wish)| wish),
    };
    let days = match wish {
        Ok(Wish { days }) if days.fract() == 0.0 && (1.0..=365.0).contains(&days) => days as i64,
        Ok(_) => return refusal(422, "no such time", "a preview holds for 1 to 365 days"),
        Err(error) => return refusal(400, "the body is no wish", &error.to_string()),
    };
    let keys = [Key::Document(DocId::post(slug)), Key::Site].map(String::from);
    let (found, site) = match host.get_many(&keys) {
        Ok(mut values) => {
            let site = values.pop().flatten();
            (values.pop().flatten(), Site::decode(site.as_deref()))
        }
        Err(error) => return unreadable(&error.into()),
    };
    if found.is_none() {
        return document::missing(slug);
    }
    let until = host.now() + days * DAY_SECONDS;
    let token = host.admin_token().unwrap_or_default();
    match (site, preview::path(&token, slug, until)) {
        (Ok(site), Some(path)) => {
            let url = format!("{}{path}", site.settings.url);
            json(200, &serde_json::json!({ "url": url, "until": until }))
        }
        (Err(error), _) => unreadable(&error),
        (_, None) => refusal(500, "not signed", "the admin token makes no key"),
    }
}
