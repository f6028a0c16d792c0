//! `publish`: a folder of content goes into the blog.

use std::process::Output;

use super::guests::blog;
use super::program::{Server, Site};

pub const TOKEN: &str = "a-token-of-enough-characters";

/// A blog with one of each kind of file.
pub fn site() -> Site {
    let site = Site::of(&blog());
    site.write(
        "content/site.toml",
        "title = \"Test\"\nurl = \"http://localhost\"\n",
    );
    site.write(
        "content/posts/2024-02-03-first.md",
        "---\ntitle: First\n---\n![a](/media/a.svg)\n",
    );
    site.write("content/pages/about.md", "---\ntitle: About\n---\nText\n");
    site.write(
        "content/media/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    site
}

#[track_caller]
pub fn check(output: &Output, code: i32, summary: &str, errors: &[&str]) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (output.status.code(), stdout.trim()),
        (Some(code), summary),
        "{stderr}"
    );
    for error in errors {
        assert!(stderr.contains(error), "{error:?} is not in: {stderr}");
    }
}

#[test]
fn only_changes_are_sent() {
    let site = site();
    check(
        &site.run(&["publish"]),
        0,
        "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)",
        &[],
    );
    check(
        &site.run(&["publish"]),
        0,
        "published 1 post, 1 page, 1 media (3 unchanged, 0 refused)",
        &[],
    );
    site.write(
        "content/pages/about.md",
        "---\ntitle: About us\n---\nText\n",
    );
    check(
        &site.run(&["publish"]),
        0,
        "published 1 post, 1 page, 1 media (2 unchanged, 0 refused)",
        &[],
    );
    let server = site.serve(&[]);
    assert!(server.get("/about").text().contains("About us"));
    assert!(server.get("/posts/first").text().contains("First"));
    assert_eq!(server.get("/media/a.svg").status, 200);
}

#[test]
fn what_is_wrong_is_reported_and_the_rest_published() {
    let site = site();
    site.write("content/posts/bad.md", "---\ntitle: Bad\ndate: soon\n---\n");
    site.write("content/posts/latin.md", b"---\ntitle: x\n---\n\xff\n");
    site.write(
        "content/posts/refers.md",
        "---\ntitle: x\ndate: 2024-01-01\n---\n![](/media/gone.png)\n",
    );
    site.write(
        "content/posts/same.md",
        "---\ntitle: x\ndate: 2024-01-01\nslug: first\n---\n",
    );
    site.write("content/posts/notes.txt", "");
    site.write("content/drafts/x.md", "");
    let errors = [
        "content/posts/bad.md:3: date: `soon` is no date",
        "content/posts/latin.md:4: not UTF-8",
        "content/posts/refers.md:5: there is no file media/gone.png",
        "content/posts/same.md: posts/2024-02-03-first.md has the same slug \"first\"",
        "content/posts/notes.txt: is ignored",
        "content/drafts: is ignored",
    ];
    let summary = "published 2 posts, 1 page, 1 media (0 unchanged, 3 refused)";
    check(&site.run(&["publish"]), 1, summary, &errors);
    assert!(site.serve(&[]).get("/posts/first").text().contains("First"));
}

#[test]
fn settings_come_first() {
    let site = site();
    site.write("content/site.toml", "title = \"Test\"\nunknown = 1\n");
    let errors = [
        "content/site.toml:2: unknown",
        "mayfly: content/site.toml was refused",
    ];
    check(&site.run(&["publish"]), 1, "", &errors);
    let output = site.run(&["publish", "nowhere"]);
    check(&output, 1, "", &["cannot read the folder nowhere"]);
}

#[test]
fn over_the_network() {
    let site = site();
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let url = format!("http://{}", server.address);
    let publish = ["publish", "--to", &url];
    check(
        &site.run(&publish),
        1,
        "",
        &["set MAYFLY_TOKEN or give --token-file"],
    );
    let wrong = site
        .mayfly(&publish)
        .env("MAYFLY_TOKEN", "wrong")
        .output()
        .unwrap();
    check(&wrong, 1, "", &["401 Unauthorized", "send the admin token"]);
    site.write("token", format!("{TOKEN}\n"));
    let output = site.run(&[&publish[..], &["--token-file", "token"]].concat());
    check(
        &output,
        0,
        "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)",
        &[],
    );
    assert_eq!(server.get("/posts/first").status, 200);
    site.run(&[&publish[..], &["--token-file", "token"]].concat());
    server.prints("path=\"/posts/first\"");
    let batches = server.output().matches("path=\"/api/batch\"").count();
    assert_eq!(batches, 1, "what has not changed is sent again");
    let https = site.run(&["publish", "--to", "https://localhost", "--token", TOKEN]);
    check(&https, 1, "", &["https is not built in"]);
}

#[test]
fn a_token_that_is_given_twice_or_for_nothing_is_refused() {
    let site = site();
    site.write("token", TOKEN);
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let url = format!("http://{}", server.address);
    let token = ["--token", TOKEN];
    let file = ["--token-file", "token"];
    let publish = ["publish", "--to", &url];
    let twice = site.run(&[&publish[..], &token, &file].concat());
    check(&twice, 2, "", &["--token <TOKEN>", "cannot be used with"]);
    let nowhere = site.run(&[&["publish"][..], &token].concat());
    check(&nowhere, 1, "", &["--token is for a blog elsewhere"]);
    // The variable may be set for another blog, and nobody has typed it.
    let mut command = site.mayfly(&[&publish[..], &file].concat());
    let output = command.env("MAYFLY_TOKEN", "wrong").output().unwrap();
    let summary = "published 1 post, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&output, 0, summary, &[]);
    let help = String::from_utf8(site.run(&["publish", "--help"]).stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("see it in the list of processes"), "{help}");
}

