//! What is watched: the modules of a component, the allocators found in them, and the
//! points at which to stop.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use wasmtime::component::Component;
use wasmtime::{FrameHandle, ModulePC, Store, StoreContextMut};

use super::functions::{Functions, Owner};
use crate::allocators::{self, Allocator, Effect};
use crate::callers::called_by_others;
use crate::guest::CoreModule;
use crate::points::{self, Point};
use crate::stacks::Frame;
use crate::symbols::plain;
use rustc_hash::FxHashMap as HashMap;

/// A component's modules, its allocators and their points.
pub(crate) struct Watched {
    component: Component,
    modules: Vec<CoreModule>,
    /// Numbers in `modules` by wasmtime's number of a module.
    numbers: HashMap<u64, u32>,
    functions: Functions,
    allocators: Vec<Found>,
    points: HashMap<(u32, u32), (usize, Point)>,
}

/// An allocator function.
pub(crate) struct Found {
    pub(crate) module: u32,
    pub(crate) name: String,
    pub(crate) effect: Effect,
    /// Whether its parameters are read at its entry, because it writes to them.
    pub(super) enters: bool,
}

impl Watched {
    /// Finds the allocators of `component` by name, `added` names first.
    pub(crate) fn new(component: &Component, added: &[Allocator]) -> Result<Self> {
        // A store that is thrown away: only a store lists the modules of a component.
        let mut store = Store::new(component.engine(), ());
        store.debug_register_component(component)?;
        let modules = store.debug_all_modules();
        let mut modules: Vec<_> = modules
            .iter()
            .map(CoreModule::read)
            .collect::<Result<_>>()?;
        modules.sort_by_key(|module| module.handle.debug_index_in_engine());
        let numbers = modules.iter().enumerate();
        let mut watched = Self {
            component: component.clone(),
            numbers: numbers
                .map(|(number, module)| (module.handle.debug_index_in_engine(), number as u32))
                .collect(),
            functions: Functions::of(&modules),
            modules,
            allocators: Vec::new(),
            points: HashMap::default(),
        };
        watched.find(added)?;
        if watched
            .allocators
            .iter()
            .all(|found| found.effect.acquires.is_none())
        {
            bail!("{}", watched.nothing_found());
        }
        Ok(watched)
    }

    pub(crate) fn modules(&self) -> &[CoreModule] {
        &self.modules
    }

    pub(crate) fn allocators(&self) -> &[Found] {
        &self.allocators
    }

    pub(super) fn set_breakpoints<T: 'static>(&self, store: &mut Store<T>) -> wasmtime::Result<()> {
        store.debug_register_component(&self.component)?;
        let mut edit = store
            .edit_breakpoints()
            .expect("the engine is made for observation");
        for (module, offset) in self.points.keys() {
            edit.add_breakpoint(
                &self.modules[*module as usize].handle,
                ModulePC::new(*offset),
            )?;
        }
        Ok(())
    }

    pub(super) fn point(&self, frame: Frame) -> Option<(usize, &Point)> {
        let found = self.points.get(&(frame.module, frame.offset));
        found.map(|(allocator, point)| (*allocator, point))
    }

    /// Where `frame` is, unless it is in code that no module has.
    pub(super) fn frame<T: 'static>(
        &self,
        frame: &FrameHandle,
        store: &mut StoreContextMut<T>,
    ) -> wasmtime::Result<Option<(Frame, &Owner)>> {
        let Some((function, offset)) = frame.wasm_function_index_and_pc(&mut *store)? else {
            return Ok(None);
        };
        let (function, offset) = (function.as_u32(), offset.raw());
        let owner = self.functions.find(function, offset, || {
            let module = frame.module(&mut *store)?;
            let number = module.map(|module| module.debug_index_in_engine());
            Ok(number.and_then(|number| self.numbers.get(&number).copied()))
        })?;
        let place = |owner: &Owner| Frame {
            module: owner.module,
            function,
            offset,
        };
        Ok(owner.map(|owner| (place(owner), owner)))
    }

    /// Collects the stack of the allocator's call into `frames`, innermost first; false if
    /// another allocator called it, whose own call is the one that counts.
    pub(super) fn walk_call<T: 'static>(
        &self,
        store: &mut StoreContextMut<T>,
        frames: &mut Vec<Frame>,
    ) -> wasmtime::Result<bool> {
        self.walk(store, frames, |owner| !owner.allocates)
    }

    /// Collects the stack into `frames`, innermost first, as far as the callers are `wanted`;
    /// says whether that is all of it. It goes on through calls of the host: an argument that
    /// the host puts into the guest's memory was asked for by the guest.
    pub(super) fn walk<T: 'static>(
        &self,
        store: &mut StoreContextMut<T>,
        frames: &mut Vec<Frame>,
        wanted: impl Fn(&Owner) -> bool,
    ) -> wasmtime::Result<bool> {
        frames.clear();
        let mut depth = 0;
        let activations: Vec<_> = store.debug_exit_frames().collect();
        for innermost in activations {
            let mut next = Some(innermost);
            while let Some(frame) = next {
                if let Some((mut place, owner)) = self.frame(&frame, store)? {
                    if depth > 0 && !wanted(owner) {
                        return Ok(false);
                    }
                    // A caller is at the instruction after its call; one byte back is in it.
                    place.offset -= u32::from(depth > 0);
                    if !owner.is_glue {
                        frames.push(place);
                    }
                }
                depth += 1;
                next = frame.parent(&mut *store)?;
            }
        }
        Ok(true)
    }

    fn find(&mut self, added: &[Allocator]) -> Result<()> {
        for (number, module) in (0..).zip(&self.modules) {
            let effects = effects(module, added);
            let called = called_by_others(module, &effects.keys().copied().collect())?;
            for (index, effect) in effects {
                if !called.contains(&index) {
                    continue;
                }
                let function = &module.functions[index as usize];
                let allocator = self.allocators.len();
                let points = points::points(module, function, &effect)?;
                self.allocators.push(Found {
                    module: number,
                    name: function.name.clone(),
                    effect,
                    enters: points.iter().any(|(_, point)| *point == Point::Entry),
                });
                for (offset, point) in points {
                    self.points.insert((number, offset), (allocator, point));
                }
                if effect.acquires.is_some() {
                    self.functions.allocates(number, index);
                }
            }
        }
        Ok(())
    }

    fn nothing_found(&self) -> String {
        let modules = self.modules.len();
        let functions: usize = self
            .modules
            .iter()
            .map(|module| module.functions.len())
            .sum();
        format!(
            "no allocator found among {functions} functions in {modules} modules: keep the name section \
             (strip = \"debuginfo\", not true), or name the functions with --allocator NAME=KIND; looked for\n{}",
            allocators::known().trim_end()
        )
    }
}

/// The allocators among the functions of `module`, by number.
fn effects(module: &CoreModule, added: &[Allocator]) -> BTreeMap<u32, Effect> {
    let functions = (0..).zip(&module.functions);
    functions
        .filter_map(|(number, function)| {
            let effect = allocators::effect_of(&function.name, &plain(&function.name), added)?;
            (effect.parameters() <= function.parameters).then_some((number, effect))
        })
        .collect()
}
