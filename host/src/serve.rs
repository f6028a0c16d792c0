//! `serve`: an application on a socket.
//!
//! It opens everything that can fail, then takes connections until it is told to stop, then
//! lets the requests end that are running.

mod access_log;
mod connection;
mod refusal;
mod request_body;
mod shutdown;
mod stall;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::admin_token::AdminToken;
use crate::application::{self, Application};
use crate::log;
pub use connection::Patience;
use connection::Server;
use shutdown::Shutdown;

/// What to serve, where and how.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,

    /// The address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    pub listen: String,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub patience: Patience,

    /// The form of the log on standard error
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub log: log::Form,
}

/// Serves until Ctrl-C or a signal to terminate.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(flags.log);
    let application = Application::open(&flags.application)?;
    let (listener, address) = listen(&flags.listen).await?;
    let shutdown = Shutdown::on_signals()?;
    announce(address, application.admin_token.as_ref());
    let server = Arc::new(Server {
        runtime: application.runtime,
        patience: flags.patience,
    });
    let connections = server.accept(&listener, &shutdown).await;
    drop(listener);
    shutdown::finish(connections, flags.application.limits.wall).await;
    Ok(ExitCode::SUCCESS)
}

async fn listen(address: &str) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with --listen, port 0 for a free one")
    })?;
    let address = listener.local_addr().context("the socket has no address")?;
    Ok((listener, address))
}

fn announce(address: SocketAddr, admin_token: Option<&AdminToken>) {
    if let Some(AdminToken::Made(token)) = admin_token {
        println!(
            "admin token: {token} (for this run; SPIN_VARIABLE_ADMIN_TOKEN sets a lasting one)"
        );
    }
    println!("press Ctrl-C to stop");
    println!("listening on http://{address}");
}
