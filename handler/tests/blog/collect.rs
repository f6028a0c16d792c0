//! What nothing refers to is collected, and never what someone may still read.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;

#[test]
fn what_nothing_refers_to_is_collected_once_it_was_so_for_ten_minutes() {
    let blog = SimHost::furnished();
    blog.put("media/a.bin", vec![8; 500_000]).expect(200);
    // What an index of an earlier format left, and a leaf that was cut.
    for n in 0..20 {
        blog.poke(&format!("i/{n:032x}"), Some(vec![2]));
    }
    blog.poke("i/2026-01.7", Some(vec![3]));
    let collect = || blog.api(Method::Post, "gc", "").expect(200).json();
    blog.pass(61);
    let first = collect();
    assert_eq!(first["deleted"], 0);
    assert_eq!(first["again_seconds"], 600);
    let marked = first["marked"].as_u64().expect("a number");
    assert_eq!(marked, 23, "20 nodes, a leaf, two parts");
    assert_eq!(collect()["marked"], marked);
    blog.pass(601);
    // A file that comes back just then keeps its parts.
    blog.put("media/again.bin", vec![7; 800_000]).expect(200);
    let parts = |blog: &SimHost| {
        blog.data()
            .keys()
            .filter(|key| key.starts_with("m/"))
            .count()
    };
    assert_eq!(parts(&blog), 4);
    let second = collect();
    assert_eq!(second["deleted"], marked - 2);
    assert_eq!(second["marked"], 0);
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(
        blog.get("/media/again.bin").expect(200).body,
        vec![7; 800_000]
    );
    blog.delete("media/again.bin").expect(204);
    for _ in 0..2 {
        blog.pass(601);
        collect();
    }
    assert_eq!(parts(&blog), 2);
    assert_eq!(blog.posts_on("/").len(), 10);
}

#[test]
fn an_index_that_moved_a_moment_ago_loses_no_node() {
    let blog = SimHost::furnished();
    blog.api(Method::Post, "gc", "").expect(200);
    blog.pass(601);
    blog.put("posts/p0", post("New", "2026-02-01", ""))
        .expect(200);
    let pass = blog.api(Method::Post, "gc", "").expect(200).json();
    assert_eq!(pass["deleted"], 0);
}

#[test]
fn the_style_sheet_is_kept_and_a_former_one_is_not() {
    let blog = SimHost::furnished();
    blog.put("theme/style.css", "p {}").expect(200);
    blog.put("theme/style.css", "h1 {}").expect(200);
    for _ in 0..3 {
        blog.pass(601);
        blog.api(Method::Post, "gc", "").expect(200);
    }
    let holds = |bytes: &[u8]| blog.data().values().any(|value| value.as_slice() == bytes);
    assert!(holds(b"h1 {}"));
    assert!(!holds(b"p {}"));
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(blog.get("/theme/style.css").expect(200).text(), "h1 {}");
}

#[test]
fn a_pass_over_many_unused_keys_takes_a_part_of_them_and_the_next_ones_the_rest() {
    let blog = SimHost::furnished();
    for n in 0..50_000 {
        blog.poke(&format!("i/{n:032x}"), Some(vec![2]));
    }
    blog.pass(61);
    let collect = || {
        let pass = blog.api(Method::Post, "gc", "").expect(200).json();
        blog.pass(601);
        let number = |name: &str| pass[name].as_u64().expect("a number");
        (number("deleted"), number("marked"))
    };
    let mut passes = vec![collect()];
    while passes.last().is_some_and(|(_, marked)| *marked > 0) {
        passes.push(collect());
    }
    let full = (10_000, 10_000);
    assert_eq!(passes, [(0, 10_000), full, full, full, full, (10_000, 0)]);
    assert_eq!(blog.findings(), [""; 0]);
    assert_eq!(blog.posts_on("/").len(), 10);
}
