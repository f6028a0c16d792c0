//! site.toml: what is refused, what is kept, and what earlier versions wrote.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;
use serde_json::{Value, json};
use std::path::Path;

#[track_caller]
fn refused(source: &str, line: u32, field: &str, message: &str) {
    let blog = SimHost::new();
    let answer = blog.put("site", source).expect(422).json();
    let problem = &answer["problems"][0];
    let told = problem["message"].as_str().expect("a message");
    assert!(told.contains(message), "{told}");
    assert_eq!(problem["line"], line, "{told}");
    if !field.is_empty() {
        assert_eq!(problem["field"], field);
    }
    assert_eq!(blog.data().get("site"), None);
}

#[test]
fn a_problem_is_told_with_the_line_of_its_field() {
    refused(
        "# the url\ntitle = \"T\"\nurl = \"ftp://x\"\n",
        3,
        "url",
        "https://",
    );
    for url in [
        "https://",
        "https://a b/",
        "https://a/blog",
        "https://a?b",
        "https://u@a",
        "https://a:x",
        "https://a:99999",
        "//a",
        "a.example",
        "https://a\\u0007",
        "https://-/..",
        "https://[::1",
    ] {
        refused(
            &format!("\nurl = \"{url}\"\n"),
            2,
            "url",
            "https://blog.example",
        );
    }
    refused(
        "# lang\nlang = \"not a lang!!\"\n",
        2,
        "lang",
        "en, zh or pt-BR",
    );
    refused("title = \" \"\n", 1, "title", "name");
    refused(
        "# time_zone\n\ntime_zone = \"Asia/Tokio\"\n",
        3,
        "time_zone",
        "Asia/Tokyo",
    );
    refused(
        "title = \"posts_per_page\"\nposts_per_page = 0\n",
        2,
        "posts_per_page",
        "1 to 100",
    );
    refused(
        "title = \"T\"\nposts_per_page = \"x\"\n",
        2,
        "",
        "invalid type",
    );
    refused("title = \"T\"\ntitel = \"x\"\n", 2, "", "titel");
    for policy in ["", "default-src 'none'\\nx: y", "default-src \u{e9}"] {
        let source = format!("# content_security_policy\ncontent_security_policy = \"{policy}\"\n");
        refused(&source, 2, "content_security_policy", "default-src");
    }
}

#[test]
fn what_is_right_is_taken() {
    let blog = SimHost::new();
    for url in [
        "https://blog.example",
        "https://blog.example/",
        "http://127.0.0.1:3000",
        "http://[::1]:80",
        "https://例子.cn",
        "http://localhost",
        "HTTPS://a.example",
    ] {
        blog.put(
            "site",
            format!("url = \"{url}\"\nlang = \"zh-Hans\"\nmath = false\n"),
        )
        .expect(200);
    }
    let more = "content_security_policy = \"default-src 'self'; img-src https:\"\n";
    blog.put("site", format!("url = \"https://blog.example\"\n{more}"))
        .expect(200);
    let robots = blog.get("/robots.txt").expect(200);
    assert!(robots.text().contains("https://blog.example/sitemap.xml"));
}

#[test]
fn an_answer_says_what_other_settings_ask_for() {
    let blog = SimHost::new();
    let first = blog.put("site", "title = \"T\"\n").expect(200).json();
    assert_eq!(
        (&first["recompile"], &first["detail"]),
        (&json!(false), &Value::Null)
    );
    let other = blog.put("site", "title = \"T\"\ntime_zone = \"Asia/Tokyo\"\n");
    let other = other.expect(200).json();
    assert_eq!(other["recompile"], true);
    let detail = other["detail"].as_str().expect("a detail");
    assert!(detail.contains("reindex"), "{detail}");
}

#[test]
fn settings_that_were_cut_short_can_be_sent_again() {
    for keys in 0..12 {
        for backwards in [false, true] {
            let blog = SimHost::new();
            blog.put("site", "title = \"One\"\n").expect(200);
            let two = "title = \"Two\"\n";
            let failing = blog.failing(keys, backwards);
            let answer = failing.put("site", two);
            blog.pass(20);
            let shown = blog.get("/").expect(200);
            assert!(shown.text().contains(">One<") || shown.text().contains(">Two<"));
            let manifest = blog.read("manifest").expect(200).json();
            let is_there = manifest["items"][0]["hash"] == json!(hash(&blog, two));
            assert!(answer.status != 200 || is_there);
            if is_there {
                assert_eq!(blog.read("site").text(), two);
                assert!(shown.text().contains(">Two<"), "{keys} {backwards}");
            }
            blog.put("site", two).expect(200);
            assert_eq!(blog.read("site").text(), two);
            assert!(blog.get("/").text().contains(">Two<"));
        }
    }
}

fn hash(blog: &SimHost, source: &str) -> String {
    let answer = blog.copy().put("site", source).expect(200).json();
    answer["hash"].as_str().expect("a hash").to_owned()
}

/// A store as version 2 of the site's record left it: a file for each key.
fn older() -> SimHost {
    fn put(blog: &SimHost, folder: &Path, key: &str) {
        for entry in folder
            .read_dir()
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
        {
            let key = format!("{key}{}", entry.file_name().to_str().expect("a name"));
            if entry.path().is_dir() {
                put(blog, &entry.path(), &format!("{key}/"));
            } else {
                blog.poke(&key, Some(std::fs::read(entry.path()).expect("a file")));
            }
        }
    }
    let blog = SimHost::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/blog/store-2");
    put(&blog, Path::new(folder), "");
    blog
}

