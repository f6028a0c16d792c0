//! Progress of a long run, on a terminal only: one line that is written over and over.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How far a run has come.
#[derive(Debug)]
pub(super) struct Progress {
    all: usize,
    done: usize,
    /// When the line was last written; none where there is no terminal.
    shown: Option<Instant>,
    visible: bool,
}

/// A run that is over sooner shows nothing.
const PAUSE: Duration = Duration::from_millis(200);

impl Progress {
    pub(super) fn of(all: usize) -> Self {
        let shown = stderr().is_terminal().then(Instant::now);
        Self {
            all,
            done: 0,
            shown,
            visible: false,
        }
    }

    pub(super) fn add(&mut self, files: usize) {
        self.done += files;
        if self.shown.is_some_and(|shown| shown.elapsed() > PAUSE) {
            self.shown = Some(Instant::now());
            self.visible = true;
            let _ = write!(
                stderr(),
                "\rpublishing: {} of {} files",
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
