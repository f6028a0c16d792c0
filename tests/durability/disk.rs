//! A disk that is full, that does not write, that is read-only; and a file that goes away.

use std::collections::BTreeMap;
use std::fs::{File, Permissions, set_permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use fastrand::Rng;

use super::blog::{Blog, client, post, shows_one_version};
use super::client::{Client, detail};
use super::program::Server;
use super::room::Room;

/// What was acknowledged, by slug.
type Posts = BTreeMap<String, String>;

#[track_caller]
fn publish(host: &Client, posts: &mut Posts, slug: &str) {
    let source = post(slug, 1, &mut Rng::with_seed(slug.len() as u64));
    let reply = host.persist("PUT", &format!("posts/{slug}"), &source);
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
    posts.insert(slug.to_owned(), source);
}

/// Every page is there, and every source as it was sent.
#[track_caller]
fn all_is_read(host: &Client, posts: &Posts) {
    for path in [
        "/",
        "/tags",
        "/tags/all",
        "/archive",
        "/feed.xml",
        "/sitemap.xml",
    ] {
        assert_eq!(host.get(path).unwrap().status, 200, "{path}");
    }
    for (slug, source) in posts {
        let page = host.get(&format!("/posts/{slug}")).unwrap();
        assert_eq!(page.status, 200, "{slug}");
        shows_one_version(slug, page.text());
        let found = host.source(&format!("posts/{slug}"));
        assert_eq!(found.as_ref(), Some(source), "{slug}");
    }
}

/// Publishes until it is refused, which must come soon; what is told must name `reason`.
#[track_caller]
fn is_refused_in_time(server: &Server, posts: &mut Posts, reason: &str) {
    let host = client(server);
    for number in 0..60 {
        let slug = format!("more{number}");
        let source = post(&slug, 2, &mut Rng::with_seed(number));
        let reply = host.api("PUT", &format!("posts/{slug}"), &source).unwrap();
        if reply.status == 503 {
            assert!(reply.header("retry-after").is_some(), "{reply:?}");
            let told = detail(&reply);
            assert!(told.contains(reason), "{told}");
            server.prints(reason);
            return;
        }
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
        posts.insert(slug, source);
    }
    panic!("the disk is never full");
}

/// Once there is room again publishing goes on by itself, and all is in order.
#[track_caller]
fn goes_on(host: &Client, posts: &mut Posts) {
    publish(host, posts, "after");
    // What was refused may be half done; it is finished, or was never begun.
    assert_eq!(host.check(), (Vec::new(), 0));
    all_is_read(host, posts);
}

#[test]
fn a_full_disk_is_told_and_read_and_publishing_goes_on_when_there_is_room() {
    let blog = Blog::new();
    let Some(room) = Room::new(&blog.site, "mount -t tmpfs -o size=6m tmpfs disk") else {
        return a_disk_that_does_not_write();
    };
    let mut posts = Posts::new();
    let server = Server::start(&mut room.inside(&blog.host()));
    for slug in ["a", "b", "c"] {
        publish(&client(&server), &mut posts, slug);
    }
    let ballast = room.path("disk/ballast");
    let mut file = File::create(&ballast).unwrap();
    while file.write_all(&[1; 1024]).is_ok() {}
    drop(file);
    let reason = "the disk is full: free some space";
    is_refused_in_time(&server, &mut posts, reason);
    all_is_read(&client(&server), &posts);
    drop(server);
    // Killed and started on the full disk: what was acknowledged lies in the log beside the file.
    let server = Server::start(&mut room.inside(&blog.host()));
    all_is_read(&client(&server), &posts);
    is_refused_in_time(&server, &mut posts, reason);
    std::fs::remove_file(&ballast).unwrap();
    goes_on(&client(&server), &mut posts);
}

#[test]
fn a_disk_that_does_not_write() {
    let blog = Blog::new();
    let host = blog.host();
    // The program must see the failed write, not die of its signal.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    command
        .arg(host.get_program())
        .args(host.get_args())
        .current_dir(&blog.site.folder);
    command.envs(
        host.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let server = Server::start(&mut command);
    let mut posts = Posts::new();
    publish(&client(&server), &mut posts, "a");
    let limit = |bytes: &str| {
        let limit = [
            "--pid",
            &server.id().to_string(),
            &format!("--fsize={bytes}:unlimited"),
        ];
        let set = Command::new("prlimit").args(limit).status();
        assert!(set.expect("prlimit, of Debian's util-linux").success());
    };
    limit("4096");
    is_refused_in_time(&server, &mut posts, "the disk does not read or write");
    all_is_read(&client(&server), &posts);
    limit("unlimited");
    goes_on(&client(&server), &mut posts);
    drop(server);
    all_is_read(&client(&blog.serve()), &posts);
}

#[test]
fn a_read_only_disk_is_served_and_written_to_once_it_may_be() {
    let blog = Blog::new();
    let Some(room) = Room::new(&blog.site, "mount --bind disk disk") else {
        return a_file_that_may_not_be_written_to();
    };
    let remount = |mode: &str| room.run(&format!("mount -o remount,bind,{mode} disk"));
    let mut posts = Posts::new();
    let mut server = Server::start(&mut room.inside(&blog.host()));
    publish(&client(&server), &mut posts, "a");
    publish(&client(&server), &mut posts, "b");
    for is_killed in [true, false] {
        // Killed, it leaves the last posts in the log; asked to end, it leaves no log.
        if !is_killed {
            server.signal("TERM");
            server.wait();
        }
        drop(server);
        remount("ro");
        server = Server::start(&mut room.inside(&blog.host()));
        server.prints("make the file and its folder writable");
        server.prints("until then it is only read");
        all_is_read(&client(&server), &posts);
        is_refused_in_time(&server, &mut posts, "it is read-only");
        remount("rw");
        goes_on(&client(&server), &mut posts);
    }
}

/// The same for whoever is not root, and may not mount either.
fn a_file_that_may_not_be_written_to() {
    let blog = Blog::new();
    if blog.site.folder.metadata().unwrap().uid() == 0 {
        return eprintln!("nothing is read-only for root: this is tried only where it may mount");
    }
    let mut posts = Posts::new();
    let mut server = blog.serve();
    publish(&client(&server), &mut posts, "a");
    server.signal("TERM");
    server.wait();
    let allow = |folder: u32, file: u32| {
        let disk = blog.site.folder.join("disk");
        set_permissions(disk.join("x.db"), Permissions::from_mode(file)).unwrap();
        set_permissions(disk, Permissions::from_mode(folder)).unwrap();
    };
    allow(0o555, 0o444);
    let server = blog.serve();
    all_is_read(&client(&server), &posts);
    is_refused_in_time(&server, &mut posts, "it is read-only");
    allow(0o755, 0o644);
    goes_on(&client(&server), &mut posts);
}

#[test]
fn a_file_that_went_away_takes_nothing_with_it_that_comes_later() {
    let blog = Blog::new();
    let server = blog.serve();
    publish(&client(&server), &mut Posts::new(), "before");
    std::fs::remove_dir_all(blog.site.folder.join("disk")).unwrap();
    let mut posts = Posts::new();
    publish(&client(&server), &mut posts, "later");
    server.prints("opened again");
    all_is_read(&client(&server), &posts);
    drop(server);
    let server = blog.serve();
    all_is_read(&client(&server), &posts);
    assert_eq!(client(&server).check(), (Vec::new(), 0));
}
