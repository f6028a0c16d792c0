//! A core module with its allocator counted.
//!
//! A wrapper takes the place of each function of the allocator, and the function itself moves
//! to the end, so that no call, table or export has to change.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType,
    Module, TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, ExportSectionReader, FunctionSectionReader, GlobalSectionReader,
    KnownCustom, Name, NameSectionReader, Parser, Payload, TypeSectionReader, Validator,
    WasmFeatures,
};

use super::wrapper::{Globals, Role, getter, wrap};
use super::{ALLOCATED, LIVE};

/// A module's functions of the allocator, and where what is new gets its indices.
struct Allocator {
    /// By index.
    functions: BTreeMap<u32, Wrapped>,
    imported: u32,
    first_new_function: u32,
    new_type: u32,
    globals: Globals,
}

/// A function that is wrapped.
struct Wrapped {
    role: Role,
    type_index: u32,
    parameters: u32,
}

/// A function that only dlmalloc has: the sign that blocks have its header.
const SIGN: &str = "dispose_chunk";

/// The module with counters; none if it has no allocator that is known.
pub(super) fn count(module: &[u8]) -> Option<Vec<u8>> {
    let mut counting = Module::new();
    let copied = Allocator::find(module)?.parse_core_module(&mut counting, Parser::new(0), module);
    copied.ok()?;
    Some(counting.finish())
}

impl Allocator {
    fn find(module: &[u8]) -> Option<Self> {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let types = validator.validate_all(module).ok()?;
        let types = types.as_ref();
        let names = names(module);
        names.values().find(|name| **name == SIGN)?;
        let defined = defined(module)?;
        let imported = types.function_count() - defined.len() as u32;
        let mut functions = BTreeMap::new();
        for (&index, name) in &names {
            let (Some(role), Some(place)) = (Role::of(name), index.checked_sub(imported)) else {
                continue;
            };
            let signature = types[types.core_function_at(index)].unwrap_func();
            // One that cannot be counted makes the counts of all others wrong.
            if !role.fits(signature) {
                return None;
            }
            let wrapped = Wrapped {
                role,
                type_index: defined[place as usize],
                parameters: signature.params().len() as u32,
            };
            functions.insert(index, wrapped);
        }
        let has = |role| functions.values().any(|wrapped| wrapped.role == role);
        let complete = has(Role::HandsOut) && has(Role::TakesBack) && has(Role::Moves);
        complete.then(|| Self {
            functions,
            imported,
            first_new_function: types.function_count(),
            new_type: types.core_type_count_in_module(),
            globals: Globals::from(types.global_count()),
        })
    }
}

type Done = Result<(), reencode::Error<Infallible>>;

impl Reencode for Allocator {
    type Error = Infallible;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Done {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], [ValType::I64]);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Done {
        utils::parse_function_section(self, functions, section)?;
        for wrapped in self.functions.values() {
            functions.function(wrapped.type_index);
        }
        functions.function(self.new_type).function(self.new_type);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Done {
        utils::parse_global_section(self, globals, section)?;
        let zero_i64 = ConstExpr::i64_const(0);
        globals.global(variable(ValType::I64), &zero_i64);
        globals.global(variable(ValType::I64), &zero_i64);
        globals.global(variable(ValType::I32), &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Done {
        utils::parse_export_section(self, exports, section)?;
        let getters = self.first_new_function + self.functions.len() as u32;
        exports.export(LIVE, ExportKind::Func, getters);
        exports.export(ALLOCATED, ExportKind::Func, getters + 1);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Done {
        let mut moved = Vec::new();
        for (index, body) in (self.imported..).zip(section) {
            let body = body?;
            let Some(wrapped) = self.functions.get(&index) else {
                code.raw(body.as_bytes());
                continue;
            };
            let original = self.first_new_function + moved.len() as u32;
            let wrapper = wrap(wrapped.role, original, wrapped.parameters, self.globals);
            code.function(&wrapper);
            moved.push(body);
        }
        for body in moved {
            code.raw(body.as_bytes());
        }
        code.function(&getter(self.globals.live))
            .function(&getter(self.globals.allocated));
        Ok(())
    }
}

fn variable(val_type: ValType) -> GlobalType {
    GlobalType {
        val_type,
        mutable: true,
        shared: false,
    }
}

/// Names of functions by index.
fn names(module: &[u8]) -> BTreeMap<u32, &str> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module).flatten() {
        let Payload::CustomSection(section) = payload else {
            continue;
        };
        if let KnownCustom::Name(section) = section.as_known() {
            names.extend(function_names(section));
        }
    }
    names
}

fn function_names(section: NameSectionReader<'_>) -> impl Iterator<Item = (u32, &str)> {
    let functions = section
        .into_iter()
        .flatten()
        .filter_map(|names| match names {
            Name::Function(functions) => Some(functions),
            _ => None,
        });
    let functions = functions.flat_map(|functions| functions.into_iter().flatten());
    functions.map(|naming| (naming.index, naming.name))
}

/// The types of the module's own functions.
fn defined(module: &[u8]) -> Option<Vec<u32>> {
    let mut payloads = Parser::new(0).parse_all(module).flatten();
    payloads.find_map(|payload| match payload {
        Payload::FunctionSection(types) => types.into_iter().collect::<Result<_, _>>().ok(),
        _ => None,
    })
}
