//! The functions of all modules by their number: what a frame of the stack is in.
//!
//! wasmtime tells a frame's function and offset at once, but its module only after a longer
//! look. Function numbers overlap between modules, and so do offsets, but hardly ever both.

use std::ops::Range;

use crate::guest::CoreModule;

/// All functions.
#[derive(Default)]
pub(super) struct Functions(Vec<Vec<Owner>>);

/// A function of one module.
#[derive(Debug)]
pub(super) struct Owner {
    /// The number of the module.
    pub(super) module: u32,
    code: Range<u32>,
    /// Whether the linker made it.
    pub(super) is_glue: bool,
    /// Whether it is an allocator that hands out memory.
    pub(super) allocates: bool,
}

impl Functions {
    /// The functions of `modules`, none of which allocates.
    pub(super) fn of(modules: &[CoreModule]) -> Self {
        let mut functions = Self::default();
        for (number, module) in (0..).zip(modules) {
            let count = functions.0.len().max(module.functions.len());
            functions.0.resize_with(count, Vec::new);
            for (owners, function) in functions.0.iter_mut().zip(&module.functions) {
                owners.push(Owner {
                    module: number,
                    code: function.code.clone(),
                    is_glue: module.is_glue,
                    allocates: false,
                });
            }
        }
        functions
    }

    /// Notes that a function hands out memory.
    pub(super) fn allocates(&mut self, module: u32, function: u32) {
        let owners = self.0.get_mut(function as usize);
        for owner in owners.into_iter().flatten() {
            owner.allocates |= owner.module == module;
        }
    }

    /// The function with this number whose code is at `offset`; `module` is asked for the
    /// number of its module if there is more than one.
    pub(super) fn find(
        &self,
        function: u32,
        offset: u32,
        module: impl FnOnce() -> wasmtime::Result<Option<u32>>,
    ) -> wasmtime::Result<Option<&Owner>> {
        let Some(owners) = self.0.get(function as usize) else {
            return Ok(None);
        };
        let at = |owner: &&Owner| owner.code.start <= offset && offset <= owner.code.end;
        let mut found = owners.iter().filter(at);
        let (first, more) = (found.next(), found.next().is_some());
        if !more {
            return Ok(first);
        }
        let module = module()?;
        Ok(owners.iter().find(|owner| Some(owner.module) == module))
    }
}
