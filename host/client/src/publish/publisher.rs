//! The publisher: sends what differs between a folder and what is published. When it runs again, it
//! knows what it sent, and removes what has gone from the folder since.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::options::PublishOptions;
use super::report::Report;
use super::run::{Run, Setting};
use super::sent::Sent;
use crate::blog_client::BlogClient;
use crate::content::Content;
use crate::published::Published;

/// Publishes one folder, once or again and again.
pub struct Publisher {
    client: Arc<BlogClient>,
    folder: PathBuf,
    options: PublishOptions,
    published: Option<Published>,
    sent: Sent,
    has_newer_changes: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Publisher {
    /// A publisher of `folder`.
    pub fn new(client: BlogClient, folder: PathBuf, options: PublishOptions) -> Self {
        Self {
            client: Arc::new(client),
            folder,
            options,
            published: None,
            sent: Sent::default(),
            has_newer_changes: Box::new(|| false),
        }
    }

    /// The same, which leaves the rest of its removals to the next run where `has_newer_changes`
    /// says that there is one: an author wants to see an edit before the removals are done.
    #[must_use]
    pub fn yielding_to(self, has_newer_changes: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self {
            has_newer_changes: Box::new(has_newer_changes),
            ..self
        }
    }

    /// Publishes what has changed. Files that are refused are in the report, the rest is published.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, the blog cannot be reached or does not answer as a blog does, or
    /// it refuses the settings, whose problems the observer is told.
    pub async fn publish(&mut self) -> Result<Report> {
        let content = Content::scan(&self.folder)?;
        let published = match self.published.take() {
            Some(published) => published,
            None => Published::fetch(&self.client).await?,
        };
        let setting = Setting {
            client: &self.client,
            folder: &self.folder,
            options: self.options,
            has_newer_changes: &*self.has_newer_changes,
        };
        let mut run = Run::new(setting, &mut self.sent, published, &content);
        if let Err(error) = publish_all(&mut run, &content).await {
            return match (run.progress.done(), content.files().count()) {
                (0, _) => Err(error),
                (done, all) => Err(error).context(format!(
                    "not published in whole, {done} of {all} files are dealt with: \
                     run it again, and it goes on from there"
                )),
            };
        }
        let Run {
            published,
            report,
            had_conflicts,
            ..
        } = run;
        // What someone else has changed meanwhile has to be fetched again.
        self.published = (!had_conflicts).then_some(published);
        Ok(report)
    }

    /// The blog that it publishes to.
    pub fn client(&self) -> &BlogClient {
        &self.client
    }
}

/// The settings go first, for they say how documents are compiled; then the files that documents
/// refer to; then the documents; last goes what is no longer there.
async fn publish_all(run: &mut Run<'_>, content: &Content) -> Result<()> {
    let recompile = match &content.site {
        Some(site) => run.settings(site).await?,
        None => false,
    };
    run.progress.add(usize::from(content.site.is_some()));
    for file in &content.theme {
        run.report.theme += usize::from(run.upload(file).await?);
    }
    for file in &content.media {
        run.report.media += usize::from(run.upload(file).await?);
    }
    run.documents(content, recompile).await?;
    run.remove_missing(content).await?;
    if run.setting.options.prune {
        run.prune(content).await?;
    }
    Ok(())
}
