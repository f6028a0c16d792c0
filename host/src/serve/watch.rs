//! `--watch`: what is saved in the content folder is published at once.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Context, Result};
use client::publish::Publisher;
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::commands::problems;
use crate::print;

/// Editors write a file in several steps: what follows within this time belongs together.
const QUIET: Duration = Duration::from_millis(80);
/// A folder in which something changes all the time is published after this time all the same.
const LONGEST: Duration = Duration::from_secs(2);
/// How often the path is looked at: a folder that was deleted or renamed sends no notice of the
/// one that takes its place.
const LOOK: Duration = Duration::from_secs(1);

/// Publishes `folder` whenever a file in it changes, until the program ends; the receiver sees a
/// new number after each change that readers can see.
pub(super) fn start(publisher: Publisher, folder: &Path) -> Result<watch::Receiver<u64>> {
    let (sender, changes) = mpsc::channel(1);
    // The first pass finds what was saved before the watch began.
    sender.try_send(()).context("cannot watch files")?;
    let pending = sender.clone();
    let publisher = publisher.yielding_to(move || pending.capacity() == 0);
    let watched = Watched::start(folder, &sender)?;
    let folder = Folder {
        path: folder.to_owned(),
        watched: Some(watched),
        sender,
    };
    let (published, generation) = watch::channel(0);
    tokio::spawn(follow(publisher, folder, changes, published));
    Ok(generation)
}

async fn follow(
    mut publisher: Publisher,
    mut folder: Folder,
    mut changes: mpsc::Receiver<()>,
    published: watch::Sender<u64>,
) {
    loop {
        match timeout(LOOK, changes.recv()).await {
            Ok(None) => return,
            Ok(Some(())) => settle(&mut changes).await,
            Err(_) if folder.was_replaced() => {}
            Err(_) => continue,
        }
        match publisher.publish().await {
            Ok(report) => {
                problems::print_all(&report);
                if report.changed() {
                    // Whether someone reads it or not, pages go on to be published.
                    let _ = print::line(&report);
                    published.send_modify(|generation| *generation += 1);
                }
            }
            Err(error) => print::note(format_args!("not published: {error:#}")),
        }
    }
}

/// Waits until nothing changes any more, but not for ever.
async fn settle(changes: &mut mpsc::Receiver<()>) {
    let latest = Instant::now() + LONGEST;
    let quiet = || latest.min(Instant::now() + QUIET);
    while let Ok(Some(())) = timeout_at(quiet(), changes.recv()).await {}
}

/// A path, and the folder that is watched there.
struct Folder {
    path: PathBuf,
    watched: Option<Watched>,
    sender: mpsc::Sender<()>,
}

impl Folder {
    /// Whether there is another folder than before; it is watched from now on.
    fn was_replaced(&mut self) -> bool {
        let is_same = |watched: &Watched| watched.is_at(&self.path);
        if self.watched.as_ref().is_some_and(is_same) {
            return false;
        }
        self.watched = None;
        if !self.path.exists() {
            return false;
        }
        match Watched::start(&self.path, &self.sender) {
            Ok(watched) => self.watched = Some(watched),
            Err(error) => print::note(format_args!("{error:#}")),
        }
        self.watched.is_some()
    }
}

/// A folder while it is watched.
struct Watched {
    identity: (u64, u64),
    /// Whether it was deleted: the next one may get the same number.
    is_gone: Arc<AtomicBool>,
    _watcher: RecommendedWatcher,
}

impl Watched {
    /// Watches what has this path now, and sends a notice of each change.
    fn start(path: &Path, sender: &mpsc::Sender<()>) -> Result<Self> {
        let cannot = || format!("cannot watch {}", path.display());
        let root = path.canonicalize().with_context(cannot)?;
        let identity = identity(&root).with_context(cannot)?;
        let is_gone = Arc::new(AtomicBool::new(false));
        let (gone, sender, folder) = (Arc::clone(&is_gone), sender.clone(), root.clone());
        let notice = move |event: notify::Result<Event>| match event {
            Ok(event) if event.kind.is_access() => {}
            Ok(event) => {
                if event.kind.is_remove() && event.paths.contains(&folder) {
                    gone.store(true, Relaxed);
                }
                // A full channel holds a notice already, and one is enough.
                let _ = sender.try_send(());
            }
            Err(error) => tracing::warn!("watching the content: {error}"),
        };
        // Links that leave the folder are not published, and may lead to the whole disk.
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(notice, config).with_context(cannot)?;
        watcher
            .watch(&root, RecursiveMode::Recursive)
            .with_context(cannot)?;
        Ok(Self {
            identity,
            is_gone,
            _watcher: watcher,
        })
    }

    /// Whether it still has this path.
    fn is_at(&self, path: &Path) -> bool {
        let is_gone = self.is_gone.load(Relaxed);
        !is_gone && identity(path).is_ok_and(|identity| identity == self.identity)
    }
}

/// Device and number of a folder.
fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    let metadata = path.metadata()?;
    Ok((metadata.dev(), metadata.ino()))
}