#[test]
fn many_posts_go_in_batches() {
    let site = site();
    for number in 0..150 {
        let text = format!(
            "---\ntitle: Post {number}\ndate: 2024-01-01\n---\n{}\n",
            "text ".repeat(2000)
        );
        site.write(&format!("content/posts/p{number}.md"), text);
    }
    let summary = "published 151 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&site.run(&["publish"]), 0, summary, &[]);
    assert!(
        site.serve(&[])
            .get("/posts/p149")
            .text()
            .contains("Post 149")
    );
}

#[test]
fn a_batch_that_is_too_much_for_an_instance_goes_in_halves() {
    let site = site();
    for number in 0..100 {
        let text = format!(
            "---\ntitle: Post {number}\ndate: 2024-01-01\n---\n{}\n",
            "text ".repeat(2000)
        );
        site.write(&format!("content/posts/p{number}.md"), text);
    }
    let summary = "published 101 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    let output = site.run(&["publish", "--memory-limit", "3MiB"]);
    check(&output, 0, summary, &[]);
    // A single one cannot be halved.
    site.write(
        "content/posts/p0.md",
        "---\ntitle: x\ndate: 2024-01-01\n---\n".to_owned() + &"x ".repeat(60_000),
    );
    let output = site.run(&["publish", "--memory-limit", "640KiB"]);
    check(&output, 1, "", &["memory limit of 640 KiB reached"]);
}

#[test]
fn a_missing_file_is_reported_and_fails_the_command() {
    let site = site();
    site.write(
        "content/posts/refers.md",
        "---\ntitle: x\ndate: 2024-01-01\n---\n![](/media/gone.png)\n",
    );
    check(
        &site.run(&["publish"]),
        1,
        "published 2 posts, 1 page, 1 media (0 unchanged, 0 refused)",
        &["content/posts/refers.md:5: there is no file media/gone.png"],
    );
}

#[test]
fn a_slug_is_in_the_front_matter_and_nowhere_else() {
    let site = site();
    for name in ["a", "b"] {
        let text = format!(
            "---\ntitle: {name}\ndate: 2024-01-01\nslug: of-{name} # not my-post\n---\n\
             ```yaml\nslug: my-post\n```\n"
        );
        site.write(&format!("content/posts/{name}.md"), text);
        let text = format!("+++\ntitle = \"{name}\"\ndate = 2024-01-01\n+++\nslug = \"x\"\n");
        site.write(&format!("content/posts/t{name}.md"), text);
    }
    let summary = "published 5 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&site.run(&["publish"]), 0, summary, &[]);
    let summary = "published 5 posts, 1 page, 1 media (7 unchanged, 0 refused)";
    check(&site.run(&["publish"]), 0, summary, &[]);
    let summary = "checked 5 posts, 1 page, 1 media: 0 errors, 0 warnings";
    check(&site.run(&["check"]), 0, summary, &[]);
    let server = site.serve(&[]);
    for slug in ["of-a", "of-b", "ta", "tb"] {
        assert_eq!(server.get(&format!("/posts/{slug}")).status, 200, "{slug}");
    }
}

#[test]
fn a_slug_of_many_files_is_told_once() {
    let site = site();
    for number in 0..40 {
        let text = "---\ntitle: x\ndate: 2024-01-01\n---\n";
        site.write(&format!("content/posts/{number:02}/index.md"), text);
        site.write(&format!("content/posts/{number:02}/cover.png"), "");
    }
    let output = site.run(&["publish"]);
    let told = [
        "content/posts/01/index.md: posts/00/index.md has the same slug \"index\", and so have 38 \
         more files: rename them",
        "content/posts: 40 files or folders are ignored (posts/00/cover.png, posts/01/cover.png, \
         posts/02/cover.png and 37 more)",
    ];
    let summary = "published 2 posts, 1 page, 1 media (0 unchanged, 39 refused)";
    check(&output, 1, summary, &told);
    let lines = String::from_utf8(output.stderr).unwrap().lines().count();
    assert_eq!(lines, 2);
    let output = site.run(&["check"]);
    assert_eq!(
        output.stderr.iter().filter(|&&byte| byte == b'\n').count(),
        2
    );
}

#[test]
fn code_refers_to_no_file_and_text_behind_it_does() {
    let site = site();
    site.write(
        "content/posts/fences.md",
        "---\ntitle: x\ndate: 2024-01-01\n---\n````\n```\n![](/media/sample.png)\n````\n\
         ~~~\n```\n~~~\n![a](/media/gone.png)\n",
    );
    let missing = "content/posts/fences.md:12: there is no file media/gone.png";
    let output = site.run(&["publish"]);
    let summary = "published 2 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&output, 1, summary, &[missing]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!told.contains("sample.png"), "{told}");
    let summary = "checked 2 posts, 1 page, 1 media: 1 error, 0 warnings";
    check(&site.run(&["check"]), 1, summary, &[missing]);
}
