//! The host's side: what this process used for a measurement and did not give back.

use serde::Serialize;

use super::process::Process;
use super::run::Pool;

/// What this process used and what it did not give back.
#[derive(Debug, Serialize)]
pub struct Host {
    pub before: Process,
    pub after: Process,
    /// What the pool of memories holds after the last instance; all zero is right.
    pub pool: Option<Pool>,
    /// What was not given back, in words.
    pub leftovers: Vec<String>,
}

/// Files and threads that a runtime of many threads may open late.
const SLACK: u64 = 32;

impl Host {
    /// Compares the process before the first instance with the process after the last.
    pub fn new(before: Process, after: Process, pool: Option<Pool>) -> Self {
        let mut leftovers = Vec::new();
        if let Some(pool) = pool.filter(|pool| *pool != Pool::default()) {
            leftovers.push(format!(
                "the pool still holds {} instances, {} memories, {} tables and {} stacks",
                pool.instances, pool.memories, pool.tables, pool.stacks
            ));
        }
        for (what, before, after) in [
            ("open files", before.open_files, after.open_files),
            ("threads", before.threads, after.threads),
        ] {
            if after > before + SLACK {
                leftovers.push(format!("{what} grew from {before} to {after}"));
            }
        }
        Self {
            before,
            after,
            pool,
            leftovers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_given_back() {
        let process = Process::now();
        let host = Host::new(process, process, Some(Pool::default()));
        assert!(host.leftovers.is_empty(), "{host:?}");
    }

    #[test]
    fn what_is_left_is_named() {
        let before = Process::now();
        let after = Process {
            open_files: before.open_files + 1000,
            threads: before.threads + 1000,
            ..before
        };
        let pool = Pool {
            memories: 1,
            ..Pool::default()
        };
        let leftovers = Host::new(before, after, Some(pool)).leftovers.join("; ");
        for part in ["1 memories", "open files grew", "threads grew"] {
            assert!(leftovers.contains(part), "{part:?} is not in: {leftovers}");
        }
    }
}
