//! A template of requests: a line `METHOD /path body`, from which requests are made.

use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request};

/// Requests that differ in their number at most.
#[derive(Clone, Debug)]
pub struct RequestTemplate {
    method: Method,
    path: String,
    body: String,
}

/// What stands for the number of the request.
const NUMBER: &str = "{n}";

impl RequestTemplate {
    /// The request with the number `number`.
    pub fn request(&self, number: u64) -> Result<Request<Full<Bytes>>> {
        let fill = |template: &str| template.replace(NUMBER, &number.to_string());
        let request = Request::builder()
            .method(&self.method)
            .uri(fill(&self.path))
            .header("host", "localhost");
        let body = Full::new(Bytes::from(fill(&self.body)));
        request
            .body(body)
            .with_context(|| format!("{self} is no request"))
    }
}

impl FromStr for RequestTemplate {
    type Err = Error;

    fn from_str(line: &str) -> Result<Self> {
        let (method, rest) = line.trim().split_once(' ').unwrap_or((line, ""));
        let (path, body) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        if !path.starts_with('/') {
            bail!("{line:?} is no request: write METHOD /path, for example GET /");
        }
        let template = Self {
            method: method
                .parse()
                .with_context(|| format!("{method:?} is no method"))?,
            path: path.to_owned(),
            body: body.to_owned(),
        };
        template.request(1)?;
        Ok(template)
    }
}

impl std::fmt::Display for RequestTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let template: RequestTemplate = "PUT /page/{n}?x=1 the body of {n}"
            .parse()
            .expect("a template");
        assert_eq!(template.to_string(), "PUT /page/{n}?x=1");
        assert_eq!(template.body, "the body of {n}");
        let request = template.request(7).expect("a request");
        assert_eq!(
            (request.method(), request.uri().path()),
            (&Method::PUT, "/page/7")
        );
        for wrong in ["", "GET", "GET page", "/page", "G T /", "GET /\u{7f}"] {
            assert!(wrong.parse::<RequestTemplate>().is_err(), "{wrong:?}");
        }
    }
}
