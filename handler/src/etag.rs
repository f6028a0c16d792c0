//! Entity tags (RFC 9110, 8.8.3).

use std::fmt;

/// A strong entity tag; two entities of one address with equal tags have equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ETag(pub u128);

impl ETag {
    /// The tag in a header or a body, with or without its quotes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let digits = digits
            .strip_prefix('"')
            .map_or(Some(digits), |rest| rest.strip_suffix('"'))?;
        let is_hash = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = is_hash.then(|| u128::from_str_radix(digits, 16).ok());
        hash.flatten().map(Self)
    }

    /// The digits without quotes, as JSON bodies have them.
    pub fn digits(self) -> String {
        format!("{:032x}", self.0)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{:032x}\"", self.0)
    }
}
