//! A bad page of the disk: bytes in the middle of the file change while nobody looks. What
//! was hit is told, and everything else is answered; nothing wrong is shown as if it were right.

use std::collections::BTreeMap;
use std::fs;

use fastrand::Rng;
use serde_json::json;

use super::blog::{Blog, client, post};
use super::http::Reply;
use super::program::{Server, wait_until};

const POSTS: usize = 40;
const HITS: u64 = 48;

/// A blog whose store is one file, with all that a reader and a publisher get of it.
struct Whole {
    blog: Blog,
    file: Vec<u8>,
    posts: BTreeMap<String, String>,
    pages: BTreeMap<String, Vec<u8>>,
}

impl Whole {
    fn new() -> Self {
        let blog = Blog::new();
        let mut server = blog.serve();
        let host = client(&server);
        let mut random = Rng::with_seed(1);
        let slugs = (0..POSTS).map(|number| format!("p{number}"));
        let posts: BTreeMap<String, String> = slugs
            .map(|slug| (slug.clone(), post(&slug, 1, &mut random)))
            .collect();
        let put = posts.iter();
        let put =
            put.map(|(slug, source)| json!({ "kind": "post", "name": slug, "source": source }));
        let body = json!({ "put": put.collect::<Vec<_>>() }).to_string();
        assert_eq!(host.persist("POST", "batch", body).status, 200);
        let media = vec![9; 100_000];
        assert_eq!(host.persist("PUT", "media/m.bin", media).status, 200);
        let paths = posts.keys().map(|slug| format!("/posts/{slug}"));
        let read = |path: String| {
            let page = host.get(&path).unwrap();
            assert_eq!(page.status, 200, "{path}");
            (path, page.body)
        };
        let pages = paths.chain(["/media/m.bin".to_owned()]).map(read).collect();
        server.signal("TERM");
        server.wait();
        let file = fs::read(blog.site.folder.join("disk/x.db")).unwrap();
        assert!(!blog.site.folder.join("disk/x.db-wal").exists());
        Self {
            blog,
            file,
            posts,
            pages,
        }
    }

    /// A host on the file with other bytes somewhere.
    fn hit(&self, at: usize, bytes: &[u8]) -> Server {
        let mut file = self.file.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        self.serve(file)
    }

    /// A host on the file with other bytes at the beginning of `word`, wherever it stands.
    fn hit_all(&self, word: &[u8], bytes: &[u8]) -> Server {
        let mut file = self.file.clone();
        let found = self.file.windows(word.len()).enumerate();
        for (at, _) in found.filter(|(_, part)| *part == word) {
            file[at..at + bytes.len()].copy_from_slice(bytes);
        }
        self.serve(file)
    }

    fn serve(&self, file: Vec<u8>) -> Server {
        let disk = self.blog.site.folder.join("disk");
        fs::remove_dir_all(&disk).unwrap();
        fs::create_dir(&disk).unwrap();
        fs::write(disk.join("x.db"), file).unwrap();
        self.blog.serve()
    }
}

/// An answer that is no page must say what a client can do, and leave word in the log.
#[track_caller]
fn is_honest(server: &Server, path: &str, reply: &Reply, when: &str) {
    match reply.status {
        500 => {}
        503 => assert!(reply.header("retry-after").is_some(), "{when}: {path}"),
        // The key itself was hit: nobody can know what it was, but the check misses it.
        404 => return,
        other => panic!("{when}: {path} answers {other}: {}", reply.text()),
    }
    wait_until(&format!("{when}: word of {path} in the log"), || {
        let output = server.output();
        output.contains("damaged") || output.contains("missing")
    });
}

/// Looks at everything; the posts that are not shown.
fn look(whole: &Whole, server: &Server, when: &str) -> Vec<String> {
    let host = client(server);
    let mut missing = Vec::new();
    for (path, page) in &whole.pages {
        match host.get(path) {
            Ok(reply) if reply.status == 200 => {
                // Beside it stand titles of other posts, which may be gone; they are no part of it.
                let is_own = reply.body == *page || path.starts_with("/posts/");
                assert!(is_own, "{when}: {path} is another");
            }
            Ok(reply) => {
                is_honest(server, path, &reply, when);
                missing.extend(path.strip_prefix("/posts/").map(str::to_owned));
            }
            // A file broke off rather than end with other bytes.
            Err(error) => assert!(path.starts_with("/media/"), "{when}: {path}: {error}"),
        }
    }
    for (slug, source) in &whole.posts {
        let reply = host.api("GET", &format!("posts/{slug}"), "").unwrap();
        match reply.status {
            200 => assert_eq!(reply.text(), source, "{when}: {slug}"),
            _ => is_honest(server, slug, &reply, when),
        }
    }
    for path in [
        "/",
        "/page/2",
        "/tags",
        "/archive",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        let reply = host.get(path).unwrap();
        if reply.status != 200 {
            is_honest(server, path, &reply, when);
        }
    }
    missing
}

