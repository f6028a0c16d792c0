//! `--watch`: what is saved in the content folder is published at once.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::publish::Publisher;

/// Editors write a file in several steps: what follows within this time belongs together.
const QUIET: Duration = Duration::from_millis(80);

/// Publishes `folder` whenever a file in it changes, until the program ends; the receiver sees a
/// new number after each change that readers can see.
pub(super) fn start(publisher: Publisher, folder: &Path) -> Result<watch::Receiver<u64>> {
    let (sender, changes) = mpsc::channel(1);
    // The first pass finds what was saved before the watch began.
    sender.try_send(()).context("cannot watch files")?;
    let notice = move |event: notify::Result<Event>| match event {
        Ok(event) if event.kind.is_access() => {}
        // A full channel holds a notice already, and one is enough.
        Ok(_) => drop(sender.try_send(())),
        Err(error) => tracing::warn!("watching the content: {error}"),
    };
    let mut watcher = notify::recommended_watcher(notice).context("cannot watch files")?;
    watcher
        .watch(folder, RecursiveMode::Recursive)
        .with_context(|| format!("cannot watch {}", folder.display()))?;
    let (published, generation) = watch::channel(0);
    tokio::spawn(follow(publisher, watcher, changes, published));
    Ok(generation)
}

async fn follow(
    mut publisher: Publisher,
    _watcher: RecommendedWatcher,
    mut changes: mpsc::Receiver<()>,
    published: watch::Sender<u64>,
) {
    while changes.recv().await.is_some() {
        while let Ok(Some(())) = timeout(QUIET, changes.recv()).await {}
        match publisher.publish().await {
            Ok(report) => {
                report.print_problems();
                if report.changed() {
                    println!("{report}");
                    published.send_modify(|generation| *generation += 1);
                }
            }
            Err(error) => eprintln!("not published: {error:#}"),
        }
    }
}
