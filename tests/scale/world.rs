//! A blog at work: its posts in a SQLite file, the real component in the real runtime, and
//! what the host counted for each request.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use client::publish::{PublishOptions, Publisher};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use instance::Sample;
use mayfly::application::{Application, Flags};

use super::posts::Posts;

/// A blog in a folder of its own, gone with the value.
pub struct World {
    folder: PathBuf,
    application: Application,
    pub posts: Posts,
}

/// An answer, and what it took.
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
    pub sample: Sample,
    pub elapsed: Duration,
}

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    application: Flags,
}

impl World {
    /// Writes the content of a blog; nothing is published yet.
    pub fn of(posts: Posts) -> Self {
        let name = format!("mayfly-scale-{}-{}", std::process::id(), posts.count);
        let folder = std::env::temp_dir().join(name);
        posts.write(&folder.join("content"));
        let flags = flags(&folder);
        let arguments: Arguments =
            clap::Parser::parse_from(["".to_owned()].into_iter().chain(flags));
        let application = Application::open(&arguments.application).unwrap();
        Self {
            folder,
            application,
            posts,
        }
    }

    /// The folder of its content.
    pub fn content(&self) -> PathBuf {
        self.folder.join("content")
    }

    /// The flags by which a command finds it.
    pub fn flags(&self) -> [String; 4] {
        flags(&self.folder)
    }

    /// Publishes the content.
    pub async fn publish(&self) -> String {
        let client = self.application.client().unwrap();
        let content = self.content();
        let mut publisher = Publisher::new(client, content, PublishOptions::default());
        let report = publisher.publish().await.unwrap();
        report.to_string()
    }

    /// A visitor's request.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), "").await
    }

    /// A publisher's request.
    pub async fn put(&self, path: &str, source: &str) -> Answer {
        let token = self.application.admin_token.as_ref().unwrap().secret();
        let bearer = format!("Bearer {token}");
        self.send(Request::put(path).header("authorization", bearer), source)
            .await
    }

    async fn send(&self, request: hyper::http::request::Builder, body: &str) -> Answer {
        let request = request
            .header("host", "localhost")
            .header("content-length", body.len())
            .body(Full::new(Bytes::from(body.to_owned())))
            .unwrap();
        let (sender, sample) = mpsc::channel();
        let start = Instant::now();
        let answered = self.application.runtime.handle(request, move |sample| {
            let _ = sender.send(sample.clone());
        });
        let (head, body) = answered.await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status.as_u16(),
            body,
            sample: sample.recv().unwrap(),
            elapsed: start.elapsed(),
        }
    }
}

fn flags(folder: &Path) -> [String; 4] {
    let manifest = root().join("spin.toml").display().to_string();
    let store = format!("sqlite:{}", folder.join("blog.db").display());
    [
        "--manifest".to_owned(),
        manifest,
        "--store".to_owned(),
        store,
    ]
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// The top folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
