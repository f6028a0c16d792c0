//! Links and images: whether each leads somewhere, and whether each image has a text.

use std::collections::BTreeSet;

use anyhow::Result;

use super::blog::{Answer, Blog, Link, LinkReport};
use super::finding::{Finding, Findings};
use super::html;
use crate::content::{Content, Problem};
use crate::observer::{Progress, Task};
use crate::percent;

/// Follows every link of every document.
pub(super) async fn check(blog: &mut Blog<'_>, findings: &mut Findings) -> Result<()> {
    let documents: Vec<(String, LinkReport)> = blog
        .documents
        .iter()
        .map(|(path, document)| (path.clone(), document.clone()))
        .collect();
    let mut progress = Progress::start(blog.observer(), Task::Check, Some(documents.len()));
    for (path, document) in &documents {
        for link in &document.links {
            // Publishing has reported missing files already.
            let is_reported = findings.has_error_at(&document.file, link.line);
            if is_reported && link.target.starts_with("/media/") {
                continue;
            }
            if let Some(finding) = follow(blog, path, document, link).await? {
                findings.add(finding);
            }
        }
        progress.add(1);
    }
    Ok(())
}

async fn follow(
    blog: &mut Blog<'_>,
    from: &str,
    document: &LinkReport,
    link: &Link,
) -> Result<Option<Finding>> {
    let (address, anchor) = match link.target.split_once('#') {
        Some((address, anchor)) => (address, percent::decode(anchor)),
        None => (link.target.as_str(), String::new()),
    };
    let path = resolve(from, address);
    let shown = percent::decode(&path);
    let line = Some(link.line);
    let lacks =
        |ids: &BTreeSet<String>| !anchor.is_empty() && anchor != "top" && !ids.contains(&anchor);
    let finding = match blog.answer(&path).await? {
        Answer::Nothing => {
            let message = match shown.strip_prefix("/media/") {
                Some(_) => format!("there is no file {}: add it, or mend the link", &shown[1..]),
                None => {
                    format!("there is nothing at {shown}: mend the link, or add what it leads to")
                }
            };
            Finding::error(Problem::at_line(&document.file, line, message))
        }
        Answer::Page(ids) | Answer::Hidden(_, ids) if lacks(&ids) => {
            let remedy = match nearest(&anchor, &ids) {
                Some(near) => format!("did you mean #{near}?"),
                None => format!("mend the link, or write {{#{anchor}}} behind a heading there"),
            };
            let message = format!("there is no #{anchor} at {shown}: {remedy}");
            Finding::error(Problem::at_line(&document.file, line, message))
        }
        Answer::Hidden(state, _) if document.state == "published" => {
            let message = format!(
                "{shown} is {}, so readers find nothing there: wait with the link, or publish it",
                with_article(&state)
            );
            Finding::warning(Problem::at_line(&document.file, line, message))
        }
        _ => return Ok(None),
    };
    Ok(Some(finding))
}

/// The id that an anchor probably means: other engines make ids of the same letters and digits.
fn nearest<'i>(anchor: &str, ids: &'i BTreeSet<String>) -> Option<&'i str> {
    let letters = |id: &str| -> String {
        let letters = id.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(anchor);
    let most = wanted.chars().count() / 4;
    ids.iter()
        .map(|id| (strsim::levenshtein(&wanted, &letters(id)), id))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, id)| id.as_str())
}

fn with_article(state: &str) -> String {
    match state {
        "draft" => "a draft".to_owned(),
        state => state.to_owned(),
    }
}

/// Adds what the compiler warns of.
pub(super) fn check_warnings(blog: &Blog, findings: &mut Findings) {
    for document in blog.documents.values() {
        for warning in &document.warnings {
            let message = match &warning.field {
                Some(field) => format!("{field}: {}", warning.message),
                None => warning.message.clone(),
            };
            let problem = Problem::at_line(&document.file, Some(warning.line), message);
            findings.add(Finding::warning(problem));
        }
    }
}

/// Follows what the theme and the settings put on the first page.
pub(super) async fn check_theme(
    blog: &mut Blog<'_>,
    content: &Content,
    findings: &mut Findings,
) -> Result<()> {
    let settings = content.site.as_ref().and_then(|site| site.load().ok());
    let settings = String::from_utf8_lossy(&settings.unwrap_or_default()).into_owned();
    for target in html::links(&blog.page("/").await?) {
        let path = resolve("/", target.split('#').next().unwrap_or_default());
        if !matches!(blog.answer(&path).await?, Answer::Nothing) {
            continue;
        }
        let shown = percent::decode(&path);
        let message = format!("the first page links to {shown}, where there is nothing: mend it");
        let quoted = format!("\"{shown}\"");
        let line = settings.lines().position(|line| line.contains(&quoted));
        findings.add(Finding::error(match line {
            Some(line) => Problem::at_line("site.toml", u32::try_from(line + 1).ok(), message),
            None => Problem::of_file("theme", message),
        }));
    }
    Ok(())
}

/// Adds a warning for each image without a text for readers who cannot see it.
pub(super) fn check_images(blog: &Blog<'_>, findings: &mut Findings) {
    for document in blog.documents.values() {
        for image in &document.images_without_alt {
            let message = format!(
                "the image {} has no alternative text: write it between the brackets before the address",
                image.target
            );
            let problem = Problem::at_line(&document.file, Some(image.line), message);
            findings.add(Finding::warning(problem));
        }
    }
}

/// The path that a link leads to from a page, percent-encoded as the blog does it.
fn resolve(from: &str, address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    if address.is_empty() {
        return from.to_owned();
    }
    let base = match address.starts_with('/') {
        true => "",
        false => from.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    let mut steps: Vec<String> = Vec::new();
    for step in base.split('/').chain(address.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(percent::encode(&percent::decode(step))),
        }
    }
    format!("/{}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, address: &str, path: &str) {
        assert_eq!(resolve(from, address), path);
    }

    #[test]
    fn anchors_of_other_engines() {
        let ids = ["whats-in-1721", "installation", "b"].map(str::to_owned);
        let ids = BTreeSet::from(ids);
        assert_eq!(nearest("what-s-in-1-72-1", &ids), Some("whats-in-1721"));
        assert_eq!(nearest("Instalation", &ids), Some("installation"));
        assert_eq!(nearest("usage", &ids), None);
        assert_eq!(nearest("", &ids), None);
    }

    #[test]
    fn addresses() {
        check("/posts/a", "", "/posts/a");
        check("/posts/a", "b?c=d", "/posts/b");
        check("/posts/a", "../b/./c", "/b/c");
        check("/about", "/posts/一", "/posts/%E4%B8%80");
        check("/about", "/posts/%e4%b8%80", "/posts/%E4%B8%80");
        check("/about", "/", "/");
    }
}
