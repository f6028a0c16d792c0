//! Who calls a function: an allocator that only other allocators call (`dlmalloc` behind
//! `malloc`) needs no watching, and every stop that is spared makes a profile faster.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use wasmparser::{ElementItems, ExternalKind, Operator, Parser, Payload};

use super::guest::CoreModule;

/// The calls of a module; functions are numbered with the imported ones.
#[derive(Default)]
struct Calls {
    /// Functions that can be called from anywhere.
    open: HashSet<u32>,
    callers: HashMap<u32, HashSet<u32>>,
}

/// Numbers of the defined functions that can be called by anything but `allocators`, which are
/// numbers of defined functions too, and by what only these call.
pub(super) fn called_by_others(
    module: &CoreModule,
    allocators: &HashSet<u32>,
) -> Result<HashSet<u32>> {
    let mut calls = Calls::default();
    calls.add_open(module)?;
    calls.add_callers(module)?;
    let defined = |number: &u32| number + module.imported;
    let mut inside: HashSet<u32> = allocators.iter().map(defined).collect();
    // What is added may let more be added.
    loop {
        let callers = calls.callers.iter();
        let more: Vec<_> = callers
            .filter(|(callee, callers)| {
                !calls.open.contains(callee)
                    && !inside.contains(callee)
                    && callers.is_subset(&inside)
            })
            .map(|(callee, _)| *callee)
            .collect();
        if more.is_empty() {
            break;
        }
        inside.extend(more);
    }
    let callers = calls.callers.iter();
    let called = callers.filter(|(_, callers)| !callers.is_subset(&inside));
    let called = called
        .map(|(callee, _)| *callee)
        .chain(calls.open.iter().copied());
    Ok(called
        .filter_map(|index| index.checked_sub(module.imported))
        .collect())
}

impl Calls {
    /// Adds what is exported or in a table.
    fn add_open(&mut self, module: &CoreModule) -> Result<()> {
        for payload in Parser::new(0).parse_all(module.bytes()) {
            match payload? {
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            self.open.insert(export.index);
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        self.add_table(element?.items)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_table(&mut self, items: ElementItems) -> Result<()> {
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.open.insert(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    for operator in expression?.get_operators_reader() {
                        if let Operator::RefFunc { function_index } = operator? {
                            self.open.insert(function_index);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn add_callers(&mut self, module: &CoreModule) -> Result<()> {
        for (caller, function) in (module.imported..).zip(&module.functions) {
            for operator in module.body(function).get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } => {
                        self.callers
                            .entry(function_index)
                            .or_default()
                            .insert(caller);
                    }
                    // A tail call leaves the caller: what it calls then returns in its place.
                    Operator::RefFunc { function_index }
                    | Operator::ReturnCall { function_index } => {
                        self.open.insert(function_index);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
