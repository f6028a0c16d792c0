//! The publisher: sends what differs between a folder and what is published.
//!
//! The settings go first, for they say how documents are compiled; then the files that
//! documents refer to; then the documents. Run again, it knows what it sent, and takes away
//! what has gone from the folder since.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use hyper::Method;

use super::content::Content;
use super::document::Kind;
use super::percent;
use super::progress::Progress;
use super::published::Published;
use super::report::Report;
use super::target::Target;

/// Publishes one folder, once or again and again.
pub struct Publisher {
    pub(super) target: Arc<Target>,
    folder: PathBuf,
    published: Option<Published>,
    /// What this publisher has sent or found there: the slug of each document, by the file.
    pub(super) documents: BTreeMap<String, (Kind, String)>,
    /// The other files, likewise.
    pub(super) files: BTreeSet<String>,
}

/// One run.
pub(super) struct Run<'a> {
    pub(super) publisher: &'a mut Publisher,
    pub(super) published: Published,
    pub(super) report: Report,
    pub(super) progress: Progress,
    /// The file of each slug in this run.
    pub(super) slugs: BTreeMap<(Kind, String), String>,
}

impl Publisher {
    /// A publisher of `folder`.
    pub fn new(target: Target, folder: PathBuf) -> Self {
        Self {
            target: Arc::new(target),
            folder,
            published: None,
            documents: BTreeMap::new(),
            files: BTreeSet::new(),
        }
    }

    /// Publishes what has changed. Files that are refused are in the report, the rest is published.
    pub async fn publish(&mut self) -> Result<Report> {
        let content = Content::scan(&self.folder)?;
        let published = match self.published.take() {
            Some(published) => published,
            None => Published::fetch(&self.target).await?,
        };
        let report = Report {
            folder: self.folder.clone(),
            ignored: content.ignored.clone(),
            ..Report::default()
        };
        let progress = Progress::of(content.files().count());
        let mut run = Run {
            publisher: self,
            published,
            report,
            progress,
            slugs: BTreeMap::new(),
        };
        run.all(&content).await?;
        let (published, report) = (run.published, run.report);
        self.published = Some(published);
        Ok(report)
    }
}

impl Run<'_> {
    async fn all(&mut self, content: &Content) -> Result<()> {
        let again = match &content.site {
            Some(site) => self.site(site).await?,
            None => false,
        };
        for file in &content.theme {
            self.report.theme += usize::from(self.file(file).await?);
        }
        for file in &content.media {
            self.report.media += usize::from(self.file(file).await?);
        }
        self.documents(content, again).await?;
        self.remove_missing(content).await
    }

    async fn remove_missing(&mut self, content: &Content) -> Result<()> {
        let there: BTreeSet<&str> = content.files().map(|file| file.path.as_str()).collect();
        let known = self.publisher.documents.keys().chain(&self.publisher.files);
        let gone: Vec<String> = known
            .filter(|path| !there.contains(path.as_str()))
            .cloned()
            .collect();
        for path in gone {
            if let Some((kind, slug)) = self.publisher.documents.remove(&path) {
                self.remove_document(kind, &slug).await?;
            } else {
                let path = format!("/api/{}", percent::encode(&path));
                let target = &self.publisher.target;
                let reply = target
                    .send(Method::DELETE, &path, "text/plain", Bytes::new())
                    .await?;
                reply.success().with_context(|| format!("DELETE {path}"))?;
            }
            self.publisher.files.remove(&path);
            self.published.remove(&path);
            self.report.removed += 1;
        }
        Ok(())
    }
}
