//! The log: what happens while requests are served, one line each, on standard error.

use tracing_subscriber::EnvFilter;

use crate::print;

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
    let filter = std::env::var("MAYFLY_LOG").unwrap_or_default();
    let filter = match filter.as_str() {
        "" => EnvFilter::new("info"),
        filter => EnvFilter::try_new(filter).unwrap_or_else(|error| {
            print::note(format_args!(
                "MAYFLY_LOG: {error}: the log is that of info; write a level such as warn or debug"
            ));
            EnvFilter::new("info")
        }),
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
}
