//! Front matter, as far as a publisher reads it: where it ends, and the slug that it names. What is
//! wrong with it, the component says.

use granit_parser::{Event, Parser, ScalarStyle};

/// A source, cut at the fences of its front matter.
pub(crate) struct Parts<'a> {
    front: Option<Front<'a>>,
    pub(crate) body: &'a str,
    /// How many lines of the source lie before the body.
    pub(crate) lines_before: usize,
}

enum Front<'a> {
    Yaml(&'a str),
    Toml(&'a str),
}

/// Cuts `source` as the component does.
pub(crate) fn split(source: &str) -> Parts<'_> {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let (front, fence): (fn(_) -> _, _) = match opening.trim_end() {
        "---" => (Front::Yaml, "---"),
        "+++" => (Front::Toml, "+++"),
        _ => return Parts::without_front(text),
    };
    let mut end = opening.len();
    for (number, line) in lines.enumerate() {
        if line.trim_end() == fence {
            return Parts {
                front: Some(front(&text[opening.len()..end])),
                body: &text[end + line.len()..],
                lines_before: number + 2,
            };
        }
        end += line.len();
    }
    Parts::without_front("")
}

impl<'a> Parts<'a> {
    fn without_front(body: &'a str) -> Self {
        Self {
            front: None,
            body,
            lines_before: 0,
        }
    }

    /// The field `slug`, where it is one that a document can have.
    pub(crate) fn slug(&self) -> Option<String> {
        let slug = match self.front.as_ref()? {
            Front::Yaml(text) => slug_of_yaml(text),
            Front::Toml(text) => text.parse::<toml::Table>().ok().and_then(|table| {
                let slug = table.get("slug").and_then(toml::Value::as_str);
                slug.map(str::to_owned)
            }),
        };
        slug.map(|slug| slug.trim().to_owned())
            .filter(|slug| !slug.is_empty())
    }
}

fn slug_of_yaml(text: &str) -> Option<String> {
    let mut depth = 0;
    // Of the outermost map: the key whose value comes next.
    let mut key: Option<String> = None;
    for event in Parser::new_from_str(text) {
        match event.ok()?.0 {
            Event::Scalar(text, style, ..) if depth == 1 => match key.take() {
                None => key = Some(text.into_owned()),
                Some(name) if name == "slug" => {
                    return is_text(&text, style).then(|| text.into_owned());
                }
                Some(_) => {}
            },
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                depth -= 1;
                if depth == 1 {
                    key = None;
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether the component takes a value for text: a number needs quotes for that.
fn is_text(text: &str, style: ScalarStyle) -> bool {
    style != ScalarStyle::Plain || (text.parse::<f64>().is_err() && text != "null")
}
