//! What pages cost: the same for ten thousand posts as for a hundred. The whole is one test,
//! for the import is the long part of it.

use super::cost::{costs, excesses, print};
use super::model::Model;
use super::moments;
use super::posts::Posts;
use super::publishing::check_keys;
use super::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_blog_answers_rightly_and_costs_no_more_than_a_small_one() {
    crate::support::guests::blog();
    let mut measured = Vec::new();
    let mut broken = Vec::new();
    for count in [100, 10_000] {
        let posts = Posts { count };
        let world = World::of(posts);
        let published =
            format!("published {count} posts, 1 page, 0 media (0 unchanged, 0 refused)");
        assert_eq!(world.publish().await, published);
        let model = Model::of(posts);
        let costs = costs(&world, &model, 3).await;
        print(count, &costs);
        measured.push(costs);
        model.check_lists(&world).await;
        broken.extend(model.check_posts(&world, 90).await);
        broken.extend(check_keys(&world, &model).await);
        moments::check(&world).await;
    }
    broken.extend(excesses(&measured[0], &measured[1]));
    assert!(broken.is_empty(), "{broken:#?}");
}
