//! A batch: as many documents as one instance compiles within its limits.

use anyhow::{Context, Result, bail};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::document::{Document, Kind};
use crate::target::{Call, Described, Guard, Reply, Target};

/// Documents that go into one request.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) documents: Vec<(Document, Guard)>,
    /// How long the sources are as JSON.
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

impl Outcome {
    /// A document that is too large for any request: the others are published all the same.
    fn too_large(reply: &Reply) -> Self {
        let problem = Described {
            line: None,
            field: None,
            message: reply.refusal().detail,
        };
        Self {
            slug: None,
            status: Status::Refused,
            hash: None,
            problems: vec![problem],
        }
    }
}

const MOST_DOCUMENTS: usize = 512;

/// As JSON, whatever the text is made of: half of what the publishing interface takes, for an
/// instance has the batch, its documents and their pages in its memory.
const MOST_BYTES: usize = 2 * 1024 * 1024;

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
        let fits = self.bytes + json_bytes(&document.source) <= MOST_BYTES;
        self.documents.is_empty() || (fits && self.documents.len() < self.most)
    }

    /// Adds a document that is written only if the blog has what the guard says.
    pub(super) fn add(&mut self, document: Document, guard: Guard) {
        self.bytes += json_bytes(&document.source);
        self.documents.push((document, guard));
    }

    /// Sends the documents; the outcomes come in their order.
    pub(super) async fn send(&self, target: &Target) -> Result<Vec<Outcome>> {
        in_parts(target, &self.documents, Body::put).await
    }
}

/// The length of a text as JSON.
fn json_bytes(text: &str) -> usize {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..32 => 6,
        _ => 1,
    });
    bytes.sum()
}

impl<'a> Body<'a> {
    fn put(documents: &'a [(Document, Guard)]) -> Self {
        let put = documents.iter().map(|(document, guard)| Put {
            kind: document.kind,
            name: document.name(),
            file: &document.path,
            source: &document.source,
            expected: guard.word(),
        });
        Self {
            put: put.collect(),
            ..Self::default()
        }
    }

    fn delete(removals: &'a [Removal]) -> Self {
        let delete = removals.iter().map(|removal| Delete {
            kind: removal.kind,
            slug: &removal.slug,
            expected: removal.guard.word(),
        });
        Self {
            delete: delete.collect(),
            ..Self::default()
        }
    }
}

/// Removes some documents; the outcomes come in their order.
pub(super) async fn remove(target: &Target, removals: &[Removal]) -> Result<Vec<Outcome>> {
    in_parts(target, removals, Body::delete).await
}

/// Sends edits; the outcomes come in their order. What is more than an instance can do, on a busy
/// machine or within small limits, goes in halves.
async fn in_parts<'a, T>(
    target: &Target,
    edits: &'a [T],
    body: impl Fn(&'a [T]) -> Body<'a>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(edits.len());
    let mut rest = vec![edits];
    while let Some(some) = rest.pop() {
        let is_divisible = some.len() > 1;
        let reply = send(target, &body(some), is_divisible).await?;
        if is_divisible && reply.is_too_much() {
            let (first, second) = some.split_at(some.len() / 2);
            rest.extend([second, first]);
        } else if reply.status == StatusCode::PAYLOAD_TOO_LARGE {
            outcomes.push(Outcome::too_large(&reply));
        } else {
            outcomes.extend(results(reply, some.len())?);
        }
    }
    Ok(outcomes)
}

async fn send(target: &Target, body: &Body<'_>, divisible: bool) -> Result<Reply> {
    let json = serde_json::to_vec(body).context("a batch as JSON")?;
    let call = Call::post("/api/batch", json).divisible(divisible);
    target.send(call).await
}

fn results(reply: Reply, edits: usize) -> Result<Vec<Outcome>> {
    let body = reply.success().context("a batch was not written")?;
    let results: Results = serde_json::from_slice(&body)
        .context("POST /api/batch: the answer is not what a blog answers")?;
    let results = results.results;
    if results.len() != edits {
        bail!(
            "POST /api/batch: {} results for {edits} edits, so what became of which is not known: \
             look for a proxy that changes answers, and publish again",
            results.len()
        );
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_as_json_is_known_beforehand() {
        let text: String = (0..=0x24ff).filter_map(char::from_u32).collect();
        let json = serde_json::to_string(&text).expect("text");
        assert_eq!(json_bytes(&text), json.len() - 2);
    }
}
