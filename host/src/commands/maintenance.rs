//! `reindex` and `gc`: what keeps a store in order.

use std::process::ExitCode;

use anyhow::Result;
use client::maintenance;
use instance::units::show_count;

use super::blog_flags::BlogFlags;
use crate::print;

/// Brings the index in line with the documents.
pub async fn reindex(flags: &BlogFlags) -> Result<ExitCode> {
    let records = maintenance::reindex(&flags.find()?).await?;
    let records = show_count(records, "record");
    print::line(format_args!("the index is in order; looked at {records}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Deletes what nothing refers to.
pub async fn gc(flags: &BlogFlags) -> Result<ExitCode> {
    let collected = maintenance::collect_garbage(&flags.find()?).await?;
    let rest = match collected.marked {
        0 => String::new(),
        marked => format!(
            "; {marked} more are unused: run it again in {} s, and what is unused then will go",
            collected.again_seconds
        ),
    };
    let keys = show_count(collected.deleted, "key");
    print::line(format_args!("deleted {keys}{rest}"))?;
    Ok(ExitCode::SUCCESS)
}
