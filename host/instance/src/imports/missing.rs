//! Missing imports: what a component wants and the host does not offer.

use anyhow::{Result, bail};
use wasmtime::component::{Component, InstancePre, Linker, LinkerInstance, ResourceType, types};

use crate::instance::Instance;

/// What to do about missing imports.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Missing {
    /// The component is not run.
    #[default]
    Refuse,
    /// The component runs until it calls one of them. An interface of which only a part is
    /// offered is missing as a whole.
    Trap,
}

impl Missing {
    /// As the flag `--trap-missing` says.
    pub fn of_flag(trap_missing: bool) -> Self {
        match trap_missing {
            false => Self::Refuse,
            true => Self::Trap,
        }
    }
}

/// Links `component`; what is missing is named, or traps when it is called.
pub(crate) fn link(
    mut linker: Linker<Instance>,
    component: &Component,
    missing: Missing,
) -> Result<InstancePre<Instance>> {
    linker.allow_shadowing(true);
    let mut named: Vec<String> = Vec::new();
    loop {
        let error = match linker.instantiate_pre(component) {
            Ok(pre) if named.is_empty() || missing == Missing::Trap => return Ok(pre),
            Ok(_) => bail!(
                "the component imports what this host does not offer: {}; build it without, or let it run until it calls one with --trap-missing, as measure and profile can",
                named.join(", ")
            ),
            Err(error) => error,
        };
        // The error names one import, in quotes; the next one shows when that has been replaced.
        let told = error.to_string();
        let names = names(component);
        let name = names
            .into_iter()
            .find(|name| told.contains(&format!("`{name}`")) && !named.contains(name));
        match name {
            Some(name) => {
                replace(&mut linker, component, &name)?;
                named.push(name);
            }
            None => return Err(error.into()),
        }
    }
}

fn names(component: &Component) -> Vec<String> {
    let ty = component.component_type();
    let imports = ty.imports(component.engine());
    imports.map(|(name, _)| name.to_owned()).collect()
}

/// Puts traps in the place of the import `missing`.
fn replace(
    linker: &mut Linker<Instance>,
    component: &Component,
    missing: &str,
) -> wasmtime::Result<()> {
    let engine = component.engine();
    let ty = component.component_type();
    // Resources that an earlier import defines are only referred to.
    let mut known: Vec<ResourceType> = Vec::new();
    for (name, import) in ty.imports(engine) {
        let types::ComponentItem::ComponentInstance(interface) = import.ty else {
            if name == missing {
                trap(&mut linker.root(), missing, name, &import.ty)?;
            }
            continue;
        };
        for (item, export) in interface.exports(engine) {
            if let types::ComponentItem::Resource(resource) = export.ty {
                if known.contains(&resource) {
                    continue;
                }
                known.push(resource);
            }
            if name == missing {
                trap(&mut linker.instance(missing)?, missing, item, &export.ty)?;
            }
        }
    }
    Ok(())
}

/// Defines `item` as something that is there and cannot be used.
fn trap(
    linker: &mut LinkerInstance<Instance>,
    interface: &str,
    item: &str,
    ty: &types::ComponentItem,
) -> wasmtime::Result<()> {
    let called = format!("the component called {interface}#{item}, which this host does not offer");
    match ty {
        types::ComponentItem::ComponentFunc(function) if function.async_() => linker
            .func_new_concurrent(item, move |_, _, _, _| {
                let called = called.clone();
                Box::pin(async move { Err(wasmtime::Error::msg(called)) })
            }),
        types::ComponentItem::ComponentFunc(_) => linker.func_new(item, move |_, _, _, _| {
            Err(wasmtime::Error::msg(called.clone()))
        }),
        types::ComponentItem::Resource(_) => {
            linker.resource(item, ResourceType::host::<()>(), |_, _| Ok(()))
        }
        _ => Ok(()),
    }
}
