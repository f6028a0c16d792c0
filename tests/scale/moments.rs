//! A post comes due and expires by the second, with nothing at work but readers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::moment::Form;
use super::world::World;

/// What visitors see of a post at some moment.
#[derive(Debug, PartialEq)]
struct Sight {
    status: u16,
    is_listed: bool,
    is_in_the_feed: bool,
    is_under_its_tag: bool,
}

impl Sight {
    async fn of(world: &World, slug: &str) -> Self {
        let path = format!("/posts/{slug}");
        let names = async |page: &str| world.get(page).await.text().contains(&path);
        Self {
            status: world.get(&path).await.status,
            is_listed: names("/").await,
            is_in_the_feed: names("/feed.xml").await,
            is_under_its_tag: names("/tags/passing").await,
        }
    }

    fn expected(status: u16) -> Self {
        let is_visible = status == 200;
        Self {
            status,
            is_listed: is_visible,
            is_in_the_feed: is_visible,
            is_under_its_tag: is_visible,
        }
    }
}

/// Publishes a post that is scheduled for the next seconds and expires soon after, and looks
/// at it all the time. A machine that stalls for seconds gets another try.
pub async fn check(world: &World) {
    for attempt in 0..5 {
        let (slug, from) = (format!("passing-{attempt}"), now() + 3);
        let [date, expires] = [from, from + 3].map(|unix| Form::Second.write(unix).text);
        let source = format!(
            "---\ntitle: Passing\ndate: {date}\nexpires: {expires}\ntags: [passing]\n---\n"
        );
        let put = world.put(&format!("/api/posts/{slug}"), &source).await;
        assert_eq!(put.status, 201, "{}", put.text());
        let mut seen = [false; 3];
        while now() <= from + 3 {
            let before = now();
            let sight = Sight::of(world, &slug).await;
            // A look that lasted into another second tells nothing.
            if now() == before {
                let (state, status) = match before - from {
                    ..0 => (0, 404),
                    0..3 => (1, 200),
                    3.. => (2, 410),
                };
                assert_eq!(
                    sight,
                    Sight::expected(status),
                    "{} seconds after",
                    before - from
                );
                seen[state] = true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if seen == [true; 3] {
            return;
        }
    }
    panic!("this machine is too slow to look at a page within a second");
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64
}
