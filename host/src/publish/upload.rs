//! Uploads: the settings, and the files that are kept as they are.

use anyhow::{Context, Result, bail};
use hyper::StatusCode;

use super::content::File;
use super::problem::Problem;
use super::report::Change;
use super::run::Run;
use crate::target::{Call, Guard, Reply, hash, percent};

impl Run<'_> {
    /// Sends the settings; says whether all documents have to be compiled again.
    pub(super) async fn site(&mut self, site: &File) -> Result<bool> {
        let bytes = match site.load() {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.report.refuse(problem);
                return Ok(false);
            }
        };
        let hash = hash(&bytes);
        if self.published.has(&site.path, &hash)
            || self.only_says(self.put_of(&site.path), &site.path)
        {
            return Ok(false);
        }
        let path = "/api/site";
        let guard = self.published.guard(&site.path);
        // There are built-in settings where none were published: nothing to be overwritten.
        let guard = Some(guard).filter(|guard| *guard != Guard::Nothing);
        self.pace.file(bytes.len()).await;
        let call = Call::put(path, "application/toml", bytes).guarded(guard);
        let reply = self.publisher.target.send(call).await?;
        if reply.is_conflict() {
            bail!("{}: {OVERTAKEN}", site.location.display());
        }
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
        self.publisher.files.insert(file.path.clone());
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
        if self.only_says(self.put_of(&file.path), &file.path) {
            return Ok(true);
        }
        // A new file takes no guard: it overwrites nothing, and guards take the writers' lock.
        let guard = self.published.guard(&file.path);
        let guard = Some(guard).filter(|guard| *guard != Guard::Nothing);
        self.pace.file(bytes.len()).await;
        let path = format!("/api/{}", percent::encode(&file.path));
        let call = Call::put(&path, "application/octet-stream", bytes).guarded(guard);
        let reply = self.publisher.target.send(call).await?;
        if reply.is_conflict() {
            self.overtaken(&file.path);
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

    /// What is sent of a file: nothing is, where it counts only that the blog has it. One that may
    /// be too large for a blog is sent whole, and refused; of a page links may name a part.
    fn bytes_of(&self, file: &File) -> Result<Vec<u8>, Problem> {
        let is_medium = file.path.starts_with("media/") && !file.path.ends_with(".html");
        if self.publisher.options.only_names_media && is_medium && file.bytes()? <= GOOD_BYTES {
            return Ok(Vec::new());
        }
        file.load()
    }

    /// What putting something under `path` comes to.
    pub(super) fn put_of(&self, path: &str) -> Change {
        if self.published.knows(path) {
            Change::Update
        } else {
            Change::Create
        }
    }

    /// Notes that someone else has changed what was to be written.
    pub(super) fn overtaken(&mut self, file: &str) {
        self.is_overtaken = true;
        self.report
            .refuse(Problem::of_file(file, OVERTAKEN.to_owned()));
    }

    fn refuse(&mut self, file: &str, reply: &Reply) {
        let refusal = reply.refusal();
        self.report.refused += 1;
        let problems = &mut self.report.problems;
        if refusal.problems.is_empty() {
            problems.push(Problem::of_file(file, refusal.detail));
        }
        for problem in refusal.problems {
            problems.push(Problem::described(file, problem));
        }
    }
}

/// What every blog takes.
const GOOD_BYTES: u64 = 8 << 20;

/// What an author is told whose work would undo another's.
const OVERTAKEN: &str = "someone else has changed it in the blog meanwhile: look at that, and \
     publish again to overwrite it";

/// The answer to the settings.
#[derive(serde::Deserialize)]
struct SiteAnswer {
    recompile: bool,
}
