//! What a component is granted beside WASI, and how it is linked.

use std::any::Any;
use std::sync::Arc;

use instance::{Access, Imports, Instance, Limits};
use wasmtime::component::Linker;

use crate::Backend;
use crate::bindings::draft::wasi::keyvalue as draft;
use crate::bindings::fermyon::spin::{key_value, variables};
use crate::bindings::wasi::config;
use crate::bindings::wasi::keyvalue::{batch, store};
use crate::interface::{KeyValue, Session, view};
use crate::variables::Variables;

/// Stores and variables that a component may reach.
#[derive(Clone, Debug)]
pub struct Grants {
    /// Where the stores are.
    pub backend: Arc<Backend>,
    /// Names of the stores that it may open.
    pub stores: Arc<[Arc<str>]>,
    /// Its variables.
    pub variables: Arc<Variables>,
}

impl Grants {
    /// What a component without a manifest gets: one store, and no variables.
    pub fn bare(backend: Backend) -> Self {
        Self {
            backend: Arc::new(backend),
            stores: Arc::new(["default".into()]),
            variables: Arc::default(),
        }
    }
}

impl Imports for Grants {
    fn link(&self, linker: &mut Linker<Instance>) -> wasmtime::Result<()> {
        store::add_to_linker::<_, KeyValue>(linker, view)?;
        batch::add_to_linker::<_, KeyValue>(linker, view)?;
        draft::store::add_to_linker::<_, KeyValue>(linker, view)?;
        draft::batch::add_to_linker::<_, KeyValue>(linker, view)?;
        key_value::add_to_linker::<_, KeyValue>(linker, view)?;
        variables::add_to_linker::<_, Variables>(linker, variables_of)?;
        config::store::add_to_linker::<_, Variables>(linker, variables_of)
    }

    fn session(&self, access: Access, limits: &Limits) -> Box<dyn Any + Send> {
        Box::new(Session {
            grants: self.clone(),
            access,
            read_limit_bytes: limits.memory_bytes,
        })
    }
}

fn variables_of(instance: &mut Instance) -> &Variables {
    &instance.extension::<Session>().session.grants.variables
}
