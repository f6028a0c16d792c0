//! Removals: what has gone from the folder, and on demand everything that never was in it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use super::batch::{self, FileRemoval, Removal, Status};
use super::report::Change;
use super::run::Run;
use crate::content::{Content, DocumentId, Problem};
use crate::percent;
use crate::request::ApiRequest;

/// The most documents or files that one request removes.
const MAX_REMOVALS: usize = 256;

fn is_media(path: &str) -> bool {
    path.starts_with(batch::MEDIA)
}

impl Run<'_> {
    /// Removes what this publisher has sent and the folder no longer has.
    pub(super) async fn remove_missing(&mut self, content: &Content) -> Result<()> {
        let there: BTreeSet<&str> = content.files().map(|file| file.path.as_str()).collect();
        let is_gone = |path: &str| !there.contains(path) && !content.hides(path);
        let documents = self.sent.documents.iter();
        let gone = documents.filter(|(path, _)| is_gone(path));
        let gone = gone.map(|(path, id)| (Some(path.clone()), id.clone()));
        let outdated = self.sent.outdated.iter().map(|id| (None, id.clone()));
        let removals: Vec<(Option<String>, DocumentId)> = outdated.chain(gone).collect();
        let files = self.sent.files.iter().filter(|path| is_gone(path));
        let files: Vec<String> = files.cloned().collect();
        for some in removals.chunks(self.removals_at_once()) {
            let unclaimed = some.iter().map(|(_, id)| id);
            let unclaimed = unclaimed.filter(|id| !self.slugs.contains_key(id));
            let unclaimed: Vec<DocumentId> = unclaimed.cloned().collect();
            self.remove_documents(&unclaimed).await?;
            for (file, id) in some {
                if let Some(file) = file {
                    self.sent.documents.remove(file);
                } else {
                    self.sent.outdated.remove(id);
                }
            }
            if (self.setting.has_newer_changes)() {
                return Ok(());
            }
        }
        let (media, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_media(path));
        for some in media.chunks(self.removals_at_once()) {
            self.remove_media(some).await?;
            for path in some {
                self.sent.files.remove(path);
            }
            if (self.setting.has_newer_changes)() {
                return Ok(());
            }
        }
        for path in others {
            self.remove_file(&path).await?;
            self.sent.files.remove(&path);
            if (self.setting.has_newer_changes)() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Removes what the blog has and the folder has not. Settings stay, for a blog always has some.
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
            match DocumentId::of_path(path) {
                Some(id) if self.slugs.contains_key(&id) => {}
                Some(id) => removals.push(id),
                None if path == "site.toml" || self.sent.files.contains(path) => {}
                None => files.push(path.to_owned()),
            }
        }
        for some in removals.chunks(self.removals_at_once()) {
            self.remove_documents(some).await?;
        }
        let (media, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_media(path));
        for some in media.chunks(self.removals_at_once()) {
            self.remove_media(some).await?;
        }
        for path in others {
            self.remove_file(&path).await?;
        }
        Ok(())
    }

    fn removals_at_once(&self) -> usize {
        self.rate_limit.documents_at_once().min(MAX_REMOVALS)
    }

    async fn remove_documents(&mut self, documents: &[DocumentId]) -> Result<()> {
        let mut removals = Vec::with_capacity(documents.len());
        for id in documents {
            let path = id.path();
            if !self.is_dry(Change::Remove, &path) {
                removals.push(Removal {
                    id: id.clone(),
                    precondition: self.published.precondition(&path),
                });
            }
        }
        if removals.is_empty() {
            return Ok(());
        }
        self.rate_limit.documents(removals.len()).await;
        for (id, outcome) in batch::remove(self.setting.client, removals).await? {
            let path = id.path();
            if outcome.status == Status::Conflict {
                self.conflict(&path);
            } else {
                self.report.removed += 1;
                self.published.remove(&path);
            }
        }
        Ok(())
    }

    async fn remove_media(&mut self, paths: &[String]) -> Result<()> {
        // Blogs that do not know how to remove several know how to remove one.
        if let [path] = paths {
            return self.remove_file(path).await;
        }
        let mut removals = Vec::with_capacity(paths.len());
        for path in paths {
            if !self.is_dry(Change::Remove, path) {
                removals.push(FileRemoval {
                    path: path.clone(),
                    precondition: self.published.precondition(path),
                });
            }
        }
        if removals.is_empty() {
            return Ok(());
        }
        self.rate_limit.documents(removals.len()).await;
        for (path, outcome) in batch::remove_files(self.setting.client, removals).await? {
            if outcome.status == Status::Conflict {
                self.conflict(&path);
            } else {
                self.report.removed += 1;
                self.published.remove(&path);
            }
        }
        Ok(())
    }

    async fn remove_file(&mut self, path: &str) -> Result<()> {
        if self.is_dry(Change::Remove, path) {
            return Ok(());
        }
        self.rate_limit.file(0).await;
        let address = format!("/api/{}", percent::encode(path));
        let precondition = self.published.precondition(path);
        let request = ApiRequest::delete(&address).with_precondition(Some(precondition));
        let reply = self.setting.client.send(request).await?;
        if reply.is_conflict() {
            self.conflict(path);
            return Ok(());
        }
        // Someone else who removed it meanwhile did what is wanted.
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
