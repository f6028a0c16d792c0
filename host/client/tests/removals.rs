//! What has gone from a folder is removed from the blog by few requests, and completely. The blog is
//! one that only keeps the addresses of documents, so that requests can be counted.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use client::publish::{PublishOptions, Publisher};
use client::{BlogClient, Reply, Sending, Transport};
use hyper::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};

#[derive(Default)]
struct State {
    slugs: BTreeSet<String>,
    requests: Vec<String>,
}

/// A blog in memory that answers the part of the publishing interface that documents need.
#[derive(Clone, Default)]
struct Blog(Arc<Mutex<State>>);

impl Blog {
    fn answer(&self, request: &Request<Bytes>) -> Value {
        let mut state = self.0.lock().unwrap();
        let line = format!("{} {}", request.method(), request.uri());
        state.requests.push(line.clone());
        match line.as_str() {
            "GET /api/manifest" => json!({"items": [], "cursor": null}),
            "POST /api/batch" => {
                let batch: Value = serde_json::from_slice(request.body()).unwrap();
                let puts = batch["put"].as_array().unwrap().iter().map(slug_of_put);
                let puts: Vec<String> = puts.collect();
                let deletes = batch["delete"].as_array().unwrap().iter();
                let deletes: Vec<&str> = deletes.map(|one| one["slug"].as_str().unwrap()).collect();
                state.slugs.extend(puts.iter().cloned());
                for slug in &deletes {
                    assert!(state.slugs.remove(*slug), "{slug} is not there");
                }
                let puts = puts.iter().map(|slug| result(slug, "created"));
                let deletes = deletes.iter().map(|slug| result(slug, "deleted"));
                json!({"results": puts.chain(deletes).collect::<Vec<_>>()})
            }
            other => panic!("unexpected request {other}"),
        }
    }

    /// The requests since this was last asked.
    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }

    fn slugs(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().slugs.clone()
    }
}

fn slug_of_put(put: &Value) -> String {
    let mut lines = put["source"].as_str().unwrap().lines();
    let slug = lines.find_map(|line| line.strip_prefix("slug: "));
    slug.unwrap_or(put["name"].as_str().unwrap()).to_owned()
}

fn result(slug: &str, status: &str) -> Value {
    json!({"slug": slug, "status": status, "hash": null, "problems": []})
}

impl Transport for Blog {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        let body = self.answer(&request).to_string().into();
        Box::pin(async {
            Ok(Reply {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body,
            })
        })
    }

    fn is_on_other_machine(&self) -> bool {
        false
    }
}

/// A folder of content, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("mayfly-client-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("posts")).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, front_matter: &str) {
        let text = format!("---\ntitle: x\n{front_matter}---\n");
        std::fs::write(self.0.join("posts").join(name), text).unwrap();
    }

    fn publisher(&self, blog: &Blog) -> Publisher {
        let client = BlogClient::new(blog.clone(), "token".to_owned());
        Publisher::new(client, self.0.clone(), PublishOptions::default())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn deleted_files_go_in_batches() {
    let (folder, blog) = (Folder::new("deleted"), Blog::default());
    for number in 0..600 {
        folder.write(&format!("p{number}.md"), "");
    }
    let mut publisher = folder.publisher(&blog);
    assert_eq!(publisher.publish().await.unwrap().posts, 600);
    for number in 0..500 {
        let file = format!("posts/p{number}.md");
        std::fs::remove_file(folder.0.join(file)).unwrap();
    }
    blog.requests();
    let report = publisher.publish().await.unwrap();
    assert_eq!((report.posts, report.removed), (100, 500));
    assert_eq!(blog.requests(), ["POST /api/batch"; 2]);
    assert_eq!(blog.slugs().len(), 100);
}

#[tokio::test]
async fn former_slugs_go_in_batches() {
    let (folder, blog) = (Folder::new("slugs"), Blog::default());
    for number in 0..300 {
        folder.write(&format!("p{number}.md"), "");
    }
    let mut publisher = folder.publisher(&blog);
    publisher.publish().await.unwrap();
    for number in 0..300 {
        folder.write(&format!("p{number}.md"), &format!("slug: q{number}\n"));
    }
    blog.requests();
    let report = publisher.publish().await.unwrap();
    assert_eq!((report.posts, report.removed), (300, 300));
    // The first sends all documents, the others remove.
    assert_eq!(blog.requests(), ["POST /api/batch"; 3]);
    assert!(blog.slugs().iter().all(|slug| slug.starts_with('q')));
}

#[tokio::test]
async fn removals_that_gave_way_to_an_edit_are_done_by_later_runs() {
    let (folder, blog) = (Folder::new("yields"), Blog::default());
    for number in 0..300 {
        folder.write(&format!("p{number}.md"), "");
        folder.write(&format!("r{number}.md"), "");
    }
    let mut publisher = folder.publisher(&blog).yielding_to(|| true);
    publisher.publish().await.unwrap();
    for number in 0..300 {
        folder.write(&format!("p{number}.md"), &format!("slug: q{number}\n"));
        let file = format!("posts/r{number}.md");
        std::fs::remove_file(folder.0.join(file)).unwrap();
    }
    let mut removed = Vec::new();
    for _ in 0..4 {
        removed.push(publisher.publish().await.unwrap().removed);
    }
    assert_eq!(removed, [256, 256, 88, 0]);
    assert!(blog.slugs().iter().all(|slug| slug.starts_with('q')));
    assert_eq!(blog.slugs().len(), 300);
}
