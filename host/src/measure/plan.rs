//! The plan: which requests, how many, how.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Flags;
use instance::RequestTemplate;

/// What a measurement will do.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kinds: Vec<RequestTemplate>,
    pub(super) requests: u64,
    pub(super) concurrency: u32,
    /// Requests that one instance gets; none for a fresh instance each.
    pub(super) reuse: Option<u64>,
    pub(super) warmup: Option<u64>,
    pub(super) budget_bytes: Option<f64>,
    pub(super) duration: Option<Duration>,
}

/// How far a plan goes.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(super) struct Scope {
    /// Requests in all.
    pub(super) requests: u64,
    /// Requests that one instance gets.
    pub(super) life: u64,
    /// Points at the beginning of the series of instances that do not count.
    pub(super) life_warmup: u64,
    /// Requests at the beginning that do not count.
    pub(super) warmup: u64,
}

/// How often the number of requests is doubled while the verdict is open.
pub(super) const DOUBLINGS: u32 = 3;

impl Plan {
    /// The plan that `flags` ask for.
    pub(super) fn new(flags: &Flags) -> Result<Self> {
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
        Ok(Self {
            kinds,
            requests: flags.number,
            concurrency: flags.concurrency,
            reuse: flags.reuse.filter(|calls| *calls > 1),
            warmup: flags.warmup,
            budget_bytes: flags.budget_bytes.map(|bytes| bytes as f64),
            duration: flags.duration,
        })
    }

    /// The scope of the plan, doubled this often.
    pub(super) fn scope(&self, doublings: u32) -> Scope {
        let requests = self.requests << doublings;
        let share = requests.div_ceil(u64::from(self.concurrency));
        let life = match self.reuse {
            None => 1,
            Some(calls) if self.can_grow() => (calls << doublings).min(share),
            Some(calls) => calls,
        };
        let warmup = |calls: u64| self.warmup.unwrap_or(calls / 20);
        let judged = if self.reuse.is_some() { life } else { requests };
        Scope {
            requests,
            life,
            life_warmup: warmup(judged),
            warmup: warmup(requests),
        }
    }

    /// Whether more requests tell more. Not where an instance gets fewer than there are: a
    /// longer life would be another measurement.
    pub(super) fn can_grow(&self) -> bool {
        let share = self.requests.div_ceil(u64::from(self.concurrency));
        self.reuse.is_none_or(|calls| calls >= share)
    }
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
