//! Many documents in one request, with one move of the index.

use super::problem::{Refusal, SourceProblem, refusal};
use super::strict_object::StrictObject;
use super::{json, preconditions};
use crate::document::{DocId, Kind};
use crate::etag::ETag;
use crate::host::Host;
use crate::response::Response;
use crate::write::{self, Edit, Expected, Outcome};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The largest body: an instance has it, the documents and their pages in memory.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most documents of one batch.
const MAX_EDITS: usize = 1000;

/// The body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    #[serde(default)]
    put: Vec<StrictObject<Put>>,
    #[serde(default)]
    delete: Vec<StrictObject<Delete>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    kind: Kind,
    name: String,
    #[serde(default)]
    file: String,
    source: String,
    #[serde(default)]
    expected: Option<Precondition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete {
    kind: Kind,
    slug: String,
    #[serde(default)]
    expected: Option<Precondition>,
}

/// What must stand there: a hash, `*` for anything, `none` for nothing.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "Cow<'_, str>")]
struct Precondition(Expected);

/// The answer.
#[derive(Serialize)]
struct Results<'a> {
    results: Vec<EditResult<'a>>,
}

/// What became of one edit.
#[derive(Serialize)]
struct EditResult<'a> {
    file: &'a str,
    slug: Option<&'a str>,
    hash: Option<ETag>,
    status: &'static str,
    problems: Vec<SourceProblem<'a>>,
}

/// Carries out a batch.
pub(super) fn apply(host: &impl Host, body: Vec<u8>) -> Result<Response, Refusal> {
    let StrictObject::<Batch>(batch) = serde_json::from_slice(&body)
        .map_err(|error| refusal(400, "invalid request body", &error.to_string()))?;
    // What was made of it takes as much room again, and so do the pages that follow.
    drop(body);
    let edits = batch.put.len() + batch.delete.len();
    if edits > MAX_EDITS {
        let detail = format!("{edits} edits in one batch: send at most {MAX_EDITS} at once");
        return Err(refusal(413, "too many edits", &detail).into());
    }
    let puts = batch.put.iter().map(|StrictObject(one)| put(one));
    let deletes = batch.delete.iter().map(|StrictObject(one)| delete(one));
    let edits: Vec<Edit<'_>> = puts.chain(deletes).collect();
    let outcomes = write::apply(host, &edits)?;
    let results = outcomes.iter().map(EditResult::from).collect();
    Ok(json(200, &Results { results }))
}

fn put(put: &Put) -> Edit<'_> {
    Edit::Put {
        kind: put.kind,
        name: &put.name,
        slug: None,
        file: &put.file,
        source: put.source.as_bytes(),
        expected: put.expected.map(|precondition| precondition.0),
    }
}

fn delete(delete: &Delete) -> Edit<'_> {
    Edit::Delete {
        id: DocId::new(delete.kind, &*delete.slug),
        expected: delete.expected.map(|precondition| precondition.0),
    }
}

impl<'a> From<&'a Outcome> for EditResult<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        Self {
            file: &outcome.file,
            slug: outcome.slug.as_deref(),
            hash: outcome.hash.map(ETag),
            status: outcome.status.word(),
            problems: outcome.problems.iter().map(SourceProblem::from).collect(),
        }
    }
}

impl TryFrom<Cow<'_, str>> for Precondition {
    type Error = &'static str;

    fn try_from(text: Cow<'_, str>) -> Result<Self, Self::Error> {
        let expected = match text.as_ref() {
            "none" => Some(Expected::Nothing),
            tag => preconditions::parse(tag),
        };
        let wanted =
            "`expected` must be a hash of 32 hexadecimal digits, `*` for anything, or `none`";
        expected.map(Self).ok_or(wanted)
    }
}
