//! How requests reach a blog.

use std::net::IpAddr;
use std::pin::Pin;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::reply::Reply;

/// A request on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply>> + Send + 'a>>;

/// Takes requests to a blog.
pub trait Transport: Send + Sync {
    /// Sends one request, whose address is no more than a path and a query, and reads the answer to
    /// its end. It fails if there is no answer; what the blog answers, a refusal too, is a reply.
    fn send(&self, request: Request<Bytes>) -> Sending<'_>;

    /// Whether the blog is on another machine.
    fn is_on_other_machine(&self) -> bool;
}

/// Sends requests over plain HTTP.
#[derive(Debug)]
pub struct HttpTransport {
    client: Client<HttpConnector, Full<Bytes>>,
    /// The address of the blog, without a slash at its end.
    base: String,
}

impl HttpTransport {
    /// Prepares to send requests to the blog at `url`.
    ///
    /// # Errors
    ///
    /// `url` does not begin with `http://`.
    pub fn new(url: &str) -> Result<Self> {
        if url.starts_with("https://") {
            bail!("{url}: https is not built in: go through a tunnel, such as ssh -L, to http");
        }
        if !url.starts_with("http://") {
            bail!("{url}: expected an address that begins with http://");
        }
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            base: url.trim_end_matches('/').to_owned(),
        })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            let address = format!("{}{}", self.base, head.uri);
            head.uri = address.parse().context("the address is not valid")?;
            let request = Request::from_parts(head, Full::new(body));
            let response = self.client.request(request).await;
            Reply::read(response.context("the blog cannot be reached")?).await
        })
    }

    fn is_on_other_machine(&self) -> bool {
        let uri = self.base.parse::<Uri>().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host != "localhost" && !address.is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, is_on_other_machine: bool) {
        let transport = HttpTransport::new(url).expect(url);
        assert_eq!(transport.is_on_other_machine(), is_on_other_machine);
    }

    #[test]
    fn machines() {
        check("http://localhost:3000/", false);
        check("http://127.0.0.1", false);
        check("http://[::1]:3000", false);
        check("http://example.org", true);
        check("http://10.0.0.1:3000", true);
    }
}
