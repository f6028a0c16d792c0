//! How far a command has come, on a terminal: a line on standard error that goes with the value.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::log;

/// A task that takes a while.
pub(crate) struct Progress(ProgressBar);

/// How often a line shows that something goes on.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// Whether there is a terminal to show it on, and the user wants to see it.
pub(crate) fn is_shown() -> bool {
    stderr().is_terminal() && log::is_normal()
}

impl Progress {
    /// A task of unknown length begins.
    pub(crate) fn begin(task: &'static str) -> Self {
        let line = match is_shown() {
            true => ProgressBar::new_spinner(),
            false => ProgressBar::hidden(),
        };
        line.set_message(task);
        line.enable_steady_tick(TICK);
        Self(line)
    }

    /// So much of the task is done.
    pub(crate) fn set(&self, task: &'static str, done: u64, total: u64) {
        if self.0.length() != Some(total) {
            let style = "{spinner} {msg}: {pos} of {len}, {elapsed} of about {duration}";
            // The template is a constant, and its keys are known.
            if let Ok(style) = ProgressStyle::with_template(style) {
                self.0.set_style(style);
            }
            self.0.set_length(total);
            self.0.set_message(task);
        }
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
