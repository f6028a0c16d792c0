//! The author's own theme: what is refused before a visitor meets it, and what is shown instead.

use crate::client::{Answer, post};
use crate::sim_host::SimHost;
use handler::request::Method;

#[track_caller]
fn problem(answer: Answer, line: u32, message: &str) {
    let answer = answer.expect(422).json();
    let problem = &answer["problems"][0];
    let told = problem["message"].as_str().expect("a message");
    assert!(told.contains(message), "{told}");
    assert_eq!(problem["line"], line, "{told}");
}

const TEMPLATES: [&str; 10] = [
    "archive.html",
    "atom.xml",
    "base.html",
    "error.html",
    "list.html",
    "page.html",
    "post.html",
    "rss.xml",
    "sitemap-index.xml",
    "tags.html",
];

#[test]
fn a_template_that_cannot_be_rendered_is_refused() {
    let blog = SimHost::furnished();
    for name in TEMPLATES.iter().chain(&["wide.html"]) {
        let path = format!("theme/{name}");
        problem(
            blog.put(&path, "\n{{ \"x\" | titel }}"),
            2,
            "unknown filter",
        );
        problem(
            blog.put(&path, "\n{% if 1 is prim %}x{% endif %}"),
            2,
            "unknown test",
        );
        problem(
            blog.put(&path, "{% extends \"bsae.html\" %}"),
            1,
            "bsae.html",
        );
        problem(
            blog.put(&path, "\n\n{% include \"no.html\" %}"),
            3,
            "no.html",
        );
    }
    for name in TEMPLATES {
        let path = format!("theme/{name}");
        problem(
            blog.put(&path, "\n{{ site.title.nothing.at.all }}"),
            2,
            "undefined",
        );
        problem(blog.put(&path, "\n{{ nobody() }}"), 2, "nobody");
    }
    assert_eq!(blog.data().get("site"), None);
}

#[test]
fn a_part_of_a_template_may_need_what_only_its_users_have() {
    let blog = SimHost::furnished();
    blog.put("theme/item.html", "{{ item.title.x }}{{ item.f() }}")
        .expect(200);
    blog.put(
        "theme/macros.html",
        "{% macro m(a) %}{{ a.kind }}{% endmacro %}",
    )
    .expect(200);
    blog.put(
        "theme/post.html",
        "{% from \"macros.html\" import m %}{{ m(page) }}{{ post.title }}",
    )
    .expect(200);
    assert_eq!(blog.get("/posts/p1").expect(200).text(), "postPost 1");
    problem(
        blog.put("theme/macros.html", "nothing"),
        1,
        "theme/post.html:1",
    );
    problem(blog.delete("theme/macros.html"), 1, "macros.html");
    assert_eq!(blog.get("/posts/p1").expect(200).text(), "postPost 1");
    blog.delete("theme/post.html").expect(204);
    blog.delete("theme/macros.html").expect(204);
}

#[test]
fn the_own_fields_of_a_post_may_be_used_as_they_please() {
    let blog = SimHost::furnished();
    let template = "{{ post.extra.series.name | upper }}{% for x in post.extra.list %}{{ x.y }}\
        {% endfor %}{{ post.extra.a.b.c }}{% if post.extra.level > 1 %}!{% endif %}";
    blog.put("theme/post.html", template).expect(200);
    let front =
        "extra:\n  series: {name: s}\n  list: [{y: 1}, {y: 2}]\n  a: {b: {c: 3}}\n  level: 2\n";
    blog.put("posts/own", post("Own", "2026-05-01", front))
        .expect(201);
    assert_eq!(blog.get("/posts/own").expect(200).text(), "S123!");
    // For a post without them the built-in template stands in.
    let page = blog.get("/posts/p1").expect(200);
    assert!(page.text().contains("<p>The text of Post 1.</p>"));
    let log = blog.log.borrow();
    assert!(log[0].contains("theme/post.html:1: "), "{log:?}");
    assert_eq!(log.len(), 1);
}

