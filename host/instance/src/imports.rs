//! What an instance may import: HTTP's types, input and output, clocks, random numbers, an empty
//! environment without files, and what the host adds to that. No more, in any command.
//!
//! Of WASI, what is offered depends on the world of the component alone, so what can be measured
//! can be served.

mod missing;

use std::any::Any;
use std::fmt;

use wasmtime::Engine;
use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::{cli, filesystem, random};
use wasmtime_wasi::p3;
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi_http::{WasiHttp, WasiHttpView};
use wasmtime_wasi_http::{p2 as http_02, p3 as http_03};

use super::instance::Instance;
use super::world::World;
use super::{Access, Limits};
pub use missing::Missing;
pub(super) use missing::link;

/// What a host offers to a component beside WASI.
pub trait Imports: fmt::Debug + Send + Sync {
    /// Adds it to the linker of all instances.
    fn link(&self, linker: &mut Linker<Instance>) -> wasmtime::Result<()>;

    /// The state of it in one instance, which is dropped with the instance. What is linked finds
    /// it by [`Instance::extension`]. What it makes this process hold stays within `limits`, too.
    fn session(&self, access: Access, limits: &Limits) -> Box<dyn Any + Send>;
}

/// A linker with all of WASI that is offered to a component of `world`.
pub(super) fn linker(engine: &Engine, world: World) -> wasmtime::Result<Linker<Instance>> {
    let mut linker = Linker::new(engine);
    // A component of the newer world has parts of the older one too: the standard libraries of
    // its language.
    add_wasi_02(&mut linker)?;
    if world == World::V03 {
        add_wasi_03(&mut linker)?;
    }
    Ok(linker)
}

/// WASI as the standard libraries of guest languages need it. There is no outgoing HTTP, no
/// socket and no file; the interfaces of the file system are there because they are linked
/// into every component, but there is no folder to start from.
fn add_wasi_02(linker: &mut Linker<Instance>) -> wasmtime::Result<()> {
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
    let types = http_02::bindings::http::types::LinkOptions::default();
    http_02::bindings::http::types::add_to_linker::<_, WasiHttp>(linker, &types, Instance::http)
}

/// The same of the newer world.
fn add_wasi_03(linker: &mut Linker<Instance>) -> wasmtime::Result<()> {
    p3::cli::add_to_linker(linker)?;
    p3::clocks::add_to_linker(linker)?;
    p3::random::add_to_linker(linker)?;
    p3::filesystem::add_to_linker(linker)?;
    http_03::bindings::http::types::add_to_linker::<_, WasiHttp>(linker, Instance::http)
}
