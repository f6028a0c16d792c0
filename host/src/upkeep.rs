//! `reindex` and `gc`: what keeps a store in order. The component does the work, in steps that
//! each fit into a request.

use std::process::ExitCode;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::log;
use crate::print;
use crate::target::{Call, Flags, Reindexed, Target};
use instance::units::show_count;

/// What a pass of collecting came to.
#[derive(Deserialize)]
struct Collected {
    deleted: usize,
    marked: usize,
    again_seconds: u64,
}

/// Brings the index in line with the documents.
pub async fn reindex(flags: &Flags) -> Result<ExitCode> {
    log::start(log::Form::Text)?;
    let target = flags.find()?;
    loop {
        let step: Reindexed = post(&target, "/api/reindex").await?;
        if step.done {
            let records = show_count(step.handled, "record");
            print::line(format_args!("the index is in order; looked at {records}"))?;
            return Ok(ExitCode::SUCCESS);
        }
        print::note(format_args!(
            "reindexing: {}",
            show_count(step.handled, "record")
        ));
    }
}

/// Deletes what nothing refers to.
pub async fn collect(flags: &Flags) -> Result<ExitCode> {
    log::start(log::Form::Text)?;
    let pass: Collected = post(&flags.find()?, "/api/gc").await?;
    let rest = match pass.marked {
        0 => String::new(),
        marked => format!(
            "; {marked} more are unused: run it again in {} s, and what is unused then will go",
            pass.again_seconds
        ),
    };
    print::line(format_args!(
        "deleted {}{rest}",
        show_count(pass.deleted, "key")
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn post<T: DeserializeOwned>(target: &Target, path: &str) -> Result<T> {
    let reply = target.send(Call::post(path, Bytes::new())).await?;
    let body = reply.success().with_context(|| format!("POST {path}"))?;
    serde_json::from_slice(&body)
        .with_context(|| format!("POST {path}: the answer is not what a blog answers"))
}
