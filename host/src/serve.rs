//! `serve`: an application on a socket.
//!
//! It opens everything that can fail, then takes connections until it is told to stop, then
//! lets the requests end that are running.

mod access_log;
mod client_limits;
mod connection;
mod connections;
mod debug;
mod pace;
mod recent;
mod record;
mod refusal;
mod relay;
mod reload;
mod request_body;
mod request_head;
mod routes;
mod server_timing;
mod shutdown;
mod spool;
mod stall;
mod watch;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use client::admin_token::AdminToken;
use client::publish::{PublishOptions, Publisher};
use client::{ApiRequest, BlogClient};
use tokio::net::TcpListener;

use crate::application::{self, Application};
use crate::commands::publish::print_report;
use crate::commands::terminal::Terminal;
use crate::log;
use crate::print;
pub use client_limits::ClientLimits;
use connection::Server;
use connections::Connections;
use record::Record;
use reload::Reload;
use shutdown::Shutdown;
use spool::Room;

/// What to serve, where and how.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// The component, if there is no manifest: it gets one store, in memory unless you name another,
    /// and the variables that SPIN_VARIABLE_<NAME> sets [default: the manifest's]
    #[arg(value_name = "COMPONENT.wasm", conflicts_with = "manifest")]
    pub component: Option<PathBuf>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,

    /// The address to listen on; port 0 takes any free one
    #[arg(
        help_heading = "Server",
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:3000"
    )]
    pub listen: String,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub client_limits: ClientLimits,

    /// A folder of content to publish first
    #[arg(help_heading = "Content", long, value_name = "DIR")]
    pub content: Option<PathBuf>,

    /// Publish again what changes in that folder, and reload the pages that show it
    #[arg(help_heading = "Content", long, requires = "content")]
    pub watch: bool,

    /// Where to show metrics, recent requests and profiles, for yourself only: 127.0.0.1:6060 [default: nowhere]
    #[arg(help_heading = "Server", long, value_name = "ADDRESS")]
    pub debug_listen: Option<String>,

    /// Tell in each response what its instance has used when the head was ready
    #[arg(help_heading = "Server", long)]
    pub server_timing: bool,

    /// The form of the log on standard error
    #[arg(
        help_heading = "Server",
        long,
        value_name = "FORM",
        default_value = "text"
    )]
    pub log: log::Form,
}

/// Serves until Ctrl-C or a signal to terminate.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    if flags.debug_listen.is_some() {
        debug::host_heap::activate().await;
    }
    let connections = Arc::new(Connections::new(flags.client_limits.connections as usize));
    let application = match &flags.component {
        Some(component) => {
            Application::of_component(component, &flags.application, flags.content.is_some())?
        }
        None => Application::open(&flags.application)?,
    };
    let (listener, address) = listen("--listen", &flags.listen).await?;
    let shutdown = Shutdown::on_signals()?;
    let record = match &flags.debug_listen {
        Some(address) => Some(debug(&application, address, &shutdown).await?),
        None => None,
    };
    let reload = tokio::select! {
        reload = prepare(&application, &flags, &shutdown) => reload?,
        // What is not published yet is published next time.
        asked = shutdown.requested() => return Ok(ExitCode::from(asked.exit_code())),
    };
    announce(address, application.admin_token.as_ref())?;
    let server = Arc::new(Server {
        runtime: application.runtime,
        connections,
        room: Arc::new(Room::new(flags.client_limits.spool_bytes as u64)),
        client_limits: flags.client_limits,
        reload,
        record,
        server_timing: flags.server_timing,
        shutdown,
    });
    server.accept(listener).await?;
    shutdown::finish(&server.connections, flags.application.limits.wall).await;
    Ok(ExitCode::SUCCESS)
}

/// Brings the blog up to date, before visitors come.
async fn prepare(
    application: &Application,
    flags: &Flags,
    shutdown: &Shutdown,
) -> Result<Option<Reload>> {
    if application.admin_token.is_some() {
        rebuild_outdated_index(client(application)?).await;
    }
    match &flags.content {
        Some(folder) => publish(application, folder, flags.watch, shutdown).await,
        None => Ok(None),
    }
}

/// Shows the debug pages; the record is what the server has to fill.
async fn debug(
    application: &Application,
    address: &str,
    shutdown: &Shutdown,
) -> Result<Arc<Record>> {
    let (listener, address) = listen("--debug-listen", address).await?;
    let runtime = application.runtime.clone();
    let record = Arc::new(Record::new(runtime.clone()));
    debug::start(
        listener,
        address,
        Arc::clone(&record),
        runtime,
        shutdown.clone(),
    );
    print::line(format_args!("debug pages on http://{address}/debug/"))?;
    Ok(record)
}

async fn listen(flag: &str, address: &str) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: choose another address with {flag}, port 0 for a free one"
        )
    })?;
    let address = listener.local_addr().context("the socket has no address")?;
    Ok((listener, address))
}

fn client(application: &Application) -> Result<BlogClient> {
    let client = application.client()?;
    Ok(client.with_observer(Arc::new(Terminal::new())))
}

/// How long the first page may wait for a small blog's index; that of a large one is rebuilt
/// beside the visitors.
const INDEX_WAIT: Duration = Duration::from_secs(2);

/// Rebuilds the index of a blog whose store another version wrote. Whatever else the component
/// answers, it needs nothing.
async fn rebuild_outdated_index(client: BlogClient) {
    let rebuild = tokio::spawn(async move {
        if let Err(error) = client.send(ApiRequest::get("/api/pages")).await {
            tracing::warn!("cannot ask for the state of the index: {error:#}");
        }
    });
    let _ = tokio::time::timeout(INDEX_WAIT, rebuild).await;
}

/// Publishes `folder`, and goes on doing so if it is watched.
async fn publish(
    application: &Application,
    folder: &Path,
    watch: bool,
    shutdown: &Shutdown,
) -> Result<Option<Reload>> {
    let client = client(application)?;
    let mut publisher = Publisher::new(client, folder.to_owned(), PublishOptions::default());
    print_report(&publisher.publish().await?)?;
    if !watch {
        return Ok(None);
    }
    print::line(format_args!("watching {}", folder.display()))?;
    let generation = watch::start(publisher, folder)?;
    Ok(Some(Reload::new(generation, shutdown.clone())))
}

fn announce(address: SocketAddr, admin_token: Option<&AdminToken>) -> Result<()> {
    if let Some(AdminToken::Generated(token)) = admin_token {
        print::line(format_args!(
            "admin token: {token} (for this run; SPIN_VARIABLE_ADMIN_TOKEN sets a lasting one)"
        ))?;
    }
    print::line("press Ctrl-C to stop")?;
    print::line(format_args!("listening on http://{address}"))
}
