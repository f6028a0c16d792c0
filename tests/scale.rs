//! The blog at the size of a life's work: what each page costs with ten thousand posts, and
//! that it costs no more than with a hundred.

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
