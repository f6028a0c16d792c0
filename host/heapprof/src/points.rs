//! The points of an allocator function at which it must be watched: every instruction that
//! leaves it with a result, and its first one if its parameters cannot be read later. Most
//! allocators are thin wrappers that never write to their parameters, and every stop that is
//! spared makes a profile faster.

use anyhow::Result;
use wasmparser::Operator;

use super::allocators::Effect;
use super::guest::{CoreModule, Function};

/// Why to stop here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Point {
    /// The function starts.
    Entry,
    /// It returns the value on top of the stack.
    Exit,
    /// It returns the value below the top if the top is not zero.
    ExitIf,
    /// It returns the value below the top if the top is one of these, or none of so many.
    ExitTable {
        leaving: Vec<u32>,
        targets: u32,
        default: bool,
    },
}

/// The points of `function`, which has `effect`, with their offsets in the module.
pub(super) fn points(
    module: &CoreModule,
    function: &Function,
    effect: &Effect,
) -> Result<Vec<(u32, Point)>> {
    let mut exits = Vec::new();
    let mut first = None;
    let mut overwritten = false;
    let mut depth = 0;
    for operator in module
        .body(function)
        .get_operators_reader()?
        .into_iter_with_offsets()
    {
        let (operator, offset) = operator?;
        let offset = offset as u32;
        first.get_or_insert(offset);
        if let Some(point) = exit(&operator, depth)? {
            exits.push((offset, point));
        }
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                overwritten |= effect.reads().any(|parameter| parameter == local_index);
            }
            _ => {}
        }
    }
    let entry = first.map(|offset| (offset, Point::Entry));
    // What is only taken back is taken back at once.
    if effect.acquires.is_none() {
        return Ok(entry.into_iter().collect());
    }
    Ok(entry
        .filter(|_| overwritten)
        .into_iter()
        .chain(exits)
        .collect())
}

/// The way in which `operator` leaves a function when it stands within `depth` blocks.
fn exit(operator: &Operator, depth: u32) -> Result<Option<Point>> {
    Ok(match operator {
        Operator::Return => Some(Point::Exit),
        Operator::End if depth == 0 => Some(Point::Exit),
        Operator::Br { relative_depth } if *relative_depth == depth => Some(Point::Exit),
        Operator::BrIf { relative_depth } if *relative_depth == depth => Some(Point::ExitIf),
        Operator::BrTable { targets } => {
            let mut leaving = Vec::new();
            for (number, target) in targets.targets().enumerate() {
                if target? == depth {
                    leaving.push(number as u32);
                }
            }
            let default = targets.default() == depth;
            let point = Point::ExitTable {
                leaving,
                targets: targets.len(),
                default,
            };
            (point
                != Point::ExitTable {
                    leaving: Vec::new(),
                    targets: targets.len(),
                    default: false,
                })
            .then_some(point)
        }
        _ => None,
    })
}
