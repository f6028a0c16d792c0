//! The log: what happens while requests are served, one line each, on standard error.

use tracing_subscriber::EnvFilter;

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log; `MAYFLY_LOG` chooses what goes in (default `info`).
pub fn start(form: Form) {
    let filter = EnvFilter::try_from_env("MAYFLY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match form {
        Form::Text => lines.with_ansi(false).init(),
        Form::Json => lines.json().flatten_event(true).init(),
    }
}
