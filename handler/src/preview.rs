//! Links that show a draft, or a post that is not due yet or expired, until a moment: an
//! end date, signed with a key that only the holder of the admin token can have.

use crate::host::Host;
use crate::request::Request;
use crate::route;
use hmac_sha256::HMAC;
use std::fmt::Write;

/// The query parameter of a preview.
const PARAMETER: &str = "preview";

/// Keeps the key apart from whatever else may once be derived from the token.
const PURPOSE: &[u8] = b"mayfly preview 1";

/// The path of a preview of a post that ends at a moment.
pub fn path(token: &str, slug: &str, until: i64) -> String {
    let path = route::encode(&["posts", slug]);
    let signature = hex(&HMAC::mac(message(slug, until), key(token)));
    format!("{path}?{PARAMETER}={until}.{signature}")
}

/// Whether a request claims to carry a preview.
pub fn is_asked(request: &Request) -> bool {
    request.parameter(PARAMETER).is_some()
}

/// Whether a request carries a valid preview of this post. Only then is the token asked for.
pub fn is_valid(host: &impl Host, request: &Request, slug: &str) -> bool {
    let Some(preview) = request.parameter(PARAMETER) else {
        return false;
    };
    let valid = preview.split_once('.').and_then(|(text, shown)| {
        let until: i64 = text.parse().ok()?;
        let signature = bytes(shown)?;
        // A link has one form: it is what caches and logs know it by.
        let is_canonical = until.to_string() == text && hex(&signature) == shown;
        let token = host.admin_token().filter(|_| is_canonical)?;
        let is_signed = HMAC::verify(message(slug, until), key(&token), &signature);
        Some(is_signed && host.now() < until)
    });
    valid == Some(true)
}

fn key(token: &str) -> [u8; 32] {
    HMAC::mac(PURPOSE, token.as_bytes())
}

fn message(slug: &str, until: i64) -> String {
    format!("{until} {slug}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}
