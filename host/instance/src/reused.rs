//! An instance that is kept: it answers one request after the other, as a long-lived server does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Body;
use hyper::{Request, Response};
use tokio::sync::oneshot;

use super::call::{LiveInstance, instantiate};
use super::exchange;
use super::instance::{Done, Instance};
use super::limits::Permit;
use super::progress::Progress;
use super::{Clock, End, ResponseBody, Runtime, Sample, Shared, without_instance};

/// A place for one instance. It is empty before the first request and after a failed one.
#[derive(Clone, Default)]
pub struct ReusedInstance(Arc<Mutex<Option<Occupant>>>);

struct Occupant {
    alive: LiveInstance,
    /// Held for as long as the instance lives.
    _permit: Permit,
}

impl ReusedInstance {
    fn take(&self) -> Option<Occupant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, occupant: Occupant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(occupant);
    }

    /// Drops the instance.
    pub fn clear(&self) {
        drop(self.take());
    }
}

impl Runtime {
    /// Puts a request to the instance in `kept`, or to a fresh one, and reads the response to its
    /// end. How that ended is in the sample.
    pub async fn sample<B>(&self, kept: Option<&ReusedInstance>, request: Request<B>) -> Sample
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        let (sender, sample) = oneshot::channel();
        let done = move |sample: &Sample| {
            let _ = sender.send(sample.clone());
        };
        let answered = match kept {
            None => self.handle(request, done).await,
            Some(kept) => self.handle_again(kept, request, done).await,
        };
        if let Ok(mut response) = answered {
            while let Some(Ok(_)) = response.frame().await {}
        }
        sample.await.expect("every request has a sample")
    }

    /// Like `handle`, with the instance in `kept`; a fresh one goes there if it is empty.
    pub async fn handle_again<B>(
        &self,
        kept: &ReusedInstance,
        request: Request<B>,
        done: impl FnOnce(&Sample) + Send + 'static,
    ) -> Result<Response<ResponseBody>, End>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<wasmtime_wasi_http::Error>,
    {
        let arrival = Instant::now();
        if let Some(end) = self.0.place.objection(&request) {
            return Err(without_instance(end, arrival, done));
        }
        let occupant = kept.take();
        let fresh = if occupant.is_some() {
            None
        } else {
            self.0.admission.take().await
        };
        if occupant.is_none() && fresh.is_none() {
            return Err(without_instance(End::Refused, arrival, done));
        }
        let (shared, kept) = (Arc::clone(&self.0), kept.clone());
        let (method, limit) = (request.method().clone(), shared.limits.wall);
        let clock = Clock::start(arrival);
        exchange::run(&method, clock, limit, move |progress, answer| async move {
            let occupied = occupy(&shared, occupant, fresh, &progress, Box::new(done)).await;
            let Some(mut occupant) = occupied else {
                return;
            };
            let end = occupant.alive.call(&shared, request, answer).await;
            let _ = progress.end.set(end);
            // What failed once may be in any state, so only success keeps an instance.
            if progress.end.get() == Some(&End::Done) {
                let finished = occupant.alive.store.data_mut().finish();
                kept.put(occupant);
                if let Some((sample, done)) = finished {
                    done(&sample);
                }
            }
        })
        .await
    }
}

async fn occupy(
    shared: &Shared,
    occupant: Option<Occupant>,
    fresh: Option<Permit>,
    progress: &Arc<Progress>,
    done: Done,
) -> Option<Occupant> {
    if let Some(mut occupant) = occupant {
        let instance = occupant.alive.store.data_mut();
        instance.begin(Arc::clone(progress), done);
        return Some(occupant);
    }
    let store = Instance::store(shared, Arc::clone(progress), done);
    match instantiate(shared, store, shared.limits.cpu).await {
        Ok(alive) => Some(Occupant {
            alive,
            _permit: fresh?,
        }),
        Err((end, store)) => {
            let _ = progress.end.set(end);
            drop(store);
            None
        }
    }
}
