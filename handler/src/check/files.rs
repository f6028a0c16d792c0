//! Uploaded files and files of the theme: every part is there, with the bytes it is named for.

use super::{About, DEPLOY, PUBLISH, RESTORE, Step};
use crate::error::ReadError;
use crate::media::Media;
use crate::store::Store;
use crate::write::Failure;

/// After how many bytes a step ends.
const BYTES: u64 = 8 << 20;

/// Looks at the files among the keys; the key it stopped behind, if there were too many.
pub(super) fn check(
    store: &impl Store,
    keys: &[String],
    step: &mut Step,
) -> Result<Option<String>, Failure> {
    let is_file = |key: &&String| key.starts_with("media/") || key.starts_with("theme/");
    let files: Vec<String> = keys.iter().filter(is_file).cloned().collect();
    if files.is_empty() {
        return Ok(None);
    }
    let mut bytes = 0;
    for (key, record) in files.iter().zip(store.get_each(&files)?) {
        let record = match record {
            Ok(Some(record)) => record,
            Ok(None) => continue,
            Err(error) => {
                step.find(key, &error.to_string(), RESTORE, About::Other);
                continue;
            }
        };
        match Media::decode(key, &record) {
            Ok(file) => {
                bytes += file.length;
                match file.is_whole(store) {
                    Ok(true) => {}
                    Ok(false) => {
                        step.find(key, "a part is missing or damaged", PUBLISH, About::Other);
                    }
                    Err(error) => step.find(key, &error.to_string(), RESTORE, About::Other),
                }
            }
            Err(error @ ReadError::Newer { .. }) => {
                step.find(key, &error.to_string(), DEPLOY, About::Other);
            }
            Err(ReadError::Damaged { .. }) => step.find(key, "damaged", PUBLISH, About::Other),
        }
        if bytes >= BYTES {
            return Ok(Some(key.clone()));
        }
    }
    Ok(None)
}
