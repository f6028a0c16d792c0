//! Marks that mean something to another engine, or to nobody, and so are shown as they are.

/// The text of the block that is being written, code apart.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    text: String,
    offset: usize,
}

const MARKS: [(&str, &str); 3] = [("{%", "%}"), ("{{<", ">}}"), ("{{%", "%}}")];

impl Leftovers {
    pub(super) fn add(&mut self, text: &str, offset: usize) {
        if self.text.is_empty() {
            self.offset = offset;
        }
        self.text.push_str(text);
    }

    /// Something that is no text stands here.
    pub(super) fn part(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// What to warn of in the block that is over, and its offset in the source.
    pub(super) fn take(&mut self) -> (usize, Vec<String>) {
        let text = std::mem::take(&mut self.text);
        let messages = MARKS
            .iter()
            .filter_map(|(open, close)| of_engine(&text, open, close))
            .chain(footnote(&text));
        (self.offset, messages.collect())
    }
}

fn of_engine(text: &str, open: &str, close: &str) -> Option<String> {
    let mark = between(text, open, close)?;
    Some(format!(
        "`{open}{mark}{close}` is shown as it is; write Markdown or HTML instead"
    ))
}

fn footnote(text: &str) -> Option<String> {
    let name = between(text, "[^", "]")?;
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    is_name.then(|| {
        format!("there is no footnote `[^{name}]`; add a line `[^{name}]: ...`, or take it out")
    })
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(open)?;
    let (inner, _) = after.split_once(close)?;
    (!inner.contains('\n') && inner.len() <= 100).then_some(inner)
}
