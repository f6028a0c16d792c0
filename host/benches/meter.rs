//! What measuring costs, and whether it stays what it is for a million requests.
//!
//! The same requests for a small post are served in this process without a meter and measured by
//! the program, in turns, so that other load on the machine meets both alike. The component must
//! be built already, as `make bench` does.

#[path = "../../tests/measure/drift.rs"]
mod drift;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use clap::Parser;
use drift::{POST, drift};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use mayfly::application::{Application, Flags};
use mayfly::publish::{Options, Publisher};
use mayfly::runtime::Runtime;
use mayfly::target::Target;
use serde_json::Value;

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    application: Flags,

    /// Requests of the long run
    #[arg(long, default_value_t = 1_000_000)]
    number: u64,

    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

const ROUNDS: usize = 9;
const REQUESTS: u64 = 20_000;
/// The most that measuring may take of the requests a second, in percent.
const COST_PERCENT: f64 = 10.0;
/// The most that the resident set may grow after the warm-up of the long run, in bytes.
const DRIFT: f64 = 1_048_576.0;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the project's folder")?;
    std::env::set_current_dir(root)?;
    let mut arguments = Arguments::parse();
    let folder = std::env::temp_dir().join(format!("mayfly-meter-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let store = format!("sqlite:{}", folder.join("x.db").display());
    arguments.application.store = Some(store.parse()?);
    let application = Application::open(&arguments.application)?;
    let target = Target::in_process(&application)?;
    Publisher::new(target, "content".into(), Options::default())
        .publish()
        .await?;
    let cost = cost(&application.runtime, &store).await?;
    println!("measuring takes {cost:.1} % of the requests a second");
    let report = measured(&store, arguments.number, 2)?;
    let drift = drift(&report);
    println!(
        "{} requests in {:.0} s: {}, the resident set moved by {:.2} MiB after the warm-up",
        report["requests"],
        report["elapsed_ms"].as_f64().unwrap_or(0.0) / 1000.0,
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
    served(runtime).await?;
    let mut costs = Vec::new();
    for _ in 0..ROUNDS {
        let without = served(runtime).await?;
        let with = rate(&measured(store, REQUESTS, 1)?);
        println!("{without:.0} requests a second without the meter, {with:.0} with it");
        costs.push(100.0 * (1.0 - with / without));
    }
    costs.sort_by(f64::total_cmp);
    Ok(costs[ROUNDS / 2])
}

/// Requests a second without the meter, one at a time.
async fn served(runtime: &Runtime) -> Result<f64> {
    let runtime = runtime.clone();
    let requests = async move {
        let start = Instant::now();
        for _ in 0..REQUESTS {
            get(&runtime).await?;
        }
        anyhow::Ok(REQUESTS as f64 / start.elapsed().as_secs_f64())
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

fn rate(report: &Value) -> f64 {
    let number = |name: &str| report[name].as_f64().unwrap_or(0.0);
    number("requests") / (number("elapsed_ms") / 1000.0)
}
