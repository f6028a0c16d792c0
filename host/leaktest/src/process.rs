//! This process as the system sees it: resident set, open files, threads.

use serde::Serialize;

/// What the process uses at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Process {
    /// Bytes of the resident set.
    pub resident_bytes: u64,
    /// Open files, sockets and pipes.
    pub open_files: u64,
    /// Threads.
    pub threads: u64,
}

impl Process {
    /// The process now; zeros where the system does not tell.
    pub fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        Self {
            resident_bytes: resident_bytes(),
            open_files: files as u64,
            threads: field(&status, "Threads:"),
        }
    }
}

/// The resident set of this process, in bytes. It is asked for often, and this file is told
/// faster than `status`.
pub fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split_whitespace().nth(1);
    let resident: u64 = resident.and_then(|pages| pages.parse().ok()).unwrap_or(0);
    resident * rustix::param::page_size() as u64
}

/// Processor time that this process has had, in seconds.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in brackets, which may hold blanks.
    let (_, fields) = stat.rsplit_once(')').unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 / TICKS_PER_SECOND
}

/// The unit of times in `/proc`, the same on all Linux systems.
const TICKS_PER_SECOND: f64 = 100.0;

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_itself() {
        let before = Process::now();
        let kept = std::fs::File::open("/proc/self/status").expect("a file");
        assert!(Process::now().open_files > before.open_files);
        assert!(
            before.resident_bytes > 1 << 20 && before.threads > 0,
            "{before:?}"
        );
        drop(kept);
    }
}