#[test]
fn a_post_whose_template_was_deleted_is_shown_as_any_other() {
    let blog = SimHost::furnished();
    blog.put("theme/wide.html", "wide {{ post.title }}")
        .expect(200);
    blog.put("posts/w", post("W", "2026-05-01", "template: wide.html\n"))
        .expect(201);
    assert_eq!(blog.get("/posts/w").expect(200).text(), "wide W");
    blog.delete("theme/wide.html").expect(204);
    let page = blog.get("/posts/w").expect(200);
    assert!(page.text().contains("<p>The text of W.</p>"));
    let log = blog.log.borrow();
    assert!(log[0].contains("theme/wide.html"), "{log:?}");
}

#[test]
fn a_style_sheet_has_the_address_of_its_bytes() {
    let blog = SimHost::new();
    let built_in = blog.style_path();
    let sheet = blog.get(&built_in).expect(200);
    assert!(sheet.header("cache-control").contains("immutable"));
    let tag = blog
        .put("theme/style.css", "p {}")
        .expect(200)
        .header("etag")
        .to_owned();
    let first = blog.style_path();
    assert!(first.contains(tag.trim_matches('"')), "{first} {tag}");
    assert_eq!(blog.get(&first).expect(200).text(), "p {}");
    blog.api_if(Method::Put, "theme/style.css", "h1 {}", Some(&tag))
        .expect(200);
    let second = blog.style_path();
    assert_eq!(blog.get(&second).expect(200).text(), "h1 {}");
    blog.get(&first).expect(404);
    assert_eq!(blog.get("/theme/style.css").expect(200).text(), "h1 {}");
    blog.delete("theme/style.css").expect(204);
    assert_eq!(blog.style_path(), built_in);
    blog.read("theme/style.css").expect(404);
    blog.get(&second).expect(404);
}

#[test]
fn a_style_sheet_that_was_cut_short_can_be_sent_again() {
    for keys in 0..12 {
        for backwards in [false, true] {
            let blog = SimHost::new();
            blog.put("theme/style.css", "p {}").expect(200);
            let failing = blog.failing(keys, backwards);
            failing.put("theme/style.css", "h1 {}");
            blog.pass(20);
            let shown = blog.get(&blog.style_path()).expect(200);
            let read = blog.read("theme/style.css").expect(200);
            assert_eq!(shown.text(), read.text(), "{keys} {backwards}");
            assert!(
                blog.style_path()
                    .contains(read.header("etag").trim_matches('"'))
            );
            assert!(["p {}", "h1 {}"].contains(&shown.text()));
        }
    }
}

