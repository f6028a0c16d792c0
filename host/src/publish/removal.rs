//! Removals: what has gone from the folder, and on demand all that never was in it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use super::batch::{self, Removal, Status};
use super::content::Content;
use super::document::Kind;
use super::problem::Problem;
use super::report::Change;
use super::run::Run;
use crate::target::{Call, percent};

/// How many documents are removed at once.
const TOGETHER: usize = 256;

impl Run<'_> {
    /// Removes what this publisher published and the folder no longer has.
    pub(super) async fn remove_missing(&mut self, content: &Content) -> Result<()> {
        let there: BTreeSet<&str> = content.files().map(|file| file.path.as_str()).collect();
        let is_gone = |path: &str| !there.contains(path) && !content.hides(path);
        let documents = self.publisher.documents.iter();
        let documents: Vec<(String, (Kind, String))> = documents
            .filter(|(path, _)| is_gone(path))
            .map(|(path, document)| (path.clone(), document.clone()))
            .collect();
        let files = self.publisher.files.iter().filter(|path| is_gone(path));
        let files: Vec<String> = files.cloned().collect();
        let at_once = self.pace.documents_at_once().min(TOGETHER);
        for some in documents.chunks(at_once) {
            let unclaimed = some.iter().map(|(_, document)| document.clone());
            let unclaimed = unclaimed.filter(|document| !self.slugs.contains_key(document));
            self.remove_documents(&unclaimed.collect::<Vec<_>>())
                .await?;
            for (path, _) in some {
                self.publisher.documents.remove(path);
            }
            if (self.publisher.is_wanted)() {
                return Ok(());
            }
        }
        for path in files {
            self.remove_file(&path).await?;
            self.publisher.files.remove(&path);
            if (self.publisher.is_wanted)() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Removes what the blog has and the folder has not. Settings stay: a blog has always some.
    pub(super) async fn prune(&mut self, content: &Content) -> Result<()> {
        if content.documents.is_empty() {
            bail!(
                "{}: --prune would empty the blog, for there is no post and no page",
                self.report.folder.display()
            );
        }
        if self.report.refused > 0 {
            let message = "nothing is pruned while files are refused: mend them first";
            let problem = Problem::of_file("", message.to_owned());
            self.report.problems.push(problem);
            return Ok(());
        }
        let (mut removals, mut files) = (Vec::new(), Vec::new());
        for (path, _) in self.published.iter() {
            let (folder, slug) = path.split_once('/').unwrap_or((path, ""));
            match Kind::of_folder(folder) {
                Some(kind) if self.slugs.contains_key(&(kind, slug.to_owned())) => {}
                Some(kind) => removals.push((kind, slug.to_owned())),
                None if path == "site.toml" || self.publisher.files.contains(path) => {}
                None => files.push(path.to_owned()),
            }
        }
        let at_once = self.pace.documents_at_once().min(TOGETHER);
        for some in removals.chunks(at_once) {
            self.remove_documents(some).await?;
        }
        for path in files {
            self.remove_file(&path).await?;
        }
        Ok(())
    }

    /// Removes a document, unless another file has taken its place.
    pub(super) async fn remove_document(&mut self, kind: Kind, slug: &str) -> Result<()> {
        if self.slugs.contains_key(&(kind, slug.to_owned())) {
            return Ok(());
        }
        self.remove_documents(&[(kind, slug.to_owned())]).await
    }

    async fn remove_documents(&mut self, documents: &[(Kind, String)]) -> Result<()> {
        let mut removals = Vec::with_capacity(documents.len());
        for (kind, slug) in documents {
            let path = kind.path(slug);
            if !self.only_says(Change::Remove, &path) {
                removals.push(Removal {
                    kind: *kind,
                    slug: slug.clone(),
                    guard: self.published.guard(&path),
                });
            }
        }
        if removals.is_empty() {
            return Ok(());
        }
        self.pace.documents(removals.len()).await;
        let outcomes = batch::remove(&self.publisher.target, &removals).await?;
        for (removal, outcome) in removals.iter().zip(outcomes) {
            let path = removal.kind.path(&removal.slug);
            if outcome.status == Status::Conflict {
                self.overtaken(&path);
            } else {
                self.report.removed += 1;
                self.published.remove(&path);
            }
        }
        Ok(())
    }

    async fn remove_file(&mut self, path: &str) -> Result<()> {
        if self.only_says(Change::Remove, path) {
            return Ok(());
        }
        self.pace.file(0).await;
        let address = format!("/api/{}", percent::encode(path));
        let call = Call::delete(&address).guarded(Some(self.published.guard(path)));
        let reply = self.publisher.target.send(call).await?;
        if reply.is_conflict() {
            self.overtaken(path);
            return Ok(());
        }
        // Who else removed it meanwhile did what is wanted.
        if reply.status != StatusCode::NOT_FOUND {
            reply
                .success()
                .with_context(|| format!("DELETE {address}"))?;
        }
        self.report.removed += 1;
        self.published.remove(path);
        Ok(())
    }
}
