//! The admin token of a blog: its variable `admin_token`, which is generated where it is empty.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};

/// What an administrator must show to the component.
#[derive(Clone, Debug, PartialEq)]
pub enum AdminToken {
    /// The environment or the manifest sets it.
    Set(String),
    /// It was generated for this run.
    Generated(String),
}

impl AdminToken {
    /// The token itself.
    pub fn secret(&self) -> &str {
        let (Self::Set(secret) | Self::Generated(secret)) = self;
        secret
    }
}

/// In characters: a shorter one could be found by trying.
const SHORTEST: usize = 20;
const VARIABLE: &str = "admin_token";

/// Declares the variable of the token among `values`, empty if it is not there.
pub fn declare(values: &mut BTreeMap<String, String>) {
    values.entry(VARIABLE.to_owned()).or_default();
}

/// Takes the token from the variables of a blog, and generates one there if it is declared but empty.
///
/// # Errors
///
/// The token is so short that it could be guessed.
pub fn complete(values: &mut BTreeMap<String, String>) -> Result<Option<AdminToken>> {
    let Some(value) = values.get_mut(VARIABLE) else {
        return Ok(None);
    };
    if value.is_empty() {
        *value = random()?;
        return Ok(Some(AdminToken::Generated(value.clone())));
    }
    if value.len() < SHORTEST {
        bail!(
            "{VARIABLE} is too short: set SPIN_VARIABLE_ADMIN_TOKEN to {SHORTEST} characters or more"
        );
    }
    Ok(Some(AdminToken::Set(value.clone())))
}

fn random() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system has no random numbers for an admin token")?;
    let mut token = String::new();
    for byte in bytes {
        write!(token, "{byte:02x}")?;
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(value: Option<&str>) -> Result<Option<AdminToken>> {
        let value = value.map(|value| (VARIABLE.to_owned(), value.to_owned()));
        complete(&mut value.into_iter().collect())
    }

    #[test]
    fn tokens() {
        assert_eq!(completed(None).expect("none"), None);
        let long = "0123456789abcdef0123";
        let set = completed(Some(long)).expect("set");
        assert_eq!(set, Some(AdminToken::Set(long.to_owned())));
        let (one, two) = (completed(Some("")), completed(Some("")));
        let (one, two) = (
            one.expect("made").expect("made"),
            two.expect("made").expect("made"),
        );
        assert_eq!(one.secret().len(), 32);
        assert_ne!(one, two);
        assert!(completed(Some("short")).is_err());
    }
}
