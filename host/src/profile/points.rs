//! The points of an allocator function at which it must be watched: its first instruction,
//! where its parameters can be read, and every instruction that leaves it with a result.

use anyhow::Result;
use wasmparser::Operator;

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

/// The points of `function` with their offsets in the module.
pub(super) fn points(
    module: &CoreModule,
    function: &Function,
    exits: bool,
) -> Result<Vec<(u32, Point)>> {
    let mut points = Vec::new();
    let mut depth = 0;
    for operator in module
        .body(function)
        .get_operators_reader()?
        .into_iter_with_offsets()
    {
        let (operator, offset) = operator?;
        let offset = offset as u32;
        if points.is_empty() {
            points.push((offset, Point::Entry));
            if !exits {
                break;
            }
        }
        if let Some(point) = exit(&operator, depth)? {
            points.push((offset, point));
        }
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(points)
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
