//! What an instance may import: `wasi:http/types`, input and output, clocks, random numbers,
//! an empty environment without files, key-value stores and variables. No more.

use hyper::{Request, Response};
use wasmtime::Engine;
use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::{cli, filesystem, random};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi_http::p2::bindings::http;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttp, WasiHttpHooks, WasiHttpView};

use super::instance::Instance;
use crate::bindings::fermyon::spin::variables;
use crate::bindings::wasi::keyvalue::{batch, store};
use crate::keyvalue::KeyValue;
use crate::variables::Variables;

/// A linker with all that is offered.
pub(super) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Instance>> {
    let mut linker = Linker::new(engine);
    add_wasi(&mut linker)?;
    let options = http::types::LinkOptions::default();
    http::types::add_to_linker::<_, WasiHttp>(&mut linker, &options, Instance::http)?;
    store::add_to_linker::<_, KeyValue>(&mut linker, Instance::keyvalue)?;
    batch::add_to_linker::<_, KeyValue>(&mut linker, Instance::keyvalue)?;
    variables::add_to_linker::<_, Variables>(&mut linker, Instance::variables)?;
    Ok(linker)
}

/// Refuses outgoing requests. No import leads here; the trait wants an answer all the same.
pub(super) struct NoOutgoing;

impl WasiHttpHooks for NoOutgoing {
    fn send_request(
        &mut self,
        _: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Outgoing, Error>> + Send> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}

type Outgoing = (
    Response<WasiBody>,
    Box<dyn Future<Output = Result<(), Error>> + Send>,
);

/// WASI as the standard libraries of guest languages need it. There is no outgoing HTTP, no
/// socket and no file; the interfaces of the file system are there because they are linked
/// into every component, but there is no folder to start from.
fn add_wasi(linker: &mut Linker<Instance>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(linker)?;
    filesystem::types::add_to_linker::<_, WasiFilesystem>(linker, Instance::filesystem)?;
    filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, Instance::filesystem)?;
    random::insecure::add_to_linker::<_, WasiRandom>(linker, Instance::random)?;
    random::insecure_seed::add_to_linker::<_, WasiRandom>(linker, Instance::random)?;
    cli::environment::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::exit::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::terminal_input::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::terminal_output::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::terminal_stdin::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::terminal_stdout::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    cli::terminal_stderr::add_to_linker::<_, WasiCli>(linker, Instance::cli)?;
    Ok(())
}
