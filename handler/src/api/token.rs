//! Who may publish: whoever shows the admin token.

use super::problem::{Refusal, refusal};
use crate::host::Host;
use crate::request::Request;
use hmac_sha256::HMAC;

/// The shortest token that is taken for one, in bytes: it stands against guessing alone.
const MIN_BYTES: usize = 20;

/// Lets the holder of the token through; the response says what is missing otherwise.
pub(super) fn check(host: &impl Host, request: &Request) -> Result<(), Refusal> {
    let token = host.admin_token().unwrap_or_default();
    if token.len() < MIN_BYTES {
        let remedy = "set the variable admin_token to at least 20 characters \
            (SPIN_VARIABLE_ADMIN_TOKEN=...), and start again";
        return Err(refusal(403, "publishing is off", remedy).into());
    }
    let shown = request.header("authorization").and_then(bearer);
    if shown.is_some_and(|shown| is_equal(shown, &token)) {
        return Ok(());
    }
    if shown.is_some() {
        // To make the sender wait here would let strangers keep instances busy.
        let path = &request.path;
        host.log(&format!(
            "refused a request to {path}: its token is not the admin token"
        ));
    }
    let remedy = "send the admin token as `Authorization: Bearer TOKEN`";
    let refused = refusal(401, "not authorized", remedy);
    Err(refused
        .with("www-authenticate", "Bearer realm=\"mayfly\"")
        .into())
}

/// The token of a header; the name of a scheme has no case (RFC 9110, 11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    Some(token.trim_matches(' ')).filter(|token| is_bearer && !token.is_empty())
}

/// In constant time, so that answers do not tell how much of a guess was right, or how long the
/// token is.
fn is_equal(shown: &str, token: &str) -> bool {
    const PURPOSE: &[u8] = b"mayfly token 1";
    HMAC::verify(shown, PURPOSE, &HMAC::mac(token, PURPOSE))
}
