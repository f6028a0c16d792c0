//! A component with the allocator of one of its core modules counted.
//!
//! The getters of that module become functions of the component: added at its end, they
//! change no index of what is there.

use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection,
    ComponentExportKind, ComponentExportSection, ComponentTypeSection, ExportKind,
    PrimitiveValType, RawSection,
};
use wasmparser::{Instance, Parser, Payload, Validator, WasmFeatures};

use super::{ALLOCATED, LIVE, module};

/// The component with counters; none if no allocator in it is known.
pub(crate) fn count(component: &[u8]) -> Option<Vec<u8>> {
    let types = Validator::new_with_features(WasmFeatures::all())
        .validate_all(component)
        .ok()?;
    let types = types.as_ref();
    let mut counting = Component::new();
    let (mut depth, mut modules, mut instances) = (0, 0, 0);
    let (mut counted_module, mut counted_instance) = (None, None);
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.ok()?;
        match &payload {
            Payload::End(_) => depth -= 1,
            _ if depth > 0 => {}
            Payload::ModuleSection {
                unchecked_range, ..
            } if counted_module.is_none() => {
                if let Some(module) = module::count(&component[unchecked_range.clone()]) {
                    counted_module = Some(modules);
                    copy(&mut counting, 1, &module);
                } else {
                    copy(&mut counting, 1, &component[unchecked_range.clone()]);
                }
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    copy(&mut counting, id, &component[range]);
                }
            }
        }
        match payload {
            Payload::ModuleSection { .. } => {
                modules += u32::from(depth == 0);
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::InstanceSection(section) if depth == 0 => {
                for instance in section {
                    if let Instance::Instantiate { module_index, .. } = instance.ok()?
                        && Some(module_index) == counted_module
                    {
                        counted_instance = Some(instances);
                    }
                    instances += 1;
                }
            }
            _ => {}
        }
    }
    let functions = types.function_count();
    export(
        &mut counting,
        counted_instance?,
        functions,
        types.component_type_count(),
    );
    let first = types.component_function_count();
    let mut exports = ComponentExportSection::new();
    for (place, name) in (0..).zip([LIVE, ALLOCATED]) {
        exports.export(name, ComponentExportKind::Func, first + place, None);
    }
    counting.section(&exports);
    Some(counting.finish())
}

fn copy(component: &mut Component, id: u8, data: &[u8]) {
    component.section(&RawSection { id, data });
}

/// Makes functions of the component from the getters in `instance`.
fn export(component: &mut Component, instance: u32, core_functions: u32, types: u32) {
    let mut aliases = ComponentAliasSection::new();
    for name in [LIVE, ALLOCATED] {
        aliases.alias(Alias::CoreInstanceExport {
            instance,
            kind: ExportKind::Func,
            name,
        });
    }
    let mut getter = ComponentTypeSection::new();
    let no_parameters: [(&str, PrimitiveValType); 0] = [];
    getter
        .function()
        .params(no_parameters)
        .result(Some(PrimitiveValType::S64.into()));
    let mut lifts = CanonicalFunctionSection::new();
    for place in 0..2 {
        let no_options: [CanonicalOption; 0] = [];
        lifts.lift(core_functions + place, types, no_options);
    }
    component.section(&aliases).section(&getter).section(&lifts);
}
