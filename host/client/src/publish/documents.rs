//! Documents: which of them to send, and what became of each.

use std::collections::BTreeSet;

use anyhow::Result;

use super::batch::{Batch, Outcome, Status};
use super::references;
use super::run::Run;
use crate::content::{Content, Document, DocumentId, File, Kind, Problem};
use crate::request::Precondition;

/// Another file has the slug.
struct SlugTaken;

impl Run<'_> {
    /// Sends the documents that differ, or all if they have to be compiled again.
    pub(super) async fn documents(&mut self, content: &Content, recompile: bool) -> Result<()> {
        let media = content.media.iter().map(|file| file.path.as_str());
        let media: BTreeSet<&str> = media.collect();
        let mut contested = Vec::new();
        let mut batch = Batch::new(self.rate_limit.documents_at_once());
        for file in &content.documents {
            let Some(mut document) = self.read(file, &media) else {
                continue;
            };
            if self.claim_slug(&document, &document.id).is_err() {
                contested.push(document);
                continue;
            }
            if let Some(id) = self.sent.documents.get(&document.path) {
                document.id.clone_from(id);
            }
            if !recompile && self.is_published(&document) {
                self.progress.add(1);
            } else {
                self.add(&mut batch, document).await?;
            }
        }
        self.send(batch).await?;
        self.receive_all().await?;
        self.send_once_more(contested).await?;
        self.report_equal_slugs();
        Ok(())
    }

    /// Sends the documents whose slug is known only now: the component has named it, or another
    /// document that seemed to have it has a different one.
    async fn send_once_more(&mut self, contested: Vec<Document>) -> Result<()> {
        let mut documents = std::mem::take(&mut self.renamed);
        documents.extend(contested);
        while !documents.is_empty() {
            let mut batch = Batch::new(self.rate_limit.documents_at_once());
            for document in documents {
                if self.claim_slug(&document, &document.id).is_ok() {
                    self.add(&mut batch, document).await?;
                } else {
                    self.refuse_slug(&document, &document.id);
                    self.progress.add(1);
                }
            }
            self.send(batch).await?;
            self.receive_all().await?;
            documents = std::mem::take(&mut self.renamed);
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
        let has_it = self.published.has(&document.id.path(), &document.hash());
        if has_it {
            self.report.unchanged += 1;
            self.count(document, &document.id);
        }
        has_it
    }

    async fn add(&mut self, batch: &mut Batch, document: Document) -> Result<()> {
        if !batch.has_room_for(&document) {
            let next = Batch::new(self.rate_limit.documents_at_once());
            self.send(std::mem::replace(batch, next)).await?;
        }
        let precondition = match self.report.is_dry {
            true => Precondition::never(),
            false => self.published.precondition(&document.id.path()),
        };
        batch.add(document, precondition);
        Ok(())
    }

    async fn send(&mut self, batch: Batch) -> Result<()> {
        if batch.len() == 0 {
            return Ok(());
        }
        if self.in_flight.is_full() {
            self.receive().await?;
        }
        self.rate_limit.documents(batch.len()).await;
        self.in_flight.send(self.setting.client, batch);
        Ok(())
    }

    async fn receive_all(&mut self) -> Result<()> {
        while self.receive().await? {}
        Ok(())
    }

    /// Waits for the oldest batch, and notes what became of its documents; returns whether there was
    /// one.
    async fn receive(&mut self) -> Result<bool> {
        let Some(outcomes) = self.in_flight.next().await? else {
            return Ok(false);
        };
        let documents = outcomes.len();
        for (document, outcome) in outcomes {
            self.note(document, outcome);
        }
        self.progress.add(documents);
        Ok(true)
    }

    fn note(&mut self, mut document: Document, outcome: Outcome) {
        let kind = document.id.kind;
        let id = outcome.slug.map(|slug| DocumentId { kind, slug });
        match (outcome.status, id) {
            (Status::Created | Status::Updated | Status::Unchanged, Some(id)) => {
                let hash = outcome.hash.unwrap_or_else(|| document.hash());
                self.note_written(&document, &id, outcome.status, hash);
            }
            (Status::Conflict, Some(id)) if id != document.id => {
                self.slugs.retain(|_, file| *file != document.path);
                document.id = id;
                self.renamed.push(document);
            }
            (Status::Conflict, Some(id)) if self.report.is_dry => {
                let change = self.change_at(&id.path());
                self.report.changes.push((change, document.path.clone()));
                self.count(&document, &id);
            }
            (Status::Conflict, _) => self.conflict(&document.path),
            _ => {
                self.report.refused += 1;
                let problems = outcome.problems.into_iter();
                let problems = problems.map(|one| Problem::of_source(&document.path, one));
                self.report.problems.extend(problems);
            }
        }
    }

    fn note_written(&mut self, document: &Document, id: &DocumentId, status: Status, hash: String) {
        // What this run itself has written, and has sent again as the answer was lost, is new.
        if status == Status::Unchanged && self.published.has(&id.path(), &hash) {
            self.report.unchanged += 1;
        }
        self.published.add(id.path(), hash);
        let before = self.sent.documents.get(&document.path).cloned();
        self.count(document, id);
        self.sent.outdated.remove(id);
        self.sent
            .outdated
            .extend(before.filter(|before| *before != *id));
    }

    /// Counts a document that is published as `id`.
    fn count(&mut self, document: &Document, id: &DocumentId) {
        if self.claim_slug(document, id).is_err() {
            self.refuse_slug(document, id);
            return;
        }
        let known = &mut self.sent.documents;
        known.insert(document.path.clone(), id.clone());
        match id.kind {
            Kind::Post => self.report.posts += 1,
            Kind::Page => self.report.pages += 1,
        }
    }

    /// Gives the slug of `id` to `document`, unless another file has it.
    fn claim_slug(&mut self, document: &Document, id: &DocumentId) -> Result<(), SlugTaken> {
        let file = &document.path;
        let owner = self.slugs.entry(id.clone()).or_insert_with(|| file.clone());
        if owner == file {
            Ok(())
        } else {
            Err(SlugTaken)
        }
    }

    fn refuse_slug(&mut self, document: &Document, id: &DocumentId) {
        self.report.refused += 1;
        let files = self.equal_slugs.entry(id.clone()).or_default();
        files.push(document.path.clone());
    }

    /// Reports each slug that several files have, once.
    fn report_equal_slugs(&mut self) {
        for (id, files) in std::mem::take(&mut self.equal_slugs) {
            let (Some(owner), Some(first)) = (self.slugs.get(&id), files.first()) else {
                continue;
            };
            let slug = &id.slug;
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
