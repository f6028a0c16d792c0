//! Documents: which of them to send, and what became of each.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::batch::{self, Batch, Outcome, Status};
use super::content::Content;
use super::document::{Document, Kind};
use super::problem::Problem;
use super::published::hash;
use super::publisher::Run;
use super::references;

/// How many batches are on their way at once: while the component writes one, it compiles the
/// next.
const AT_ONCE: usize = 2;

/// Batches on their way, the first one in front.
type Flight = VecDeque<(Arc<Batch>, JoinHandle<Result<Vec<Outcome>>>)>;

impl Run<'_> {
    /// Sends the documents that differ, or all if they are to be compiled `again`.
    pub(super) async fn documents(&mut self, content: &Content, again: bool) -> Result<()> {
        let media = content
            .media
            .iter()
            .map(|file| file.path.as_str())
            .collect();
        let mut batch = Batch::default();
        let mut flight = Flight::new();
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
                self.batch(std::mem::take(&mut batch), &mut flight).await?;
            }
            batch.add(document);
        }
        self.batch(batch, &mut flight).await?;
        while !flight.is_empty() {
            self.land(&mut flight).await?;
        }
        Ok(())
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

    async fn batch(&mut self, batch: Batch, flight: &mut Flight) -> Result<()> {
        if batch.documents.is_empty() {
            return Ok(());
        }
        if flight.len() == AT_ONCE {
            self.land(flight).await?;
        }
        let batch = Arc::new(batch);
        let (sent, target) = (Arc::clone(&batch), Arc::clone(&self.publisher.target));
        let sending = tokio::spawn(async move { sent.send(&target).await });
        flight.push_back((batch, sending));
        Ok(())
    }

    /// Waits for the first batch, and notes what became of its documents.
    async fn land(&mut self, flight: &mut Flight) -> Result<()> {
        let Some((batch, sending)) = flight.pop_front() else {
            return Ok(());
        };
        let outcomes = sending.await.context("a batch was given up")??;
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

    /// Deletes a document, unless another file has taken its place.
    pub(super) async fn remove_document(&mut self, kind: Kind, slug: &str) -> Result<()> {
        if self.slugs.contains_key(&(kind, slug.to_owned())) {
            return Ok(());
        }
        self.published.remove(&format!("{}/{slug}", kind.folder()));
        batch::delete(&self.publisher.target, kind, slug).await
    }
}