/// The post whose page or source the check names.
fn slug_of(finding: &str) -> Option<&str> {
    let (key, _) = finding.split_once(": ")?;
    let key = key.strip_prefix("src/").unwrap_or(key);
    key.strip_prefix("post/")
}

#[test]
fn a_damaged_page_is_told_and_never_shown_as_if_it_were_whole() {
    let whole = Whole::new();
    let (mut told, mut mended) = (0, 0);
    for seed in 0..HITS {
        let mut random = Rng::with_seed(seed);
        let mut bytes = vec![0; [16, 256, 4096][seed as usize % 3]];
        random.fill(&mut bytes);
        let at = random.usize(whole.file.len() / 8..whole.file.len() - bytes.len());
        let when = format!("seed {seed}: {} bytes at {at}", bytes.len());
        let server = whole.hit(at, &bytes);
        let host = client(&server);
        let missing = look(&whole, &server, &when);
        let findings = host.try_check();
        if !missing.is_empty() {
            let is_told = match &findings {
                Ok((findings, _)) => !findings.is_empty(),
                Err(refused) => refused.contains("damaged"),
            };
            assert!(is_told, "{when}");
        }
        // A post whose page alone was hit is shown still, made again from its source.
        let findings = findings.map_or(Vec::new(), |(findings, _)| findings);
        let named = findings.iter().find_map(|finding| slug_of(finding));
        if let Some(slug) = missing.first().map(String::as_str).or(named) {
            told += 1;
            // Sent again it is there, or the file takes nothing any more and says so.
            let path = format!("posts/{slug}");
            let reply = host.api("PUT", &path, &whole.posts[slug]).unwrap();
            match reply.status {
                200 | 201 => {
                    assert_eq!(host.source(&path).as_ref(), Some(&whole.posts[slug]));
                    let findings = host
                        .try_check()
                        .map_or(Vec::new(), |(findings, _)| findings);
                    let mut left = findings.iter().filter(|one| slug_of(one) == Some(slug));
                    // What the database cannot read any more, no blog repairs.
                    let left = left.find(|one| !one.contains("the file is damaged"));
                    assert_eq!(left, None, "{when}");
                    mended += 1;
                }
                _ => is_honest(&server, &path, &reply, &when),
            }
        }
    }
    println!("{told} hits told, {mended} mended");
    assert!(
        told >= 3 && mended >= 1,
        "{told} hits told, {mended} mended"
    );
}

#[test]
fn a_page_of_a_value_costs_only_the_post_that_it_holds() {
    let whole = Whole::new();
    // Bytes in the middle of a text, wherever it lies: the database cannot know.
    let server = whole.hit_all(b"word-p7-1 and others", b"Word");
    let host = client(&server);
    let missing = look(&whole, &server, "one word");
    assert_eq!(missing, ["p7"]);
    assert_eq!(host.get("/posts/p7").unwrap().status, 500);
    server.prints("post/p7 is damaged: publish it again");
    assert_eq!(host.check().0, ["post/p7: damaged"]);
    let reply = host.persist("PUT", "posts/p7", &whole.posts["p7"]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(host.check(), (Vec::new(), 0));
    assert_eq!(look(&whole, &server, "mended"), [""; 0]);
}

#[test]
fn a_damaged_page_is_made_again_from_its_source() {
    let whole = Whole::new();
    // The source lies before the page, in another value of the same text.
    let word = b"word-p7-1 and others";
    let parts = whole.file.windows(word.len()).enumerate();
    let places: Vec<usize> = parts
        .filter(|(_, part)| part == word)
        .map(|(at, _)| at)
        .collect();
    let made_again = places.into_iter().any(|at| {
        let server = whole.hit(at, b"Word");
        let missing = look(&whole, &server, "one place");
        let findings = client(&server).check().0;
        missing.is_empty() && findings.iter().any(|one| one.starts_with("post/p7: "))
    });
    assert!(made_again);
}
