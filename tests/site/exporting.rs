//! `export`: the blog back to files, from which the same blog can be made.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::guests::{blog, root};
use super::http;
use super::program::{Server, Site};
use super::publishing::{TOKEN, check, site};

type Tree = BTreeMap<String, Vec<u8>>;

/// The files under a folder with their bytes.
fn tree(folder: &Path) -> Tree {
    let mut files = Tree::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                files.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The sample site, with a theme and files in folders of their own.
fn sample() -> Site {
    let site = Site::of(&blog());
    for (path, bytes) in tree(&root().join("content")) {
        site.write(&format!("content/{path}"), bytes);
    }
    site.write("content/theme/error.html", "{% extends \"base.html\" %}\n");
    site.write("content/theme/style.css", "body { color: black }\n");
    site.write("content/theme/fonts/a b.woff2", [0, 159, 146, 150]);
    site.write(
        "content/posts/2019/06/2019-06-07-旧.md",
        "---\ntitle: 旧\n---\n旧\n",
    );
    site.write(
        "content/posts/windows.md",
        "---\r\ntitle: W\r\ndate: 2020-01-01\r\n---\r\nx\r\n",
    );
    site.write(
        "content/posts/idea.md",
        "\u{feff}---\ntitle: Idea\ndraft: true\n---\nno end",
    );
    site.write(
        "content/pages/de/impressum.md",
        "+++\ntitle = \"I\"\nslug = \"impressum\"\n+++\n",
    );
    site
}

fn get(server: &Server, path: &str) -> http::Reply {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {TOKEN}\r\n\r\n"
    );
    http::send(&server.address, request.as_bytes())
}

fn serve(site: &Site, store: &str) -> Server {
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", store]);
    Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN))
}

#[test]
fn an_export_is_the_folder_that_was_published_and_makes_the_same_blog() {
    let site = sample();
    let published = site.run(&["publish", "--store", "sqlite:one.db"]);
    assert_eq!(published.status.code(), Some(0), "{published:?}");
    let files = tree(&site.folder.join("content"));
    let said = format!("exported {} files to back (0 not readable)", files.len());
    check(
        &site.run(&["export", "back", "--store", "sqlite:one.db"]),
        0,
        &said,
        &[],
    );
    assert!(
        tree(&site.folder.join("back")) == files,
        "the export is not what was published"
    );
    let published = site.run(&["publish", "back", "--store", "sqlite:two.db"]);
    assert_eq!(published.status.code(), Some(0), "{published:?}");
    let (one, two) = (serve(&site, "sqlite:one.db"), serve(&site, "sqlite:two.db"));
    let manifest = get(&one, "/api/manifest");
    assert_eq!(manifest.status, 200);
    assert_eq!(manifest.text(), get(&two, "/api/manifest").text());
    let sitemap = one.get("/sitemap.xml");
    let addresses = sitemap.text().split("<loc>").skip(1);
    let mut paths: Vec<&str> = addresses
        .map(|rest| rest.split("</loc>").next().unwrap())
        .map(|address| address.trim_start_matches("http://127.0.0.1:3000"))
        .collect();
    assert!(paths.len() > 25, "{paths:?}");
    paths.extend(["/", "/archive", "/tags", "/feed.json", "/media/favicon.svg"]);
    for path in paths {
        let path = if path.is_empty() { "/" } else { path };
        let (there, here) = (one.get(path), two.get(path));
        assert_eq!(there.status, 200, "{path}");
        assert!(there.body == here.body, "{path} differs");
    }
}

#[test]
fn over_the_network() {
    let site = site();
    let server = serve(&site, "memory");
    let url = format!("http://{}", server.address);
    let published = site.run(&["publish", "--to", &url, "--token", TOKEN]);
    assert_eq!(published.status.code(), Some(0));
    let export = ["export", "back", "--from", &url];
    check(
        &site.run(&export),
        1,
        "",
        &["set MAYFLY_TOKEN or give --token-file"],
    );
    let output = site
        .mayfly(&export)
        .env("MAYFLY_TOKEN", TOKEN)
        .output()
        .unwrap();
    check(&output, 0, "exported 4 files to back (0 not readable)", &[]);
    assert_eq!(
        tree(&site.folder.join("back")),
        tree(&site.folder.join("content"))
    );
}

#[test]
fn what_is_in_the_folder_is_not_overwritten_silently() {
    let site = site();
    site.run(&["publish"]);
    site.write("back/media/a.svg", "mine");
    site.write("back/notes.txt", "mine");
    let refused = site.run(&["export", "back"]);
    check(
        &refused,
        1,
        "",
        &["back is not empty: name a new folder, or add --overwrite"],
    );
    assert_eq!(
        fs::read(site.folder.join("back/media/a.svg")).unwrap(),
        b"mine"
    );
    let output = site.run(&["export", "back", "--overwrite"]);
    check(&output, 0, "exported 4 files to back (0 not readable)", &[]);
    let mut expected = tree(&site.folder.join("content"));
    expected.insert("notes.txt".to_owned(), b"mine".to_vec());
    assert_eq!(tree(&site.folder.join("back")), expected);
}

#[test]
fn two_documents_of_one_file_are_both_exported() {
    let site = site();
    site.run(&["publish"]);
    // The slug changes, and the document of the old one stays until it is pruned.
    let renamed = "---\ntitle: First\nslug: renamed\n---\n";
    site.write("content/posts/2024-02-03-first.md", renamed);
    site.run(&["publish"]);
    let output = site.run(&["export", "back"]);
    check(&output, 0, "exported 5 files to back (0 not readable)", &[]);
    let back = tree(&site.folder.join("back/posts"));
    assert_eq!(back.len(), 2, "{:?}", back.keys());
    let published = site.run(&["publish", "back", "--store", "sqlite:two.db"]);
    assert_eq!(published.status.code(), Some(0), "{published:?}");
    let server = serve(&site, "sqlite:two.db");
    for path in ["/posts/first", "/posts/renamed"] {
        assert!(server.get(path).text().contains("2024-02-03"), "{path}");
    }
}
