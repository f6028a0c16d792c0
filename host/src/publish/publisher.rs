//! The publisher: sends what differs between a folder and what is published.
//!
//! The settings go first, for they say how documents are compiled; then the files that
//! documents refer to; then the documents. Run again, it knows what it sent, and takes away
//! what has gone from the folder since.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use hyper::Method;

use super::batch::{self, Batch, Outcome, Status};
use super::content::{Content, File};
use super::document::{Document, Kind};
use super::problem::Problem;
use super::progress::Progress;
use super::published::{Published, hash};
use super::references;
use super::report::Report;
use super::target::{Reply, Target, percent_encode};

/// Publishes one folder, once or again and again.
pub struct Publisher {
    target: Target,
    folder: PathBuf,
    published: Option<Published>,
    /// What this publisher has sent or found there: the slug of each document, by the file.
    documents: BTreeMap<String, (Kind, String)>,
    /// The other files, likewise.
    files: BTreeSet<String>,
}

/// One run.
struct Run<'a> {
    publisher: &'a mut Publisher,
    published: Published,
    report: Report,
    progress: Progress,
    /// The file of each slug in this run.
    slugs: BTreeMap<(Kind, String), String>,
}

impl Publisher {
    /// A publisher of `folder`.
    pub fn new(target: Target, folder: PathBuf) -> Self {
        Self {
            target,
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

    /// Sends the settings; says whether all documents have to be compiled again.
    async fn site(&mut self, site: &File) -> Result<bool> {
        self.progress.add(1);
        let bytes = site.read()?;
        let hash = hash(&bytes);
        if self.published.has(&site.path, &hash) {
            return Ok(false);
        }
        let reply = self.put("/api/site", "application/toml", bytes).await?;
        if reply.status.is_client_error() && !reply.refusal().problems.is_empty() {
            self.refuse(&site.path, &reply);
            self.report.print_problems();
            bail!(
                "{} was refused, so nothing is published",
                site.location.display()
            );
        }
        let body = reply.success().context("site.toml was not written")?;
        self.published.add(site.path.clone(), hash);
        self.report.settings = true;
        let recompile = serde_json::from_slice(&body).map(|answer: SiteAnswer| answer.recompile);
        recompile.context("PUT /api/site: the answer is not what a blog answers")
    }

    /// Sends a file of media or theme; says whether it is there now.
    async fn file(&mut self, file: &File) -> Result<bool> {
        self.progress.add(1);
        let bytes = file.read()?;
        let hash = hash(&bytes);
        self.publisher.files.insert(file.path.clone());
        if self.published.has(&file.path, &hash) {
            self.report.unchanged += 1;
            return Ok(true);
        }
        let path = format!("/api/{}", percent_encode(&file.path));
        let reply = self.put(&path, "application/octet-stream", bytes).await?;
        if reply.status.is_client_error() && reply.status != hyper::StatusCode::UNAUTHORIZED {
            self.refuse(&file.path, &reply);
            return Ok(false);
        }
        reply
            .success()
            .with_context(|| format!("{} was not written", file.location.display()))?;
        self.published.add(file.path.clone(), hash);
        Ok(true)
    }

    async fn documents(&mut self, content: &Content, again: bool) -> Result<()> {
        let media = content
            .media
            .iter()
            .map(|file| file.path.as_str())
            .collect();
        let mut batch = Batch::default();
        for file in &content.documents {
            let document = match Document::new(file, file.read()?) {
                Ok(document) => document,
                Err(problem) => {
                    self.report.refused += 1;
                    self.report.problems.push(problem);
                    continue;
                }
            };
            self.report
                .problems
                .extend(references::check(&document, &media));
            if !self.claim(&document, document.likely_slug()) {
                continue;
            }
            if !again && self.is_published(&document) {
                self.progress.add(1);
                continue;
            }
            if !batch.takes(&document) {
                self.batch(std::mem::take(&mut batch)).await?;
            }
            batch.add(document);
        }
        self.batch(batch).await
    }

    fn is_published(&mut self, document: &Document) -> bool {
        let known = self.publisher.documents.get(&document.path);
        let slug = known
            .map_or(document.likely_slug(), |(_, slug)| slug)
            .to_owned();
        let path = format!("{}/{slug}", document.kind.folder());
        let there = self.published.has(&path, &hash(document.source.as_bytes()));
        if there {
            self.report.unchanged += 1;
            self.count(document, slug);
        }
        there
    }

    async fn batch(&mut self, batch: Batch) -> Result<()> {
        if batch.documents.is_empty() {
            return Ok(());
        }
        let outcomes = batch.send(&self.publisher.target).await?;
        for (document, outcome) in batch.documents.iter().zip(outcomes) {
            self.outcome(document, outcome).await?;
        }
        self.progress.add(batch.documents.len());
        Ok(())
    }

    async fn outcome(&mut self, document: &Document, outcome: Outcome) -> Result<()> {
        let problems = outcome
            .problems
            .into_iter()
            .map(|problem| problem.of(&document.path));
        self.report.problems.extend(problems);
        let slug = match (outcome.status, outcome.slug) {
            (Status::Created | Status::Updated, Some(slug)) => slug,
            (Status::Unchanged, Some(slug)) => {
                self.report.unchanged += 1;
                slug
            }
            _ => {
                self.report.refused += 1;
                return Ok(());
            }
        };
        let path = format!("{}/{slug}", document.kind.folder());
        self.published.add(path, hash(document.source.as_bytes()));
        let before = self.publisher.documents.get(&document.path).cloned();
        self.count(document, slug.clone());
        match before {
            Some((kind, old)) if old != slug => self.remove_document(kind, &old).await,
            _ => Ok(()),
        }
    }

    /// Counts a document that is published under `slug`.
    fn count(&mut self, document: &Document, slug: String) {
        if !self.claim(document, &slug) {
            return;
        }
        let known = &mut self.publisher.documents;
        known.insert(document.path.clone(), (document.kind, slug));
        match document.kind {
            Kind::Post => self.report.posts += 1,
            Kind::Page => self.report.pages += 1,
        }
    }

    /// Gives `slug` to `document`; if another file has it, that is a problem of both.
    fn claim(&mut self, document: &Document, slug: &str) -> bool {
        let file = &document.path;
        let slugs = self.slugs.entry((document.kind, slug.to_owned()));
        let owner = slugs.or_insert_with(|| file.clone());
        if owner == file {
            return true;
        }
        for (file, other) in [(file, &*owner), (&*owner, file)] {
            let message = format!("{other} has the same slug {slug:?}: rename one of them");
            self.report.problems.push(Problem::of_file(file, message));
        }
        self.report.refused += 1;
        false
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
                let path = format!("/api/{}", percent_encode(&path));
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

    /// Deletes a document, unless another file has taken its place.
    async fn remove_document(&mut self, kind: Kind, slug: &str) -> Result<()> {
        if self.slugs.contains_key(&(kind, slug.to_owned())) {
            return Ok(());
        }
        self.published.remove(&format!("{}/{slug}", kind.folder()));
        batch::delete(&self.publisher.target, kind, slug).await
    }

    async fn put(&self, path: &str, kind: &str, bytes: Vec<u8>) -> Result<Reply> {
        self.publisher
            .target
            .send(Method::PUT, path, kind, bytes.into())
            .await
    }

    fn refuse(&mut self, file: &str, reply: &Reply) {
        let refusal = reply.refusal();
        self.report.refused += 1;
        if refusal.problems.is_empty() {
            self.report
                .problems
                .push(Problem::of_file(file, refusal.detail));
        } else {
            let problems = refusal.problems.into_iter().map(|problem| problem.of(file));
            self.report.problems.extend(problems);
        }
    }
}

/// The answer to the settings.
#[derive(serde::Deserialize)]
struct SiteAnswer {
    recompile: bool,
}
