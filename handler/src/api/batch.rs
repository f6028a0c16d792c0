//! Many documents in one request, with one move of the index.

use super::object::Object;
use super::problem::{describe, refusal, unwritten};
use super::{document, guard, hex, json};
use crate::document::DocId;
use crate::host::Host;
use crate::request::Request;
use crate::response::Response;
use crate::write::{self, Edit, Expected, Outcome};
use serde::Deserialize;
use std::borrow::Cow;

/// The body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch<'a> {
    #[serde(borrow, default)]
    put: Vec<Object<Put<'a>>>,
    #[serde(borrow, default)]
    delete: Vec<Object<Delete<'a>>>,
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
    expected: Option<Tag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete<'a> {
    kind: Word,
    #[serde(borrow)]
    slug: Cow<'a, str>,
    #[serde(default)]
    expected: Option<Tag>,
}

/// What must stand there: a hash, `*` for anything, `none` for nothing.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "Cow<'_, str>")]
struct Tag(Expected);

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Word {
    Post,
    Page,
}

/// Carries out a batch.
pub(super) fn batch(host: &impl Host, request: &Request) -> Response {
    let batch = match serde_json::from_slice(&request.body) {
        Ok(Object::<Batch<'_>>(batch)) => batch,
        Err(error) => return refusal(400, "the body is no batch", &error.to_string()),
    };
    let edits: Vec<Edit<'_>> = batch
        .put
        .iter()
        .map(|Object(one)| put(one))
        .chain(batch.delete.iter().map(|Object(one)| delete(one)))
        .collect();
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

fn put<'a>(put: &'a Put<'_>) -> Edit<'a> {
    Edit::Put {
        kind: put.kind.into(),
        name: &put.name,
        file: &put.file,
        source: put.source.as_bytes(),
        expected: put.expected.map(|tag| tag.0),
    }
}

fn delete<'a>(delete: &'a Delete<'_>) -> Edit<'a> {
    Edit::Delete {
        id: DocId::new(delete.kind.into(), &*delete.slug),
        expected: delete.expected.map(|tag| tag.0),
    }
}

fn result(outcome: &Outcome) -> serde_json::Value {
    serde_json::json!({
        "file": outcome.file,
        "slug": outcome.slug,
        "hash": outcome.hash.map(hex),
        "status": outcome.status.word(),
        "problems": outcome.problems.iter().map(describe).collect::<Vec<_>>(),
    })
}

impl TryFrom<Cow<'_, str>> for Tag {
    type Error = &'static str;

    fn try_from(tag: Cow<'_, str>) -> Result<Self, Self::Error> {
        let expected = match tag.as_ref() {
            "none" => Some(Expected::Nothing),
            tag => guard::parse(tag),
        };
        let wanted = "expected is a hash of 32 hexadecimal digits, * for anything, or none";
        expected.map(Self).ok_or(wanted)
    }
}

impl From<Word> for document::Kind {
    fn from(word: Word) -> Self {
        match word {
            Word::Post => Self::Post,
            Word::Page => Self::Page,
        }
    }
}
