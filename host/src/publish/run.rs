//! One run of a publisher.
//!
//! The settings go first, for they say how documents are compiled; then the files that
//! documents refer to; then the documents; last goes what is there no more.

use std::collections::BTreeMap;

use anyhow::Result;

use super::content::Content;
use super::document::{Document, Kind};
use super::documents::Flight;
use super::pace::Pace;
use super::publisher::Publisher;
use super::report::{Change, Report};
use crate::progress::Progress;
use crate::target::Published;

/// One run.
pub(super) struct Run<'a> {
    pub(super) publisher: &'a mut Publisher,
    pub(super) published: Published,
    pub(super) report: Report,
    pub(super) progress: Progress,
    pub(super) pace: Pace,
    /// The file of each slug in this run.
    pub(super) slugs: BTreeMap<(Kind, String), String>,
    /// Further files of the same slugs.
    pub(super) equal: BTreeMap<(Kind, String), Vec<String>>,
    /// Batches that are on their way.
    pub(super) flight: Flight,
    /// Documents whose slug was not the likely one, to be sent once more.
    pub(super) mistaken: Vec<Document>,
    /// Whether someone else has written to the blog meanwhile.
    pub(super) is_overtaken: bool,
}

impl<'a> Run<'a> {
    pub(super) fn of(
        publisher: &'a mut Publisher,
        published: Published,
        content: &Content,
    ) -> Self {
        let is_dry = publisher.options.dry_run;
        let keys_per_second = publisher.options.keys_per_second.filter(|_| !is_dry);
        let mut report = Report {
            folder: publisher.folder.clone(),
            ignored: content.ignored.clone(),
            is_dry,
            ..Report::default()
        };
        for problem in &content.problems {
            report.refuse(problem.clone());
        }
        Self {
            pace: Pace::of(keys_per_second),
            publisher,
            published,
            report,
            progress: Progress::of("publishing", content.files().count()),
            slugs: BTreeMap::new(),
            equal: BTreeMap::new(),
            flight: Flight::new(),
            mistaken: Vec::new(),
            is_overtaken: false,
        }
    }

    pub(super) async fn all(&mut self, content: &Content) -> Result<()> {
        let again = match &content.site {
            Some(site) => self.site(site).await?,
            None => false,
        };
        self.progress.add(usize::from(content.site.is_some()));
        for file in &content.theme {
            self.report.theme += usize::from(self.file(file).await?);
        }
        for file in &content.media {
            self.report.media += usize::from(self.file(file).await?);
        }
        self.documents(content, again).await?;
        self.remove_missing(content).await?;
        if self.publisher.options.prune {
            self.prune(content).await?;
        }
        Ok(())
    }

    /// Whether a change is only told, not made.
    pub(super) fn only_says(&mut self, change: Change, path: &str) -> bool {
        let is_dry = self.report.is_dry;
        if is_dry {
            self.report.changes.push((change, path.to_owned()));
        }
        is_dry
    }
}
