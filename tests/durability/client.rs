//! A client of a host that may die at any moment: what breaks off is an error, not an answer.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::http::{self, Reply};

/// The admin token of every blog here.
pub const TOKEN: &str = "a-token-of-enough-characters";

/// Whoever sends requests to one host.
#[derive(Clone, Debug)]
pub struct Client {
    pub address: String,
}

impl Client {
    /// Asks for a page.
    pub fn get(&self, path: &str) -> Result<Reply> {
        self.ask("GET", path, "", b"")
    }

    /// Asks the publishing interface, as its administrator.
    pub fn api(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Result<Reply> {
        self.api_if(method, path, None, body)
    }

    /// The same, if what stands there has this tag.
    pub fn api_if(
        &self,
        method: &str,
        path: &str,
        tag: Option<&str>,
        body: impl AsRef<[u8]>,
    ) -> Result<Reply> {
        let tag = tag.map_or(String::new(), |tag| format!("if-match: {tag}\r\n"));
        let headers = format!("authorization: Bearer {TOKEN}\r\n{tag}");
        self.ask(method, &format!("/api/{path}"), &headers, body.as_ref())
    }

    /// Sends until the answer is not that the store is in use or has failed.
    #[track_caller]
    pub fn persist(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Reply {
        for _ in 0..20 {
            let reply = self.api(method, path, body.as_ref()).unwrap();
            if reply.status != 503 {
                return reply;
            }
            assert_eq!(reply.header("retry-after"), Some("2"), "{}", reply.text());
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("{method} {path} was never done");
    }

    /// The source of a document, if there is one.
    #[track_caller]
    pub fn source(&self, path: &str) -> Option<String> {
        let reply = self.api("GET", path, "").unwrap();
        assert!([200, 404].contains(&reply.status), "{path}: {reply:?}");
        (reply.status == 200).then(|| reply.text().to_owned())
    }

    /// All that a check finds, and how many documents it says nothing of.
    #[track_caller]
    pub fn check(&self) -> (Vec<String>, u64) {
        self.try_check()
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    /// The same, or why the check cannot go on.
    pub fn try_check(&self) -> std::result::Result<(Vec<String>, u64), String> {
        let (mut findings, mut unfinished) = (Vec::new(), 0);
        let mut path = "check".to_owned();
        loop {
            let reply = self.api("GET", &path, "").unwrap();
            if reply.status != 200 {
                return Err(format!("{} {path}: {}", reply.status, reply.text()));
            }
            let step: Value = serde_json::from_slice(&reply.body).unwrap();
            unfinished = step["unfinished"].as_u64().unwrap().max(unfinished);
            for finding in step["findings"].as_array().unwrap() {
                let text = |field: &str| finding[field].as_str().unwrap().to_owned();
                findings.push(format!("{}: {}", text("key"), text("problem")));
            }
            match step["cursor"].as_str() {
                Some(cursor) => path = format!("check?cursor={}", encode(cursor)),
                None => return Ok((findings, unfinished)),
            }
        }
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Result<Reply> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             {headers}content-length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        if !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            return Err(Error::new(ErrorKind::UnexpectedEof, "no whole head"));
        }
        let reply = http::parse(&bytes);
        match reply.complete() {
            true => Ok(reply),
            false => Err(Error::new(ErrorKind::UnexpectedEof, "no whole body")),
        }
    }
}

/// What a problem document says.
#[track_caller]
pub fn detail(reply: &Reply) -> String {
    let problem: Value = serde_json::from_slice(&reply.body).unwrap();
    problem["detail"].as_str().unwrap().to_owned()
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
