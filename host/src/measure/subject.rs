//! The subject: the component that is measured, with what it may reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use instance::{Limits, Runtime};
use keyvalue::{Backend, Grants};

use super::flags::Flags;
use crate::application::{self, Application};
use crate::flags::{LimitFlags, missing};
use crate::manifest::Manifest;

/// A component that is ready to be measured.
pub(super) struct Subject {
    pub(super) runtime: Runtime,
    pub(super) path: PathBuf,
    pub(super) limits: Limits,
}

impl Subject {
    /// Opens the component that `flags` name.
    pub(super) fn open(flags: &Flags) -> Result<Self> {
        let mut limits = flags.limits.clone();
        limits.instances = limits.instances.max(flags.concurrency);
        let (path, runtime) = match &flags.component {
            Some(path) => (path.clone(), bare(path, flags, &limits)?),
            None => of_manifest(flags, &limits)?,
        };
        Ok(Self {
            runtime,
            path,
            limits: limits.limits(),
        })
    }
}

/// A component without a manifest gets one store and no variables.
fn bare(path: &Path, flags: &Flags, limits: &LimitFlags) -> Result<Runtime> {
    let grants = Grants::bare(Backend::find(&flags.store)?);
    Runtime::counting(
        path,
        Arc::new(grants),
        limits.limits(),
        missing(flags.trap_missing),
    )
}

fn of_manifest(flags: &Flags, limits: &LimitFlags) -> Result<(PathBuf, Runtime)> {
    let path = Manifest::read(&flags.manifest)?.component.source;
    let application = application::Flags {
        manifest: flags.manifest.clone(),
        store: Some(flags.store.clone()),
        limits: limits.clone(),
    };
    let application = Application::find_with(&application, |path, grants, limits| {
        Runtime::counting(path, grants, limits, missing(flags.trap_missing))
    })?;
    Ok((path, application.runtime))
}
