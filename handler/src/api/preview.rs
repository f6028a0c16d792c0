//! A link that shows a post before or after its time.

use super::problem::{Refusal, refusal};
use super::strict_object::StrictObject;
use super::{document, json};
use crate::document::DocId;
use crate::host::Host;
use crate::key::Key;
use crate::preview;
use crate::response::Response;
use crate::site::Site;
use serde::{Deserialize, Serialize};

const DAY_SECONDS: i64 = 86_400;

/// The largest body of a request.
pub(super) const MAX_BYTES: usize = 4 * 1024;

/// The body of the request; it may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PreviewRequest {
    /// For JSON, 7.0 is an integer.
    days: f64,
}

/// The answer.
#[derive(Serialize)]
struct Preview {
    url: String,
    until: i64,
}

impl PreviewRequest {
    /// For how many days the link is to hold.
    pub(super) fn parse(body: &[u8]) -> Result<i64, Refusal> {
        if body.is_empty() {
            return Ok(7);
        }
        match serde_json::from_slice(body).map(|StrictObject::<Self>(request)| request.days) {
            Ok(days) if days.fract() == 0.0 && (1.0..=365.0).contains(&days) => Ok(days as i64),
            Ok(_) => {
                let range = "`days` must be a whole number from 1 to 365";
                Err(refusal(422, "invalid request body", range).into())
            }
            Err(error) => Err(refusal(400, "invalid request body", &error.to_string()).into()),
        }
    }
}

impl Default for PreviewRequest {
    fn default() -> Self {
        Self { days: 7.0 }
    }
}

/// Signs a link.
pub(super) fn sign(host: &impl Host, slug: &str, days: i64) -> Result<Response, Refusal> {
    let keys = [Key::Document(DocId::post(slug)), Key::Site].map(String::from);
    let mut values = host.get_many(&keys)?;
    let site = Site::decode(values.pop().flatten().as_deref())?;
    if values.pop().flatten().is_none() {
        return Err(document::missing(&DocId::post(slug)));
    }
    let until = host.now() + days * DAY_SECONDS;
    let token = host.admin_token().unwrap_or_default();
    let path = preview::path(&token, slug, until);
    let url = format!("{}{path}", site.settings.url);
    Ok(json(200, &Preview { url, until }))
}
