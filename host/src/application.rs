//! The application: a component, its stores and its variables, put together into a runtime. A
//! manifest names them, or a component is taken as it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use client::BlogClient;
use client::admin_token::{self, AdminToken};
use instance::{Imports, Limits, Runtime};
use keyvalue::{Backend, Grants, Location, Variables};

use crate::flags::{LimitFlags, StoreParser};
use crate::in_process::InProcess;
use crate::manifest::Manifest;
use crate::variables::{self, Values};

/// Which application to run, and within what limits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Application")]
pub struct Flags {
    /// The Spin manifest that describes the application
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    pub manifest: PathBuf,

    /// Where its data is: sqlite:PATH, redis://[USER:PASSWORD@]HOST:PORT/DATABASE or memory
    /// [default: what MAYFLY_STORE names, else Spin's own SQLite file beside the manifest]
    #[arg(long, value_name = "STORE", value_parser = StoreParser)]
    pub store: Option<Location>,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub limits: LimitFlags,
}

/// An application that is ready for requests.
pub struct Application {
    /// Runs its component.
    pub runtime: Runtime,
    /// What its administrator must show; none if it knows no such variable.
    pub admin_token: Option<AdminToken>,
}

impl Application {
    /// Opens the application that `flags` name; a store that is not there is made.
    pub fn open(flags: &Flags) -> Result<Self> {
        Self::assemble(flags, Backend::open, Runtime::new)
    }

    /// Opens the application that `flags` name over the store that it has; none is made.
    pub fn find(flags: &Flags) -> Result<Self> {
        Self::assemble(flags, Backend::find, Runtime::new)
    }

    /// Opens the application that `flags` name over its store, or over one in memory where that
    /// is not there.
    pub fn look(flags: &Flags) -> Result<Self> {
        Self::assemble(flags, Backend::look, Runtime::new)
    }

    /// Like `find`, with a runtime of another kind.
    pub fn find_with(
        flags: &Flags,
        runtime: impl FnOnce(&Path, Arc<dyn Imports>, Limits) -> Result<Runtime>,
    ) -> Result<Self> {
        Self::assemble(flags, Backend::find, runtime)
    }

    /// Opens the component in the file `path` over the store and within the limits of `flags`, with
    /// the variables that the environment sets. If it `is_blog`, it gets an admin token.
    pub fn of_component(path: &Path, flags: &Flags, is_blog: bool) -> Result<Self> {
        let mut values = variables::of_environment(std::env::vars_os())?;
        if is_blog {
            admin_token::declare(&mut values);
        }
        let admin_token = admin_token::complete(&mut values)?;
        let location = store_of(flags.store.as_ref(), || {
            tracing::info!(
                "what the component stores is gone at the end: --store names a place that lasts"
            );
            Location::Memory
        })?;
        let grants = Grants {
            variables: Arc::new(Variables(values)),
            ..Grants::bare(Backend::open(&location)?)
        };
        Ok(Self {
            runtime: Runtime::new(path, Arc::new(grants), flags.limits.limits())?,
            admin_token,
        })
    }

    /// The client of the blog that the component is, in this process.
    ///
    /// # Errors
    ///
    /// The manifest gives the component no admin token.
    pub fn client(&self) -> Result<BlogClient> {
        let token = self.admin_token.as_ref().context(
            "the manifest has no variable admin_token: declare it and give it to the component",
        )?;
        let transport = InProcess(self.runtime.clone());
        Ok(BlogClient::new(transport, token.secret().to_owned()))
    }

    fn assemble(
        flags: &Flags,
        backend: fn(&Location) -> Result<Backend>,
        runtime: impl FnOnce(&Path, Arc<dyn Imports>, Limits) -> Result<Runtime>,
    ) -> Result<Self> {
        let manifest = Manifest::read(&flags.manifest)?;
        let source = &manifest.component.source;
        std::fs::metadata(source).with_context(|| {
            let (source, manifest) = (source.display(), manifest.path.display());
            format!("cannot read the component {source}: build it first, or correct `source` in {manifest}")
        })?;
        let mut values = variables::values(&manifest, |name| std::env::var(name).ok())?;
        let admin_token = admin_token::complete(&mut values)?;
        let grants = grants(&manifest, &values, flags.store.as_ref(), backend)?;
        Ok(Self {
            runtime: runtime(source, Arc::new(grants), flags.limits.limits())?,
            admin_token,
        })
    }
}

/// What the manifest grants, with the application's `values` for variables.
pub(crate) fn grants(
    manifest: &Manifest,
    values: &Values,
    store: Option<&Location>,
    backend: fn(&Location) -> Result<Backend>,
) -> Result<Grants> {
    let stores = manifest.component.key_value_stores.iter();
    let location = store_of(store, || Location::of_spin(manifest.folder()))?;
    Ok(Grants {
        variables: Arc::new(variables::of_component(manifest, values)?),
        backend: Arc::new(backend(&location)?),
        stores: stores.map(|store| Arc::from(store.as_str())).collect(),
    })
}

/// The store that a user means: the one of the flag, or of MAYFLY_STORE, or `other`. The variable keeps a password
/// out of the list of processes; clap does not read it, for it takes what stands in a variable
/// for something that was typed, which commands that need no store would have to refuse.
fn store_of(flag: Option<&Location>, other: impl FnOnce() -> Location) -> Result<Location> {
    if let Some(location) = flag {
        return Ok(location.clone());
    }
    match std::env::var("MAYFLY_STORE") {
        Ok(named) if !named.is_empty() => named.parse().context("MAYFLY_STORE"),
        _ => Ok(other()),
    }
}
