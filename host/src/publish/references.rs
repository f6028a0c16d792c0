//! References from documents to media files that are not there.

use std::collections::BTreeSet;

use super::document::Document;
use super::problem::Problem;
use crate::target::percent;

/// How Markdown and HTML refer to a media file; what ends the reference follows.
const FORMS: [(&str, &[char]); 3] = [
    ("](/media/", &[')', ' ', '#', '?']),
    ("src=\"/media/", &['"', '#', '?']),
    ("href=\"/media/", &['"', '#', '?']),
];

/// A problem for each reference in `document` to a file that `media` does not name.
pub(super) fn check(document: &Document, media: &BTreeSet<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut in_code = false;
    for (number, line) in document.source.lines().enumerate() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            in_code = !in_code;
        } else if !in_code {
            for path in references(line).filter(|path| !media.contains(path.as_str())) {
                problems.push(Problem {
                    file: document.path.clone(),
                    line: Some(number as u32 + 1),
                    field: None,
                    message: format!("there is no file {path}"),
                });
            }
        }
    }
    problems
}

fn references(line: &str) -> impl Iterator<Item = String> {
    FORMS.iter().flat_map(move |(form, ends)| {
        line.match_indices(form).map(move |(at, form)| {
            let path = &line[at + form.len()..];
            let path = path.split(*ends).next().unwrap_or(path);
            format!("media/{}", percent::decode(path))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::document::Kind;

    #[test]
    fn only_missing_files_outside_of_code() {
        let source = "![a](/media/a.png) ![b](/media/b%20c.png \"b\")\n\
            <img src=\"/media/d.png\">\n```\n![e](/media/e.png)\n```\n";
        let document = Document {
            kind: Kind::Post,
            path: "posts/x.md".to_owned(),
            source: source.to_owned(),
            slug: "x".to_owned(),
        };
        let problems = check(&document, &BTreeSet::from(["media/a.png"]));
        let found: Vec<_> = problems
            .iter()
            .map(|p| (p.line, p.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (Some(1), "there is no file media/b c.png"),
                (Some(2), "there is no file media/d.png"),
            ]
        );
    }
}
