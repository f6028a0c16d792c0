//! Who calls a function: an allocator that only other allocators call (`dlmalloc` behind
//! `malloc`) needs no watching, and every stop that is spared makes a profile faster.

use std::collections::HashSet;

use anyhow::Result;
use wasmparser::{ElementItems, ExternalKind, Operator, Parser, Payload};

use super::guest::CoreModule;

/// Numbers of the defined functions that anything but `allocators` can call.
pub(super) fn called_by_others(
    module: &CoreModule,
    allocators: &HashSet<u32>,
) -> Result<HashSet<u32>> {
    let mut called = HashSet::new();
    for payload in Parser::new(0).parse_all(module.bytes()) {
        match payload? {
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        called.insert(export.index);
                    }
                }
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    if let ElementItems::Functions(functions) = element?.items {
                        for function in functions {
                            called.insert(function?);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (number, function) in (0..).zip(&module.functions) {
        if allocators.contains(&number) {
            continue;
        }
        for operator in module.body(function).get_operators_reader()? {
            match operator? {
                Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } => {
                    called.insert(function_index);
                }
                _ => {}
            }
        }
    }
    let defined = called.into_iter();
    Ok(defined
        .filter_map(|index| index.checked_sub(module.imported))
        .collect())
}
