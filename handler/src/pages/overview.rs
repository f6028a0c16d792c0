//! Overviews: all tags with their counts, all years with theirs.

use super::{About, Blog, Failure};
use crate::host::Host;
use crate::response::Response;
use crate::{route, theme};
use minijinja::context;
use minijinja::value::Value;

/// All tags, by name.
pub(super) fn tags(host: &impl Host) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let table = blog.index()?.tag_table();
    blog.forget_index();
    let found = table.counts(host, blog.now)?;
    let tags: Value = found
        .into_iter()
        .map(|tag| {
            context! {
                name => tag.tag.name,
                url => route::encode(&["tags", tag.tag.slug.as_str()]),
                count => tag.count,
            }
        })
        .collect();
    overview(&blog, "tags", context! { tags })
}

/// All years, newest first.
pub(super) fn archive(host: &impl Host) -> Result<Response, Failure> {
    let (mut blog, []) = Blog::open(host, [])?;
    let found = blog.index()?.years(blog.now);
    blog.forget_index();
    let years: Value = found
        .into_iter()
        .map(|(year, count)| {
            context! {
                year,
                url => route::encode(&["archive".to_owned(), year.to_string()]),
                count,
            }
        })
        .collect();
    overview(&blog, "archive", context! { years })
}

fn overview(blog: &Blog, kind: &'static str, content: Value) -> Result<Response, Failure> {
    let lang = &blog.site.settings.lang;
    let title = theme::word(lang, kind);
    let path = route::encode(&[kind]);
    let about = About {
        status: 200,
        kind,
        title: &title,
        description: "",
        path: &path,
        lang,
        room: 8 * 1024,
    };
    blog.page(&format!("{kind}.html"), &about, content)
}
