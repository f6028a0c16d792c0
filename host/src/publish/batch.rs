//! A batch: as many documents as one instance compiles within its limits.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::document::{Document, Kind};
use crate::target::{Call, Described, Guard, Target};

/// Documents that go into one request.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) documents: Vec<(Document, Guard)>,
    bytes: usize,
    most: usize,
}

/// A document that is to be removed.
#[derive(Debug)]
pub(super) struct Removal {
    pub(super) kind: Kind,
    pub(super) slug: String,
    pub(super) guard: Guard,
}

/// What became of one document.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) slug: Option<String>,
    pub(super) status: Status,
    pub(super) hash: Option<String>,
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

const MOST_DOCUMENTS: usize = 64;

/// As JSON this is less than 4 MiB, whatever the text is made of.
const MOST_BYTES: usize = 512 * 1024;

#[derive(Default, Serialize)]
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
    expected: &'a str,
}

#[derive(Serialize)]
struct Delete<'a> {
    kind: Kind,
    slug: &'a str,
    expected: &'a str,
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Outcome>,
}

impl Batch {
    /// A batch of at most so many documents.
    pub(super) fn of(most: usize) -> Self {
        Self {
            documents: Vec::new(),
            bytes: 0,
            most: most.min(MOST_DOCUMENTS),
        }
    }

    /// Whether `document` fits in; an empty batch takes any.
    pub(super) fn takes(&self, document: &Document) -> bool {
        let fits = self.bytes + document.source.len() <= MOST_BYTES;
        self.documents.is_empty() || (fits && self.documents.len() < self.most)
    }

    /// Adds a document that is written only if the blog has what the guard says.
    pub(super) fn add(&mut self, document: Document, guard: Guard) {
        self.bytes += document.source.len();
        self.documents.push((document, guard));
    }

    /// Sends the documents; the outcomes come in their order.
    pub(super) async fn send(&self, target: &Target) -> Result<Vec<Outcome>> {
        let put = self.documents.iter().map(|(document, guard)| Put {
            kind: document.kind,
            name: document.name(),
            file: &document.path,
            source: &document.source,
            expected: guard.word(),
        });
        let body = Body {
            put: put.collect(),
            ..Body::default()
        };
        send(target, &body).await
    }
}

/// Removes some documents; the outcomes come in their order.
pub(super) async fn remove(target: &Target, removals: &[Removal]) -> Result<Vec<Outcome>> {
    let delete = removals.iter().map(|removal| Delete {
        kind: removal.kind,
        slug: &removal.slug,
        expected: removal.guard.word(),
    });
    let body = Body {
        delete: delete.collect(),
        ..Body::default()
    };
    send(target, &body).await
}

async fn send(target: &Target, body: &Body<'_>) -> Result<Vec<Outcome>> {
    let json = serde_json::to_vec(body).context("a batch as JSON")?;
    let reply = target.send(Call::post("/api/batch", json)).await?;
    let body = reply.success().context("a batch was not written")?;
    let results: Results = serde_json::from_slice(&body)
        .context("POST /api/batch: the answer is not what a blog answers")?;
    Ok(results.results)
}
