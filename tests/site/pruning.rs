//! `publish --prune` and `--dry-run`: the blog brought in line with the folder, or only asked.

use std::fs;

use super::program::{Server, Site};
use super::proxy::{Fate, Proxy};
use super::publishing::{TOKEN, check, site};

/// A blog with more than its folder has.
fn overfull() -> Site {
    let site = site();
    site.write(
        "content/posts/gone.md",
        "---\ntitle: Gone\ndate: 2024-01-01\n---\n",
    );
    site.write("content/pages/old.md", "---\ntitle: Old\n---\n");
    site.write("content/media/films/b c.txt", "film");
    site.write("content/theme/extra.css", "p {}");
    site.write("content/theme/error.html", "{% extends \"base.html\" %}");
    let published = site.run(&["publish"]);
    assert_eq!(published.status.code(), Some(0));
    for path in [
        "posts/gone.md",
        "pages/old.md",
        "media/films/b c.txt",
        "theme/extra.css",
        "theme/error.html",
    ] {
        fs::remove_file(site.folder.join("content").join(path)).unwrap();
    }
    site
}

#[test]
fn what_is_not_in_the_folder_goes_only_on_demand() {
    let site = overfull();
    let summary = "published 1 post, 1 page, 1 media (3 unchanged, 0 refused)";
    check(&site.run(&["publish"]), 0, summary, &[]);
    let said = "would remove pages/old\nwould remove posts/gone\nwould remove media/films/b c.txt\n\
        would remove theme/error.html\nwould remove theme/extra.css\n\
        nothing is changed: 0 to create, 0 to update, 5 to remove (3 unchanged, 0 refused)";
    check(
        &site.run(&["publish", "--prune", "--dry-run"]),
        0,
        said,
        &[],
    );
    let server = site.serve(&[]);
    let gone = [
        "/posts/gone",
        "/old",
        "/media/films/b%20c.txt",
        "/theme/extra.css",
    ];
    assert!(gone.iter().all(|path| server.get(path).status == 200));
    let summary = "published 1 post, 1 page, 1 media, removed 5 (3 unchanged, 0 refused)";
    check(&site.run(&["publish", "--prune"]), 0, summary, &[]);
    assert!(gone.iter().all(|path| server.get(path).status == 404));
    assert_eq!(server.get("/posts/first").status, 200);
    check(
        &site.run(&["publish", "--prune"]),
        0,
        "published 1 post, 1 page, 1 media (3 unchanged, 0 refused)",
        &[],
    );
}

#[test]
fn a_dry_run_tells_what_would_be_sent() {
    let site = site();
    site.run(&["publish"]);
    site.write("content/pages/about.md", "---\ntitle: About us\n---\n");
    site.write("content/media/new.txt", "new");
    site.write(
        "content/site.toml",
        "title = \"Other\"\nurl = \"http://localhost\"\n",
    );
    let said = "would update site.toml\nwould create media/new.txt\nwould update pages/about.md\n\
        nothing is changed: 1 to create, 2 to update, 0 to remove (2 unchanged, 0 refused)";
    check(&site.run(&["publish", "--dry-run"]), 0, said, &[]);
    let server = site.serve(&[]);
    assert_eq!(server.get("/media/new.txt").status, 404);
    assert!(!server.get("/about").text().contains("About us"));
}

#[test]
fn nothing_is_pruned_by_mistake() {
    let site = overfull();
    site.write("content/posts/bad.md", "---\ntitle: Bad\ndate: soon\n---\n");
    let errors = [
        "content/posts/bad.md:3",
        "content: nothing is pruned while files are refused",
    ];
    let summary = "published 1 post, 1 page, 1 media (3 unchanged, 1 refused)";
    check(&site.run(&["publish", "--prune"]), 1, summary, &errors);
    fs::create_dir(site.folder.join("empty")).unwrap();
    let output = site.run(&["publish", "empty", "--prune"]);
    check(&output, 1, "", &["empty: --prune would empty the blog"]);
    assert_eq!(site.serve(&[]).get("/posts/gone").status, 200);
}

