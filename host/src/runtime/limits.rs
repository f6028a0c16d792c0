//! What one instance may use, and how many may run at once.

use std::time::Duration;

use crate::units::{parse_size, parse_time};

/// Limits on instances, as flags of every command that runs them.
#[derive(Clone, Debug, clap::Args)]
pub struct Limits {
    /// Memory that one instance may use, all its linear memories together
    #[arg(long = "memory-limit", value_name = "SIZE", default_value = "16MiB", value_parser = parse_size)]
    pub memory_bytes: usize,

    /// Processor time that one instance may use, waiting and the store excluded; what this command
    /// itself publishes or reads has no such limit
    #[arg(long = "cpu-limit", value_name = "TIME", default_value = "1s", value_parser = parse_time)]
    pub cpu: Duration,

    /// Time that one request may take, waiting for a slow reader excluded
    #[arg(long = "time-limit", value_name = "TIME", default_value = "30s", value_parser = parse_time)]
    pub wall: Duration,

    /// Instances that may run at once
    #[arg(long, value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub instances: u32,

    /// Time that a request may wait for an instance when all run
    #[arg(long = "queue-limit", value_name = "TIME", default_value = "1s", value_parser = parse_time)]
    pub queue: Duration,
}
