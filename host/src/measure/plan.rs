//! The plan of a measurement, from its flags.

use std::path::Path;

use anyhow::{Context, Result, bail};
use instance::RequestTemplate;
use leaktest::Plan;

use super::flags::Flags;

/// The plan that `flags` ask for.
pub(super) fn of_flags(flags: &Flags) -> Result<Plan> {
    let mut lines: Vec<String> = flags.requests.clone();
    if let Some(file) = &flags.requests_file {
        lines.extend(read(file)?);
    }
    if lines.is_empty() {
        lines.push("GET /".to_owned());
    }
    let kinds = lines
        .iter()
        .map(|line| line.parse())
        .collect::<Result<_>>()?;
    Ok(Plan {
        kinds,
        requests: flags.number,
        concurrency: flags.concurrency,
        reuse: flags.reuse.filter(|calls| *calls > 1),
        warmup: flags.warmup,
        budget_bytes: flags.budget_bytes.map(|bytes| bytes as f64),
        duration: flags.duration,
    })
}

fn read(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the requests in {}", file.display()))?;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        line.parse::<RequestTemplate>()
            .with_context(|| format!("{}, line {number}", file.display()))?;
        lines.push(line.to_owned());
    }
    if lines.is_empty() {
        bail!(
            "{} has no request: write lines such as GET /",
            file.display()
        );
    }
    Ok(lines)
}
