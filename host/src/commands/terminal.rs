//! What a command says while it works: notices, and on a terminal how far it has come.

use std::sync::{Mutex, MutexGuard, PoisonError};

use client::{Notice, Observer, Task};
use indicatif::{MultiProgress, ProgressBar};
use instance::units::{show_count, show_time};

use super::problems;
use crate::log;
use crate::print;
use crate::progress;

/// Writes to standard error.
pub(crate) struct Terminal {
    is_terminal: bool,
    lines: MultiProgress,
    /// The line of each task that has not ended.
    tasks: Mutex<Vec<(Task, ProgressBar)>>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self {
            is_terminal: progress::is_shown(),
            lines: MultiProgress::new(),
            tasks: Mutex::new(Vec::new()),
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<(Task, ProgressBar)>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, task: Task, message: String) {
        let mut tasks = self.tasks();
        if let Some((_, line)) = tasks.iter().find(|(running, _)| *running == task) {
            line.set_message(message);
            return;
        }
        let line = self.lines.add(ProgressBar::new_spinner());
        line.set_message(message);
        line.enable_steady_tick(progress::TICK);
        tasks.push((task, line));
    }
}

impl Observer for Terminal {
    fn notice(&self, notice: &Notice<'_>) {
        let text = match notice {
            Notice::Retrying {
                request,
                reason,
                max_wait,
            } => {
                let max_wait = show_time(*max_wait);
                format!("{request}: {reason}: trying again for {max_wait}")
            }
            Notice::RebuildingIndex => {
                "rebuilding the index, which has the format of another version".to_owned()
            }
            Notice::IndexRebuilt => "rebuilt the index".to_owned(),
            Notice::Problem { folder, problem } => problems::show(folder, problem).to_string(),
            Notice::Unreadable { path, reason } => format!("{}: {reason}", print::name(path)),
        };
        self.lines.suspend(|| print::note(text));
    }

    fn progress(&self, task: Task, done: usize, total: Option<usize>) {
        if self.is_terminal {
            self.show(task, message(task, done, total));
        } else if task == Task::Reindex && done > 0 && log::is_normal() {
            print::note(message(task, done, total));
        }
    }

    fn finished(&self, task: Task) {
        let mut tasks = self.tasks();
        if let Some(at) = tasks.iter().position(|(running, _)| *running == task) {
            let (_, line) = tasks.swap_remove(at);
            line.finish_and_clear();
            self.lines.remove(&line);
        }
    }
}

fn message(task: Task, done: usize, total: Option<usize>) -> String {
    let (what, unit) = match task {
        Task::Publish => ("publishing", "file"),
        Task::Check => ("following links", "document"),
        Task::Export => ("exporting", "file"),
        Task::Reindex => ("reindexing", "record"),
        Task::RebuildIndex => ("rebuilding the index", "record"),
        Task::CollectGarbage => return "collecting what nothing refers to".to_owned(),
    };
    match total {
        Some(total) => format!("{what}: {done} of {}", show_count(total, unit)),
        None => format!("{what}: {}", show_count(done, unit)),
    }
}
