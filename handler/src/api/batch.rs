//! Many edits in one request: documents with one move of the index, and files that go.

use super::problem::{Refusal, SourceProblem, refusal};
use super::strict_object::StrictObject;
use super::{json, preconditions};
use crate::document::{DocId, Kind};
use crate::etag::ETag;
use crate::host::Host;
use crate::media;
use crate::response::Response;
use crate::write::{self, Edit, Expected, Outcome, Status};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The largest body: an instance has it, the documents and their pages in memory.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most edits of one batch.
const MAX_EDITS: usize = 1000;

/// The body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    #[serde(default)]
    put: Vec<StrictObject<Put>>,
    #[serde(default)]
    delete: Vec<StrictObject<Delete>>,
    #[serde(default)]
    delete_media: Vec<StrictObject<DeleteMedia>>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeleteMedia {
    name: String,
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
    let edits = batch.put.len() + batch.delete.len() + batch.delete_media.len();
    if edits > MAX_EDITS {
        let detail = format!("{edits} edits in one batch: send at most {MAX_EDITS} at once");
        return Err(refusal(413, "too many edits", &detail).into());
    }
    let puts = batch.put.iter().map(|StrictObject(one)| put(one));
    let deletes = batch.delete.iter().map(|StrictObject(one)| delete(one));
    let edits: Vec<Edit<'_>> = puts.chain(deletes).collect();
    let outcomes = match edits.is_empty() {
        true => Vec::new(),
        false => write::apply(host, &edits)?,
    };
    let media = batch.delete_media.iter().map(|StrictObject(one)| one);
    let files: Vec<_> = media.map(file).collect();
    let statuses = write::delete_files(host, &files)?;
    let results = outcomes.iter().map(EditResult::from);
    let results = results.chain(statuses.into_iter().map(EditResult::of_file));
    let results = results.collect();
    Ok(json(200, &Results { results }))
}

fn file(delete: &DeleteMedia) -> (String, Option<Expected>) {
    let expected = delete.expected.map(|precondition| precondition.0);
    (media::key(&delete.name), expected)
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

impl EditResult<'_> {
    fn of_file(status: Status) -> Self {
        Self {
            file: "",
            slug: None,
            hash: None,
            status: status.word(),
            problems: Vec::new(),
        }
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