const OLDER_TOML: &str = "title = \"Old\"\ntime_zone = \"Europe/Berlin\"\nlang = \"zh\"\n\n[[menu]]\nlabel = \"Us\"\nurl = \"/us\"\n";

#[track_caller]
fn is_whole(blog: &SimHost, title: &str) {
    let page = blog.get("/").expect(200);
    assert!(page.text().contains(title), "{}", page.text());
    assert!(page.text().contains("<a href=\"/us\">Us</a>"));
    assert!(page.text().contains("lang=\"zh\""));
    let missing = blog.get("/nowhere").expect(404);
    assert!(missing.text().contains("<p>own</p>"), "{}", missing.text());
    assert_eq!(
        blog.get(&blog.style_path()).expect(200).text(),
        "body { color: red }\n"
    );
    assert_eq!(
        blog.read("theme/style.css").expect(200).text(),
        "body { color: red }\n"
    );
    let manifest = blog.read("manifest").expect(200).json();
    let mut paths: Vec<String> = Vec::new();
    let mut items = manifest["items"].as_array().expect("items").clone();
    let files = blog.read("manifest?cursor=files:").expect(200).json();
    items.extend(files["items"].as_array().expect("items").iter().cloned());
    for item in &items {
        paths.push(item["path"].as_str().expect("a path").to_owned());
    }
    paths.sort_unstable();
    assert_eq!(paths, ["site.toml", "theme/error.html", "theme/style.css"]);
}

#[test]
fn a_record_of_version_2_is_read_and_made_one_of_today_by_the_next_write() {
    let blog = older();
    is_whole(&blog, "Old");
    assert_eq!(blog.read("site").expect(200).text(), OLDER_TOML);
    blog.put("theme/new.html", "new").expect(200);
    assert_eq!(blog.read("site").expect(200).text(), OLDER_TOML);
    blog.delete("theme/new.html").expect(204);
    is_whole(&blog, "Old");
    let tag = blog.read("site").header("etag").to_owned();
    let newer = OLDER_TOML.replace("Old", "New");
    blog.api_if(Method::Put, "site", &newer, Some(&tag))
        .expect(200);
    is_whole(&blog, "New");
    assert_eq!(blog.data()["site"][0], 3);
    assert_eq!(blog.data().get("theme/style.css"), None);
    assert_eq!(blog.findings(), [""; 0]);
    // What is collected is not what the style sheet needs.
    blog.api(Method::Post, "gc", "").expect(200);
    blog.pass(700);
    blog.api(Method::Post, "gc", "").expect(200);
    is_whole(&blog, "New");
}

#[test]
fn a_record_of_version_2_stays_whole_if_the_power_fails_while_it_is_replaced() {
    let newer = OLDER_TOML.replace("Old", "New");
    for keys in 1..12 {
        for backwards in [false, true] {
            let blog = older();
            let answer = blog.failing(keys, backwards).put("site", &newer);
            blog.pass(20);
            let page = blog.get("/").expect(200);
            let title = ["New", "Old"].map(|title| page.text().contains(title));
            let source = blog.read("site").expect(200).text().to_owned();
            assert!(source == newer || source == OLDER_TOML, "{keys}: {source}");
            match title {
                [true, _] => assert_eq!(source, newer, "after {keys} keys"),
                _ => assert_ne!(answer.status, 200),
            }
            is_whole(&blog, if title[0] { "New" } else { "Old" });
            blog.put("site", &newer).expect(200);
            is_whole(&blog, "New");
            assert_eq!(blog.data()["site"][0], 3);
        }
    }
}

#[test]
fn posts_are_compiled_for_the_zone_and_the_formulas_of_the_settings() {
    let blog = SimHost::new();
    blog.put("site", "time_zone = \"Asia/Tokyo\"\nmath = false\n")
        .expect(200);
    let source = post("A", "2026-05-01 00:30", "") + "costs $a$ or\n";
    blog.put("posts/a", source).expect(201);
    let posts = blog.read("posts").expect(200).json();
    assert_eq!(posts["items"][0]["date"], 1_777_563_000);
    let page = blog.get("/posts/a").expect(200);
    assert!(page.text().contains("$a$"), "{}", page.text());
    assert!(page.text().contains("2026-05-01T00:30:00+09:00"));
    assert_eq!(blog.findings(), [""; 0]);
    // It was compiled for these settings, so that no visitor waits for it to be compiled again.
    blog.poke("src/post/a", None);
    blog.get("/posts/a").expect(200);
}

#[test]
fn settings_that_are_only_tried_write_nothing() {
    let blog = SimHost::new();
    blog.put("site", "title = \"One\"\n").expect(200);
    blog.touched.take();
    let never = format!("\"{}\"", "0".repeat(32));
    let attempt = |source| blog.api_if(Method::Put, "site", source, Some(&never));
    attempt("title = \"Two\"\n").expect(412);
    let refused = attempt("title = 1\n").expect(422);
    assert_eq!(refused.json()["problems"][0]["line"], 1);
    assert_eq!(blog.touched.take().len(), 0);
}
