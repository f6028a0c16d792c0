//! What is likely wrong with a line of YAML that cannot be read: most often a text that needs
//! quotes, which a parser's own message does not say.

/// What begins something else than text in YAML.
const INDICATORS: [char; 14] = [
    '@', '`', '*', '&', '%', '!', '|', '>', '[', '{', '"', '\'', '}', ']',
];

/// The line with the fault, counted from 1 within the YAML, and its remedy. A parser that is
/// confused by a line may notice it at the one behind it.
pub(super) fn of_yaml(text: &str, line: usize) -> Option<(usize, String)> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let first = line.saturating_sub(2);
    let mut near = lines.iter().enumerate().skip(first).rev();
    near.find_map(|(number, line)| Some((number + 1, remedy(line)?)))
}

fn remedy(line: &str) -> Option<String> {
    if let Some((name, _)) = line.split_once(":\u{a0}") {
        return Some(format!(
            "a no-break space follows `{}:`; write a plain space there",
            name.trim()
        ));
    }
    let (name, value) = line.split_once(": ")?;
    let (name, value) = (name.trim(), value.trim());
    let is_name = !name.is_empty() && !name.starts_with(['#', '"', '\'', '[', '{']);
    let needs_quotes = match value.chars().next()? {
        // What is closed is what it seems to be.
        '"' | '\'' => return None,
        '[' if value.ends_with(']') => return None,
        '{' if value.ends_with('}') => return None,
        first => INDICATORS.contains(&first) || value.contains(": ") || value.ends_with(':'),
    };
    (is_name && needs_quotes).then(|| {
        let quoted = value.replace('\'', "''");
        format!("the text of `{name}` needs quotes: write `{name}: '{quoted}'`")
    })
}
