//! What an unknown name was meant to be: the known names nearest to it.

/// At most three of `known`, equally near, that a few typing errors lead to from `wanted`. Few
/// who mistype a name mistype its first letter; names that differ there are others.
pub(crate) fn to(wanted: &str, known: impl Iterator<Item = impl Into<String>>) -> Vec<String> {
    let wanted: String = wanted.chars().take(64).collect::<String>().to_lowercase();
    let most = 1 + wanted.chars().count() / 4;
    let near: Vec<(usize, String)> = known
        .map(Into::into)
        .map(|name: String| (name.to_lowercase(), name))
        .filter(|(lower, _)| lower.chars().next() == wanted.chars().next())
        .map(|(lower, name)| (strsim::levenshtein(&wanted, &lower), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    near.into_iter()
        .filter(|(distance, _)| Some(*distance) == least)
        .take(3)
        .map(|(_, name)| name)
        .collect()
}
