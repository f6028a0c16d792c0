//! `serve --content DIR --watch`: a saved file is published, and open pages reload.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::http;
use super::program::wait_until;
use super::publishing::site;

#[test]
fn a_saved_file_is_published_and_pages_are_told() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    let page = server.get("/about");
    assert!(
        page.text()
            .contains("<script src=\"/.mayfly/reload.js\"></script></body>")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        server
            .get("/.mayfly/reload.js")
            .text()
            .contains("EventSource")
    );

    let mut events = http::connect(&server.address);
    events
        .write_all(b"GET /.mayfly/events HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    let mut head = [0; 12];
    events.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");

    site.write(
        "content/pages/about.md",
        "---\ntitle: About us\n---\nText\n",
    );
    told(&mut events, b"data: changed\n\n\r\n");
    assert!(server.get("/about").text().contains("About us"));
}

#[test]
fn a_deleted_file_is_taken_away() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    assert_eq!(server.get("/posts/first").status, 200);
    std::fs::remove_file(site.folder.join("content/posts/2024-02-03-first.md")).unwrap();
    std::fs::remove_file(site.folder.join("content/media/a.svg")).unwrap();
    let gone = |path| wait_until(path, || [404, 410].contains(&server.get(path).status));
    gone("/posts/first");
    gone("/media/a.svg");
    assert_eq!(server.get("/about").status, 200);
}

#[test]
fn a_document_with_a_new_slug_leaves_no_old_one() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    site.write(
        "content/posts/2024-02-03-first.md",
        "---\ntitle: First\nslug: second\n---\n",
    );
    wait_until("/posts/second", || {
        server.get("/posts/second").status == 200
    });
    wait_until("the end of /posts/first", || {
        server.get("/posts/first").status != 200
    });
}

#[test]
fn without_it_pages_are_as_the_component_wrote_them() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content"]);
    assert!(!server.get("/about").text().contains(".mayfly"));
    assert_eq!(server.get("/.mayfly/reload.js").status, 404);
}

/// A branch that is checked out takes files away by the hundred: one by one they would take
/// minutes, and what is saved meanwhile would wait for all of them.
#[test]
fn many_deleted_files_go_together() {
    const POSTS: usize = 1000;
    let site = site();
    let post = |number| format!("content/posts/p{number}.md");
    for number in 0..POSTS {
        let text = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\n");
        site.write(&post(number), text);
    }
    let watch = ["--store", "sqlite:x.db", "--content", "content", "--watch"];
    let server = site.serve(&watch);
    assert_eq!(server.get("/posts/p0").status, 200);
    for number in 0..POSTS {
        std::fs::remove_file(site.folder.join(post(number))).unwrap();
    }
    site.write("content/pages/about.md", "---\ntitle: About us\n---\n");
    wait_until("the edit", || {
        server.get("/about").text().contains("About us")
    });
    wait_until("the end of the last post", || {
        server.get(&format!("/posts/p{}", POSTS - 1)).status != 200
    });
    assert_ne!(server.get("/posts/p0").status, 200);
    assert_eq!(server.get("/posts/first").status, 200);
}

/// A branch that has no such folder takes it away; the next one brings it back.
#[test]
fn a_folder_that_was_deleted_and_made_again_is_watched() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    let text = |title: &str| format!("---\ntitle: {title}\n---\nText\n");
    let shows = |title: &str| {
        wait_until(title, || server.get("/about").text().contains(title));
    };
    let folder = site.folder.join("content");
    for (moved, title) in [(false, "Deleted"), (true, "Renamed")] {
        match moved {
            true => std::fs::rename(&folder, site.folder.join("old")).unwrap(),
            false => std::fs::remove_dir_all(&folder).unwrap(),
        }
        // Long enough that the absence is seen.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        site.write(
            "content/site.toml",
            "title = \"Test\"\nurl = \"http://localhost\"\n",
        );
        site.write("content/pages/about.md", text(title));
        shows(title);
        let again = format!("{title} and saved");
        site.write("content/pages/about.md", text(&again));
        shows(&again);
    }
    // At once, so that nobody sees that there was none.
    std::fs::remove_dir_all(&folder).unwrap();
    site.write("content/pages/about.md", text("Swapped"));
    shows("Swapped");
    site.write("content/pages/about.md", text("Swapped and saved"));
    shows("Swapped and saved");
}

/// Each open page holds a connection, so there cannot be any number of them.
#[test]
fn the_oldest_of_many_pages_is_told_no_more() {
    let site = site();
    let server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    let open = || {
        let mut events = http::connect(&server.address);
        events
            .write_all(b"GET /.mayfly/events HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut head = [0; 12];
        events.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        events
    };
    let mut pages: Vec<_> = (0..66).map(|_| open()).collect();
    for page in &mut pages[..2] {
        let text = told(page, b"event: enough\ndata:\n\n\r\n0\r\n\r\n");
        assert!(!text.contains("data: changed"), "{text}");
    }
    let about = "---\ntitle: About us\n---\nText\n";
    site.write("content/pages/about.md", about);
    for page in &mut pages[2..] {
        told(page, b"data: changed\n\n\r\n");
    }
    let script = server.get("/.mayfly/reload.js");
    assert!(script.text().contains("enough"));
}

/// Reads events until they end like this.
#[track_caller]
fn told(page: &mut TcpStream, end: &[u8]) -> String {
    let mut told = Vec::new();
    while !told.ends_with(end) {
        let mut byte = [0];
        page.read_exact(&mut byte).unwrap();
        told.extend(byte);
    }
    String::from_utf8(told).unwrap()
}
