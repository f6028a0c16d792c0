//! The application: a manifest, its stores and its variables, put together into a runtime.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use instance::{Imports, Limits, Runtime};
use keyvalue::{Backend, Grants, Location};

use crate::admin_token::{self, AdminToken};
use crate::flags::{LimitFlags, StoreParser};
use crate::manifest::Manifest;
use crate::variables;

/// Which application to run, and within what limits.
#[derive(Clone, Debug, clap::Args)]
pub struct Flags {
    /// The Spin manifest that describes the application
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    pub manifest: PathBuf,

    /// Where its data is: sqlite:PATH, redis://[USER:PASSWORD@]HOST:PORT/DATABASE or memory
    /// [default: Spin's own SQLite file beside the manifest]
    // The environment keeps a password out of the list of processes.
    #[arg(
        long,
        value_name = "STORE",
        env = "MAYFLY_STORE",
        hide_env_values = true,
        value_parser = StoreParser
    )]
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
    /// Opens the application that `flags` name.
    pub fn open(flags: &Flags) -> Result<Self> {
        Self::open_with(flags, Runtime::new)
    }

    /// Like `open`, with a runtime of another kind.
    pub fn open_with(
        flags: &Flags,
        runtime: impl FnOnce(&Path, Arc<dyn Imports>, Limits) -> Result<Runtime>,
    ) -> Result<Self> {
        let manifest = Manifest::read(&flags.manifest)?;
        let mut values = variables::values(&manifest, |name| std::env::var(name).ok())?;
        let admin_token = admin_token::complete(&mut values)?;
        let variables = variables::of_component(&manifest, &values)?;
        let location = flags.store.clone();
        let location = location.unwrap_or_else(|| Location::of_spin(manifest.folder()));
        let stores = manifest.component.key_value_stores.iter();
        let grants = Grants {
            backend: Arc::new(Backend::open(&location)?),
            stores: stores.map(|store| Arc::from(store.as_str())).collect(),
            variables: Arc::new(variables),
        };
        let runtime = runtime(
            &manifest.component.source,
            Arc::new(grants),
            flags.limits.limits(),
        )?;
        Ok(Self {
            runtime,
            admin_token,
        })
    }
}
