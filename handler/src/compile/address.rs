//! Addresses of links: whether one leads out of the site, and which path it means within.

/// Marks an address of this site in a text for feed readers; whoever serves the text puts the
/// site's own address there. No author's text holds it.
pub(super) const SITE: char = '\0';

/// Whether an address begins with a scheme, such as `https:` or `mailto:`.
pub(super) fn has_scheme(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether an address names neither a scheme nor a host.
pub(super) fn is_internal(address: &str) -> bool {
    !address.starts_with("//") && !has_scheme(address)
}

/// The address as one who reads the document elsewhere needs it; `page` is the path of its page.
pub(super) fn absolute(page: &str, address: &str) -> String {
    let address = address.trim();
    if address.starts_with("//") {
        return format!("https:{address}");
    }
    if has_scheme(address) {
        return address.to_owned();
    }
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    if path.is_empty() {
        return format!("{SITE}{page}{rest}");
    }
    let folder = match path.starts_with('/') {
        true => "",
        false => page.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    format!("{SITE}{}{rest}", without_dots(folder, path))
}

/// The path in the folder, its steps `.` and `..` taken.
fn without_dots(folder: &str, path: &str) -> String {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    let is_folder = path.ends_with(['/', '.'])
        && path
            .rsplit('/')
            .next()
            .is_some_and(|last| matches!(last, "" | "." | ".."));
    let slash = if is_folder && !steps.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{slash}", steps.join("/"))
}

/// Each address in a `srcset`, with what stands behind it.
pub(super) fn candidates(srcset: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(',');
        let after = &rest[end..];
        // A comma right behind an address ends it; an address may hold others.
        let descriptor = match rest[..end].len() == url.len() {
            true => after.split(',').next().unwrap_or_default(),
            false => "",
        };
        rest = &after[descriptor.len()..];
        Some((url, descriptor.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: &str) {
        assert_eq!(absolute("/posts/x", address), expected);
    }

    #[test]
    fn addresses_as_they_are_needed_elsewhere() {
        check("/a/../b/./c?d#e", "\0/b/c?d#e");
        check("other", "\0/posts/other");
        check("../about", "\0/about");
        check("./x/", "\0/posts/x/");
        check("#fn:1", "\0/posts/x#fn:1");
        check("?page=2", "\0/posts/x?page=2");
        check("", "\0/posts/x");
        check("/", "\0/");
        check("//host/x", "https://host/x");
        check("mailto:a@b", "mailto:a@b");
        check("'https://x/'", "\0/posts/'https:/x/'");
    }

    #[test]
    fn addresses_of_a_source_set() {
        let found: Vec<_> =
            candidates("/a.png 1x, b.png 2x,c.png, data:image/png;base64,AA 3x").collect();
        let expected = [
            ("/a.png", "1x"),
            ("b.png", "2x"),
            ("c.png", ""),
            ("data:image/png;base64,AA", "3x"),
        ];
        assert_eq!(found, expected);
    }
}
