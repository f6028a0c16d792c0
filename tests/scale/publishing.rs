//! One more post in a blog of any size: how many keys are written for it.

use super::model::Model;
use super::words;
use super::world::World;

/// Keys that may be written for one more post.
const MOST_KEYS: u32 = 16;

/// Publishes posts one by one, under one to ten tags, new and old ones; says for which of them
/// the host saw too many keys written.
pub async fn check_keys(world: &World, model: &Model) -> Vec<String> {
    let mut broken = Vec::new();
    let mut most = 0;
    for number in 0..40 {
        let tags: Vec<String> = (0..number % 10 + 1)
            .map(|tag| words::tag(90 + (number * 7 + tag * tag) % 210))
            .collect();
        let date = match number % 2 {
            0 => "2025-07-01".to_owned(),
            _ => super::moment::day(model.posts()[model.posts().len() / 41 * number].date.unix),
        };
        let source = format!("---\ntitle: One more\ndate: {date}\ntags: {tags:?}\n---\nA text.\n");
        let answer = world
            .put(&format!("/api/posts/one-more-{number}"), &source)
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let keys = answer.sample.store.store_keys_written;
        most = most.max(keys);
        if keys > MOST_KEYS {
            broken.push(format!(
                "one more post under {} tags: {keys} keys",
                tags.len()
            ));
        }
    }
    println!("one more post: at most {most} keys written");
    broken
}
