//! A request of the publishing interface, parsed into types before anything is done.

use super::file::{File, MAX_NAME_BYTES};
use super::preconditions::expected;
use super::preview::PreviewRequest;
use super::problem::{Refusal, refusal};
use super::route::ApiRoute;
use super::{batch, preview, settings, unknown};
use crate::document::{DocId, Kind};
use crate::host::Host;
use crate::post;
use crate::request::{Method, Request};
use crate::write::Expected;

/// What a publisher asks for.
pub(super) enum ApiRequest<'p> {
    ListDocuments {
        kind: Kind,
        cursor: Option<String>,
    },
    GetDocument(DocId),
    PutDocument {
        id: DocId,
        source: Vec<u8>,
        expected: Option<Expected>,
    },
    DeleteDocument {
        id: DocId,
        expected: Option<Expected>,
    },
    Batch {
        body: Vec<u8>,
    },
    Preview {
        slug: &'p str,
        days: i64,
    },
    ListMedia {
        cursor: Option<String>,
    },
    GetFile(File<'p>),
    PutFile {
        file: File<'p>,
        bytes: Vec<u8>,
        expected: Option<Expected>,
    },
    DeleteFile {
        file: File<'p>,
        expected: Option<Expected>,
    },
    GetSite,
    PutSite {
        source: String,
        expected: Option<Expected>,
    },
    Manifest {
        cursor: Option<String>,
    },
    LinkReports {
        cursor: Option<String>,
    },
    Check {
        cursor: Option<String>,
    },
    Reindex,
    Collect,
}

impl<'p> ApiRequest<'p> {
    /// The request of a method to a route; reads the body where it has one.
    pub(super) fn parse(
        host: &impl Host,
        request: &Request,
        route: ApiRoute<'p>,
    ) -> Result<Self, Refusal> {
        use Method::{Delete, Get, Head, Post, Put};
        let method = request.method;
        let cursor = || request.parameter("cursor");
        // No store has a key of such a name; to publish one is told in more words.
        if route.name().len() > MAX_NAME_BYTES && method != Put {
            return Err(unknown(route.name()));
        }
        Ok(match (route, method) {
            (ApiRoute::Documents(kind), Get | Head) => Self::ListDocuments {
                kind,
                cursor: cursor(),
            },
            (ApiRoute::Document(id), Get | Head) => Self::GetDocument(id),
            (ApiRoute::Document(id), Put) => Self::PutDocument {
                id,
                expected: expected(request)?,
                source: host.body(post::MAX_SOURCE_BYTES)?,
            },
            (ApiRoute::Document(id), Delete) => Self::DeleteDocument {
                id,
                expected: expected(request)?,
            },
            (ApiRoute::Batch, Post) => Self::Batch {
                body: host.body(batch::MAX_BYTES)?,
            },
            (ApiRoute::Preview(slug), Post) => Self::Preview {
                slug,
                days: PreviewRequest::parse(&host.body(preview::MAX_BYTES)?)?,
            },
            (ApiRoute::Media, Get | Head) => Self::ListMedia { cursor: cursor() },
            (ApiRoute::File(file), Get | Head) => Self::GetFile(file),
            (ApiRoute::File(file), Put) => Self::PutFile {
                expected: expected(request)?,
                bytes: file.body(host)?,
                file,
            },
            (ApiRoute::File(file), Delete) => Self::DeleteFile {
                file,
                expected: expected(request)?,
            },
            (ApiRoute::Site, Get | Head) => Self::GetSite,
            (ApiRoute::Site, Put) => Self::PutSite {
                expected: expected(request)?,
                source: text(host.body(settings::MAX_BYTES)?)?,
            },
            (ApiRoute::Manifest, Get | Head) => Self::Manifest { cursor: cursor() },
            (ApiRoute::LinkReports, Get | Head) => Self::LinkReports { cursor: cursor() },
            (ApiRoute::Check, Get | Head) => Self::Check { cursor: cursor() },
            (ApiRoute::Reindex, Post) => Self::Reindex,
            (ApiRoute::Collect, Post) => Self::Collect,
            (route, _) => return Err(not_allowed(route.allow())),
        })
    }
}

fn not_allowed(allow: &'static str) -> Refusal {
    let detail = format!("this address answers to {allow}");
    let response = refusal(405, "method not allowed", &detail);
    response.with("allow", allow).into()
}

fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|error| {
        let detail = format!("{}: save site.toml as UTF-8", error.utf8_error());
        refusal(400, "not UTF-8", &detail).into()
    })
}
