//! Uploads: the settings, and the files that are kept as they are.

use anyhow::{Context, Result, bail};
use hyper::{Method, StatusCode};

use super::content::File;
use super::percent;
use super::problem::Problem;
use super::published::hash;
use super::publisher::Run;
use super::target::Reply;

impl Run<'_> {
    /// Sends the settings; says whether all documents have to be compiled again.
    pub(super) async fn site(&mut self, site: &File) -> Result<bool> {
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
    pub(super) async fn file(&mut self, file: &File) -> Result<bool> {
        self.progress.add(1);
        let bytes = file.read()?;
        let hash = hash(&bytes);
        self.publisher.files.insert(file.path.clone());
        if self.published.has(&file.path, &hash) {
            self.report.unchanged += 1;
            return Ok(true);
        }
        let path = format!("/api/{}", percent::encode(&file.path));
        let reply = self.put(&path, "application/octet-stream", bytes).await?;
        if reply.status.is_client_error() && reply.status != StatusCode::UNAUTHORIZED {
            self.refuse(&file.path, &reply);
            return Ok(false);
        }
        reply
            .success()
            .with_context(|| format!("{} was not written", file.location.display()))?;
        self.published.add(file.path.clone(), hash);
        Ok(true)
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
