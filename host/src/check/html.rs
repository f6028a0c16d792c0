//! What a page of the blog tells by its HTML: where it points, and what can be pointed at.

use std::collections::BTreeSet;

/// The values of an attribute in a page.
fn values<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = String> + 'a {
    let mut rest = page;
    std::iter::from_fn(move || {
        let at = rest.find(attribute)?;
        let after = &rest[at + attribute.len()..];
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        rest = after;
        Some(unescape(value))
    })
}

/// The ids in a page.
pub(super) fn ids(page: &str) -> BTreeSet<String> {
    values(page, " id=\"")
        .chain(values(page, " name=\""))
        .collect()
}

/// The addresses within the site that a page points to.
pub(super) fn links(page: &str) -> BTreeSet<String> {
    let links = values(page, " href=\"").chain(values(page, " src=\""));
    links
        .filter(|link| link.starts_with('/') && !link.starts_with("//"))
        .collect()
}

fn unescape(value: &str) -> String {
    let value = value.replace("&lt;", "<").replace("&gt;", ">");
    value
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes() {
        let page = "<h2 id=\"a&amp;b\"><a href=\"/x\" name=\"c\"></a><img src=\"//elsewhere/y\">";
        assert_eq!(
            ids(page),
            BTreeSet::from(["a&b".to_owned(), "c".to_owned()])
        );
        assert_eq!(links(page), BTreeSet::from(["/x".to_owned()]));
    }
}
