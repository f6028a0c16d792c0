//! Links that show a draft, or a post that is not due yet or expired, until a moment: an
//! end date, signed with a key that only the holder of the admin token can have.

use crate::host::Host;
use crate::request::Request;
use crate::route;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The query parameter of a preview.
pub const PARAMETER: &str = "preview";

/// Keeps the key apart from whatever else may once be derived from the token.
const PURPOSE: &[u8] = b"mayfly preview 1";

/// The path of a preview of a post that ends at a moment.
pub fn path(token: &str, slug: &str, until: i64) -> Option<String> {
    let signature = signature(token, slug, until)?.finalize().into_bytes();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = route::encode(&["posts", slug]);
    Some(format!("{path}?{PARAMETER}={until}.{hex}"))
}

/// Whether a request carries a valid preview of this post. Only then is the token asked for.
pub fn is_valid(host: &impl Host, request: &Request, slug: &str) -> bool {
    let Some(preview) = request.parameter(PARAMETER) else {
        return false;
    };
    let valid = preview.split_once('.').and_then(|(until, hex)| {
        let until: i64 = until.parse().ok()?;
        let shown = bytes(hex)?;
        let signature = signature(&host.admin_token()?, slug, until)?;
        // In constant time.
        let is_signed = signature.verify_slice(&shown).is_ok();
        Some(is_signed && host.now() < until)
    });
    valid == Some(true)
}

fn signature(token: &str, slug: &str, until: i64) -> Option<Hmac<Sha256>> {
    let mut key = Hmac::<Sha256>::new_from_slice(token.as_bytes()).ok()?;
    key.update(PURPOSE);
    let mut signature = Hmac::<Sha256>::new_from_slice(&key.finalize().into_bytes()).ok()?;
    signature.update(format!("{until} {slug}").as_bytes());
    Some(signature)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
