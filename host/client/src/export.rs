//! Exporting: a whole blog back to the files that it was published from, byte by byte.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use crate::blog_client::BlogClient;
use crate::hash::{document_hash, hash};
use crate::observer::{Notice, Progress, Task};
use crate::percent;
use crate::published::Published;
use crate::reply::Reply;
use crate::request::ApiRequest;

/// What an export came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exported {
    /// How many files are in the folder now, as the blog has them.
    pub files: usize,
    /// How many could not be read; the observer is told why.
    pub unreadable: usize,
}

/// An export under way.
struct Export<'a> {
    client: &'a BlogClient,
    folder: &'a Path,
    /// The files of documents that are written.
    used_names: BTreeSet<String>,
    exported: Exported,
}

/// Exports the blog to `folder`, which is created; one that is not empty is an error, unless files of
/// the same names may be overwritten.
///
/// # Errors
///
/// The folder cannot be written to, the blog does not say what it has, or it names a file outside of
/// the folder.
pub async fn export(client: &BlogClient, folder: &Path, overwrite: bool) -> Result<Exported> {
    prepare(folder, overwrite)?;
    let published = Published::fetch(client).await?;
    let mut export = Export {
        client,
        folder,
        used_names: BTreeSet::new(),
        exported: Exported::default(),
    };
    let mut progress = Progress::start(client.observer(), Task::Export, Some(published.len()));
    for (path, hash) in published.iter() {
        export.export(path, hash).await?;
        progress.add(1);
    }
    Ok(export.exported)
}

fn prepare(folder: &Path, overwrite: bool) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    if !overwrite && entries.count() > 0 {
        bail!(
            "{} is not empty: name a new folder, or add --overwrite",
            folder.display()
        );
    }
    Ok(())
}

impl Export<'_> {
    /// Exports what is at `path`, unless someone has removed it since it was listed.
    async fn export(&mut self, path: &str, known: &str) -> Result<()> {
        let is_document = path.starts_with("posts/") || path.starts_with("pages/");
        if !is_document && self.has(path, known) {
            self.exported.files += 1;
            return Ok(());
        }
        let address = match path {
            "site.toml" => "/api/site".to_owned(),
            path => format!("/api/{}", percent::encode(path)),
        };
        let reply = self.client.send(ApiRequest::get(&address)).await?;
        match reply.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(()),
            _ => {
                self.skip(path, &reply.describe());
                return Ok(());
            }
        }
        let (file, found) = if is_document {
            let file = file_of(path, &reply);
            let found = document_hash(path, &file, &reply.body);
            (self.unused_name(path, file), found)
        } else {
            (path.to_owned(), hash(&reply.body))
        };
        let etag = reply.header("etag").unwrap_or_default();
        if etag.trim_matches('"') != found {
            self.skip(path, "the bytes are not those that the blog says it has");
            return Ok(());
        }
        self.write(&file, &reply.body)?;
        self.exported.files += 1;
        Ok(())
    }

    fn skip(&mut self, path: &str, reason: &str) {
        let notice = Notice::Unreadable { path, reason };
        self.client.observer().notice(&notice);
        self.exported.unreadable += 1;
    }

    /// Whether the folder has the file as the blog has it.
    fn has(&self, path: &str, known: &str) -> bool {
        let read = std::fs::read(self.folder.join(path));
        read.is_ok_and(|bytes| hash(&bytes) == known)
    }

    /// `file`, unless another document has come from a file of this name; then a name beside it,
    /// with the date that it may carry.
    fn unused_name(&mut self, path: &str, file: String) -> String {
        if self.used_names.insert(file.clone()) {
            return file;
        }
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", &file));
        let date = name.get(..11).filter(|date| date.ends_with('-'));
        let is_date = |date: &&str| {
            date.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
        };
        let date = date.filter(is_date).unwrap_or_default();
        let slug = path.rsplit('/').next().unwrap_or(path);
        let beside = format!("{folder}/{date}{slug}.md");
        self.used_names.insert(beside.clone());
        beside
    }

    /// Writes a file as a whole: nobody sees a part of it.
    fn write(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = Path::new(file);
        let is_within = |step: Component| matches!(step, Component::Normal(_));
        if !path.components().all(is_within) {
            bail!(
                "{file}: the blog names a file outside of the folder, so nothing more is written"
            );
        }
        let path = self.folder.join(path);
        let cannot = || format!("cannot write {}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(cannot)?;
        }
        let part = self.folder.join(".mayfly-export");
        std::fs::write(&part, bytes).with_context(cannot)?;
        std::fs::rename(&part, &path).with_context(cannot)
    }
}

/// The file that a document comes from.
fn file_of(path: &str, reply: &Reply) -> String {
    let named = reply.header("mayfly-file").map(percent::decode);
    named.unwrap_or_else(|| format!("{path}.md"))
}
