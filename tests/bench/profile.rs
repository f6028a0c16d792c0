//! What a heap profile costs: a watched request against one that is not, a capture of 1,000
//! requests, and the way from the command to the function's name with nothing compiled before.
//!
//! Fails if one of them takes longer than it may.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::guests;
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use client::publish::{PublishOptions, Publisher};
use heapprof::{Heap, Plan, record};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use instance::{Imports, Limits, Missing, Runtime, Setting};
use keyvalue::{Backend, Grants};
use mayfly::application::{Application, Flags};

/// How often a profiled request may take what an unprofiled one takes.
const TIMES: f64 = 50.0;
const CAPTURE: Duration = Duration::from_secs(60);
const COLD: Duration = Duration::from_secs(30);

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    application: Flags,
}

/// Runs the benchmark.
pub async fn run(arguments: &[String]) -> Result<ExitCode> {
    let scratch = std::env::temp_dir().join(format!("mayfly-profile-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let within = all(arguments, &scratch).await;
    std::fs::remove_dir_all(&scratch)?;
    Ok(if within? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn all(arguments: &[String], scratch: &Path) -> Result<bool> {
    let mut arguments: Arguments = clap::Parser::parse_from(arguments);
    let store = format!("sqlite:{}", scratch.join("blog.db").display());
    arguments.application.store = Some(store.parse()?);
    let application = Application::open(&arguments.application)?;
    let client = application.client()?;
    let mut publisher = Publisher::new(client, "content".into(), PublishOptions::default());
    println!("{}", publisher.publish().await?);

    let limits = arguments.application.limits.limits();
    let counting = Subject::new(guests::guests().join("heap.wasm"), "memory", &limits)?;
    let blog = Subject::new(guests::blog(), &store, &limits)?;
    println!(
        "{:34} {:>8} {:>12} {:>12} {:>8} {:>12}",
        "request", "blocks", "unprofiled", "profiled", "times", "each block"
    );
    let mut within = counting.compare("/some").await?;
    within &= blog.compare("/posts/the-life-of-a-request").await?;
    within &= blog.compare("/").await?;
    within &= blog.capture("/").await?;
    let leaks = guests::guests().join("leaks.wasm");
    let named = cold(
        scratch,
        &leaks,
        "GET /pool/800/110/{n}",
        "leaks::pool::Pool::new",
    )?;
    cold(scratch, &guests::blog(), "GET /nothing", "handler::")?;
    Ok(within && named <= COLD)
}

/// A component with what it may reach.
struct Subject {
    path: PathBuf,
    store: String,
    limits: Limits,
}

impl Subject {
    fn new(path: PathBuf, store: &str, limits: &Limits) -> Result<Self> {
        let (store, limits) = (store.to_owned(), limits.clone());
        Ok(Self {
            path,
            store,
            limits,
        })
    }

    fn grants(&self) -> Result<Arc<dyn Imports>> {
        Ok(Arc::new(Grants::bare(Backend::open(&self.store.parse()?)?)))
    }

    async fn profile(&self, path: &str, count: u32) -> Result<Heap> {
        let plan = Plan {
            component: &self.path,
            requests: &[format!("GET {path}").parse()?],
            count,
            reuse: 1,
            allocators: &[],
            missing: Missing::Refuse,
            setting: Setting::Alone,
            progress: &|_| {},
        };
        record(&plan, self.grants()?, self.limits.clone()).await
    }

    /// Medians of ten runs, which take turns: both meet the same load of the machine.
    async fn compare(&self, path: &str) -> Result<bool> {
        let runtime = Runtime::new(&self.path, self.grants()?, self.limits.clone())?;
        let (mut plain, mut profiled, mut blocks) = (Vec::new(), Vec::new(), 0);
        for _ in 0..10 {
            plain.push(unprofiled(&runtime, path).await?);
            let heap = self.profile(path, 20).await?;
            profiled.push(heap.duration() / 20);
            blocks = heap.blocks() / 20;
        }
        let (plain, profiled) = (median(plain), median(profiled));
        let times = profiled.as_secs_f64() / plain.as_secs_f64();
        println!(
            "{path:34} {blocks:>8} {:>9.0} us {:>9.0} us {times:>8.1} {:>9.1} us",
            micros(plain),
            micros(profiled),
            micros(profiled - plain) / blocks.max(1) as f64
        );
        Ok(times <= TIMES)
    }

    async fn capture(&self, path: &str) -> Result<bool> {
        self.profile(path, 10).await?;
        let (before, start) = (resident_kib()?, Instant::now());
        let heap = self.profile(path, 1000).await?;
        let took = start.elapsed();
        println!(
            "1,000 requests of {path}, {} blocks: {:.1} s, {} KiB more in memory",
            heap.blocks(),
            took.as_secs_f64(),
            resident_kib()? - before
        );
        Ok(took <= CAPTURE)
    }
}

async fn unprofiled(runtime: &Runtime, path: &str) -> Result<Duration> {
    const REQUESTS: u32 = 200;
    let start = Instant::now();
    for _ in 0..REQUESTS {
        let request = Request::get(path).header("host", "localhost");
        let request = request.body(Empty::<Bytes>::new())?;
        let response = runtime.handle(request, |_| ()).await;
        let response = response.map_err(|end| anyhow::anyhow!("{path}: {end}"))?;
        response.into_body().collect().await?;
    }
    Ok(start.elapsed() / REQUESTS)
}

/// Runs the command on a component that was never compiled.
fn cold(scratch: &Path, component: &Path, request: &str, function: &str) -> Result<Duration> {
    let copy = scratch.join(component.file_name().context("a file")?);
    std::fs::copy(component, &copy)?;
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_mayfly"))
        .args(["profile", "top", "--metric", "peak", "--request", request])
        .arg(&copy)
        .output()?;
    let took = start.elapsed();
    let printed = String::from_utf8(output.stdout)?;
    ensure!(printed.contains(function), "{function} is not in {printed}");
    let name = copy.file_name().unwrap_or_default().display().to_string();
    println!(
        "{name}, never compiled, to the name of the function: {:.1} s",
        took.as_secs_f64()
    );
    Ok(took)
}

fn resident_kib() -> Result<i64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.context("VmRSS in /proc/self/status")?.parse()?)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
