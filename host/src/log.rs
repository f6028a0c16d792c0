//! The log: what happens while requests are served, one line each, on standard error.

use anyhow::{Context, Result, bail};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

const VERBOSE: &str =
    "info,mayfly=debug,client=debug,heapprof=debug,instance=debug,keyvalue=debug,leaktest=debug";

/// How much a command says besides its result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verbosity {
    /// Errors alone.
    Quiet,
    /// What `MAYFLY_LOG` chooses, or what an operator wants to know.
    Normal,
    /// The details of Mayfly's own parts, too.
    Verbose,
}

/// What goes into the log of a command that runs a guest thousands of times: not each of its lines.
pub const WITHOUT_GUEST: &str = "info,guest=off";

/// What goes into the log of the others.
pub const WITH_GUEST: &str = "info";

/// Starts the log; where the flags leave it open, `MAYFLY_LOG` chooses what goes in, else it is
/// `default`. Fails if the variable is wrong.
pub fn start(form: Form, verbosity: Verbosity, default: &str) -> Result<()> {
    let filter = match verbosity {
        Verbosity::Quiet => EnvFilter::new("error"),
        Verbosity::Verbose => EnvFilter::new(VERBOSE),
        Verbosity::Normal => of_environment(default)?,
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // It would tell of them on the same stream, with a panic where nobody reads that.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match form {
        Form::Text => lines.with_ansi(false).init(),
        Form::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}

fn of_environment(default: &str) -> Result<EnvFilter> {
    match std::env::var_os("MAYFLY_LOG") {
        Some(filter) if !filter.is_empty() => {
            let filter = filter.to_string_lossy();
            read(&filter).with_context(|| {
                format!("MAYFLY_LOG is {filter:?}: write a level (error, warn, info, debug, trace or off), and one for a part of the log if you like, as in info,access=off")
            })
        }
        _ => Ok(EnvFilter::new(default)),
    }
}

/// Whether a command says how far it has come.
pub(crate) fn is_normal() -> bool {
    tracing::enabled!(tracing::Level::INFO)
}

/// Whether a command gives details that its result leaves out.
pub(crate) fn is_verbose() -> bool {
    tracing::enabled!(tracing::Level::DEBUG)
}

fn read(filter: &str) -> Result<EnvFilter> {
    let words: Vec<_> = filter.split(',').map(str::trim).collect();
    for word in &words {
        // Else it would be the name of a part of which all is logged, and nothing of the others.
        // An empty word would be a level too.
        let is_level = !word.is_empty() && word.parse::<LevelFilter>().is_ok();
        if !word.contains(['=', '[']) && !is_level {
            bail!("{word:?} is no level");
        }
    }
    Ok(EnvFilter::try_new(words.join(","))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        for filter in [
            "info",
            "WARN",
            "off",
            "info,access=off",
            "warn, keyvalue=debug",
        ] {
            read(filter).expect(filter);
        }
        for filter in ["inof", "info,", "access", "access=loud", "=", "info;debug"] {
            assert!(read(filter).is_err(), "{filter}");
        }
    }
}
