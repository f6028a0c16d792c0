//! A core module with its allocator counted.
//!
//! A wrapper takes the place of each function of the allocator, and the function itself moves
//! to the end, so that no call, table or export has to change.

use std::collections::BTreeMap;

use wasm_encoder::{CodeSection, Encode, Module, RawSection};
use wasmparser::{
    BinaryReader, FunctionBody, KnownCustom, Name, NameSectionReader, Parser, Payload, Validator,
    WasmFeatures,
};

use super::wrapper::{Globals, Kind, getter, wrap};
use super::{ALLOCATED, LIVE};

/// What has to be known of a module before it can be changed.
struct Plan {
    /// Functions of the allocator: index, what they do, index of their type, parameters.
    wrapped: Vec<(u32, Kind, u32, u32)>,
    imported: u32,
    functions: u32,
    types: u32,
    globals: u32,
}

/// A function that only dlmalloc has: the sign that blocks have its header.
const SIGN: &str = "dispose_chunk";

/// The module with counters; none if it has no allocator that is known.
pub(super) fn count(module: &[u8]) -> Option<Vec<u8>> {
    let plan = Plan::of(module)?;
    let bodies = bodies(module)?;
    let mut counting = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.ok()?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        let old = &module[range];
        let data = match payload {
            Payload::TypeSection(_) => append(old, 1, &[0x60, 0, 1, 0x7e])?,
            Payload::FunctionSection(_) => append(old, plan.wrapped.len() + 2, &plan.new_types())?,
            Payload::GlobalSection(_) => append(old, 3, &GLOBALS)?,
            Payload::ExportSection(_) => append(old, 2, &plan.new_exports())?,
            Payload::CodeSectionStart { .. } => {
                counting.section(&plan.code(&bodies));
                continue;
            }
            _ => old.to_owned(),
        };
        counting.section(&RawSection { id, data: &data });
    }
    Some(counting.finish())
}

/// Two counters of 64 bits and the depth, all zero.
const GLOBALS: [u8; 15] = [
    0x7e, 1, 0x42, 0, 0x0b, 0x7e, 1, 0x42, 0, 0x0b, 0x7f, 1, 0x41, 0, 0x0b,
];

impl Plan {
    fn of(module: &[u8]) -> Option<Self> {
        let types = Validator::new_with_features(WasmFeatures::all())
            .validate_all(module)
            .ok()?;
        let types = types.as_ref();
        let names = names(module);
        names.values().find(|name| **name == SIGN)?;
        let defined = defined(module)?;
        let imported = types.function_count() - defined.len() as u32;
        let mut wrapped = Vec::new();
        for (&index, name) in &names {
            let (Some(kind), Some(defined_index)) = (Kind::of(name), index.checked_sub(imported))
            else {
                continue;
            };
            let signature = types[types.core_function_at(index)].unwrap_func();
            let parameters = signature.params().len() as u32;
            wrapped.push((index, kind, defined[defined_index as usize], parameters));
        }
        let complete = [Kind::HandsOut, Kind::TakesBack, Kind::Moves];
        let complete = complete
            .iter()
            .all(|kind| wrapped.iter().any(|one| one.1 == *kind));
        complete.then_some(Self {
            wrapped,
            imported,
            functions: types.function_count(),
            types: types.core_type_count_in_module(),
            globals: types.global_count(),
        })
    }

    fn globals(&self) -> Globals {
        Globals {
            live: self.globals,
            allocated: self.globals + 1,
            depth: self.globals + 2,
        }
    }

    /// Types of the functions that come to the end: those of the allocator, two getters.
    fn new_types(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let types = self.wrapped.iter().map(|(_, _, type_index, _)| *type_index);
        for type_index in types.chain([self.types, self.types]) {
            type_index.encode(&mut bytes);
        }
        bytes
    }

    fn new_exports(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let first = self.functions + self.wrapped.len() as u32;
        for (name, index) in [(LIVE, first), (ALLOCATED, first + 1)] {
            name.encode(&mut bytes);
            bytes.push(0);
            index.encode(&mut bytes);
        }
        bytes
    }

    fn code(&self, bodies: &[FunctionBody]) -> CodeSection {
        let mut code = CodeSection::new();
        for (index, body) in (self.imported..).zip(bodies) {
            match self.wrapped.iter().position(|one| one.0 == index) {
                None => code.raw(body.as_bytes()),
                Some(place) => {
                    let (_, kind, _, parameters) = self.wrapped[place];
                    let original = self.functions + place as u32;
                    code.function(&wrap(kind, original, parameters, self.globals()))
                }
            };
        }
        for (index, ..) in &self.wrapped {
            code.raw(bodies[(index - self.imported) as usize].as_bytes());
        }
        let globals = self.globals();
        code.function(&getter(globals.live))
            .function(&getter(globals.allocated));
        code
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

fn bodies(module: &[u8]) -> Option<Vec<FunctionBody<'_>>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.ok()? {
            bodies.push(body);
        }
    }
    Some(bodies)
}

/// A section with `count` more items, which are in `items`.
fn append(section: &[u8], count: usize, items: &[u8]) -> Option<Vec<u8>> {
    let mut reader = BinaryReader::new(section, 0);
    let before = reader.read_var_u32().ok()?;
    let mut appended = Vec::new();
    (before + count as u32).encode(&mut appended);
    appended.extend_from_slice(&section[reader.original_position()..]);
    appended.extend_from_slice(items);
    Some(appended)
}
