//! What a path of the publishing interface names.

use super::file::File;
use crate::document::{DocId, Kind};

/// A thing that the interface answers for.
pub(super) enum ApiRoute<'p> {
    Documents(Kind),
    Document(DocId),
    Batch,
    /// The slug of a post.
    Preview(&'p str),
    Media,
    File(File<'p>),
    Site,
    Manifest,
    LinkReports,
    Check,
    Reindex,
    Collect,
}

impl<'p> ApiRoute<'p> {
    /// The route of a decoded path behind `/api/`.
    pub(super) fn parse(path: &'p str) -> Option<Self> {
        let (noun, name) = path.split_once('/').unwrap_or((path, ""));
        Some(match (noun, name) {
            ("posts", "") => Self::Documents(Kind::Post),
            ("pages", "") => Self::Documents(Kind::Page),
            ("posts", slug) => Self::Document(DocId::post(slug)),
            ("pages", slug) => Self::Document(DocId::page(slug)),
            ("batch", "") => Self::Batch,
            ("preview", slug) if !slug.is_empty() => Self::Preview(slug),
            ("media", "") => Self::Media,
            ("media", name) => Self::File(File::media(name)),
            ("theme", name) if !name.is_empty() => Self::File(File::theme(name)),
            ("site", "") => Self::Site,
            ("manifest", "") => Self::Manifest,
            ("outlines", "") => Self::LinkReports,
            ("check", "") => Self::Check,
            ("reindex", "") => Self::Reindex,
            ("gc", "") => Self::Collect,
            _ => return None,
        })
    }

    /// The methods that it answers to.
    pub(super) fn allow(&self) -> &'static str {
        match self {
            Self::Document(_) | Self::File(_) => "GET, HEAD, PUT, DELETE",
            Self::Site => "GET, HEAD, PUT",
            Self::Batch | Self::Preview(_) | Self::Reindex | Self::Collect => "POST",
            Self::Documents(_) | Self::Media | Self::Manifest | Self::LinkReports | Self::Check => {
                "GET, HEAD"
            }
        }
    }

    /// The name of one document or file.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Document(id) => &id.slug,
            Self::Preview(slug) => slug,
            Self::File(file) => file.name(),
            _ => "",
        }
    }
}
