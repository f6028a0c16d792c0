//! What an unknown name was meant to be: the known names nearest to it.

/// At most three of `known`, equally near, that a few typing errors lead to from `wanted`.
pub(crate) fn to(wanted: &str, known: impl Iterator<Item = impl Into<String>>) -> Vec<String> {
    let wanted: Vec<char> = wanted
        .chars()
        .take(64)
        .flat_map(char::to_lowercase)
        .collect();
    let most = 1 + wanted.len() / 4;
    let mut near: Vec<(usize, String)> = known
        .map(Into::into)
        .map(|name: String| (distance(&wanted, &name), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    near.sort();
    let least = near.first().map(|(distance, _)| *distance);
    near.into_iter()
        .take_while(|(distance, _)| Some(*distance) == least)
        .take(3)
        .map(|(_, name)| name)
        .collect()
}

/// How many characters have to be put in, taken out or exchanged (Levenshtein), case apart.
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (line, right) in to.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, left) in from.iter().enumerate() {
            let exchanged = diagonal + usize::from(*left != right);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[from.len()]
}
