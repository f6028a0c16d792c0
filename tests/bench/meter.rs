//! What measuring costs, and whether it stays what it is for a million requests.
//!
//! The same requests for a small post are served without a meter and measured, in short turns, so
//! that other load on the machine meets both alike.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::measure::drift::{POST, drift, median};
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use clap::Parser;
use client::publish::{PublishOptions, Publisher};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use instance::Runtime;
use mayfly::application::{Application, Flags};
use mayfly::measure;
use serde_json::Value;

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    application: Flags,

    /// Requests of the long run
    #[arg(long, default_value_t = 1_000_000)]
    number: u64,
}

/// What the program would be asked for.
#[derive(clap::Parser)]
struct Measurement {
    #[command(flatten)]
    flags: measure::Flags,
}

const ROUNDS: usize = 200;
/// Rounds before those that count.
const WARMUP: usize = 20;
/// Requests of either kind in a round.
const REQUESTS: u64 = 200;
/// The most that measuring may take of the requests a second, in percent.
const COST_PERCENT: f64 = 10.0;
/// The most that the resident set may grow after the warm-up of the long run, in bytes.
const DRIFT: f64 = 1_048_576.0;

/// Runs the benchmark.
pub async fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut arguments = Arguments::parse_from(arguments);
    let folder = std::env::temp_dir().join(format!("mayfly-meter-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let store = format!("sqlite:{}", folder.join("x.db").display());
    arguments.application.store = Some(store.parse()?);
    let application = Application::open(&arguments.application)?;
    let client = application.client()?;
    Publisher::new(client, "content".into(), PublishOptions::default())
        .publish()
        .await?;
    let cost = cost(&application.runtime, &store).await?;
    println!("measuring takes {cost:.1} % of the requests a second");
    let report = measured(&store, arguments.number, 2)?;
    let drift = drift(&report);
    println!(
        "{} requests in {:.0} s: {}, the resident set grew by {:.2} MiB after the warm-up",
        report["requests"],
        elapsed(&report).as_secs_f64(),
        report["verdict"]["outcome"],
        drift / 1_048_576.0
    );
    std::fs::remove_dir_all(&folder)?;
    let bounded = report["verdict"]["outcome"] == "bounded";
    Ok(match cost <= COST_PERCENT && drift <= DRIFT && bounded {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The share of the requests a second that the meter takes, in percent: the median of rounds.
async fn cost(runtime: &Runtime, store: &str) -> Result<f64> {
    let flags = Measurement::parse_from(["measure", "--request", POST, "--store", store]);
    let mut steps = measure::steps(&flags.flags)?;
    let (mut costs, mut without, mut with) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..WARMUP + ROUNDS {
        let start = Instant::now();
        served(runtime).await?;
        let plain = start.elapsed();
        let start = Instant::now();
        steps.step(REQUESTS).await;
        let metered = start.elapsed();
        if round >= WARMUP {
            costs.push(100.0 * (1.0 - plain.as_secs_f64() / metered.as_secs_f64()));
            without.push(REQUESTS as f64 / plain.as_secs_f64());
            with.push(REQUESTS as f64 / metered.as_secs_f64());
        }
    }
    println!(
        "{:.0} requests a second without the meter, {:.0} with it",
        median(&without),
        median(&with)
    );
    Ok(median(&costs))
}

/// Requests without the meter, one at a time as the others.
async fn served(runtime: &Runtime) -> Result<()> {
    let runtime = runtime.clone();
    let requests = async move {
        for _ in 0..REQUESTS {
            get(&runtime).await?;
        }
        anyhow::Ok(())
    };
    tokio::spawn(requests).await?
}

async fn get(runtime: &Runtime) -> Result<()> {
    let path = POST.trim_start_matches("GET ");
    let request = Request::get(path)
        .header("host", "localhost")
        .body(Empty::<Bytes>::new())?;
    let mut response = match runtime.handle(request, |_| {}).await {
        Ok(response) if response.status().is_success() => response,
        Ok(response) => bail!("{path}: {}", response.status()),
        Err(end) => bail!("{path}: {end}"),
    };
    while let Some(frame) = response.frame().await {
        frame?;
    }
    Ok(())
}

/// The report of a measurement.
fn measured(store: &str, requests: u64, concurrency: u32) -> Result<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_mayfly"))
        .args(["measure", "--format", "json", "--request", POST])
        .args(["--store", store, "-n", &requests.to_string()])
        .args(["--concurrency", &concurrency.to_string()])
        .output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).with_context(|| format!("no report: {error}"))
}

fn elapsed(report: &Value) -> Duration {
    Duration::from_millis(report["elapsed_ms"].as_u64().unwrap_or(0))
}
