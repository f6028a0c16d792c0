//! `export`: a whole blog back to the files that it was published from, byte by byte.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use crate::application;
use crate::log;
use crate::print;
use crate::progress::Progress;
use crate::target::{Access, Call, Published, Reply, Target, document_hash, hash, percent};
use instance::units::show_count;

/// What to export, and where to.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The folder to write to; it is made, or it is empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// The address of the blog; without it, the blog is in the store of the manifest
    #[arg(long, value_name = "URL", conflicts_with = "store")]
    pub from: Option<String>,

    /// Write into a folder that is not empty, over files of the same names
    #[arg(long)]
    pub overwrite: bool,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub access: Access,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// An export under way.
struct Export {
    target: Target,
    folder: PathBuf,
    /// The files of documents that are written.
    taken: BTreeSet<String>,
    files: usize,
    refused: usize,
}

/// Exports once; fails if something of the blog could not be read.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(log::Form::Text)?;
    let target = flags
        .access
        .find(flags.from.as_deref(), &flags.application)?;
    prepare(&flags.folder, flags.overwrite)?;
    let published = Published::fetch(&target).await?;
    let mut export = Export {
        target,
        folder: flags.folder,
        taken: BTreeSet::new(),
        files: 0,
        refused: 0,
    };
    let mut progress = Progress::of("exporting", published.iter().count());
    for (path, known) in published.iter() {
        export.one(path, known).await?;
        progress.add(1);
    }
    drop(progress);
    let folder = export.folder.display();
    print::line(format_args!(
        "exported {} to {folder} ({} not readable)",
        show_count(export.files, "file"),
        export.refused
    ))?;
    Ok(if export.refused > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
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

impl Export {
    async fn one(&mut self, path: &str, known: &str) -> Result<()> {
        let is_document = path.starts_with("posts/") || path.starts_with("pages/");
        if !is_document && self.has(path, known) {
            self.files += 1;
            return Ok(());
        }
        let address = match path {
            "site.toml" => "/api/site".to_owned(),
            path => format!("/api/{}", percent::encode(path)),
        };
        let reply = self.target.send(Call::get(&address)).await?;
        match reply.status {
            StatusCode::OK => {}
            // Someone has removed it since it was listed.
            StatusCode::NOT_FOUND => return Ok(()),
            _ => {
                self.refused += 1;
                print::note(format_args!("{}: {}", print::name(path), reply.trouble()));
                return Ok(());
            }
        }
        let (file, found) = if is_document {
            let file = file_of(path, &reply);
            let found = document_hash(path, &file, &reply.body);
            (self.free(path, file), found)
        } else {
            (path.to_owned(), hash(&reply.body))
        };
        let told = reply.header("etag").unwrap_or_default();
        if told.trim_matches('"') != found {
            self.refused += 1;
            print::note(format_args!(
                "{}: the bytes are not those that the blog says it has",
                print::name(path)
            ));
            return Ok(());
        }
        self.write(&file, &reply.body)?;
        self.files += 1;
        Ok(())
    }

    /// Whether the file is there as the blog has it.
    fn has(&self, path: &str, known: &str) -> bool {
        let read = std::fs::read(self.folder.join(path));
        read.is_ok_and(|bytes| hash(&bytes) == known)
    }

    /// The file, unless another document has come from one of this path; then one beside it,
    /// with the date that its name may carry.
    fn free(&mut self, path: &str, file: String) -> String {
        if self.taken.insert(file.clone()) {
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
        self.taken.insert(beside.clone());
        beside
    }

    /// Writes a file at once: whoever looks sees the whole of it, or nothing.
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
    let told = reply.header("mayfly-file").map(percent::decode);
    told.unwrap_or_else(|| format!("{path}.md"))
}
