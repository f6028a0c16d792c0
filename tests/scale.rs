//! The blog at the size of a life's work: what each page costs with ten thousand posts, and
//! that it costs no more than with a hundred.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

#[path = "site/guests.rs"]
#[expect(dead_code, reason = "the tests of the site use the rest of it")]
mod guests;

mod scale {
    mod cost;
    mod kinds;
    mod model;
    mod moment;
    mod moments;
    mod posts;
    mod publishing;
    mod text;
    mod words;
    #[expect(dead_code, reason = "the benchmark uses the rest of it")]
    mod world;

    mod costs;
    mod proportions;
}
