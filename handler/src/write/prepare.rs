//! From the edits of a request to work: sources are compiled, and what cannot be published is
//! refused before anything is written.

use super::edit::{Edit, Status};
use super::journal::Name;
use super::work::{New, Work};
use crate::compile::{Options, Source};
use crate::document::Kind;
use crate::post::{self, Post};
use crate::problem::Problem;
use crate::record;
use crate::site::Site;
use crate::theme;
use std::collections::BTreeMap;

/// Compiles what is to be put. Of two edits of one document the second is refused.
pub(super) fn prepare(site: &Site, options: &Options, edits: &[Edit<'_>]) -> Vec<Work> {
    let mut files: BTreeMap<Name, String> = BTreeMap::new();
    let mut prepared = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut work = prepare_one(site, options, edit);
        if work.outcome.status != Status::Refused
            && let Some(other) = files.insert(work.name(), work.outcome.file.clone())
        {
            let other = if other.is_empty() {
                "another edit of this batch"
            } else {
                &other
            };
            let message = format!(
                "the slug {:?} is taken by {other}: give one of them another",
                work.slug
            );
            work.refuse(problem(Some("slug"), message));
        }
        prepared.push(work);
    }
    prepared
}

fn prepare_one(site: &Site, options: &Options, edit: &Edit<'_>) -> Work {
    let (kind, name, file, text, expected) = match *edit {
        Edit::Delete {
            kind,
            slug,
            expected,
        } => return Work::new(kind, slug, "", expected),
        Edit::Put {
            kind,
            name,
            file,
            source,
            expected,
        } => (kind, name, file, source, expected),
    };
    let mut work = Work::new(kind, name, file, expected);
    let compiled = Post::compile(&Source { kind, name, text }, file, options);
    match compiled.and_then(|post| Ok((ready(site, options, kind, &post)?, post))) {
        Ok((new, post)) => {
            work.slug = post.document.slug;
            work.outcome.slug = Some(work.slug.clone());
            work.outcome.hash = Some(new.hash);
            work.new = Some(new);
        }
        Err(problems) => work.refuse(problems),
    }
    work
}

/// Encodes a compiled document; a template that does not exist is found here, not by a visitor.
fn ready(site: &Site, options: &Options, kind: Kind, post: &Post) -> Result<New, Vec<Problem>> {
    let template = post.document.template.as_deref();
    if let Some(name) = template.filter(|name| !theme::exists(site, name)) {
        let message = format!(
            "there is no template {name:?}: add it as theme/{name}, or leave the field out"
        );
        return Err(problem(Some("template"), message));
    }
    let record = post.encode(kind, options);
    if record.len() > post::MAX_RECORD_BYTES {
        let message = "too large when compiled: split it, or move data to a file under media/";
        return Err(problem(None, message.to_owned()));
    }
    let card = post.card().filter(|_| kind == Kind::Post);
    Ok(New {
        hash: post.hash(),
        card: card.map(|card| record::encode(post::CARD_VERSION, &card)),
        aliases: post.document.aliases.clone(),
        placed: post.placed(kind, record.len()),
        record,
    })
}

fn problem(field: Option<&str>, message: String) -> Vec<Problem> {
    vec![Problem {
        line: 1,
        field: field.map(str::to_owned),
        message,
    }]
}
