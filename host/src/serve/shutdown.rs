//! The end of the program: running requests may end first, a second signal ends it at once.

use std::time::Duration;

use anyhow::{Context, Result};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Tells whether the program was asked to end.
#[derive(Clone, Debug)]
pub(super) struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Listens to the signals that ask a program to end.
    pub(super) fn on_signals() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen to signals");
        let (interrupt, terminate) = (
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
        );
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(obey(interrupt, terminate, sender));
        Ok(Self(receiver))
    }

    /// Whether the program was asked to end.
    pub(super) fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the program was asked to end.
    pub(super) async fn requested(&self) {
        // An error means that nobody can ask any more.
        let _ = self.0.clone().wait_for(|requested| *requested).await;
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

async fn obey(mut interrupt: Signal, mut terminate: Signal, sender: watch::Sender<bool>) {
    let mut asked = async || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    asked().await;
    sender.send_replace(true);
    asked().await;
    std::process::exit(130);
}
