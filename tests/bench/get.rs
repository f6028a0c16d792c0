//! How long one request takes inside the host, and on what: no socket, one request at a time.
//!
//! Publishes the sample content into a new SQLite file and asks for pages of it; arguments are
//! other paths.

use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bytes::Bytes;
use client::publish::{PublishOptions, Publisher};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use instance::{Runtime, Sample};
use mayfly::application::{Application, Flags};

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    application: Flags,

    /// Paths to ask for
    #[arg(default_values_t = ["/", "/posts/the-life-of-a-request", "/archive", "/feed.xml", "/media/favicon.svg"].map(String::from))]
    paths: Vec<String>,
}

const WARM_UP: usize = 200;
const REQUESTS: usize = 2000;

/// Runs the benchmark.
pub async fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut arguments: Arguments = clap::Parser::parse_from(arguments);
    let store = std::env::temp_dir().join(format!("mayfly-bench-{}.db", std::process::id()));
    arguments.application.store = Some(format!("sqlite:{}", store.display()).parse()?);
    let application = Application::open(&arguments.application)?;
    let client = application.client()?;
    let mut publisher = Publisher::new(client, "content".into(), PublishOptions::default());
    println!("{}", publisher.publish().await?);
    println!(
        "{:34} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>8}",
        "path", "median", "90 %", "make", "run", "store", "memory", "body"
    );
    for path in &arguments.paths {
        let row = measure(&application.runtime, path).await?;
        println!("{row}");
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", store.display()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn measure(runtime: &Runtime, path: &str) -> Result<String> {
    let (mut times, mut samples, mut bytes) = (Vec::new(), Vec::new(), 0);
    for request in 0..WARM_UP + REQUESTS {
        let (time, sample, body) = get(runtime, path).await?;
        if request >= WARM_UP {
            times.push(time.as_nanos() as u64);
            samples.push(sample);
            bytes = body;
        }
    }
    let median = |of: fn(&Sample) -> u64| percentile(samples.iter().map(of).collect(), 50);
    Ok(format!(
        "{path:34} {:>5.0} us {:>5.0} us {:>5} us {:>5} us {:>5} us {:>5} KiB {bytes:>8}",
        percentile(times.clone(), 50) as f64 / 1000.0,
        percentile(times, 90) as f64 / 1000.0,
        median(|sample| sample.instantiate_us),
        median(|sample| sample.execute_us),
        median(|sample| sample.store_us),
        median(|sample| sample.peak_memory_bytes as u64) / 1024,
    ))
}

async fn get(runtime: &Runtime, path: &str) -> Result<(Duration, Sample, usize)> {
    let request = Request::get(path)
        .header("host", "localhost")
        .body(Empty::<Bytes>::new())?;
    let (sender, sample) = mpsc::channel();
    let start = Instant::now();
    let answered = runtime.handle(request, move |sample| {
        let _ = sender.send(sample.clone());
    });
    let response = match answered.await {
        Ok(response) if response.status().is_success() => response,
        Ok(response) => bail!("{path}: {}", response.status()),
        Err(end) => bail!("{path}: {end}"),
    };
    let body = response.into_body().collect().await?.to_bytes();
    Ok((start.elapsed(), sample.recv()?, body.len()))
}

fn percentile(mut values: Vec<u64>, percent: usize) -> u64 {
    values.sort_unstable();
    values[(values.len() - 1) * percent / 100]
}
