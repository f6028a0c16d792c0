//! One run of a publisher: what it works with, and what has become of the files so far.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::in_flight::InFlight;
use super::options::PublishOptions;
use super::rate_limit::RateLimit;
use super::report::{Change, Report};
use super::sent::Sent;
use crate::blog_client::BlogClient;
use crate::content::{Content, Document, DocumentId, Problem};
use crate::observer::{Progress, Task};
use crate::published::Published;

/// What a run does not change.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) client: &'a Arc<BlogClient>,
    pub(super) folder: &'a Path,
    pub(super) options: PublishOptions,
    pub(super) has_newer_changes: &'a (dyn Fn() -> bool + Send + Sync),
}

/// One run.
pub(super) struct Run<'a> {
    pub(super) setting: Setting<'a>,
    pub(super) sent: &'a mut Sent,
    pub(super) published: Published,
    pub(super) report: Report,
    pub(super) progress: Progress,
    pub(super) rate_limit: RateLimit,
    /// The file of each slug in this run.
    pub(super) slugs: BTreeMap<DocumentId, String>,
    /// Further files of the same slugs.
    pub(super) equal_slugs: BTreeMap<DocumentId, Vec<String>>,
    pub(super) in_flight: InFlight,
    /// Documents whose slug was not the likely one, to be sent once more.
    pub(super) renamed: Vec<Document>,
    /// Whether someone else has written to the blog meanwhile.
    pub(super) had_conflicts: bool,
}

/// What an author is told whose work would undo another's.
pub(super) const CONFLICT: &str = "someone else has changed it in the blog meanwhile: look at \
     that, and publish again to overwrite it";

impl<'a> Run<'a> {
    pub(super) fn new(
        setting: Setting<'a>,
        sent: &'a mut Sent,
        published: Published,
        content: &Content,
    ) -> Self {
        let is_dry = setting.options.dry_run;
        let keys_per_second = setting.options.keys_per_second.filter(|_| !is_dry);
        let mut report = Report {
            folder: setting.folder.to_owned(),
            ignored: content.ignored.clone(),
            is_dry,
            ..Report::default()
        };
        for problem in &content.problems {
            report.refuse(problem.clone());
        }
        let files = content.files().count();
        let progress = Progress::start(setting.client.observer(), Task::Publish, Some(files));
        Self {
            setting,
            sent,
            published,
            report,
            progress,
            rate_limit: RateLimit::new(keys_per_second),
            slugs: BTreeMap::new(),
            equal_slugs: BTreeMap::new(),
            in_flight: InFlight::default(),
            renamed: Vec::new(),
            had_conflicts: false,
        }
    }

    /// Notes a change in the report of a dry run; returns whether this is one, in which nothing
    /// must be sent.
    pub(super) fn is_dry(&mut self, change: Change, path: &str) -> bool {
        let is_dry = self.report.is_dry;
        if is_dry {
            self.report.changes.push((change, path.to_owned()));
        }
        is_dry
    }

    /// What it means to put something under `path`.
    pub(super) fn change_at(&self, path: &str) -> Change {
        if self.published.knows(path) {
            Change::Update
        } else {
            Change::Create
        }
    }

    /// Notes that someone else has changed what was to be written.
    pub(super) fn conflict(&mut self, file: &str) {
        self.had_conflicts = true;
        let problem = Problem::of_file(file, CONFLICT.to_owned());
        self.report.refuse(problem);
    }
}
