//! Lists for programs: everything once, in parts.

use crate::client::{encode, post};
use crate::sim_host::SimHost;
use handler::store::Store;

#[test]
fn lists_come_in_parts_and_name_everything_once() {
    let blog = SimHost::furnished();
    for n in 0..220 {
        blog.put(&format!("posts/s{n}"), "---\ntitle: S\ndraft: true\n---\n")
            .expect(201);
    }
    blog.put("posts/soon", post("Soon", "2027-01-01", ""))
        .expect(201);
    blog.put("media/films/b.mp4", "film").expect(200);
    let all = |noun: &str| {
        let mut items = Vec::new();
        let mut path = noun.to_owned();
        loop {
            let part = blog.read(&path).expect(200).json();
            items.extend(part["items"].as_array().expect("items").iter().cloned());
            match part["cursor"].as_str() {
                Some(cursor) => path = format!("{noun}?cursor={}", encode(cursor)),
                None => return items,
            }
        }
    };
    let posts = all("posts");
    assert_eq!(posts.len(), 232);
    let first: Vec<_> = posts[..3]
        .iter()
        .map(|post| (post["slug"].as_str(), post["state"].as_str()))
        .collect();
    assert_eq!(
        first,
        [
            (Some("soon"), Some("scheduled")),
            (Some("p9"), Some("published")),
            (Some("p8"), Some("published")),
        ]
    );
    assert_eq!(posts[11]["state"], "draft");
    let source = blog.get("/posts/p9.md").expect(200);
    assert_eq!(
        posts[1]["hash"],
        blog.read("posts/p9").header("etag").trim_matches('"')
    );
    assert!(source.text().contains("title: Post 9"));
    let pages = all("pages");
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0]["slug"], "about");
    let names = |items: &[serde_json::Value]| -> Vec<String> {
        items
            .iter()
            .map(|item| item["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let media = all("media");
    assert_eq!(names(&media), ["a.bin", "films/b.mp4"]);
    assert_eq!(media[1]["type"], "video/mp4");
    assert_eq!(media[0]["length"], 800_000);
    // A damaged record is in no list, and breaks none.
    blog.set("media/a.bin", vec![1, 2]).expect("a write");
    assert_eq!(names(&all("media")), ["films/b.mp4"]);
    blog.read("manifest?cursor=files:").expect(200);
}
