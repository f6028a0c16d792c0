//! A batch: as many documents as one instance compiles within its limits.

use anyhow::{Context, Result};
use hyper::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::document::{Document, Kind};
use super::problem::Described;
use super::target::{Reply, Target};

/// Documents that go into one request.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) documents: Vec<Document>,
    bytes: usize,
}

/// What became of one document.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) slug: Option<String>,
    pub(super) status: Status,
    pub(super) problems: Vec<Described>,
}

/// What the component did.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Created,
    Updated,
    Unchanged,
    Refused,
    Deleted,
    Missing,
    Conflict,
}

const MOST_DOCUMENTS: usize = 512;
const MOST_BYTES: usize = 2 * 1024 * 1024;

#[derive(Serialize)]
struct Body<'a> {
    put: Vec<Put<'a>>,
    delete: Vec<Delete<'a>>,
}

#[derive(Serialize)]
struct Put<'a> {
    kind: Kind,
    name: &'a str,
    file: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct Delete<'a> {
    kind: Kind,
    slug: &'a str,
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Outcome>,
}

impl Batch {
    /// Whether `document` fits in; an empty batch takes any.
    pub(super) fn takes(&self, document: &Document) -> bool {
        let fits = self.bytes + document.source.len() <= MOST_BYTES;
        self.documents.is_empty() || (fits && self.documents.len() < MOST_DOCUMENTS)
    }

    pub(super) fn add(&mut self, document: Document) {
        self.bytes += document.source.len();
        self.documents.push(document);
    }

    /// Sends the documents; the outcomes come in their order. What is more than an instance can
    /// do, on a busy machine or within small limits, goes in halves.
    pub(super) async fn send(&self, target: &Target) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(self.documents.len());
        let mut rest = vec![&self.documents[..]];
        while let Some(some) = rest.pop() {
            let reply = match send(target, &Body::put(some)).await {
                Ok(reply) if reply.status != StatusCode::INTERNAL_SERVER_ERROR => reply,
                _ if some.len() > 1 => {
                    let (first, second) = some.split_at(some.len() / 2);
                    rest.extend([second, first]);
                    continue;
                }
                failed => failed?,
            };
            outcomes.extend(results(reply)?);
        }
        Ok(outcomes)
    }
}

impl<'a> Body<'a> {
    fn put(documents: &'a [Document]) -> Self {
        let put = documents.iter().map(|document| Put {
            kind: document.kind,
            name: document.name(),
            file: &document.path,
            source: &document.source,
        });
        Self {
            put: put.collect(),
            delete: Vec::new(),
        }
    }
}

/// Deletes one document.
pub(super) async fn delete(target: &Target, kind: Kind, slug: &str) -> Result<()> {
    let body = Body {
        put: Vec::new(),
        delete: vec![Delete { kind, slug }],
    };
    results(send(target, &body).await?)?;
    Ok(())
}

async fn send(target: &Target, body: &Body<'_>) -> Result<Reply> {
    let json = serde_json::to_vec(body).context("a batch as JSON")?;
    target
        .send(Method::POST, "/api/batch", "application/json", json.into())
        .await
}

fn results(reply: Reply) -> Result<Vec<Outcome>> {
    let body = reply.success().context("a batch was not written")?;
    let results: Results = serde_json::from_slice(&body)
        .context("POST /api/batch: the answer is not what a blog answers")?;
    Ok(results.results)
}
