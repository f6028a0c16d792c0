//! Tags: the names of a document's lists, each with the slug in the address of its list.

use super::read;
use crate::compile::front::{Node, Spanned, Value};
use crate::compile::slug;
use crate::document::Tag;
use crate::problem::Problem;
use crate::unicode;

/// Each tag of a post is a list of the index that publishing has to write.
const MAX_TAGS: usize = 10;

/// Tags with their slugs; of two that share a slug the first stays. One text with commas or
/// spaces may be a list in another engine's syntax.
pub(super) fn read(
    node: Node,
    line: usize,
    warnings: &mut Vec<Problem>,
) -> Result<Vec<Tag>, Problem> {
    if let Value::List(nodes) = &node.value
        && nodes.len() > MAX_TAGS
    {
        return Err(Problem::new(line, too_many(nodes.len())));
    }
    if let Value::Text(text) = &node.value {
        let parts: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
        if parts.len() > 1 {
            let list = parts.join(", ");
            return Err(Problem::new(
                line,
                format!("this is one text; write a list: `tags: [{list}]`"),
            ));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() > 1 {
            let message = format!(
                "`{text}` is one tag; write `[{text}]` if so, `[{}]` if not",
                words.join(", ")
            );
            warnings.push(Problem::of_field(line, "tags", message));
        }
    }
    let mut tags: Vec<Tag> = Vec::new();
    for (tag, line) in each(&read::texts(node, MAX_TAGS)?)? {
        match tags.iter().find(|earlier| earlier.slug == tag.slug) {
            None => tags.push(tag),
            Some(earlier) if earlier.name.to_lowercase() == tag.name.to_lowercase() => {}
            Some(earlier) => {
                let message = format!(
                    "`{}` and `{}` are one tag, /tags/{}; `{}` is left out",
                    earlier.name, tag.name, tag.slug, tag.name
                );
                warnings.push(Problem::of_field(line, "tags", message));
            }
        }
    }
    Ok(tags)
}

fn too_many(many: usize) -> String {
    format!(
        "there are {many} tags, and {MAX_TAGS} are allowed; keep the ones that readers look for"
    )
}

fn each(names: &[Spanned<String>]) -> Result<Vec<(Tag, usize)>, Problem> {
    let tagged = |name: &Spanned<String>| Ok((read::checked(name, tag)?, name.line));
    names.iter().map(tagged).collect()
}

fn tag(name: &str) -> Result<Tag, String> {
    let name = unicode::compose(name);
    match slug::of_tag(&name) {
        empty if empty.is_empty() => Err(format!(
            "the tag `{name}` has no letter or digit; rename it"
        )),
        slug => Ok(Tag { name, slug }),
    }
}
