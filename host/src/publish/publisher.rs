//! The publisher: sends what differs between a folder and what is published. Run again, it knows
//! what it sent, and takes away what has gone from the folder since.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::content::Content;
use super::document::Kind;
use super::report::Report;
use super::run::Run;
use crate::target::{Published, Target};

/// Publishes one folder, once or again and again.
pub struct Publisher {
    pub(super) target: Arc<Target>,
    pub(super) folder: PathBuf,
    pub(super) options: Options,
    published: Option<Published>,
    /// What this publisher has sent or found there: the slug of each document, by the file.
    pub(super) documents: BTreeMap<String, (Kind, String)>,
    /// The other files, likewise.
    pub(super) files: BTreeSet<String>,
    /// Whether something waits that an author wants to see before removals go on.
    pub(super) is_wanted: Box<dyn Fn() -> bool + Send + Sync>,
}

/// How to publish.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether what is not in the folder is removed from the blog.
    pub prune: bool,
    /// Whether nothing is written, and it is only told what would be.
    pub dry_run: bool,
    /// Whether media are sent without their bytes, to a blog in which only links are followed.
    pub only_names_media: bool,
    /// How many keys may be written in a second; none is as many as there are.
    pub keys_per_second: Option<u32>,
}

impl Publisher {
    /// A publisher of `folder`.
    pub fn new(target: Target, folder: PathBuf, options: Options) -> Self {
        Self {
            target: Arc::new(target),
            folder,
            options,
            published: None,
            documents: BTreeMap::new(),
            files: BTreeSet::new(),
            is_wanted: Box::new(|| false),
        }
    }

    /// The same, which leaves the rest of its removals to the next run where `is_wanted` says
    /// that there is one.
    #[must_use]
    pub fn giving_way(self, is_wanted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self {
            is_wanted: Box::new(is_wanted),
            ..self
        }
    }

    /// Publishes what has changed. Files that are refused are in the report, the rest is published.
    pub async fn publish(&mut self) -> Result<Report> {
        let content = Content::scan(&self.folder)?;
        let published = match self.published.take() {
            Some(published) => published,
            None => Published::fetch(&self.target).await?,
        };
        let mut run = Run::of(self, published, &content);
        if let Err(error) = run.all(&content).await {
            return match run.progress.state() {
                (0, _) => Err(error),
                (done, all) => Err(error).context(format!(
                    "not published in whole, {done} of {all} files are dealt with: \
                     run it again, and it goes on from there"
                )),
            };
        }
        let (published, report) = (run.published, run.report);
        // What someone else has changed meanwhile is asked anew.
        self.published = Some(published).filter(|_| !run.is_overtaken);
        Ok(report)
    }

    /// The blog that it publishes to.
    pub fn target(&self) -> &Target {
        &self.target
    }
}
