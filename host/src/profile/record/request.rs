//! A request as a flag names it: `GET /path`, or only `/path`.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use bytes::Bytes;
use http_body_util::Empty;
use hyper::header::HOST;
use hyper::{Method, Request, Uri};

/// A method and a path.
#[derive(Clone, Debug)]
pub struct Line {
    method: Method,
    path: Uri,
}

impl Line {
    /// The request itself.
    pub(super) fn request(&self) -> Result<Request<Empty<Bytes>>> {
        let request = Request::builder()
            .method(self.method.clone())
            .uri(self.path.clone())
            .header(HOST, "localhost");
        Ok(request.body(Empty::new())?)
    }
}

impl FromStr for Line {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
        if !path.starts_with('/') {
            bail!("expected METHOD /PATH");
        }
        Ok(Self {
            method: method
                .parse()
                .with_context(|| format!("{method:?} is no method"))?,
            path: path
                .parse()
                .with_context(|| format!("{path:?} is no path"))?,
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
