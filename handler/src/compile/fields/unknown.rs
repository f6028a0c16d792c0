//! A field that there is not: what its author meant, told by the names of other engines.

use super::NAMES;
use crate::nearest;

/// What other engines call a field, and what to write here.
const OTHERS: [(&[&str], &str); 12] = [
    (
        &[
            "categories",
            "category",
            "tag",
            "keywords",
            "topics",
            "taxonomies",
        ],
        "write `tags: [one, two]`",
    ),
    (
        &["path", "name", "permalink", "url"],
        "the address is made of `slug`; an old address goes into `aliases`",
    ),
    (
        &["layout", "type"],
        "the page's template is named by `template`",
    ),
    (
        &["published", "status", "hidden", "private"],
        "write `draft: true` to keep readers from it, or take the field out",
    ),
    (
        &["publishdate", "pubdate", "created", "time"],
        "write `date`; a date that lies ahead is when it appears",
    ),
    (
        &["lastmod", "modified", "last_modified_at", "last_modified"],
        "write `updated`",
    ),
    (&["expirydate", "expire", "unlisted"], "write `expires`"),
    (
        &["summary", "excerpt", "subtitle", "abstract", "intro"],
        "write `description`, or `<!--more-->` behind the beginning of the text",
    ),
    (&["language", "locale"], "write `lang`"),
    (&["redirect_from", "redirects", "alias"], "write `aliases`"),
    (
        &["katex", "mathjax", "latex"],
        "write `math: true` or `math: false`",
    ),
    (
        &[
            "image",
            "cover",
            "thumbnail",
            "toc",
            "weight",
            "comments",
            "params",
            "series",
        ],
        "your own fields go below `extra`",
    ),
];

pub(super) fn message(name: &str) -> String {
    let lower = name.to_lowercase();
    let of_others = OTHERS
        .iter()
        .find(|(names, _)| names.contains(&lower.as_str()));
    if let Some((_, remedy)) = of_others {
        return format!("there is no such field here; {remedy}");
    }
    match nearest::to(name, NAMES.into_iter()).first() {
        Some(near) => format!("there is no such field; did you mean `{near}`?"),
        None => format!(
            "there is no such field; the fields are {}; your own go below `extra`",
            NAMES.join(", ")
        ),
    }
}
