//! A component with the allocator of one of its core modules counted.
//!
//! The getters of that module become functions of the component: added at its end, they
//! change no index of what is there.

use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, ReencodeComponent};
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection,
    ComponentExportKind, ComponentExportSection, ComponentSectionId, ComponentTypeSection,
    ExportKind, InstanceSection, PrimitiveValType, RawSection,
};
use wasmparser::{Instance, Parser, Validator, WasmFeatures};

use super::{ALLOCATED, LIVE, module};

/// The component with counters; none if no allocator in it is known.
pub(crate) fn count(component: &[u8]) -> Option<Vec<u8>> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let types = validator.validate_all(component).ok()?;
    let types = types.as_ref();
    let (mut rewriter, mut counting) = (Rewriter::default(), Component::new());
    rewriter
        .parse_component(&mut counting, Parser::new(0), component)
        .ok()?;
    let instance = rewriter.counted_instance?;
    let (functions, new_type) = (types.function_count(), types.component_type_count());
    lift(&mut counting, instance, functions, new_type);
    let first = types.component_function_count();
    let mut exports = ComponentExportSection::new();
    for (place, name) in (0..).zip([LIVE, ALLOCATED]) {
        exports.export(name, ComponentExportKind::Func, first + place, None);
    }
    counting.section(&exports);
    let counting = counting.finish();
    // Pages can be measured of any component: what cannot be counted is no reason to fail.
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    match validator.validate_all(&counting) {
        Ok(_) => Some(counting),
        Err(error) => {
            tracing::warn!("only pages are measured, the allocator cannot be counted: {error}");
            None
        }
    }
}

/// Copies a component and counts the first module in it whose allocator is known.
#[derive(Default)]
struct Rewriter {
    modules: u32,
    instances: u32,
    counted_module: Option<u32>,
    counted_instance: Option<u32>,
}

type Done = Result<(), reencode::Error<Infallible>>;

impl Reencode for Rewriter {
    type Error = Infallible;
}

impl ReencodeComponent for Rewriter {
    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _: Parser,
        module: &[u8],
    ) -> Done {
        let counted = match self.counted_module {
            None => module::count(module),
            Some(_) => None,
        };
        if counted.is_some() {
            self.counted_module = Some(self.modules);
        }
        self.modules += 1;
        let data = counted.as_deref().unwrap_or(module);
        let id = ComponentSectionId::CoreModule.into();
        component.section(&RawSection { id, data });
        Ok(())
    }

    /// What is in there has indices of its own.
    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        _: Parser,
        data: &[u8],
        _: &[u8],
    ) -> Done {
        let id = ComponentSectionId::Component.into();
        component.section(&RawSection { id, data });
        Ok(())
    }

    fn parse_instance(&mut self, instances: &mut InstanceSection, instance: Instance<'_>) -> Done {
        if let Instance::Instantiate { module_index, .. } = &instance
            && Some(*module_index) == self.counted_module
        {
            self.counted_instance = Some(self.instances);
        }
        self.instances += 1;
        reencode::component_utils::parse_instance(self, instances, instance)
    }
}

/// Makes functions of the component from the getters in `instance`.
fn lift(component: &mut Component, instance: u32, core_functions: u32, types: u32) {
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
