//! A file of a content folder, and its bytes.

use std::fs::{File as OpenFile, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use rustix::fs::OFlags;

use super::entry;
use super::problem::Problem;

/// A file to be published.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its path inside the folder, with `/` between names, in Unicode's normal form C: blogs
    /// compare names in this form, and some file systems decompose them.
    pub(crate) path: String,
    /// Where it is.
    pub(crate) location: PathBuf,
}

/// No host accepts a larger request.
const MAX_BYTES: u64 = 10 << 20;

impl File {
    /// Its bytes, or why no blog can have them.
    pub(crate) fn load(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let (file, _) = self.open()?;
        file.take(MAX_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| self.unreadable(&error))?;
        Ok(bytes)
    }

    /// How many bytes it has, or why no blog can have them.
    pub(crate) fn byte_count(&self) -> Result<u64, Problem> {
        Ok(self.open()?.1)
    }

    fn open(&self) -> Result<(OpenFile, u64), Problem> {
        let opened = OpenOptions::new()
            .read(true)
            // To open what has become a pipe since the folder was read would wait for ever.
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(&self.location);
        let file = opened.map_err(|error| self.unreadable(&error))?;
        let metadata = file.metadata().map_err(|error| self.unreadable(&error))?;
        let problem = |message: &str| Problem::of_file(&self.path, message.to_owned());
        if !metadata.is_file() {
            return Err(problem(entry::NOT_A_FILE));
        }
        if metadata.len() > MAX_BYTES {
            let message = "larger than 10 MiB: make it smaller, or link to it elsewhere";
            return Err(problem(message));
        }
        Ok((file, metadata.len()))
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        Problem::of_file(&self.path, format!("cannot be read: {error}"))
    }
}
