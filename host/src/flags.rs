//! Flags that several commands have, and how they are read.

use std::ffi::OsStr;
use std::time::Duration;

use anyhow::Error;
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command};
use instance::units::{parse_size, parse_time};
use instance::{Limits, Missing};
use keyvalue::Location;

/// Limits on instances.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits of an instance")]
pub struct LimitFlags {
    /// Memory that one instance may use, all its linear memories together
    #[arg(long = "memory-limit", hide_short_help = true, value_name = "SIZE", default_value = "16MiB", value_parser = parse_size)]
    pub memory_bytes: usize,

    /// Processor time that one instance may use, waiting and the store excluded; what this command
    /// itself publishes or reads has no such limit
    #[arg(long = "cpu-limit", hide_short_help = true, value_name = "TIME", default_value = "1s", value_parser = parse_time)]
    pub cpu: Duration,

    /// Time that one request may take, waiting for a slow reader excluded
    #[arg(long = "time-limit", hide_short_help = true, value_name = "TIME", default_value = "30s", value_parser = parse_time)]
    pub wall: Duration,

    /// Instances that may run at once
    #[arg(long, hide_short_help = true, value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub instances: u32,

    /// Time that a request may wait for an instance when all run
    #[arg(long = "queue-limit", hide_short_help = true, value_name = "TIME", default_value = "1s", value_parser = parse_time)]
    pub queue: Duration,
}

impl LimitFlags {
    /// The limits that the flags set.
    pub fn limits(&self) -> Limits {
        Limits {
            memory_bytes: self.memory_bytes,
            cpu: self.cpu,
            wall: self.wall,
            instances: self.instances,
            queue: self.queue,
        }
    }
}

/// What `--trap-missing` says.
pub fn missing(trap_missing: bool) -> Missing {
    match trap_missing {
        false => Missing::Refuse,
        true => Missing::Trap,
    }
}

/// Reads the location of a store from the command line. Unlike the parser that would do it otherwise, it
/// repeats no URL in its errors: there may be a password in it.
#[derive(Clone, Debug)]
pub struct StoreParser;

impl TypedValueParser for StoreParser {
    type Value = Location;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Location, clap::Error> {
        let text = value.to_string_lossy();
        text.parse().map_err(|error: Error| {
            let shown = match text.split_once(':') {
                Some((scheme, rest)) if rest.contains(['/', '@']) => format!("{scheme}:..."),
                _ => text.to_string(),
            };
            let message = format!("invalid value '{shown}' for '--store <STORE>': {error:#}");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}
