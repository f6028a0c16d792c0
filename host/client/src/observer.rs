//! What a caller can learn while work goes on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::content::Problem;

/// Is told what happens. Each method does nothing unless it is overridden.
pub trait Observer: Send + Sync {
    /// Something has happened that a person may want to know at once.
    fn notice(&self, _notice: &Notice<'_>) {}

    /// A task that takes a while has begun or moved on: so many of its units are done, of so many
    /// where that is known.
    fn progress(&self, _task: Task, _done: usize, _total: Option<usize>) {}

    /// A task has ended, well or not.
    fn finished(&self, _task: Task) {}
}

/// An observer that ignores everything.
pub struct Silent;

/// Something that has happened.
#[derive(Debug)]
pub enum Notice<'a> {
    /// The blog could not answer a request, which is sent again.
    Retrying {
        /// The method and the path.
        request: &'a str,
        /// Why there was no answer.
        reason: &'a str,
        /// For how long the request is sent again at most.
        max_wait: Duration,
    },
    /// The index has the format of another version, and is rebuilt before anything else is done.
    RebuildingIndex,
    /// The index has been rebuilt.
    IndexRebuilt,
    /// A file has this problem, and the work ends early.
    Problem {
        /// The folder of content that the file is in.
        folder: &'a Path,
        /// What is wrong.
        problem: &'a Problem,
    },
    /// Something that the blog has cannot be exported.
    Unreadable {
        /// Its path in the blog.
        path: &'a str,
        /// Why not.
        reason: &'a str,
    },
}

/// A task that takes a while.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Task {
    /// Files are compared and sent.
    Publish,
    /// The links of documents are followed.
    Check,
    /// Files are read from the blog and written.
    Export,
    /// Records are compared with the index on demand.
    Reindex,
    /// The same, because another version wrote the index.
    RebuildIndex,
    /// What nothing refers to is deleted. How far that is, nobody knows.
    CollectGarbage,
}

/// Reports the progress of one task, and its end when dropped.
pub(crate) struct Progress {
    observer: Arc<dyn Observer>,
    task: Task,
    done: usize,
    total: Option<usize>,
}

impl Observer for Silent {}

impl Progress {
    pub(crate) fn start(observer: &Arc<dyn Observer>, task: Task, total: Option<usize>) -> Self {
        observer.progress(task, 0, total);
        Self {
            observer: Arc::clone(observer),
            task,
            done: 0,
            total,
        }
    }

    pub(crate) fn add(&mut self, units: usize) {
        self.set(self.done + units);
    }

    pub(crate) fn set(&mut self, done: usize) {
        self.done = done;
        self.observer.progress(self.task, done, self.total);
    }

    pub(crate) fn done(&self) -> usize {
        self.done
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.observer.finished(self.task);
    }
}