#[test]
fn a_dry_run_says_what_the_run_does() {
    let site = site();
    let text = "---\ntitle: x\ndate: 2024-01-01\n---\n```\nslug: other\n```\n";
    for name in ["2026-01-02-", "2026-13-45-y", "2026-01-02z", "2026-01-02"] {
        site.write(&format!("content/posts/{name}.md"), text);
    }
    let said = "would create site.toml\nwould create media/a.svg\n\
        would create posts/2024-02-03-first.md\nwould create posts/2026-01-02-.md\n\
        would create posts/2026-01-02.md\nwould create posts/2026-01-02z.md\n\
        would create posts/2026-13-45-y.md\nwould create pages/about.md\n\
        nothing is changed: 8 to create, 0 to update, 0 to remove (0 unchanged, 0 refused)";
    let dry = ["publish", "--prune", "--dry-run"];
    let output = site.run(&dry);
    let mut told: Vec<_> = String::from_utf8(output.stdout.clone())
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let mut expected: Vec<_> = said.lines().collect();
    told.sort();
    expected.sort_unstable();
    assert_eq!(told, expected);
    // Nothing at all is written, not even a store.
    assert!(!site.folder.join(".spin").exists());
    let summary = "published 5 posts, 1 page, 1 media (0 unchanged, 0 refused)";
    check(&site.run(&["publish", "--prune"]), 0, summary, &[]);
    let said = "nothing is changed: 0 to create, 0 to update, 0 to remove (7 unchanged, 0 refused)";
    check(&site.run(&dry), 0, said, &[]);
    let summary = "published 5 posts, 1 page, 1 media (7 unchanged, 0 refused)";
    check(&site.run(&["publish", "--prune"]), 0, summary, &[]);
    // What would be refused is said to be, with its reason.
    site.write("content/posts/bad.md", "---\ntitle: Bad\ndate: soon\n---\n");
    let said = "nothing is changed: 0 to create, 0 to update, 0 to remove (7 unchanged, 1 refused)";
    check(&site.run(&dry), 1, said, &["content/posts/bad.md:3: date"]);
    let summary = "published 5 posts, 1 page, 1 media (7 unchanged, 1 refused)";
    check(
        &site.run(&["publish"]),
        1,
        summary,
        &["content/posts/bad.md:3: date"],
    );
}

#[test]
fn what_is_pruned_goes_in_batches() {
    let site = site();
    let post = |number| format!("content/posts/p{number}.md");
    for number in 0..300 {
        let text = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\n");
        site.write(&post(number), text);
    }
    let file = |number| format!("content/media/f{number}.txt");
    for number in 0..40 {
        site.write(&file(number), "text");
    }
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let publish = |proxy: &Proxy| {
        let mut command = site.mayfly(&["publish", "--prune", "--to", &proxy.url]);
        command.env("MAYFLY_TOKEN", TOKEN).output().unwrap()
    };
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    assert_eq!(publish(&proxy).status.code(), Some(0));
    for number in 0..300 {
        fs::remove_file(site.folder.join(post(number))).unwrap();
    }
    for number in 0..40 {
        fs::remove_file(site.folder.join(file(number))).unwrap();
    }
    let proxy = Proxy::to(&server.address, |_, _| Fate::Passes);
    let summary = "published 1 post, 1 page, 1 media, removed 340 (3 unchanged, 0 refused)";
    check(&publish(&proxy), 0, summary, &[]);
    let requests = proxy.requests();
    assert_eq!(proxy.count("POST /api/batch"), 3, "{requests:?}");
    assert_eq!(proxy.count("DELETE"), 0, "{requests:?}");
}

#[test]
fn a_dry_run_looks_at_the_settings_too() {
    let site = site();
    assert_eq!(site.run(&["publish"]).status.code(), Some(0));
    site.write("content/site.toml", "title = \"Test\"\nunknown = 1\n");
    let errors = [
        "content/site.toml:2: unknown",
        "content/site.toml was refused",
    ];
    check(&site.run(&["publish", "--dry-run"]), 1, "", &errors);
    site.write("content/site.toml", "title = \"New\"\n");
    let output = site.run(&["publish", "--dry-run"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.starts_with("would update site.toml\n"), "{told}");
    let server = site.serve(&[]);
    assert!(server.get("/").text().contains("Test"));
}
