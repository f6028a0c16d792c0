//! Documents: which of them to send, and what became of each.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::batch::{Batch, Outcome, Status};
use super::content::{Content, File};
use super::document::{Document, Kind};
use super::problem::Problem;
use super::references;
use super::run::Run;
use crate::target::Guard;

/// How many batches are on their way at once: while the component writes one, it compiles the
/// next.
const AT_ONCE: usize = 2;

/// Batches on their way, the first one in front, each with what becomes of its documents.
pub(super) type Flight = VecDeque<JoinHandle<(Batch, Result<Vec<Outcome>>)>>;

/// Another file has the slug.
struct Taken;

impl Run<'_> {
    /// Sends the documents that differ, or all if they are to be compiled `again`.
    pub(super) async fn documents(&mut self, content: &Content, again: bool) -> Result<()> {
        let media = content.media.iter().map(|file| file.path.as_str());
        let media: BTreeSet<&str> = media.collect();
        let mut doubtful = Vec::new();
        let mut batch = Batch::of(self.pace.documents_at_once());
        for file in &content.documents {
            let Some(mut document) = self.read(file, &media) else {
                continue;
            };
            if self.claim(&document, &document.slug).is_err() {
                doubtful.push(document);
                continue;
            }
            if let Some((_, slug)) = self.publisher.documents.get(&document.path) {
                document.slug.clone_from(slug);
            }
            if !again && self.is_published(&document) {
                self.progress.add(1);
            } else {
                self.add(&mut batch, document).await?;
            }
        }
        self.batch(batch).await?;
        self.land_all().await?;
        self.claimants(doubtful).await?;
        self.tell_equal_slugs();
        Ok(())
    }

    /// Sends the documents whose slug is known only now: the component has named it, or another
    /// document that seemed to have it has a different one.
    async fn claimants(&mut self, doubtful: Vec<Document>) -> Result<()> {
        let mut claimants = std::mem::take(&mut self.mistaken);
        claimants.extend(doubtful);
        while !claimants.is_empty() {
            let mut batch = Batch::of(self.pace.documents_at_once());
            for document in claimants {
                if self.claim(&document, &document.slug).is_ok() {
                    self.add(&mut batch, document).await?;
                } else {
                    self.refuse_slug(&document, &document.slug);
                    self.progress.add(1);
                }
            }
            self.batch(batch).await?;
            self.land_all().await?;
            claimants = std::mem::take(&mut self.mistaken);
        }
        Ok(())
    }

    /// Reads a document, unless there is something wrong with it.
    fn read(&mut self, file: &File, media: &BTreeSet<&str>) -> Option<Document> {
        match file.load().and_then(|bytes| Document::new(file, bytes)) {
            Ok(document) => {
                let problems = references::check(&document, media);
                self.report.problems.extend(problems);
                Some(document)
            }
            Err(problem) => {
                self.report.refuse(problem);
                self.progress.add(1);
                None
            }
        }
    }

    fn is_published(&mut self, document: &Document) -> bool {
        let there = self.published.has(&document.address(), &document.hash());
        if there {
            self.report.unchanged += 1;
            self.count(document, document.slug.clone());
        }
        there
    }

    async fn add(&mut self, batch: &mut Batch, document: Document) -> Result<()> {
        if !batch.takes(&document) {
            let next = Batch::of(self.pace.documents_at_once());
            self.batch(std::mem::replace(batch, next)).await?;
        }
        // What no document has for its hash lets the component compile, and write nothing.
        let guard = match self.report.is_dry {
            true => Guard::Hash("0".repeat(32)),
            false => self.published.guard(&document.address()),
        };
        batch.add(document, guard);
        Ok(())
    }

    async fn batch(&mut self, batch: Batch) -> Result<()> {
        if batch.documents.is_empty() {
            return Ok(());
        }
        if self.flight.len() == AT_ONCE {
            self.land().await?;
        }
        self.pace.documents(batch.documents.len()).await;
        let target = Arc::clone(&self.publisher.target);
        self.flight.push_back(tokio::spawn(async move {
            let outcomes = batch.send(&target).await;
            (batch, outcomes)
        }));
        Ok(())
    }

    async fn land_all(&mut self) -> Result<()> {
        while !self.flight.is_empty() {
            self.land().await?;
        }
        Ok(())
    }

    /// Waits for the first batch, and notes what became of its documents.
    async fn land(&mut self) -> Result<()> {
        let Some(sending) = self.flight.pop_front() else {
            return Ok(());
        };
        let (batch, outcomes) = sending.await.context("a batch was given up")?;
        if outcomes.is_err() {
            // The others come to their end, too: the next run would take what they write
            // meanwhile for the work of somebody else.
            for sending in self.flight.drain(..) {
                let _ = sending.await;
            }
        }
        let documents = batch.documents.len();
        for ((document, _), outcome) in batch.documents.into_iter().zip(outcomes?) {
            self.outcome(document, outcome).await?;
        }
        self.progress.add(documents);
        Ok(())
    }

    async fn outcome(&mut self, mut document: Document, outcome: Outcome) -> Result<()> {
        let slug = match (outcome.status, outcome.slug) {
            (Status::Created | Status::Updated | Status::Unchanged, Some(slug)) => slug,
            (Status::Conflict, Some(slug)) if slug != document.slug => {
                self.slugs.retain(|_, file| *file != document.path);
                document.slug = slug;
                self.mistaken.push(document);
                return Ok(());
            }
            (Status::Conflict, Some(slug)) if self.report.is_dry => {
                let change = self.put_of(&document.address());
                self.report.changes.push((change, document.path.clone()));
                self.count(&document, slug);
                return Ok(());
            }
            (Status::Conflict, _) => {
                self.overtaken(&document.path);
                return Ok(());
            }
            _ => {
                self.report.refused += 1;
                let problems = outcome.problems.into_iter();
                let problems = problems.map(|one| Problem::described(&document.path, one));
                self.report.problems.extend(problems);
                return Ok(());
            }
        };
        let hash = outcome.hash.unwrap_or_else(|| document.hash());
        let address = document.kind.path(&slug);
        // What this run has written itself, and sent again as its answer was lost, is no less new.
        if outcome.status == Status::Unchanged && self.published.has(&address, &hash) {
            self.report.unchanged += 1;
        }
        self.published.add(address, hash);
        let before = self.publisher.documents.get(&document.path).cloned();
        self.count(&document, slug.clone());
        match before {
            Some((kind, old)) if old != slug => self.remove_document(kind, &old).await,
            _ => Ok(()),
        }
    }

    /// Counts a document that is published under `slug`.
    fn count(&mut self, document: &Document, slug: String) {
        if self.claim(document, &slug).is_err() {
            self.refuse_slug(document, &slug);
            return;
        }
        let known = &mut self.publisher.documents;
        known.insert(document.path.clone(), (document.kind, slug));
        match document.kind {
            Kind::Post => self.report.posts += 1,
            Kind::Page => self.report.pages += 1,
        }
    }

    /// Gives `slug` to `document`, unless another file has it.
    fn claim(&mut self, document: &Document, slug: &str) -> Result<(), Taken> {
        let file = &document.path;
        let slugs = self.slugs.entry((document.kind, slug.to_owned()));
        let owner = slugs.or_insert_with(|| file.clone());
        if owner == file { Ok(()) } else { Err(Taken) }
    }

    fn refuse_slug(&mut self, document: &Document, slug: &str) {
        self.report.refused += 1;
        let key = (document.kind, slug.to_owned());
        self.equal
            .entry(key)
            .or_default()
            .push(document.path.clone());
    }

    /// Tells of each slug that several files have, once.
    fn tell_equal_slugs(&mut self) {
        for (key, files) in std::mem::take(&mut self.equal) {
            let (Some(owner), Some(first)) = (self.slugs.get(&key), files.first()) else {
                continue;
            };
            let slug = &key.1;
            let message = match files.len() - 1 {
                0 => format!("{owner} has the same slug {slug:?}: rename one of them"),
                more => format!(
                    "{owner} has the same slug {slug:?}, and so have {more} more files: rename \
                     them, or give each a field slug"
                ),
            };
            self.report.problems.push(Problem::of_file(first, message));
        }
    }
}
