//! Benchmarks that fail where a promise is broken: `make bench` runs all of them, and
//! `cargo bench -p mayfly --bench bench --profile dev -- NAME [ARGUMENTS]` runs one. The component
//! must be built already, as `make bench` does.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on has failed, and says where"
)]

#[allow(dead_code, reason = "the tests use the rest of it")]
mod support;

mod bench {
    pub mod get;
    pub mod kills;
    pub mod meter;
    pub mod profile;
    pub mod scale;
    pub mod verdicts;
}

mod durability {
    use crate::support::{guests, http, program};

    mod blog;
    #[allow(dead_code, reason = "the tests use the rest of it")]
    mod client;
    mod edit;
    pub mod lane;
    mod moment;
    mod reader;
}

mod measure {
    pub mod drift;
}

mod scale {
    pub mod cost;
    mod kinds;
    pub mod model;
    mod moment;
    pub mod posts;
    pub mod publishing;
    mod text;
    mod words;
    #[expect(dead_code, reason = "a test publishes without the program")]
    pub mod world;
}

mod statistics {
    pub mod generate;
}

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use bench::{get, kills, meter, profile, scale as sizes, verdicts};
use tikv_jemallocator::Jemalloc;

/// That of the program, so that times and sizes are its own.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

const NAMES: [&str; 6] = ["get", "kills", "meter", "profile", "scale", "verdicts"];

#[tokio::main]
async fn main() -> Result<ExitCode> {
    // Cargo adds a flag of its own.
    let mut arguments = std::env::args().filter(|argument| argument != "--bench");
    let program = arguments.next().unwrap_or_default();
    let Some(name) = arguments.next() else {
        return all(&program);
    };
    std::env::set_current_dir(support::guests::root())?;
    // As the first word stands the name, where a program has its own.
    let arguments: Vec<String> = [name.clone()].into_iter().chain(arguments).collect();
    match name.as_str() {
        "get" => get::run(&arguments).await,
        "kills" => Ok(tokio::task::spawn_blocking(kills::run).await?),
        "meter" => meter::run(&arguments).await,
        "profile" => profile::run(&arguments).await,
        "scale" => Ok(sizes::run(&arguments).await),
        "verdicts" => Ok(verdicts::run()),
        _ => bail!(
            "there is no benchmark `{name}`: the names are {}",
            NAMES.join(", ")
        ),
    }
}

/// Runs each in a process of its own, so that none meets what another one left in memory.
fn all(program: &str) -> Result<ExitCode> {
    let mut failed = Vec::new();
    for name in NAMES {
        println!("\n== {name}");
        if !Command::new(program).arg(name).status()?.success() {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nfailed: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}
