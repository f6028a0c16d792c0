//! The end of the program: running requests may end first, a second signal ends it at once.

use std::time::Duration;

use anyhow::{Context, Result};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Tells whether the program was asked to end.
#[derive(Clone, Debug)]
pub(super) struct Shutdown(watch::Receiver<Option<Asked>>);

/// How it was asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// By Ctrl-C.
    Interrupt,
    /// By the signal to terminate.
    Terminate,
}

impl Asked {
    /// The exit code of a program that leaves its work undone, as shells number signals.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl Shutdown {
    /// Listens to the signals that ask a program to end.
    pub(super) fn on_signals() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen to signals");
        let (interrupt, terminate) = (
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
        );
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(obey(interrupt, terminate, sender));
        Ok(Self(receiver))
    }

    /// Whether the program was asked to end.
    pub(super) fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Returns when the program was asked to end.
    pub(super) async fn requested(&self) -> Asked {
        let mut asked = self.0.clone();
        loop {
            if let Some(asked) = *asked.borrow_and_update() {
                return asked;
            }
            if asked.changed().await.is_err() {
                // Nobody can ask any more.
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Waits until all connections have ended, but not for ever.
pub(super) async fn finish(connections: GracefulShutdown, patience: Duration) {
    let running = connections.count();
    if running > 0 {
        tracing::info!("waiting for {running} connections; Ctrl-C ends them");
    }
    if tokio::time::timeout(patience, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

async fn obey(mut interrupt: Signal, mut terminate: Signal, sender: watch::Sender<Option<Asked>>) {
    let mut asked = async || {
        tokio::select! {
            _ = interrupt.recv() => Asked::Interrupt,
            _ = terminate.recv() => Asked::Terminate,
        }
    };
    sender.send_replace(Some(asked().await));
    let again = asked().await;
    std::process::exit(i32::from(again.exit_code()));
}
