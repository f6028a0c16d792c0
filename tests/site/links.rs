//! Links: each leads somewhere, and no page wants anything from elsewhere.

use std::collections::BTreeSet;

use super::visiting::sample;

#[test]
fn every_link_leads_somewhere_and_nothing_comes_from_elsewhere() {
    let (_site, server) = sample();
    let mut known = BTreeSet::from(["/".to_owned()]);
    let mut open: Vec<String> = known.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let reply = server.get(&path);
        assert_eq!(reply.status, 200, "{path}");
        if reply.header("content-type") != Some("text/html; charset=utf-8") {
            continue;
        }
        let page = reply.text();
        assert!(!page.contains("<script"), "{path} has a script");
        for (attribute, target) in targets(page) {
            if attribute == "src" {
                assert!(target.starts_with('/'), "{path} loads {target}");
            }
            let Some(local) = target.strip_prefix('/') else {
                continue;
            };
            let local = format!("/{}", local.split('#').next().unwrap());
            if known.insert(local.clone()) {
                open.push(local);
            }
        }
    }
    assert!(known.len() > 60, "only {} pages were found", known.len());
}

#[test]
fn an_anchor_is_where_a_link_says() {
    let (_site, server) = sample();
    let path = "/posts/writing-for-mayfly";
    let reply = server.get(path);
    let page = reply.text();
    for (_, target) in targets(page) {
        if let Some(id) = target
            .strip_prefix('#')
            .or_else(|| target.strip_prefix(&format!("{path}#")))
        {
            assert!(
                page.contains(&format!("id=\"{id}\"")),
                "nothing has the id {id}"
            );
        }
    }
}

/// The values of `href` and `src`.
pub fn targets(page: &str) -> impl Iterator<Item = (&str, &str)> {
    ["href", "src"].into_iter().flat_map(move |attribute| {
        let begin = format!(" {attribute}=\"");
        let parts: Vec<&str> = page.split(begin.as_str()).skip(1).collect();
        parts
            .into_iter()
            .map(move |part| (attribute, part.split('"').next().unwrap()))
    })
}
