//! The blog as one request finds it: all that lies behind the first round trip to the store.

use super::{Template, html, problem, render};
use crate::date;
use crate::error::{PageError, ReadError};
use crate::host::Host;
use crate::index::Index;
use crate::key::Key;
use crate::record;
use crate::request::Request;
use crate::response::{Body, Cache, Response};
use crate::site::Site;
use crate::theme::Frame;
use crate::version::Version;
use minijinja::value::Value;
use std::sync::Arc;

/// The values of some keys, where they are set.
pub(super) type Found<const N: usize> = [Option<Vec<u8>>; N];

pub(super) struct Blog<'a, H> {
    pub(super) host: &'a H,
    pub(super) request: &'a Request,
    pub(super) site: Arc<Site>,
    /// An index that cannot be read leaves the posts readable.
    index: Result<Index, ReadError>,
    /// When site or index were last written.
    pub(super) written: i64,
    pub(super) now: i64,
    version: Version,
}

/// About what the frame around a page's content takes.
const FRAME_BYTES: usize = 4096;

impl<'a, H: Host> Blog<'a, H> {
    /// Reads the site, the head of the index, and `more` keys, in one round trip.
    pub(super) fn open<const N: usize>(
        host: &'a H,
        request: &'a Request,
        more: [Key; N],
    ) -> Result<(Self, Found<N>), PageError> {
        let mut keys = vec![Key::Site.to_string(), Key::Head.to_string()];
        keys.extend(more.into_iter().map(String::from));
        let mut values = host.get_many(&keys)?;
        values.resize(keys.len(), None);
        let record = values[0].take();
        let site = Site::load(host, record.as_deref())?;
        let mut version = Version::new();
        version.add(record.as_deref().map_or(0, record::fingerprint));
        let index = Index::open(values[1].take());
        let more = std::array::from_fn(|n| values[n + 2].take());
        let written = index.as_ref().map_or(0, Index::written).max(site.written);
        Ok((
            Self {
                host,
                request,
                site: Arc::new(site),
                index,
                written,
                now: host.now(),
                version,
            },
            more,
        ))
    }

    pub(super) fn index(&self) -> Result<&Index, ReadError> {
        self.index.as_ref().map_err(Clone::clone)
    }

    /// Lets the index go: the page is made in the room that it leaves, so that pages of large
    /// blogs need no more than those of small ones.
    pub(super) fn forget_index(&mut self) {
        self.index = Ok(Index::default());
    }

    /// The version of a page that depends on nothing but the site so far.
    pub(super) fn version(&self) -> Version {
        self.version.clone()
    }

    /// A page of a version, made only if the client does not hold it.
    pub(super) fn page<'t>(
        &self,
        version: &Version,
        template: impl Into<Template<'t>>,
        frame: Frame,
        room: usize,
        content: impl FnOnce() -> Value,
    ) -> Result<Response, PageError> {
        let response = html(&self.site, 200, Vec::new())
            .cached(Cache::Revalidate)
            .with("last-modified", date::http(self.written));
        self.answer(response, version, || {
            let room = room + FRAME_BYTES;
            render(
                self.host,
                &self.site,
                template.into(),
                frame,
                content(),
                room,
            )
        })
    }

    /// A response of a version, whose body is made only if the client does not hold it.
    pub(super) fn answer(
        &self,
        response: Response,
        version: &Version,
        body: impl FnOnce() -> Result<Vec<u8>, PageError>,
    ) -> Result<Response, PageError> {
        let mut response = response.with_tag(version.tag()).conditional(self.request);
        if response.status != 304 {
            response.body = Body::Bytes(body()?.into());
        }
        Ok(response)
    }

    pub(super) fn not_found(&self) -> Result<Response, PageError> {
        problem::page(self.host, &self.site, 404, "not_found")
    }

    pub(super) fn gone(&self) -> Result<Response, PageError> {
        problem::page(self.host, &self.site, 410, "gone")
    }

    /// An absolute address on this site.
    pub(super) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site.settings.url)
    }
}
