//! Who may publish: whoever shows the admin token.

use super::refusal;
use crate::response::Response;
use subtle::ConstantTimeEq;

/// The shortest token that is taken for one, in bytes: it stands against guessing alone.
const MIN_BYTES: usize = 20;

/// Lets the holder of the token through; the response says what is missing otherwise.
pub(super) fn check(token: Option<&str>, authorization: Option<&str>) -> Result<(), Response> {
    let token = token.unwrap_or_default();
    if token.len() < MIN_BYTES {
        return Err(refusal(
            403,
            "publishing is off",
            "set the variable admin_token to at least 20 characters (SPIN_VARIABLE_ADMIN_TOKEN=...), and start again",
        ));
    }
    let shown = authorization
        .and_then(|header| header.strip_prefix("Bearer "))
        .unwrap_or_default();
    // In constant time, so that answers do not tell how much of a guess was right.
    if bool::from(shown.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(());
    }
    let refused = refusal(
        401,
        "not authorized",
        "send the admin token as `Authorization: Bearer TOKEN`",
    );
    Err(refused.with("www-authenticate", "Bearer realm=\"mayfly\""))
}
