//! `/debug/pprof/heap` and `allocs`: who allocates in the guest, seen in instances of their
//! own. They run one after the other on a thread of low priority, so that traffic goes first;
//! they see the real store and cannot write to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use anyhow::Context;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::answer::Failure;
use super::query::Query;
use crate::serve::routes::Routes;
use crate::serve::shutdown::Shutdown;
use heapprof::served::{Profile, ProfileRequest};
use instance::RequestTemplate;
use instance::Runtime;

/// What there is of profiles.
pub(super) struct Heap {
    /// The right to make one.
    turn: Arc<Semaphore>,
    /// How many samples the last one had.
    samples: AtomicUsize,
}

/// How many requests a profile has, unless it is asked for more.
const REQUESTS: u32 = 10;
const MOST_REQUESTS: u32 = 1000;
/// Of how many routes it takes them, where it is not told.
const ROUTES: usize = 5;

impl Default for Heap {
    fn default() -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            samples: AtomicUsize::new(0),
        }
    }
}

impl Heap {
    /// How many samples the last profile had.
    pub(super) fn samples(&self) -> usize {
        self.samples.load(Relaxed)
    }

    /// Makes a profile, unless another one is being made.
    pub(super) async fn make(
        &self,
        wanted: ProfileRequest,
        runtime: &Runtime,
        shutdown: &Shutdown,
    ) -> Result<Profile, Failure> {
        let Ok(turn) = Arc::clone(&self.turn).try_acquire_owned() else {
            return Err(Failure::busy(
                "another heap profile is being made: try again",
            ));
        };
        let profile = record(wanted, runtime.clone(), shutdown.clone(), turn).await?;
        self.samples.store(profile.samples(), Relaxed);
        Ok(profile)
    }
}

/// The requests that `query` asks for; else those that visitors ask for most.
pub(super) fn wanted(query: &Query, routes: &Routes) -> Result<ProfileRequest, Failure> {
    // Go's server would answer with text.
    if query.number("debug", 0, 0..=u32::MAX)? != 0 {
        return Err(Failure::query(
            "debug is not offered: leave it out and read the profile with `go tool pprof`, or open /debug/ in a browser".to_owned(),
        ));
    }
    let count = query.number("n", REQUESTS, 1..=MOST_REQUESTS)?;
    let mut paths: Vec<String> = query.all("path").map(str::to_owned).collect();
    if paths.is_empty() {
        paths = routes.favourites(ROUTES);
    }
    if paths.is_empty() {
        paths.push("/".to_owned());
    }
    let requests = paths.iter().map(|path| request(path));
    Ok(ProfileRequest {
        requests: requests.collect::<Result<_, _>>()?,
        count,
        reuse: query.number("reuse", 1, 1..=count)?,
    })
}

fn request(path: &str) -> Result<RequestTemplate, Failure> {
    let kind = match path.contains(|c: char| c.is_whitespace()) {
        true => None,
        false => format!("GET {path}").parse().ok(),
    };
    let text = || {
        format!("invalid path {path:?}: it must begin with `/`, and a space is written as %2520")
    };
    kind.ok_or_else(|| Failure::query(text()))
}

/// Records `wanted` on a thread of its own. Whoever stops waiting ends it.
async fn record(
    wanted: ProfileRequest,
    runtime: Runtime,
    shutdown: Shutdown,
    turn: OwnedSemaphorePermit,
) -> Result<Profile, Failure> {
    let (mut sender, receiver) = oneshot::channel();
    let threads = Handle::current();
    let work = move || {
        yield_to_traffic();
        let made = threads.block_on(async {
            tokio::select! {
                profile = Profile::record(&wanted, &runtime) => Some(profile),
                () = sender.closed() => None,
                _ = shutdown.requested() => None,
            }
        });
        // Before the answer: who has got one profile may ask for the next.
        drop(turn);
        if let Some(profile) = made {
            let _ = sender.send(profile);
        }
    };
    let thread = std::thread::Builder::new().name("heap profile".to_owned());
    thread
        .spawn(work)
        .context("cannot start a thread for the profile")?;
    let profile = receiver.await;
    Ok(profile.context("the profile was given up")??)
}

/// Takes the processor only when nobody else wants it.
fn yield_to_traffic() {
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        tracing::warn!("a profile runs at normal priority: {error}");
    }
}
