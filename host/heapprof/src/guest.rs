//! The guest's code: the core modules of a component and their functions, as the binary
//! tells them.

use std::ops::Range;

use anyhow::{Context, Result};
use wasmparser::{
    BinaryReader, CompositeInnerType, FunctionBody, KnownCustom, Name, NameSectionReader, Parser,
    Payload, ProducersSectionReader, TypeRef,
};

/// A core module.
pub(super) struct CoreModule {
    /// As wasmtime knows it.
    pub(super) handle: wasmtime::Module,
    /// What the name section or the linker calls it.
    pub(super) name: Option<String>,
    /// Tells this binary from every other.
    pub(super) build_id: String,
    /// Whether the linker made it to connect other modules.
    pub(super) is_glue: bool,
    /// How many functions it imports; they are numbered before its own.
    pub(super) imported: u32,
    /// Functions that it defines.
    pub(super) functions: Vec<Function>,
}

/// A function that a module defines.
pub(super) struct Function {
    /// Its name in the name section; a number where there is none.
    pub(super) name: String,
    /// How many parameters it has.
    pub(super) parameters: u32,
    /// Where its code is in the module's bytes.
    pub(super) code: Range<u32>,
}

/// Who makes modules to connect others, and how it names them.
const LINKER: &str = "wit-component";

#[derive(Default)]
struct Parts {
    name: Option<String>,
    build_id: Option<String>,
    /// Languages and tools that had a part in it.
    producers: Vec<String>,
    names: Vec<(u32, String)>,
    parameters_of_type: Vec<u32>,
    types: Vec<u32>,
    imported: u32,
    bodies: Vec<Range<u32>>,
}

impl CoreModule {
    /// Reads the module that wasmtime holds.
    pub(super) fn read(handle: &wasmtime::Module) -> Result<Self> {
        let bytes = bytes_of(handle)?;
        let mut parts = Parts::default();
        for payload in Parser::new(0).parse_all(bytes) {
            parts.add(payload?)?;
        }
        let hash = || format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes));
        Ok(Self {
            handle: handle.clone(),
            build_id: parts.build_id.take().unwrap_or_else(hash),
            is_glue: parts.is_glue(),
            name: parts.name.take(),
            imported: parts.imported,
            functions: parts.functions(),
        })
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.handle.debug_bytecode().unwrap_or_default()
    }

    /// The body of a function.
    pub(super) fn body(&self, function: &Function) -> FunctionBody<'_> {
        let (start, end) = (function.code.start as usize, function.code.end as usize);
        FunctionBody::new(BinaryReader::new(&self.bytes()[start..end], start))
    }
}

fn bytes_of(handle: &wasmtime::Module) -> Result<&[u8]> {
    let bytes = handle.debug_bytecode();
    bytes.context("the engine kept no bytes of a module: it was not made for observation")
}

impl Parts {
    fn add(&mut self, payload: Payload) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    let types = group?.into_types();
                    self.parameters_of_type
                        .extend(types.map(|ty| match ty.composite_type.inner {
                            CompositeInnerType::Func(function) => function.params().len() as u32,
                            _ => 0,
                        }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => {
                self.types = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                self.bodies.push(range.start as u32..range.end as u32);
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => self.add_names(names)?,
                KnownCustom::Producers(producers) => self.add_producers(producers)?,
                _ if section.name() == "build_id" => {
                    self.build_id =
                        Some(section.data().iter().map(|b| format!("{b:02x}")).collect());
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn add_names(&mut self, names: NameSectionReader) -> Result<()> {
        for part in names {
            match part? {
                Name::Module { name, .. } => self.name = Some(name.to_owned()),
                Name::Function(functions) => {
                    for naming in functions {
                        let naming = naming?;
                        self.names.push((naming.index, naming.name.to_owned()));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_producers(&mut self, producers: ProducersSectionReader) -> Result<()> {
        for field in producers {
            for value in field?.values {
                self.producers.push(value?.name.to_owned());
            }
        }
        Ok(())
    }

    fn is_glue(&self) -> bool {
        let named = self.name.as_deref();
        named.is_some_and(|name| name.starts_with(LINKER)) || self.producers == [LINKER]
    }

    fn functions(self) -> Vec<Function> {
        let Self {
            names,
            parameters_of_type,
            types,
            imported,
            bodies,
            ..
        } = self;
        let bodies = bodies.into_iter().zip(types);
        let mut functions: Vec<_> = bodies
            .enumerate()
            .map(|(number, (code, ty))| Function {
                name: format!("function {}", imported + number as u32),
                parameters: parameters_of_type.get(ty as usize).copied().unwrap_or(0),
                code,
            })
            .collect();
        for (index, name) in names {
            let defined = index.checked_sub(imported);
            if let Some(function) = defined.and_then(|number| functions.get_mut(number as usize)) {
                function.name = name;
            }
        }
        functions
    }
}
