//! Progress of a long run, on a terminal only: one line that is written over and over.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How far a run has come.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    all: usize,
    done: usize,
    /// When the line was last written; none where there is no terminal.
    shown: Option<Instant>,
    visible: bool,
}

/// A run that is over sooner shows nothing.
const PAUSE: Duration = Duration::from_millis(200);

impl Progress {
    pub(crate) fn of(what: &'static str, all: usize) -> Self {
        let shown = stderr().is_terminal().then(Instant::now);
        Self {
            what,
            all,
            done: 0,
            shown,
            visible: false,
        }
    }

    /// How many files are dealt with, and how many there are.
    pub(crate) fn state(&self) -> (usize, usize) {
        (self.done, self.all)
    }

    pub(crate) fn add(&mut self, files: usize) {
        self.done += files;
        if self.shown.is_some_and(|shown| shown.elapsed() > PAUSE) {
            self.shown = Some(Instant::now());
            self.visible = true;
            let _ = write!(
                stderr(),
                "\r{}: {} of {} files",
                self.what,
                self.done,
                self.all
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.visible {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
