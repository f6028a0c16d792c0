//! Many documents in one request, with one move of the index.

use super::problem::{describe, refusal, unwritten};
use super::{document, guard, json};
use crate::host::Host;
use crate::request::Request;
use crate::response::Response;
use crate::write::{self, Edit, Outcome};
use serde::Deserialize;
use std::borrow::Cow;

/// The body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<'a> {
    #[serde(borrow, default)]
    put: Vec<Put<'a>>,
    #[serde(borrow, default)]
    delete: Vec<Delete<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put<'a> {
    kind: Word,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    file: Cow<'a, str>,
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(default)]
    if_match: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete<'a> {
    kind: Word,
    #[serde(borrow)]
    slug: Cow<'a, str>,
    #[serde(default)]
    if_match: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Word {
    Post,
    Page,
}

/// Carries out a batch.
pub(super) fn batch(host: &impl Host, request: &Request) -> Response {
    let batch: Batch<'_> = match serde_json::from_slice(&request.body) {
        Ok(batch) => batch,
        Err(error) => return refusal(400, "the body is no batch", &error.to_string()),
    };
    let edits = batch.put.iter().map(put);
    let edits: Result<Vec<Edit<'_>>, Response> =
        edits.chain(batch.delete.iter().map(delete)).collect();
    let edits = match edits {
        Ok(edits) => edits,
        Err(refused) => return refused,
    };
    match write::apply(host, &edits) {
        Ok(outcomes) => {
            let results: Vec<_> = outcomes.iter().map(result).collect();
            json(200, &serde_json::json!({ "results": results }))
        }
        Err(failure) => {
            host.log(&format!("a batch was not written: {failure}"));
            unwritten(&failure)
        }
    }
}

fn put<'a>(put: &'a Put<'_>) -> Result<Edit<'a>, Response> {
    Ok(Edit::Put {
        kind: put.kind.into(),
        name: &put.name,
        file: &put.file,
        source: put.source.as_bytes(),
        expected: guard::parse(put.if_match.as_deref())?,
    })
}

fn delete<'a>(delete: &'a Delete<'_>) -> Result<Edit<'a>, Response> {
    Ok(Edit::Delete {
        kind: delete.kind.into(),
        slug: &delete.slug,
        expected: guard::parse(delete.if_match.as_deref())?,
    })
}

fn result(outcome: &Outcome) -> serde_json::Value {
    serde_json::json!({
        "file": outcome.file,
        "slug": outcome.slug,
        "status": outcome.status.word(),
        "problems": outcome.problems.iter().map(describe).collect::<Vec<_>>(),
    })
}

impl From<Word> for document::Kind {
    fn from(word: Word) -> Self {
        match word {
            Word::Post => Self::Post,
            Word::Page => Self::Page,
        }
    }
}
