//! A client of the blog: requests in one line, answers to look at.

use crate::sim_host::{SimHost, TOKEN};
use handler::request::{Method, Request, relevant_headers};
use serde_json::Value;
use std::borrow::Cow;
use std::ops::ControlFlow;

/// A response, its body read to the end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }
}

impl SimHost {
    /// The address of the style sheet that the front page names.
    #[track_caller]
    pub(crate) fn style_path(&self) -> String {
        let page = self.get("/").expect(200);
        let style = page.text().split("href=\"/style.").nth(1).expect("a style");
        format!("/style.{}", style.split('"').next().expect("an end"))
    }

    /// Sends a request as it is.
    pub(crate) fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // As the adapter does, which copies no header that decides nothing.
        let relevant = relevant_headers(method, path);
        let headers = headers.iter().filter(|(name, _)| relevant.contains(name));
        self.body.replace(body.to_vec());
        let response = handler::respond(
            self,
            &Request {
                method,
                path: path.to_owned(),
                query: query.to_owned(),
                headers: headers
                    .map(|&(name, value)| (name, value.to_owned()))
                    .collect(),
            },
        );
        let mut body = Vec::new();
        let (status, headers) = (response.status, response.headers);
        let sent = response.body.send(self, &mut |piece| {
            body.extend(piece);
            ControlFlow::Continue(())
        });
        sent.expect("all parts of the body");
        Answer {
            status,
            headers,
            body,
        }
    }

    /// Sends a request of the publisher's.
    pub(crate) fn api(&self, method: Method, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.api_if(method, path, body, None)
    }

    /// The same with an `If-Match`.
    pub(crate) fn api_if(
        &self,
        method: Method,
        path: &str,
        body: impl AsRef<[u8]>,
        tag: Option<&str>,
    ) -> Answer {
        let bearer = format!("Bearer {TOKEN}");
        let mut headers: Vec<(&'static str, &str)> = vec![("authorization", &bearer)];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        self.send(method, &format!("/api/{path}"), &headers, body.as_ref())
    }

    pub(crate) fn put(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.api(Method::Put, path, body)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.api(Method::Delete, path, "")
    }

    pub(crate) fn read(&self, path: &str) -> Answer {
        self.api(Method::Get, path, "")
    }

    /// A visitor's request.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::Get, path, &[], b"")
    }

    /// What a whole check finds: keys and problems.
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let mut path = "check".to_owned();
        for _ in 0..10_000 {
            let step = self.read(&path).expect(200).json();
            for finding in step["findings"].as_array().expect("findings") {
                let text = |field: &str| finding[field].as_str().expect("text").to_owned();
                findings.push(format!(
                    "{}: {}: {}",
                    text("key"),
                    text("problem"),
                    text("remedy")
                ));
            }
            match step["cursor"].as_str() {
                Some(cursor) => path = format!("check?cursor={}", encode(cursor)),
                None => return findings,
            }
        }
        panic!("the check never ends");
    }

    /// A blog with ten posts, a page, a draft, a file; two of everything where the tests break one.
    pub(crate) fn furnished() -> Self {
        let blog = Self::new();
        for n in 0..10 {
            let more = format!("tags: [x, t{}]\naliases: [/old/{n}]\n", n % 3);
            let source = post(
                &format!("Post {n}"),
                &format!("2026-01-{:02}", n + 1),
                &more,
            );
            blog.put(&format!("posts/p{n}"), source).expect(201);
        }
        blog.put("pages/about", "---\ntitle: About\n---\nus\n")
            .expect(201);
        blog.put("posts/d", "---\ntitle: D\ndraft: true\n---\n")
            .expect(201);
        blog.put("media/a.bin", vec![7; 800_000]).expect(200);
        blog
    }

    /// All steps of a reindex; how many documents it handled.
    #[track_caller]
    pub(crate) fn reindex(&self) -> u64 {
        for _ in 0..100 {
            let step = self.api(Method::Post, "reindex", "").expect(200).json();
            if step["done"] == true {
                return step["handled"].as_u64().expect("a number");
            }
        }
        panic!("the reindex never ends");
    }

    /// The addresses of the posts that a page lists, in its order.
    pub(crate) fn posts_on(&self, path: &str) -> Vec<String> {
        let page = self.get(path).expect(200);
        let links = page.text().split("href=\"/posts/").skip(1);
        let mut slugs: Vec<String> = Vec::new();
        for slug in links.filter_map(|rest| rest.split('"').next()) {
            if !slugs.iter().any(|known| known == slug) {
                slugs.push(slug.to_owned());
            }
        }
        slugs
    }
}

/// A query's value.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// A post's source.
pub(crate) fn post(title: &str, date: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n{more}---\n\nThe text of {title}.\n")
}
