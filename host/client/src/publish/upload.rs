//! Uploads: the settings, and the files that are kept as they are.

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use super::run::{CONFLICT, Run};
use crate::content::{File, Problem};
use crate::hash::hash;
use crate::observer::Notice;
use crate::percent;
use crate::reply::Reply;
use crate::request::{ApiRequest, Precondition};

impl Run<'_> {
    /// Sends the settings; returns whether all documents have to be compiled again.
    pub(super) async fn settings(&mut self, site: &File) -> Result<bool> {
        let bytes = match site.load() {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.report.refuse(problem);
                return Ok(false);
            }
        };
        let hash = hash(&bytes);
        if self.published.has(&site.path, &hash) {
            return Ok(false);
        }
        let reply = self.put_settings(site, bytes).await?;
        if reply.is_conflict() {
            // The blog looks at settings before it compares them with those that it has.
            if self.is_dry(self.change_at(&site.path), &site.path) {
                return Ok(false);
            }
            bail!("{}: {CONFLICT}", site.location.display());
        }
        if reply.status.is_client_error() && !reply.refusal().problems.is_empty() {
            self.refuse(&site.path, &reply);
            self.notice_problems();
            bail!(
                "{} was refused, so nothing is published",
                site.location.display()
            );
        }
        let body = reply.success().context("site.toml was not written")?;
        self.published.add(site.path.clone(), hash);
        self.report.settings = true;
        let answer: SettingsAnswer = serde_json::from_slice(&body)
            .context("PUT /api/site: the answer is not what a blog answers")?;
        Ok(answer.recompile)
    }

    async fn put_settings(&mut self, site: &File, bytes: Vec<u8>) -> Result<Reply> {
        let precondition = match self.report.is_dry {
            true => Some(Precondition::never()),
            // Where no settings were published, there are built-in ones, and nothing is overwritten.
            false => self.overwrites(&site.path),
        };
        self.rate_limit.file(bytes.len()).await;
        let request = ApiRequest::put("/api/site", "application/toml", bytes);
        let request = request.with_precondition(precondition);
        self.setting.client.send(request).await
    }

    /// Tells the observer what is wrong, when there will be no report.
    fn notice_problems(&self) {
        let (observer, folder) = (self.setting.client.observer(), self.setting.folder);
        for problem in self.report.ignored().iter().chain(&self.report.problems) {
            observer.notice(&Notice::Problem { folder, problem });
        }
    }

    /// Sends a file of media or theme; returns whether it is in the blog now.
    pub(super) async fn upload(&mut self, file: &File) -> Result<bool> {
        self.progress.add(1);
        self.sent.files.insert(file.path.clone());
        let bytes = match self.bytes_of(file) {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.report.refuse(problem);
                return Ok(false);
            }
        };
        let hash = hash(&bytes);
        if self.published.has(&file.path, &hash) {
            self.report.unchanged += 1;
            return Ok(true);
        }
        if self.is_dry(self.change_at(&file.path), &file.path) {
            return Ok(true);
        }
        let reply = self.put_file(file, bytes).await?;
        if reply.is_conflict() {
            self.conflict(&file.path);
            return Ok(false);
        }
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

    async fn put_file(&mut self, file: &File, bytes: Vec<u8>) -> Result<Reply> {
        // A precondition takes the writers' lock, which a new file does not need.
        let precondition = self.overwrites(&file.path);
        self.rate_limit.file(bytes.len()).await;
        let path = format!("/api/{}", percent::encode(&file.path));
        let request = ApiRequest::put(&path, "application/octet-stream", bytes);
        let request = request.with_precondition(precondition);
        self.setting.client.send(request).await
    }

    /// What must be under `path` still, if something is overwritten there.
    fn overwrites(&self, path: &str) -> Option<Precondition> {
        let precondition = self.published.precondition(path);
        Some(precondition).filter(|one| *one != Precondition::IsAbsent)
    }

    /// The bytes to send of a file: none where it counts only that the blog has a file of this name.
    /// A file that may be too large for a blog is sent whole, and refused; of a page, which links may
    /// lead into, the bytes count.
    fn bytes_of(&self, file: &File) -> Result<Vec<u8>, Problem> {
        let is_medium = file.path.starts_with("media/") && !file.path.ends_with(".html");
        let only_name = self.setting.options.only_names_media && is_medium;
        if only_name && file.byte_count()? <= ACCEPTED_BYTES {
            return Ok(Vec::new());
        }
        file.load()
    }

    fn refuse(&mut self, file: &str, reply: &Reply) {
        let refusal = reply.refusal();
        self.report.refused += 1;
        let problems = &mut self.report.problems;
        if refusal.problems.is_empty() {
            problems.push(Problem::of_file(file, refusal.detail));
        }
        for problem in refusal.problems {
            problems.push(Problem::of_source(file, problem));
        }
    }
}

/// A size that every blog accepts.
const ACCEPTED_BYTES: u64 = 8 << 20;

/// The answer to the settings.
#[derive(serde::Deserialize)]
struct SettingsAnswer {
    recompile: bool,
}
