//! The blog in memory: its documents, and what it answers to readers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::Deserialize;

use super::html;
use crate::blog_client::BlogClient;
use crate::observer::Observer;
use crate::percent;
use crate::request::ApiRequest;

/// A blog to which links lead.
pub(super) struct Blog<'a> {
    client: &'a BlogClient,
    /// The documents, by the path of their page.
    pub(super) documents: BTreeMap<String, LinkReport>,
    answers: BTreeMap<String, Answer>,
}

/// What the component knows of a document.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct LinkReport {
    kind: String,
    slug: String,
    path: String,
    pub(super) file: String,
    pub(super) state: String,
    anchors: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) images_without_alt: Vec<Link>,
    pub(super) warnings: Vec<Warning>,
}

/// What its author may not have intended.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Warning {
    pub(super) line: u32,
    pub(super) field: Option<String>,
    pub(super) message: String,
}

/// A link as its author wrote it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Link {
    pub(super) target: String,
    pub(super) line: u32,
}

/// What a reader finds at an address.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// A page, with the ids in it.
    Page(BTreeSet<String>),
    /// Something else, such as a picture, in which links have no anchors.
    File,
    /// The page of a document that readers do not see now, for its state.
    Hidden(String, BTreeSet<String>),
    /// Nothing.
    Nothing,
}

#[derive(Deserialize)]
struct Part {
    items: Vec<LinkReport>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Preview {
    url: String,
}

/// More redirects than a reader's browser would follow are a circle.
const MAX_REDIRECTS: usize = 10;

impl<'a> Blog<'a> {
    pub(super) fn observer(&self) -> &'a Arc<dyn Observer> {
        self.client.observer()
    }

    /// Reads what the component knows of its documents.
    pub(super) async fn read(client: &'a BlogClient) -> Result<Self> {
        let mut documents = BTreeMap::new();
        let mut path = "/api/outlines".to_owned();
        loop {
            let body = client.send(ApiRequest::get(&path)).await?.success()?;
            let part: Part = serde_json::from_slice(&body)
                .context("GET /api/outlines: this component does not answer it: build it again")?;
            let items = part.items.into_iter().map(|item| (item.path.clone(), item));
            documents.extend(items);
            match part.cursor {
                Some(cursor) => path = format!("/api/outlines?cursor={}", percent::encode(&cursor)),
                None => break,
            }
        }
        Ok(Self {
            client,
            documents,
            answers: BTreeMap::new(),
        })
    }

    /// What a reader finds at a percent-encoded path.
    pub(super) async fn answer(&mut self, path: &str) -> Result<Answer> {
        if let Some(known) = self.answers.get(path) {
            return Ok(known.clone());
        }
        let answer = self.fetch(path).await?;
        self.answers.insert(path.to_owned(), answer.clone());
        Ok(answer)
    }

    /// The page at a path, which has one.
    pub(super) async fn page(&self, path: &str) -> Result<String> {
        let body = self.client.send(ApiRequest::get(path)).await?.success()?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    async fn fetch(&self, path: &str) -> Result<Answer> {
        let mut path = path.to_owned();
        for _ in 0..MAX_REDIRECTS {
            if let Some(document) = self.documents.get(&path)
                && document.state != "published"
            {
                let ids = self.hidden_ids(document).await?;
                return Ok(Answer::Hidden(document.state.clone(), ids));
            }
            let reply = self.client.send(ApiRequest::get(&path)).await?;
            match reply.header("location") {
                Some(location) if reply.status.is_redirection() => path = location.to_owned(),
                _ if !reply.status.is_success() => return Ok(Answer::Nothing),
                _ => {
                    let is_page = reply.header("content-type").is_some_and(is_html);
                    let page = String::from_utf8_lossy(&reply.body);
                    let found = || Answer::Page(html::ids(&page));
                    return Ok(if is_page { found() } else { Answer::File });
                }
            }
        }
        Ok(Answer::Nothing)
    }

    /// The ids in the page of a document that only its author sees.
    async fn hidden_ids(&self, document: &LinkReport) -> Result<BTreeSet<String>> {
        let mut ids: BTreeSet<String> = document.anchors.iter().cloned().collect();
        if document.kind == "post" {
            let path = format!("/api/preview/{}", percent::encode(&document.slug));
            let body = self
                .client
                .send(ApiRequest::post(&path, Bytes::new()))
                .await?;
            let preview: Preview = serde_json::from_slice(&body.success()?)?;
            let at = preview.url.find("://").map_or(0, |at| at + 3);
            if let Some(path) = preview.url[at..].find('/') {
                ids.extend(html::ids(&self.page(&preview.url[at + path..]).await?));
            }
        }
        Ok(ids)
    }
}

fn is_html(kind: &str) -> bool {
    kind.starts_with("text/html")
}
