//! Folders of content with more than files in them: what is odd harms only itself.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::program::{Site, wait_until};
use super::publishing::{check, site};

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// Runs the program to its end, which must come.
#[track_caller]
fn run(site: &Site, arguments: &[&str]) -> Output {
    let mut command = site.mayfly(arguments);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    wait_until("the end of the program", || {
        child.try_wait().unwrap().is_some()
    });
    child.wait_with_output().unwrap()
}

#[test]
fn an_odd_file_harms_only_itself() {
    let site = site();
    let content = site.folder.join("content");
    make_pipe(&content.join("posts/pipe.md"));
    make_pipe(&content.join("media/pipe.png"));
    make_pipe(&content.join("theme"));
    symlink("nowhere", content.join("posts/dangling.md")).unwrap();
    symlink("self.md", content.join("posts/self.md")).unwrap();
    symlink("..", content.join("posts/loop")).unwrap();
    let name = OsStr::from_bytes(b"content/media/\xff.png");
    std::fs::write(site.folder.join(name), "").unwrap();
    site.write("content/media/sub/a.txt", "");
    symlink("../../posts", content.join("media/sub/posts")).unwrap();
    let errors = [
        "content/posts/pipe.md: is no regular file",
        "content/media/pipe.png: is no regular file",
        "content/theme: is no regular file",
        "content/posts/dangling.md: the link leads nowhere: correct or remove it",
        "content/posts/self.md: the link leads nowhere",
        "content/posts/loop: the link leads to a folder that it lies in",
        "content/media/\u{fffd}.png: its name is not UTF-8: rename it",
    ];
    let told = run(&site, &["check"]);
    assert_eq!(told.status.code(), Some(1));
    let told = String::from_utf8_lossy(&told.stderr);
    for error in errors {
        assert!(told.contains(error), "{error:?} is not in: {told}");
    }
    site.write(
        "content/posts/second.md",
        "---\ntitle: x\ndate: 2024-01-01\n---\n",
    );
    let published = run(&site, &["publish"]);
    let told = String::from_utf8_lossy(&published.stdout);
    assert_eq!(published.status.code(), Some(1), "{told}");
    assert!(told.starts_with("published 2 posts, 1 page"), "{told}");
    assert!(told.contains("refused)"), "{told}");
    let server = site.serve(&[]);
    assert_eq!(server.get("/posts/second").status, 200);
    assert_eq!(server.get("/media/sub/a.txt").status, 200);
    let new = run(&site, &["new", "Third"]);
    check(&new, 0, "content/posts/third.md", &[]);
}

#[test]
fn links_do_not_leave_the_folder() {
    let site = site();
    let content = site.folder.join("content");
    let secret = site.write("secret.txt", "---\ntitle: secret\ndate: 2024-01-01\n---\n");
    site.write("secrets/a.txt", "secret");
    site.write("content/.git/config", "secret");
    for (link, to) in [
        ("posts/secret.md", secret.as_path()),
        ("media/hosts.txt", Path::new("/etc/hosts")),
        ("media/secrets", Path::new("../../secrets")),
        ("media/config", Path::new("../.git/config")),
        ("media/b.svg", Path::new("a.svg")),
        ("media/pages", Path::new("../pages")),
    ] {
        symlink(to, content.join(link)).unwrap();
    }
    let errors = [
        "content/posts/secret.md: the link leads out of the folder",
        "content/media/hosts.txt: the link leads out of the folder",
        "content/media/secrets: the link leads out of the folder",
        "content/media/config: the link leads to something hidden",
    ];
    let summary = "published 1 post, 1 page, 3 media (0 unchanged, 4 refused)";
    check(&run(&site, &["publish"]), 1, summary, &errors);
    let server = site.serve(&[]);
    for path in [
        "/posts/secret",
        "/media/hosts.txt",
        "/media/secrets/a.txt",
        "/media/config",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    for path in ["/media/b.svg", "/media/pages/about.md"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    // The folder itself may be a link.
    symlink("content", site.folder.join("linked")).unwrap();
    let summary = "published 1 post, 1 page, 3 media (5 unchanged, 4 refused)";
    check(&run(&site, &["publish", "linked"]), 1, summary, &[]);
}

#[test]
fn a_pipe_in_a_watched_folder_stops_nobody() {
    let site = site();
    let mut server = site.serve(&["--store", "memory", "--content", "content", "--watch"]);
    make_pipe(&site.folder.join("content/posts/pipe.md"));
    server.prints("content/posts/pipe.md: is no regular file");
    // What cannot be seen any more, as its link leads nowhere for a while, is not taken away.
    let first = site.folder.join("content/posts/2024-02-03-first.md");
    std::fs::remove_file(&first).unwrap();
    symlink("nowhere", &first).unwrap();
    server.prints("2024-02-03-first.md: the link leads nowhere");
    site.write("content/pages/about.md", "---\ntitle: About us\n---\n");
    wait_until("the edit", || {
        server.get("/about").text().contains("About us")
    });
    assert_eq!(server.get("/posts/first").status, 200);
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn documents_of_another_ending_are_not_passed_over() {
    let site = site();
    for name in ["UPPER.MD", "long.markdown"] {
        let text = "---\ntitle: x\ndate: 2024-01-01\n---\n";
        site.write(&format!("content/posts/{name}"), text);
    }
    let errors = [
        "content/posts/UPPER.MD: is not published: a document ends in .md, so rename .MD to .md",
        "content/posts/long.markdown: is not published: a document ends in .md, so rename .markdown",
    ];
    let summary = "published 1 post, 1 page, 1 media (0 unchanged, 2 refused)";
    check(&site.run(&["publish"]), 1, summary, &errors);
    let summary = "checked 1 post, 1 page, 1 media: 2 errors, 0 warnings";
    check(&site.run(&["check"]), 1, summary, &errors);
}

#[test]
fn names_that_only_a_machine_tells_apart() {
    let site = site();
    let text = "---\ntitle: x\ndate: 2024-01-01\n---\n";
    site.write("content/posts/\u{e9}.md", text);
    site.write("content/posts/e\u{301}.md", text);
    let error = "content/posts/\u{e9}.md: two files have this name";
    let summary = "published 2 posts, 1 page, 1 media (0 unchanged, 1 refused)";
    check(&site.run(&["publish"]), 1, summary, &[error]);
}

#[test]
fn names_say_nothing_to_a_terminal() {
    let site = site();
    site.write("content/posts/\u{1b}[2J.md", "");
    site.write("content/media/a\nb\u{7}.txt", "");
    site.write("content/\u{1b}[1m", "");
    for arguments in [&["publish", "--dry-run"][..], &["check"], &["publish"]] {
        let output = site.run(arguments);
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains("content/posts/\\u{1b}[2J.md"), "{told}");
        assert!(!told.contains(['\u{1b}', '\u{7}']), "{told:?}");
        assert!(!told.contains("\nb"), "{told:?}");
    }
}
