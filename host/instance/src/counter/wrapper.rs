//! Wrappers: functions that call a function of the allocator and count what it did.
//!
//! The size of a block is read from the allocator's own header before it: wasi-libc's dlmalloc
//! keeps it there, with three flags in the low bits. So a block counts for what it really
//! takes, and giving it back counts for exactly as much.

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};
use wasmparser::FuncType;

/// What a function of the allocator does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Returns a block.
    HandsOut,
    /// Takes the block in its first parameter.
    TakesBack,
    /// Takes a block and returns another.
    Moves,
    /// Stores a block where its first parameter points, and returns an error number.
    Stores,
}

/// Global variables that the wrappers share.
#[derive(Clone, Copy)]
pub(super) struct Globals {
    pub(super) live: u32,
    pub(super) allocated: u32,
    /// How many wrappers run: functions of the allocator call each other, and the outermost
    /// call is the one that counts.
    pub(super) depth: u32,
}

const ROLES: &[(&str, Role)] = &[
    ("malloc", Role::HandsOut),
    ("calloc", Role::HandsOut),
    ("memalign", Role::HandsOut),
    ("aligned_alloc", Role::HandsOut),
    ("internal_memalign", Role::HandsOut),
    ("realloc", Role::Moves),
    ("posix_memalign", Role::Stores),
    ("free", Role::TakesBack),
];

/// Names with which wasi-libc marks its variants of the same function.
const PREFIXES: [&str; 2] = ["__libc_", "dl"];

impl Globals {
    /// The first variables from index `first` on.
    pub(super) fn from(first: u32) -> Self {
        Self {
            live: first,
            allocated: first + 1,
            depth: first + 2,
        }
    }
}

impl Role {
    /// What the function of this name does.
    pub(super) fn of(name: &str) -> Option<Self> {
        let plain = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
        let plain = plain.unwrap_or(name);
        let known = ROLES.iter().find(|(known, _)| *known == plain);
        known.map(|(_, role)| *role)
    }

    /// Whether a function of this role can be wrapped: all that goes in and out are addresses,
    /// sizes and error numbers of 32 bits, as many as the role needs.
    pub(super) fn fits(self, signature: &FuncType) -> bool {
        let (parameters, results) = match self {
            Self::HandsOut => (1, 1),
            Self::TakesBack => (1, 0),
            Self::Moves => (2, 1),
            Self::Stores => (3, 1),
        };
        let mut numbers = signature.params().iter().chain(signature.results());
        signature.params().len() >= parameters
            && signature.results().len() == results
            && numbers.all(|number| *number == wasmparser::ValType::I32)
    }
}

/// A wrapper around `original`, which takes `parameters` numbers.
pub(super) fn wrap(role: Role, original: u32, parameters: u32, globals: Globals) -> Function {
    let (result, before) = (parameters, parameters + 1);
    let mut function = Function::new([(1, ValType::I32), (1, ValType::I64)]);
    let mut code = function.instructions();
    deepen(&mut code, globals, 1);
    if matches!(role, Role::TakesBack | Role::Moves) {
        code.local_get(0).if_(BlockType::Empty);
        size(code.local_get(0)).local_set(before).end();
    }
    for parameter in 0..parameters {
        code.local_get(parameter);
    }
    code.call(original);
    if role != Role::TakesBack {
        code.local_set(result);
    }
    deepen(&mut code, globals, -1);
    code.global_get(globals.depth)
        .i32_eqz()
        .if_(BlockType::Empty);
    match role {
        Role::TakesBack => add_live(&mut code, globals, |code| {
            code.i64_const(0).local_get(before).i64_sub();
        }),
        Role::HandsOut | Role::Moves => {
            code.local_get(result).if_(BlockType::Empty);
            size(code.local_get(result));
            count_new(&mut code, before, globals);
            code.end();
        }
        Role::Stores => {
            code.local_get(result).i32_eqz().if_(BlockType::Empty);
            size(code.local_get(0).i32_load(word(0)));
            count_new(&mut code, before, globals);
            code.end();
        }
    }
    code.end();
    if role != Role::TakesBack {
        code.local_get(result);
    }
    code.end();
    function
}

/// A function that returns the value of `global`.
pub(super) fn getter(global: u32) -> Function {
    let mut function = Function::new([]);
    function.instructions().global_get(global).end();
    function
}

fn deepen(code: &mut InstructionSink, globals: Globals, by: i32) {
    code.global_get(globals.depth)
        .i32_const(by)
        .i32_add()
        .global_set(globals.depth);
}

/// Turns the address of a block on the stack into its size.
fn size<'a, 'b>(code: &'a mut InstructionSink<'b>) -> &'a mut InstructionSink<'b> {
    code.i32_const(4)
        .i32_sub()
        .i32_load(word(0))
        .i32_const(!7)
        .i32_and()
        .i64_extend_i32_u()
}

/// Counts the block whose size is on the stack and which replaces one of `before` bytes.
fn count_new(code: &mut InstructionSink, before: u32, globals: Globals) {
    code.local_get(before).i64_sub().local_set(before);
    add_live(code, globals, |code| {
        code.local_get(before);
    });
    code.local_get(before)
        .i64_const(0)
        .i64_gt_s()
        .if_(BlockType::Empty);
    code.global_get(globals.allocated)
        .local_get(before)
        .i64_add()
        .global_set(globals.allocated);
    code.end();
}

fn add_live(code: &mut InstructionSink, globals: Globals, amount: impl Fn(&mut InstructionSink)) {
    code.global_get(globals.live);
    amount(code);
    code.i64_add().global_set(globals.live);
}

fn word(offset: u64) -> MemArg {
    MemArg {
        offset,
        align: 2,
        memory_index: 0,
    }
}
