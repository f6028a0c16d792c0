//! Feeds: what feed readers can read, in the right order.

use crate::client::post;
use crate::machine::Machine;

const FEEDS: [&str; 3] = ["/feed.xml", "/rss.xml", "/feed.json"];

#[test]
fn feeds_have_only_characters_that_xml_can_hold() {
    let blog = Machine::new();
    let front = "title: \"a\\uFFFEb\"\ndate: 2026-01-01\ntags: [\"t\\uFFFF\"]\n";
    let source = format!("---\n{front}---\n\nx&#xFFFE;y \u{ffff} z&#8;\n");
    blog.put("posts/c", source).expect(201);
    for path in &FEEDS[..2] {
        let feed = blog.get(path).expect(200);
        let is_allowed =
            |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        let refused: Vec<char> = feed.text().chars().filter(|c| !is_allowed(*c)).collect();
        assert_eq!(refused, [], "{path}");
        assert!(feed.text().contains("xy"), "{}", feed.text());
    }
}

#[test]
fn the_newest_instant_comes_first_whatever_its_offset() {
    let blog = Machine::new();
    blog.put(
        "posts/older",
        post("Older", "2026-01-01T00:30:00+08:00", ""),
    )
    .expect(201);
    blog.put("posts/newer", post("Newer", "2025-12-31T20:00:00Z", ""))
        .expect(201);
    for path in FEEDS {
        let feed = blog.get(path).expect(200);
        let at = |title: &str| feed.text().find(title);
        assert!(at("Newer") < at("Older"), "{}", feed.text());
    }
}

#[test]
fn an_empty_blog_has_feeds_that_can_be_read() {
    let blog = Machine::new();
    blog.put("site", "title = \"Quiet\"\n").expect(200);
    let atom = blog.get("/feed.xml").expect(200);
    assert!(
        atom.text()
            .contains("<updated>2026-06-01T12:00:00+00:00</updated>"),
        "{}",
        atom.text()
    );
    assert_eq!(
        atom.header("last-modified"),
        "Mon, 01 Jun 2026 12:00:00 GMT"
    );
    let rss = blog.get("/rss.xml").expect(200);
    assert!(
        rss.text()
            .contains("<lastBuildDate>Mon, 01 Jun 2026 12:00:00 +0000</lastBuildDate>")
    );
}

#[test]
fn an_atom_feed_names_an_author_and_no_empty_summary() {
    let blog = Machine::new();
    blog.put("site", "title = \"Quiet & Co\"\n").expect(200);
    blog.put("posts/a", "---\ntitle: A\ndate: 2026-05-01\n---\n")
        .expect(201);
    let atom = blog.get("/feed.xml").expect(200);
    let head = atom.text().split("<entry").next().expect("a head");
    assert!(
        head.contains("<author><name>Quiet &amp; Co</name></author>"),
        "{head}"
    );
    assert!(!atom.text().contains("<summary></summary>"));
    let rss = blog.get("/rss.xml").expect(200);
    assert!(!rss.text().contains("<description></description>"));
    let json = blog.get("/feed.json").expect(200).json();
    assert_eq!(json["items"][0]["summary"], serde_json::Value::Null);
    assert_eq!(json["authors"][0]["name"], "Quiet & Co");
}

#[test]
fn links_of_feeds_are_absolute_wherever_they_lead() {
    let blog = Machine::new();
    blog.put("site", "title = \"T\"\nurl = \"https://blog.example/\"\n")
        .expect(200);
    let source =
        "---\ntitle: A\ndate: 2026-05-01\n---\n\n[x](//h/a) [r](/about) ![i](/media/i.png)\n";
    blog.put("posts/a", source).expect(201);
    let feed = blog.get("/feed.json").expect(200).json();
    let html = feed["items"][0]["content_html"]
        .as_str()
        .expect("a text")
        .to_owned();
    for link in [
        "\"https://h/a\"",
        "\"https://blog.example/about\"",
        "\"https://blog.example/media/i.png\"",
    ] {
        assert!(html.contains(link), "{html}");
    }
}

#[test]
fn a_post_keeps_its_id_when_the_address_of_the_site_changes() {
    let blog = Machine::new();
    let url = |host: &str| format!("title = \"T\"\nurl = \"https://{host}\"\n");
    blog.put("site", url("a.example")).expect(200);
    blog.put("posts/a", post("A", "2026-05-01", "")).expect(201);
    let id = "tag:a.example,2026-06-01:/posts/a";
    for host in ["b.example", "c.example"] {
        blog.put("site", url(host)).expect(200);
        blog.put("posts/a", post(host, "2026-05-01", ""))
            .expect(200);
        blog.reindex();
        let feed = blog.get("/feed.json").expect(200).json();
        let item = &feed["items"][0];
        assert_eq!((&item["id"], &item["title"]), (&id.into(), &host.into()));
        assert_eq!(item["url"], format!("https://{host}/posts/a"));
        let atom = blog.get("/feed.xml").expect(200);
        assert!(atom.text().contains(&format!("<id>{id}</id>")));
        let rss = blog.get("/rss.xml").expect(200);
        assert!(rss.text().contains(&format!("\"false\">{id}</guid>")));
    }
}

#[test]
fn posts_beyond_the_room_for_bodies_keep_their_ids_and_lose_only_the_body() {
    let blog = Machine::new();
    let body = "word ".repeat(30_000);
    for n in 1..=6 {
        let source = post(&format!("P{n}"), &format!("2026-05-0{n}"), "") + &body;
        blog.put(&format!("posts/p{n}"), source).expect(201);
    }
    let small = post("Small", "2026-04-01", "");
    blog.put("posts/small", small).expect(201);
    let feed = blog.get("/feed.json").expect(200).json();
    let items = feed["items"].as_array().expect("items");
    let shown: Vec<(&str, &str, bool)> = items
        .iter()
        .map(|item| {
            let text = |field: &str| item[field].as_str().expect("text");
            (text("title"), text("id"), item["content_html"].is_string())
        })
        .collect();
    let id = |slug: &str| format!("tag:127.0.0.1,2026-06-01:/posts/{slug}");
    assert_eq!(
        shown,
        [
            ("P6", id("p6").as_str(), true),
            ("P5", &id("p5"), true),
            ("P4", &id("p4"), true),
            ("P3", &id("p3"), true),
            ("P2", &id("p2"), false),
            ("P1", &id("p1"), false),
            ("Small", &id("small"), true),
        ]
    );
    assert!(items[5]["content_text"].as_str() == items[5]["summary"].as_str());
    // One that cannot be read takes no other with it.
    blog.poke("feed/p2", Some(vec![2, 0]));
    blog.poke("feed/p5", None);
    let feed = blog.get("/feed.json").expect(200).json();
    let titles = feed["items"].as_array().expect("items").iter();
    let titles: Vec<&str> = titles.filter_map(|item| item["title"].as_str()).collect();
    assert_eq!(titles, ["P6", "P4", "P3", "P1", "Small"]);
    assert_eq!(blog.log.borrow().len(), 2, "{:?}", blog.log);
}
