//! A run: an instance at work on a request, within the time limit.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use super::progress::Progress;
use super::{End, Live};

/// An instance that runs, or has run.
pub(super) struct Run {
    running: Option<Running>,
    progress: Arc<Progress>,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Run {
    pub(super) fn new(running: Running, progress: Arc<Progress>, limit: Duration) -> Self {
        Self {
            running: Some(running),
            progress,
            limit,
            deadline: Box::pin(sleep(limit)),
        }
    }

    /// Lets the instance work; ready when it is gone.
    pub(super) fn poll(&mut self, context: &mut Context) -> Poll<()> {
        let Some(running) = &mut self.running else {
            return Poll::Ready(());
        };
        let clock = &self.progress.clock;
        if clock.poll(running.as_mut(), context).is_pending() {
            ready!(self.deadline.as_mut().poll(context));
            self.end_late();
        }
        self.running = None;
        Poll::Ready(())
    }

    /// Whether the instance is gone.
    pub(super) fn is_over(&self) -> bool {
        self.running.is_none()
    }

    /// Ends the instance as one that took too long.
    pub(super) fn end_late(&mut self) {
        let _ = self.progress.end.set(End::Wall(self.limit));
        self.running = None;
    }

    /// Gives the instance more time, for what it could do nothing about.
    pub(super) fn extend(&mut self, time: Duration) {
        let deadline = self.deadline.deadline() + time;
        self.deadline.as_mut().reset(deadline);
    }

    /// Whether the instance has ended badly.
    pub(super) fn failed(&self) -> bool {
        let end = self.progress.end.get();
        end.is_some_and(|end| *end != End::Done)
    }

    pub(super) fn live(&self) -> Live {
        Live::of(&self.progress)
    }

    /// Takes what still runs out of here, with a time limit of its own.
    pub(super) fn take(&mut self) -> Option<Self> {
        let running = self.running.take()?;
        Some(Self::new(running, Arc::clone(&self.progress), self.limit))
    }
}
