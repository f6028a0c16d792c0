//! Keeping the store in order: what is wrong, a new index, and nothing that nobody refers to.

use super::json;
use super::problem::Refusal;
use crate::check;
use crate::host::Host;
use crate::response::Response;
use crate::write;
use serde::Serialize;

#[derive(Serialize)]
struct CheckStep<'a> {
    findings: Vec<Finding<'a>>,
    unfinished: usize,
    looked_at: usize,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Finding<'a> {
    key: &'a str,
    problem: &'a str,
    remedy: &'a str,
}

#[derive(Serialize)]
struct ReindexStep {
    handled: usize,
    done: bool,
}

#[derive(Serialize)]
struct Collected {
    deleted: usize,
    marked: usize,
    again_seconds: i64,
}

/// One step of a check; the first has no cursor.
pub(super) fn check(host: &impl Host, cursor: Option<&str>) -> Result<Response, Refusal> {
    let step = check::step(host, cursor)?;
    let findings = step.findings.iter().map(|finding| Finding {
        key: &finding.key,
        problem: &finding.problem,
        remedy: finding.remedy,
    });
    let answer = CheckStep {
        findings: findings.collect(),
        unfinished: step.unfinished,
        looked_at: step.looked_at,
        cursor: step.cursor,
    };
    Ok(json(200, &answer))
}

/// One step of a reindex.
pub(super) fn reindex(host: &impl Host) -> Result<Response, Refusal> {
    let step = write::reindex::step(host)?;
    let answer = ReindexStep {
        handled: step.handled,
        done: step.is_done,
    };
    Ok(json(200, &answer))
}

/// One pass of collecting.
pub(super) fn collect(host: &impl Host) -> Result<Response, Refusal> {
    let pass = write::collect(host)?;
    let answer = Collected {
        deleted: pass.deleted,
        marked: pass.marked,
        again_seconds: pass.again_seconds,
    };
    Ok(json(200, &answer))
}
