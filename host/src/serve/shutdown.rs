//! The end of the program: requests that were sent are answered first, a second signal ends it at
//! once.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::SetOnce;
use tokio::time::{sleep, timeout};

use super::connections::{Connections, Pulse};

/// Tells whether the program was asked to end.
#[derive(Clone, Debug)]
pub(super) struct Shutdown(Arc<SetOnce<Asked>>);

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

/// How long a client may take to send a request that it had begun to send, or was about to.
const LINGER: Duration = Duration::from_millis(200);

impl Shutdown {
    /// Listens to the signals that ask a program to end.
    pub(super) fn on_signals() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen to signals");
        let (interrupt, terminate) = (
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
        );
        let asked = Arc::default();
        tokio::spawn(obey(interrupt, terminate, Arc::clone(&asked)));
        Ok(Self(asked))
    }

    /// Whether the program was asked to end.
    pub(super) fn is_requested(&self) -> bool {
        self.0.initialized()
    }

    /// Returns when the program was asked to end.
    pub(super) async fn requested(&self) -> Asked {
        *self.0.wait().await
    }

    /// Returns when the program was asked to end, and what a client had sent by then was read.
    /// Half a request keeps the connection until it is whole, or too slow.
    pub(super) async fn leaves_nothing_to_ask(&self, client: &Pulse) {
        self.requested().await;
        sleep(LINGER).await;
        while client.is_asking() {
            sleep(LINGER).await;
        }
    }
}

/// Waits until all connections have ended, but not for ever.
pub(super) async fn finish(connections: &Connections, patience: Duration) {
    let running = connections.count();
    if running > 0 {
        tracing::info!("waiting for {running} connections; Ctrl-C ends them");
    }
    if timeout(patience, connections.ended()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

async fn obey(mut interrupt: Signal, mut terminate: Signal, sender: Arc<SetOnce<Asked>>) {
    let mut asked = async || {
        tokio::select! {
            _ = interrupt.recv() => Asked::Interrupt,
            _ = terminate.recv() => Asked::Terminate,
        }
    };
    // Nothing else sets it.
    let _ = sender.set(asked().await);
    let again = asked().await;
    std::process::exit(i32::from(again.exit_code()));
}
