//! `--watch`: what is saved in the content folder is published at once.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use client::publish::Publisher;
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::commands::problems;
use crate::print;

/// Editors write a file in several steps: what follows within this time belongs together.
const QUIET: Duration = Duration::from_millis(80);

/// Publishes `folder` whenever a file in it changes, until the program ends; the receiver sees a
/// new number after each change that readers can see.
pub(super) fn start(publisher: Publisher, folder: &Path) -> Result<watch::Receiver<u64>> {
    let (sender, changes) = mpsc::channel(1);
    // The first pass finds what was saved before the watch began.
    sender.try_send(()).context("cannot watch files")?;
    let pending = sender.clone();
    let publisher = publisher.yielding_to(move || pending.capacity() == 0);
    let notice = move |event: notify::Result<Event>| match event {
        Ok(event) if event.kind.is_access() => {}
        // A full channel holds a notice already, and one is enough.
        Ok(_) => drop(sender.try_send(())),
        Err(error) => tracing::warn!("watching the content: {error}"),
    };
    // Links that leave the folder are not published, and may lead to the whole disk.
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(notice, config).context("cannot watch files")?;
    let cannot = || format!("cannot watch {}", folder.display());
    let root = folder.canonicalize().with_context(cannot)?;
    watcher
        .watch(&root, RecursiveMode::Recursive)
        .with_context(cannot)?;
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
                problems::print_all(&report);
                if report.changed() {
                    // Whether somebody reads it or not, pages go on to be published.
                    let _ = print::line(&report);
                    published.send_modify(|generation| *generation += 1);
                }
            }
            Err(error) => print::note(format_args!("not published: {error:#}")),
        }
    }
}
