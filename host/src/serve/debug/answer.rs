//! Answers of the debug server: short, typed, never cached.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Response, StatusCode};

use crate::metrics;

/// What a client gets.
pub(super) type Answer = Response<Full<Bytes>>;

/// Why it does not get what it asked for.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    text: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, text: String) -> Self {
        Self {
            status,
            text,
            header: None,
        }
    }

    /// The request asks for something that there is not.
    pub(super) fn query(text: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// Something else is going on that must end first.
    pub(super) fn busy(text: &str) -> Self {
        Self {
            header: Some((RETRY_AFTER, HeaderValue::from_static("5"))),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, text.to_owned())
        }
    }

    pub(super) fn method(allowed: &[Method]) -> Self {
        let allowed: Vec<_> = allowed.iter().map(Method::as_str).collect();
        let allowed = allowed.join(", ");
        Self {
            header: HeaderValue::from_str(&allowed)
                .ok()
                .map(|allowed| (ALLOW, allowed)),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("use {allowed}"))
        }
    }

    pub(super) fn answer(self) -> Answer {
        let mut answer = plain(self.status, self.text + "\n");
        answer
            .headers_mut()
            .extend(self.header.map(|(name, value)| (Some(name), value)));
        answer
    }
}

/// The operator may know what failed in here.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
    }
}

pub(super) fn plain(status: StatusCode, text: String) -> Answer {
    let mut answer = typed("text/plain; charset=utf-8", text.into());
    *answer.status_mut() = status;
    answer
}

pub(super) fn metrics(text: String) -> Answer {
    typed(metrics::CONTENT_TYPE, text.into())
}

/// A page that needs nothing but itself.
pub(super) fn html(page: String) -> Answer {
    let mut answer = typed("text/html; charset=utf-8", page.into());
    answer.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
    );
    answer
}

/// A profile; browsers keep it as a file of that name.
pub(super) fn profile(bytes: Vec<u8>, name: &str) -> Answer {
    let mut answer = typed("application/octet-stream", bytes.into());
    let disposition = format!("attachment; filename=\"{name}.pb.gz\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        answer
            .headers_mut()
            .insert(CONTENT_DISPOSITION, disposition);
    }
    answer
}

pub(super) fn redirect(to: &'static str) -> Answer {
    let mut answer = plain(StatusCode::FOUND, String::new());
    answer
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_static(to));
    answer
}

/// The arguments of this program, as Go shows them: apart by NUL.
pub(super) fn command_line() -> Answer {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let arguments: Vec<_> = arguments.collect();
    plain(StatusCode::OK, arguments.join("\0"))
}

fn typed(kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
