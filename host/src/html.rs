//! A page that needs nothing but itself: no other file, no script, no network.

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

/// The page of this title and style; `refresh` is how often it loads itself, in seconds.
pub(crate) fn page(title: &str, style: &str, refresh: Option<u32>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            meta charset="utf-8"; "\n"
            meta name="viewport" content="width=device-width"; "\n"
            @if let Some(seconds) = refresh {
                meta http-equiv="refresh" content=(seconds); "\n"
            }
            title { (title) } "\n"
            style { (PreEscaped(style)) } "\n"
            (body)
        }
        "\n"
    };
    page.into_string()
}

/// A table of `rows`, which are cells each, under their `head`.
pub(crate) fn table<H: Render>(head: &[H], rows: impl IntoIterator<Item = Markup>) -> Markup {
    html! {
        table {
            "\n"
            @if !head.is_empty() {
                tr { @for name in head { th { (name) } } } "\n"
            }
            @for row in rows { tr { (row) } "\n" }
        }
        "\n"
    }
}

/// A cell for a number.
pub(crate) fn number(number: impl Render) -> Markup {
    html! { td.n { (number) } }
}
