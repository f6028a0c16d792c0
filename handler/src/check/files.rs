//! Uploaded files and files of the theme, of which the site's record names one: every part is
//! there, with the bytes it is named for.

use super::{DEPLOY, PUBLISH, Step};
use crate::error::ReadError;
use crate::key::Key;
use crate::media::Media;
use crate::site::Site;
use crate::store::Store;

/// After how many bytes a step ends.
const MAX_BYTES: u64 = 8 << 20;

/// Looks at the files among the keys; the key it stopped behind, if there were too many.
pub(super) fn check(
    store: &impl Store,
    keys: &[String],
    step: &mut Step,
) -> Result<Option<String>, ReadError> {
    let is_file = |key: &&String| {
        matches!(
            Key::parse(key),
            Some(Key::Media(_) | Key::Theme(_) | Key::Site)
        )
    };
    let files: Vec<String> = keys.iter().filter(is_file).cloned().collect();
    if files.is_empty() {
        return Ok(None);
    }
    let mut bytes = 0;
    for (key, record) in files.iter().zip(store.get_each(&files)?) {
        match record {
            Ok(Some(record)) => bytes += look(store, key, &record, step),
            Ok(None) => {}
            Err(error) => step.find_unreadable(key, &error),
        }
        if bytes >= MAX_BYTES {
            return Ok(Some(key.clone()));
        }
    }
    Ok(None)
}

/// Looks at one file; how many bytes were read.
fn look(store: &impl Store, key: &str, record: &[u8], step: &mut Step) -> u64 {
    let file = match decode(key, record) {
        Ok(Some(file)) => file,
        Ok(None) => return 0,
        Err(error @ ReadError::Newer { .. }) => {
            step.find(key, &error.to_string(), DEPLOY, None);
            return 0;
        }
        Err(_) => {
            step.find(key, "damaged", PUBLISH, None);
            return 0;
        }
    };
    match file.is_whole(store) {
        Ok(true) => {}
        Ok(false) => step.find(key, "a part is missing or damaged", PUBLISH, None),
        Err(error) => step.find_unreadable(key, &error),
    }
    file.length
}

/// The file of a record; a site may have no style sheet.
fn decode(key: &str, record: &[u8]) -> Result<Option<Media>, ReadError> {
    match Key::parse(key) {
        Some(Key::Site) => Site::decode(Some(record)).map(|site| site.style),
        _ => Media::decode(key, record).map(Some),
    }
}
