//! The pages that say why there is no page. None of them tells what went on inside.

use super::render;
use crate::error::{PageError, ReadError};
use crate::host::Host;
use crate::response::{Cache, Response};
use crate::site::Site;
use crate::theme::{self, Frame, names};
use minijinja::value::Value;
use std::sync::Arc;

/// After how many seconds another try may do, where the store did not answer.
const RETRY_SECONDS: &str = "5";

/// After how many seconds the index may have been rebuilt.
const REBUILD_SECONDS: &str = "60";

/// The page of a status, in the theme.
pub(super) fn page(
    host: &impl Host,
    site: &Arc<Site>,
    status: u16,
    word: &str,
) -> Result<Response, PageError> {
    let lang = site.settings.lang.as_str();
    let heading = theme::word(lang, &format!("{word}_heading"));
    let message = theme::word(lang, &format!("{word}_message"));
    let frame = Frame {
        status,
        kind: "error",
        title: heading.to_owned(),
        ..Frame::default()
    };
    let content = names([
        ("status", Value::from(status)),
        ("heading", Value::from(heading)),
        ("message", Value::from(message)),
    ]);
    let html = render(host, site, "error.html".into(), frame, content, 4096)?;
    Ok(super::html(site, status, html).cached(Cache::Never))
}

/// The page for a request that failed.
pub(super) fn failed(host: &impl Host, error: &PageError) -> Response {
    host.log(&error.to_string());
    // The store is not asked again where it did not answer.
    let site = match error {
        PageError::Read(ReadError::Store(_)) | PageError::Template(_) => Site::default(),
        PageError::Read(_) => Site::read(host).unwrap_or_default(),
    };
    let (word, retry) = match error {
        PageError::Read(ReadError::IndexOutdated) => ("rebuilding", Some(REBUILD_SECONDS)),
        PageError::Read(ReadError::Store(_)) => ("error", Some(RETRY_SECONDS)),
        _ => ("error", None),
    };
    let status = error.status();
    let response = page(host, &Arc::new(site), status, word).unwrap_or_else(|_| {
        Response::new(
            status,
            "text/plain; charset=utf-8",
            b"the page could not be made\n".as_slice(),
        )
    });
    match retry {
        Some(seconds) => response.with("retry-after", seconds),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::BodyError;
    use crate::response::Body;
    use crate::store::{KeyPage, MemoryStore, Store, StoreError};
    use std::time::Duration;

    struct Empty(MemoryStore);

    impl Store for Empty {
        fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
            self.0.get_many(keys)
        }

        fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
            self.0.set_many(entries)
        }

        fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
            self.0.delete_many(keys)
        }

        fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError> {
            self.0.list_keys(cursor)
        }
    }

    impl Host for Empty {
        fn now(&self) -> i64 {
            0
        }

        fn admin_token(&self) -> Option<String> {
            None
        }

        fn body(&self, _: usize) -> Result<Vec<u8>, BodyError> {
            Err(BodyError::Incomplete)
        }

        fn nonce(&self) -> u64 {
            0
        }

        fn pause(&self, _: Duration) {}

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }

        fn log(&self, _: &str) {}
    }

    #[track_caller]
    fn check(error: ReadError, status: u16, retry: Option<&str>, text: &str) {
        let response = failed(&Empty(MemoryStore::default()), &PageError::Read(error));
        assert_eq!(response.status, status);
        assert_eq!(response.header("retry-after"), retry);
        assert_eq!(response.header("cache-control"), Some("no-store"));
        let Body::Bytes(page) = response.body else {
            panic!("no page");
        };
        assert!(String::from_utf8_lossy(&page).contains(text));
    }

    #[test]
    fn an_answer_says_when_another_try_may_do_and_not_what_failed() {
        let store = ReadError::Store(StoreError("secret".to_owned()));
        check(store, 503, Some("5"), "Something went wrong");
        check(ReadError::IndexOutdated, 503, Some("60"), "being rebuilt");
        check(
            ReadError::damaged("head"),
            500,
            None,
            "Something went wrong",
        );
    }
}