#[test]
fn templates_find_everything_by_its_name() {
    let blog = SimHost::new();
    let toml = "title = \"T\"\ndescription = \"D\"\nurl = \"https://a.example\"\nauthor = \"Au\"\nlang = \"en\"\n\
        [[menu]]\nlabel = \"L\"\nurl = \"/about\"\n[extra]\nfooter = \"F\"\nn = 7\n";
    blog.put("site", toml).expect(200);
    let show = "{{ site.title }} {{ site.description }} {{ site.url }} {{ site.lang }} {{ site.author }} \
        {{ site.extra.footer }} {{ site.extra.n + 1 }}|{{ page.kind }} {{ page.title }} {{ page.description }} {{ page.canonical }} \
        {{ page.lang }} {{ page.robots }}|{% for i in menu %}{{ i.label }} {{ i.url }} {{ i.current }}{% endfor %}|{{ t.tags }}|{{ generator[:6] }}|\
        {{ style_url[:7] }}|";
    let document = "{{ post.slug }} {{ post.url }} {{ post.title }} {{ post.date.iso }} {{ post.date.day }} {{ post.date.unix }} \
        {{ post.date | date }} {% if post.updated %}{{ post.updated.day }}{% endif %}|{% for t in post.tags %}{{ t.name }} {{ t.slug }} {{ t.url }},{% endfor %}{{ post.tags | length }}|\
        {{ post.description }}|{{ post.authors | join(\"+\") }}|{{ post.lang }}|{{ post.html }}|{% for h in post.toc %}{{ h.level }} {{ h.id }} {{ h.text }},{% endfor %}\
        {% if post.toc %}{{ post.toc[0].text }}{% endif %} {{ post.toc | length }}|{{ post.words }} {{ post.cjk }} {{ post.reading_minutes }}|{{ post.extra.k }}|{{ post.source_url }}|{{ post.draft }}|\
        {{ \"title\" in post }} {{ post | length }}|{% if older %}{{ older.url }} {{ older.title }}{% endif %}|{% if newer %}{{ newer.url }} {{ newer.title }}{% endif %}";
    blog.put("theme/post.html", format!("{show}{document}"))
        .expect(200);
    let old = post("Old", "2026-04-01", "");
    let new = post("New", "2026-05-02", "");
    blog.put("posts/old", old).expect(201);
    blog.put("posts/new", new).expect(201);
    let source = "---\ntitle: P\ndate: 2026-05-01T10:00+08:00\nupdated: 2026-05-03\ntags: [a b, c]\ndescription: Words\n\
        authors: [x, y]\nextra: {k: v}\n---\n## One {#one}\n\ntext\n";
    blog.put("posts/p", source).expect(201);
    let page = blog.get("/posts/p").expect(200);
    let shown = page.text().replace(
        "<a class=\"anchor\" href=\"#one\" aria-label=\"One\">#</a>",
        "",
    );
    assert_eq!(
        shown.split('|').map(str::trim).collect::<Vec<_>>(),
        [
            "T D https://a.example en Au F 8",
            "post P Words https://a.example/posts/p en None",
            "L /about False",
            "Tags",
            "Mayfly",
            "/style.",
            "p /posts/p P 2026-05-01T10:00:00+08:00 2026-05-01 1777600800 1 May 2026 2026-05-03",
            "a b a-b /tags/a-b,c c /tags/c,2",
            "Words",
            "x+y",
            "en",
        ][..]
            .iter()
            .copied()
            .chain(shown.split('|').map(str::trim).skip(11).take(1))
            .chain([
                "2 one One,One 1",
                "2 0 1",
                "v",
                "/posts/p.md",
                "False",
                "True 17",
                "/posts/old Old",
                "/posts/new New",
            ])
            .collect::<Vec<_>>()
    );
}

#[test]
fn lists_say_what_they_are_to_search_engines() {
    let blog = SimHost::furnished();
    for path in ["/tags", "/tags/x", "/archive", "/archive/2026"] {
        let page = blog.get(path).expect(200);
        assert!(
            page.text()
                .contains("<meta name=\"description\" content=\""),
            "{path}"
        );
    }
    let page = blog.get("/tags/x").expect(200);
    assert!(
        page.text().contains("content=\"Posts tagged x\""),
        "{}",
        page.text()
    );
    let list = "{% for p in posts %}{{ p.url }} {{ p.title }} {{ p.date.day }} {{ p.tags[0].url }} {{ p.summary }} {{ p.lang }} {{ p.reading_minutes }};{% endfor %}\
        {{ pager.number }} {{ pager.pages }} {{ pager.total }} {{ pager.newer_url }} {{ pager.older_url }} {{ heading }}";
    blog.put("site", "title = \"T\"\nposts_per_page = 3\n")
        .expect(200);
    blog.put("theme/list.html", list).expect(200);
    assert_eq!(
        blog.get("/tags/x/page/2").expect(200).text(),
        "/posts/p6 Post 6 2026-01-07 /tags/x The text of Post 6. en 1;\
         /posts/p5 Post 5 2026-01-06 /tags/x The text of Post 5. en 1;\
         /posts/p4 Post 4 2026-01-05 /tags/x The text of Post 4. en 1;\
         2 4 10 /tags/x /tags/x/page/3 x"
    );
}
