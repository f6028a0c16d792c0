//! Symbols: what a place in the guest's code is called, with file, line and inlined functions
//! where the component carries DWARF.

mod lines;

use std::collections::HashMap;

use super::guest::CoreModule;
use super::heap::{Function, Heap, Line, Location, Module};
use super::stacks::Frame;
use lines::Lines;

/// Fills the tables of a heap profile with the places that its stacks go through.
pub(super) struct Symbols<'a> {
    modules: &'a [CoreModule],
    lines: Vec<Lines<'a>>,
    locations: HashMap<Frame, usize>,
    functions: HashMap<Function, usize>,
}

/// Addresses of modules are this far apart.
const SPAN: u64 = 1 << 32;

impl<'a> Symbols<'a> {
    pub(super) fn new(modules: &'a [CoreModule], file: &str, heap: &mut Heap) -> Self {
        heap.modules = (0..)
            .zip(modules)
            .map(|(number, module)| Module {
                file: match &module.name {
                    Some(name) => format!("{file}[{number} {name}]"),
                    None => format!("{file}[{number}]"),
                },
                build_id: module.build_id.clone(),
                start: (number + 1) * SPAN,
                end: (number + 1) * SPAN + module.bytes().len() as u64,
            })
            .collect();
        Self {
            modules,
            lines: modules.iter().map(Lines::of).collect(),
            locations: HashMap::new(),
            functions: HashMap::new(),
        }
    }

    /// The number of the location of `frame`.
    pub(super) fn location(&mut self, frame: Frame, heap: &mut Heap) -> usize {
        if let Some(number) = self.locations.get(&frame) {
            return *number;
        }
        let module = frame.module as usize;
        let lines = self.lines_of(frame, heap);
        heap.locations.push(Location {
            module,
            address: heap.modules[module].start + u64::from(frame.offset),
            lines,
        });
        let number = heap.locations.len() - 1;
        self.locations.insert(frame, number);
        number
    }

    fn lines_of(&mut self, frame: Frame, heap: &mut Heap) -> Vec<Line> {
        let module = frame.module as usize;
        let function = &self.modules[module].functions[frame.function as usize];
        let mut sources = self.lines[module].at(frame.offset);
        if sources.is_empty() {
            sources.push(lines::Source::default());
        }
        let outermost = sources.len() - 1;
        let mut found = Vec::new();
        for (depth, source) in sources.into_iter().enumerate() {
            // The name section knows the function itself, DWARF those inlined into it.
            let inlined = source.function.filter(|_| depth < outermost);
            let system_name = inlined.unwrap_or_else(|| function.name.clone());
            let function = Function {
                name: plain(&system_name),
                system_name,
                file: source.file,
            };
            found.push(Line {
                function: self.function(function, heap),
                line: source.line,
            });
        }
        found
    }

    fn function(&mut self, function: Function, heap: &mut Heap) -> usize {
        if let Some(number) = self.functions.get(&function) {
            return *number;
        }
        heap.functions.push(function.clone());
        let number = heap.functions.len() - 1;
        self.functions.insert(function, number);
        number
    }
}

/// `name` as its programmer wrote it, without the compiler's hash.
pub(super) fn plain(name: &str) -> String {
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return format!("{rust:#}");
    }
    let cpp = || cpp_demangle::Symbol::new(name).ok()?.demangle().ok();
    let cpp = name.starts_with("_Z").then(cpp).flatten();
    cpp.unwrap_or_else(|| name.to_owned())
}
