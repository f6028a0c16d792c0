//! Missing imports: what a component wants and the host does not offer.

use anyhow::Result;
use wasmtime::component::{Component, InstancePre, Linker, LinkerInstance, ResourceType, types};

use crate::StartError;
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

/// Links `component`; what is missing is named, or traps when it is called.
pub(crate) fn link(
    mut linker: Linker<Instance>,
    component: &Component,
    missing: Missing,
) -> Result<InstancePre<Instance>> {
    if linker.substituted_component_type(component).is_ok() {
        return Ok(linker.instantiate_pre(component)?);
    }
    linker.allow_shadowing(true);
    let names = find(&mut linker, component)?;
    match missing {
        Missing::Refuse => Err(StartError::MissingImports(names).into()),
        Missing::Trap => Ok(linker.instantiate_pre(component)?),
    }
}

/// Names the imports that `linker` lacks, and puts traps in their places.
fn find(linker: &mut Linker<Instance>, component: &Component) -> Result<Vec<String>> {
    let ty = component.component_type();
    let imports = ty.imports(component.engine());
    let imports: Vec<String> = imports.map(|(name, _)| name.to_owned()).collect();
    let mut missing = Vec::new();
    for (index, import) in imports.iter().enumerate() {
        // A linker cannot be asked for one import. With traps for all that come after it, what
        // does not fit is this one: those before it do.
        let mut only = linker.clone();
        for later in &imports[index + 1..] {
            replace(&mut only, component, later)?;
        }
        if only.substituted_component_type(component).is_err() {
            replace(linker, component, import)?;
            missing.push(import.clone());
        }
    }
    Ok(missing)
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
        types::ComponentItem::Component(_) | types::ComponentItem::Module(_) => {
            wasmtime::bail!(
                "the component imports {interface}, and no host offers code as an import"
            )
        }
        types::ComponentItem::Type(_) if interface == item => {
            wasmtime::bail!(
                "the component imports the type {interface}, which this host does not offer"
            )
        }
        _ => Ok(()),
    }
}
