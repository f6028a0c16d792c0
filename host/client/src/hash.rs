//! Hashes of sources, as blogs write them: xxh3-128 in hexadecimal digits.

use xxhash_rust::xxh3::Xxh3Default;

/// The hash of a file.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let mut hash = Xxh3Default::new();
    hash.update(bytes);
    format!("{:032x}", hash.digest128())
}

/// The hash of the source of the document at `path` (`posts/<slug>`) that comes from `file`. The
/// name of a file may imply its date, so it counts where the slug does not imply the name.
pub(crate) fn document_hash(path: &str, file: &str, source: &[u8]) -> String {
    let mut hash = Xxh3Default::new();
    hash.update(source);
    if file.strip_suffix(".md") != Some(path) {
        hash.update(b"\0");
        hash.update(file.as_bytes());
    }
    format!("{:032x}", hash.digest128())
}
