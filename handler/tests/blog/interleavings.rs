//! Publishers side by side, one store call at a time, in orders drawn from a seed. A call takes
//! some milliseconds. With some seeds a publisher stalls, anywhere, for longer than the lock's
//! timing allows.

use crate::client::post;
use crate::sim_host::SimHost;
use crate::turnstile::{Publisher, side_by_side};
use handler::request::Method;
use std::sync::{Arc, Mutex};

/// Sends until it is taken: a publisher is told to try again.
#[track_caller]
fn put(blog: &SimHost, path: &str, body: &str) {
    for _ in 0..20 {
        let answer = blog.put(path, body);
        if answer.status != 503 {
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
            return;
        }
        assert!(
            answer.text().contains("other publishers are at work"),
            "{}",
            answer.text()
        );
    }
    panic!("{path} was never taken");
}

fn different_posts(seed: u64, stalls_every: Option<u32>) {
    let blog = SimHost::new();
    blog.put("posts/both", post("First", "2026-01-01", "tags: [t]\n"))
        .expect(201);
    let publisher = |who: char| -> Publisher {
        Box::new(move |blog: &SimHost| {
            for n in 1..=3 {
                let date = format!("2026-0{n}-1{n}");
                put(
                    blog,
                    &format!("posts/{who}{n}"),
                    &post("Own", &date, &format!("tags: [t, {who}]\n")),
                );
                // The one that is not the first time moves it.
                let title = format!("{who}{n}");
                put(
                    blog,
                    "posts/both",
                    &post(
                        &title,
                        &format!("2025-0{n}-02"),
                        &format!("tags: [{who}]\n"),
                    ),
                );
            }
            blog.delete(&format!("posts/{who}2"));
        })
    };
    side_by_side(
        &blog.world,
        seed,
        stalls_every,
        vec![publisher('a'), publisher('b')],
    );
    let when = format!("seed {seed}, stalls every {stalls_every:?}");
    blog.pass(9);
    assert_eq!(blog.findings(), [""; 0], "{when}");
    let mut all = blog.posts_on("/");
    all.sort();
    assert_eq!(all, ["a1", "a3", "b1", "b3", "both"], "{when}");
    let both = blog.read("posts/both").expect(200);
    assert!(
        both.text().contains("title: a") || both.text().contains("title: b"),
        "{when}"
    );
}

#[test]
fn two_publishers_lose_nothing_in_any_order() {
    for seed in 0..300 {
        different_posts(seed, None);
    }
}

#[test]
fn a_publisher_who_stalls_anywhere_loses_nothing_and_undoes_nothing() {
    // The last ones are rare: they tell whether what was finished of late lies in two keys.
    for seed in (0..600).chain([912, 1472, 1489, 1853, 3649]) {
        different_posts(seed, Some([12, 30, 60, 120][seed as usize % 4]));
    }
}

#[test]
fn of_two_editors_of_one_version_exactly_one_is_taken() {
    for seed in 0..200 {
        let blog = SimHost::new();
        let tag = blog
            .put("posts/p", post("Old", "2026-01-01", ""))
            .expect(201)
            .header("etag")
            .to_owned();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let editor = |title: &'static str| -> Publisher {
            let (tag, taken) = (tag.clone(), taken.clone());
            Box::new(move |blog: &SimHost| {
                let source = post(title, "2026-01-02", "");
                let answer = blog.api_if(Method::Put, "posts/p", &source, Some(&tag));
                assert!(matches!(answer.status, 200 | 412), "{}", answer.text());
                if answer.status == 200 {
                    taken.lock().expect("no panic").push(source);
                }
            })
        };
        side_by_side(&blog.world, seed, None, vec![editor("One"), editor("Two")]);
        let taken = taken.lock().expect("no panic");
        assert_eq!(taken.len(), 1, "seed {seed}");
        assert_eq!(blog.read("posts/p").text(), taken[0], "seed {seed}");
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
    }
}

/// The style sheet that the front page names. Another one may have taken its place since then.
fn style(blog: &SimHost) -> Option<(String, Vec<u8>)> {
    let path = blog.style_path();
    let sheet = blog.get(&path);
    (sheet.status == 200).then_some((path, sheet.body))
}

#[test]
fn of_two_style_sheets_each_name_shows_one() {
    let sheets = ["one", "two", "three", "four"].map(|text| format!("/* {text} */"));
    for seed in 0..200 {
        let blog = SimHost::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let publisher = |sheets: &[String]| -> Publisher {
            let sheets = sheets.to_vec();
            Box::new(move |blog: &SimHost| {
                for sheet in &sheets {
                    put(blog, "theme/style.css", sheet);
                }
            })
        };
        let reader = {
            let seen = seen.clone();
            Box::new(move |blog: &SimHost| {
                for _ in 0..30 {
                    seen.lock().expect("no panic").extend(style(blog));
                }
            })
        };
        side_by_side(
            &blog.world,
            seed,
            None,
            vec![publisher(&sheets[..2]), publisher(&sheets[2..]), reader],
        );
        blog.pass(9);
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
        let (path, last) = style(&blog).expect("the one that stands");
        assert_eq!(blog.read("theme/style.css").expect(200).body, last);
        let mut seen = seen.lock().expect("no panic").clone();
        seen.push((path, last));
        for (path, sheet) in &seen {
            let other = seen
                .iter()
                .find(|other| other.0 == *path && other.1 != *sheet);
            assert_eq!(other, None, "seed {seed}: {path}");
        }
    }
}

#[test]
fn a_file_that_comes_back_while_its_parts_are_collected_is_whole() {
    let file = vec![7; 900_000];
    for seed in 0..200 {
        let blog = SimHost::new();
        blog.put("media/a.bin", &file).expect(200);
        blog.delete("media/a.bin").expect(204);
        blog.pass(61);
        blog.api(Method::Post, "gc", "").expect(200);
        blog.pass(601);
        let (again, collect) = (file.clone(), Method::Post);
        side_by_side(
            &blog.world,
            seed,
            None,
            vec![
                Box::new(move |blog| {
                    // The later it begins, the further the other one has come.
                    for _ in 0..seed % 40 {
                        blog.read("media/b.bin").expect(404);
                    }
                    blog.put("media/b.bin", &again).expect(200);
                }),
                Box::new(move |blog| drop(blog.api(collect, "gc", "").expect(200))),
            ],
        );
        assert_eq!(blog.findings(), [""; 0], "seed {seed}");
        assert_eq!(
            blog.get("/media/b.bin").expect(200).body,
            file,
            "seed {seed}"
        );
    }
}
