//! Tags as authors write them, and what only looks like one.

use super::*;

fn show(html: &str) -> Vec<String> {
    let shown = |token| match token {
        Token::Text(text) => format!("text {text}"),
        Token::Start(tag) => {
            let attributes = tag
                .attributes()
                .map(|attribute| format!(" {}={}", attribute.name, attribute.value));
            format!("<{}{}>", tag.name, attributes.collect::<String>())
        }
        Token::End { name, .. } => format!("</{name}>"),
        Token::Comment { is_closed, .. } => format!("comment {is_closed}"),
        Token::Ignored(source) => format!("ignored {source}"),
        Token::Open(source) => format!("open {source}"),
    };
    tokens(html).map(|(_, token)| shown(token)).collect()
}

#[track_caller]
fn check(html: &str, expected: &[&str]) {
    assert_eq!(show(html), expected, "{html}");
}

#[test]
fn tags_and_their_attributes() {
    check(
        "a <b> < c<A\nHREF = x/y  id='q>'\tALT data-x=\"'\"/>z</A >",
        &[
            "text a ",
            "<b>",
            "text  < c",
            "<A HREF=x/y id=q> ALT= data-x='>",
            "text z",
            "</A>",
        ],
    );
    check("<p id =x><br/><a =b>", &["<p id=x>", "<br>", "<a =b=>"]);
    check("<a href=/x/>y", &["<a href=/x/>", "text y"]);
    check("<a b=\"1\"c='2'>", &["<a b=1 c=2>"]);
}

#[test]
fn what_is_no_element() {
    check(
        "<!-- <a> -->x<!-->y<!--->z",
        &[
            "comment true",
            "text x",
            "comment true",
            "text y",
            "comment true",
            "text z",
        ],
    );
    check(
        "<!doctype html><?x?></3><",
        &[
            "ignored <!doctype html>",
            "ignored <?x?>",
            "ignored </3>",
            "text <",
        ],
    );
    check("x<!-- a", &["text x", "comment false"]);
    check("x<a href=\"y>z", &["text x", "open <a href=\"y>z"]);
}

#[test]
fn scripts_are_text_to_their_end() {
    check(
        "<script>a<b></i></script >c",
        &["<script>", "text a<b></i>", "</script>", "text c"],
    );
    check(
        "<STYLE></style><title>x</titlex>",
        &["<STYLE>", "</style>", "<title>", "text x</titlex>"],
    );
}

#[test]
fn every_byte_is_in_one_token() {
    let html = "a<é b='é'<!-- é<script>é</scripté <a href=é>é</a é><";
    for (end, _) in html.char_indices() {
        let joined: String = tokens(&html[..end])
            .map(|(_, token)| match token {
                Token::Text(source) | Token::Ignored(source) | Token::Open(source) => source,
                Token::Start(tag) => tag.source,
                Token::End { source, .. } | Token::Comment { source, .. } => source,
            })
            .collect();
        assert_eq!(joined, html[..end]);
    }
}
