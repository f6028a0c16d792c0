//! Overviews: all tags with their counts, all years with theirs.

use super::Blog;
use crate::error::PageError;
use crate::host::Host;
use crate::request::Request;
use crate::response::Response;
use crate::route;
use crate::theme::{self, Frame, names};
use crate::version::Version;
use minijinja::value::Value;

/// All tags, by name.
pub(super) fn tags(host: &impl Host, request: &Request) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let table = blog.index()?.tag_table();
    blog.forget_index();
    let found = table.counts(host, blog.now)?;
    let mut version = blog.version();
    for tag in &found {
        version.add_text(&tag.tag.name);
        version.add_text(&tag.tag.slug);
        version.add(tag.count as u64);
    }
    overview(&blog, &version, "tags", || {
        let tags = found.iter();
        let tags = tags.map(|tag| theme::tag_count(&tag.tag.name, &tag.tag.slug, tag.count));
        names([("tags", tags.collect())])
    })
}

/// All years, newest first.
pub(super) fn archive(host: &impl Host, request: &Request) -> Result<Response, PageError> {
    let (mut blog, []) = Blog::open(host, request, [])?;
    let found = blog.index()?.years(blog.now);
    blog.forget_index();
    let mut version = blog.version();
    for (year, count) in &found {
        version.add(i64::from(*year).cast_unsigned());
        version.add(*count as u64);
    }
    overview(&blog, &version, "archive", || {
        let years = found.iter();
        let years = years.map(|(year, count)| theme::year_count(*year, *count));
        names([("years", years.collect())])
    })
}

fn overview(
    blog: &Blog<'_, impl Host>,
    version: &Version,
    kind: &'static str,
    content: impl FnOnce() -> Value,
) -> Result<Response, PageError> {
    let lang = &blog.site.settings.lang;
    let (template, description) = match kind {
        "tags" => ("tags.html", "tags_description"),
        _ => ("archive.html", "archive_description"),
    };
    let frame = Frame {
        status: 200,
        kind,
        title: theme::word(lang, kind).to_owned(),
        description: theme::word(lang, description).to_owned(),
        path: route::encode(&[kind]),
    };
    blog.page(version, template, frame, 8 * 1024, content)
}
