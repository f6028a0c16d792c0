//! A batch: as many documents as one instance compiles within its limits.

use anyhow::{Context, Result, bail};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use crate::blog_client::BlogClient;
use crate::content::{Document, DocumentId, Kind};
use crate::reply::{Reply, SourceProblem};
use crate::request::{ApiRequest, Precondition};

/// Documents that go into one request.
#[derive(Debug)]
pub(super) struct Batch {
    documents: Vec<(Document, Precondition)>,
    /// How long the sources are as JSON.
    json_bytes: usize,
    max_documents: usize,
}

/// A document that is to be removed.
#[derive(Debug)]
pub(super) struct Removal {
    pub(super) id: DocumentId,
    pub(super) precondition: Precondition,
}

/// A file of media that is to be removed.
#[derive(Debug)]
pub(super) struct FileRemoval {
    /// Its path, below `media/`.
    pub(super) path: String,
    pub(super) precondition: Precondition,
}

/// What became of one edit.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) slug: Option<String>,
    pub(super) status: Status,
    pub(super) hash: Option<String>,
    pub(super) problems: Vec<SourceProblem>,
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
    /// The outcome for a document that is too large for any request; the others are published.
    fn too_large(reply: &Reply) -> Self {
        let problem = SourceProblem {
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

const MAX_DOCUMENTS: usize = 512;

/// The length as JSON: half of what the publishing interface accepts, for an instance has the batch,
/// its documents and their pages in its memory.
const MAX_BYTES: usize = 2 * 1024 * 1024;

#[derive(Default, Serialize)]
struct Body<'a> {
    put: Vec<Put<'a>>,
    delete: Vec<Delete<'a>>,
    /// Left out where there are none: older blogs do not know it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    delete_media: Vec<DeleteMedia<'a>>,
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

#[derive(Serialize)]
struct DeleteMedia<'a> {
    name: &'a str,
    expected: &'a str,
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Outcome>,
}

impl Batch {
    /// A batch of at most so many documents.
    pub(super) fn new(max_documents: usize) -> Self {
        Self {
            documents: Vec::new(),
            json_bytes: 0,
            max_documents: max_documents.min(MAX_DOCUMENTS),
        }
    }

    /// How many documents it has.
    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is room for `document`; an empty batch has room for any.
    pub(super) fn has_room_for(&self, document: &Document) -> bool {
        let fits = self.json_bytes + json_bytes(&document.source) <= MAX_BYTES;
        self.documents.is_empty() || (fits && self.documents.len() < self.max_documents)
    }

    /// Adds a document that is written only if the precondition holds.
    pub(super) fn add(&mut self, document: Document, precondition: Precondition) {
        self.json_bytes += json_bytes(&document.source);
        self.documents.push((document, precondition));
    }

    /// Sends the documents, and returns each with what became of it.
    pub(super) async fn send(self, client: &BlogClient) -> Result<Vec<(Document, Outcome)>> {
        let outcomes = in_parts(client, &self.documents, Body::put).await?;
        let documents = self.documents.into_iter().map(|(document, _)| document);
        Ok(documents.zip(outcomes).collect())
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
    fn put(documents: &'a [(Document, Precondition)]) -> Self {
        let put = documents.iter().map(|(document, precondition)| Put {
            kind: document.id.kind,
            name: document.name(),
            file: &document.path,
            source: &document.source,
            expected: precondition.expected(),
        });
        Self {
            put: put.collect(),
            ..Self::default()
        }
    }

    fn delete(removals: &'a [Removal]) -> Self {
        let delete = removals.iter().map(|removal| Delete {
            kind: removal.id.kind,
            slug: &removal.id.slug,
            expected: removal.precondition.expected(),
        });
        Self {
            delete: delete.collect(),
            ..Self::default()
        }
    }

    fn delete_media(removals: &'a [FileRemoval]) -> Self {
        let delete_media = removals.iter().map(|removal| DeleteMedia {
            name: removal.path.strip_prefix(MEDIA).unwrap_or(&removal.path),
            expected: removal.precondition.expected(),
        });
        Self {
            delete_media: delete_media.collect(),
            ..Self::default()
        }
    }
}

/// The folder of the files that a batch can remove.
pub(super) const MEDIA: &str = "media/";

/// Removes some documents, and returns each with what became of it.
pub(super) async fn remove(
    client: &BlogClient,
    removals: Vec<Removal>,
) -> Result<Vec<(DocumentId, Outcome)>> {
    let outcomes = in_parts(client, &removals, Body::delete).await?;
    let ids = removals.into_iter().map(|removal| removal.id);
    Ok(ids.zip(outcomes).collect())
}

/// Removes some files of media, and returns each path with what became of it.
pub(super) async fn remove_files(
    client: &BlogClient,
    removals: Vec<FileRemoval>,
) -> Result<Vec<(String, Outcome)>> {
    let outcomes = in_parts(client, &removals, Body::delete_media).await?;
    let paths = removals.into_iter().map(|removal| removal.path);
    Ok(paths.zip(outcomes).collect())
}

/// Sends edits, and returns one outcome for each, in their order. What is more than an instance can
/// do, on a busy machine or within small limits, is sent in halves.
async fn in_parts<'a, T>(
    client: &BlogClient,
    edits: &'a [T],
    body: impl Fn(&'a [T]) -> Body<'a>,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(edits.len());
    let mut rest = vec![edits];
    while let Some(some) = rest.pop() {
        let is_divisible = some.len() > 1;
        let reply = send(client, &body(some), is_divisible).await?;
        if is_divisible && reply.is_overload() {
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

async fn send(client: &BlogClient, body: &Body<'_>, is_divisible: bool) -> Result<Reply> {
    let json = serde_json::to_vec(body).context("a batch as JSON")?;
    let request = ApiRequest::post("/api/batch", json).divisible(is_divisible);
    client.send(request).await
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
