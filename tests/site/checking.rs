//! `check`: what is wrong with a folder, told without a server.

use std::os::unix::fs::FileExt;
use std::process::Stdio;

use super::program::Site;
use super::publishing::{check, site};

#[track_caller]
fn lines(site: &Site, code: i32, summary: &str) -> Vec<String> {
    let output = site.run(&["check"]);
    check(&output, code, summary, &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    told.lines().map(str::to_owned).collect()
}

#[test]
fn a_good_folder_has_nothing_to_tell_and_leaves_nothing_behind() {
    let site = site();
    site.write(
        "content/posts/links.md",
        "---\ntitle: Links\ndate: 2024-02-04\ntags: [A b]\naliases: [/old]\n---\n## Eins\n\n\
         [p](/posts/first) [q](first) [r](#eins) [s](/old#eins) [t](/tags/a-b) [u](/archive/2024)\n\
         [v](/about/) [w](/feed.xml?x=1) [x](/media/a.svg#part) [y](../about) <a id=\"z\" href=\"#z\">z</a>\n",
    );
    let summary = "checked 2 posts, 1 page, 1 media: 0 errors, 0 warnings";
    assert_eq!(lines(&site, 0, summary), [""; 0]);
    assert!(!site.folder.join(".spin").exists());
}

#[test]
fn errors_and_warnings_come_with_file_and_line() {
    let site = site();
    site.write("content/posts/bad.md", "---\ntitle: Bad\ndate: soon\n---\n");
    site.write(
        "content/posts/same.md",
        "---\ntitle: x\ndate: 2024-01-01\nslug: first\n---\n",
    );
    site.write(
        "content/posts/idea.md",
        "---\ntitle: Idea\ndraft: true\n---\n## One\n",
    );
    site.write(
        "content/posts/links.md",
        "---\ntitle: Links\ndate: 2024-02-04\n---\n## Eins\n\n[a](/posts/gone)\n[b](#zwei)\n\
         [c](/posts/first#no)\n![d](/media/gone.png)\n![](/media/a.svg)\n[e](/posts/idea#one)\n\
         <a href=\"/nowhere\">f</a>\n\n```html\n<a href=\"/code\">\n```\n",
    );
    site.write("content/media/unused.txt", "");
    site.write("content/notes.txt", "");
    let menu =
        "title = \"T\"\nurl = \"http://localhost\"\n[[menu]]\nlabel = \"L\"\nurl = \"/typo\"\n";
    site.write("content/site.toml", menu);
    let told = lines(
        &site,
        1,
        "checked 3 posts, 1 page, 2 media: 8 errors, 4 warnings",
    );
    let starts = [
        "content/media/unused.txt: warning: nothing refers to it: use it, or remove it",
        "content/notes.txt: warning: is ignored",
        "content/posts/bad.md:3: date: `soon` is no date",
        "content/posts/links.md:7: there is nothing at /posts/gone: mend the link",
        "content/posts/links.md:8: there is no #zwei at /posts/links: mend the link",
        "content/posts/links.md:9: there is no #no at /posts/first",
        "content/posts/links.md:10: there is no file media/gone.png",
        "content/posts/links.md:11: warning: the image /media/a.svg has no alternative text",
        "content/posts/links.md:12: warning: /posts/idea is a draft",
        "content/posts/links.md:13: there is nothing at /nowhere",
        "content/posts/same.md: posts/2024-02-03-first.md has the same slug",
        "content/site.toml:5: the first page links to /typo",
    ];
    assert_eq!(told.len(), starts.len(), "{told:#?}");
    for (line, start) in told.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}\nand not {start}");
    }
}

#[test]
fn what_cannot_be_checked_is_said() {
    let site = site();
    let errors = ["check needs no store"];
    check(&site.run(&["check", "--store", "memory"]), 1, "", &errors);
    check(
        &site.run(&["check", "nowhere"]),
        1,
        "",
        &["cannot read the folder nowhere"],
    );
    site.write("content/site.toml", "unknown = 1\n");
    check(
        &site.run(&["check"]),
        1,
        "",
        &["content/site.toml:1: unknown"],
    );
}

#[test]
fn the_sample_site_is_good() {
    let root = super::guests::root();
    super::guests::blog();
    let content = root.join("content");
    let manifest = root.join("spin.toml");
    let site = Site::empty();
    let arguments = [
        "check",
        content.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
    ];
    let output = site.run(&arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
}

/// Media are looked at, and not kept: a blog may have more of them than a machine has memory.
#[test]
fn media_take_no_memory() {
    const FILES: u64 = 40;
    const FILE_BYTES: u64 = 7 << 20;
    let site = site();
    let mut text = "---\ntitle: Films\ndate: 2024-01-01\n---\n".to_owned();
    for number in 0..FILES {
        let path = site.write(&format!("content/media/{number}.bin"), "");
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        // Blogs keep parts that are alike once.
        for part in 0..FILE_BYTES >> 16 {
            let bytes = format!("{number} {part}");
            file.write_all_at(bytes.as_bytes(), part << 16).unwrap();
        }
        text += &format!("[{number}](/media/{number}.bin)\n");
    }
    site.write("content/posts/films.md", text);
    let mut command = site.mayfly(&["check"]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut peak_kib = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
        peak_kib = peak.map_or(peak_kib, |peak| peak.parse().unwrap());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let summary = "checked 2 posts, 1 page, 41 media: 0 errors, 0 warnings";
    check(&child.wait_with_output().unwrap(), 0, summary, &[]);
    let all_kib = FILES * FILE_BYTES / 1024;
    assert!(peak_kib > 0 && peak_kib < all_kib * 3 / 4, "{peak_kib} KiB");
}
