//! Limits on what a client can take, as flags.

use std::time::Duration;

use instance::units::{parse_size, parse_time};

/// How much the server takes from a client, and how long it waits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits of clients")]
pub struct ClientLimits {
    /// Size of a request's body
    #[arg(long = "body-limit", hide_short_help = true, value_name = "SIZE", default_value = "10MiB", value_parser = parse_size)]
    pub body_bytes: usize,

    /// Time that a client may let pass: to send a request's head, between two requests, and before
    /// the first byte of a body; after that each 250 bytes that it sends or reads buy a second
    #[arg(long = "client-timeout", hide_short_help = true, value_name = "TIME", default_value = "15s", value_parser = parse_time)]
    pub client: Duration,

    /// Connections at once; the idlest makes room for one more, and half of them are the most that
    /// one address can have
    #[arg(long = "connections", hide_short_help = true, value_name = "COUNT", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub connections: u32,

    /// Disk space for what clients have sent in part, or not read yet, all together
    #[arg(long = "spool-limit", hide_short_help = true, value_name = "SIZE", default_value = "1GiB", value_parser = parse_size)]
    pub spool_bytes: usize,
}
