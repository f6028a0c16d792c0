//! An alias: a path that a document had elsewhere or before, and that leads to it still.

/// The path as the site compares paths: absolute, decoded, no empty parts, no slash at the end.
pub(super) fn normalise(path: &str) -> Result<String, String> {
    let bad = |why: &str| {
        Err(format!(
            "`{path}` {why}; write a path of this site such as /old/name"
        ))
    };
    if path.contains("://") || path.starts_with("//") {
        return bad("is an address of another site");
    }
    if path.contains(['?', '#']) {
        return bad("has a query or a fragment, which no path has");
    }
    let Some(decoded) = percent_decode(path) else {
        return bad("has a percent sign that stands for no character");
    };
    if decoded.chars().any(char::is_control) {
        return bad("has a control character");
    }
    let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.iter().any(|part| matches!(*part, "." | "..")) {
        return bad("names no page");
    }
    Ok(format!("/{}", parts.join("/")))
}

fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = after
                .get(..2)
                .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
            let digits = str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
