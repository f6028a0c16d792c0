//! The allocators: names of functions that hand out and take back memory, and what their
//! parameters mean.
//!
//! A name is compared as it stands in the name section and as it reads demangled, without
//! the hash. Collectors free by sweeping and not by a call, so of TinyGo's and
//! AssemblyScript's memory only what was allocated can be seen, not what is still alive.

use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};

/// What a function does to memory; numbers are those of its parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Effect {
    /// The size of the block that it hands out.
    pub(super) acquires: Option<Size>,
    /// The address of the block that it takes back, if it succeeds.
    pub(super) releases: Option<u32>,
    /// Where it stores the address of the block instead of returning it.
    pub(super) out: Option<u32>,
}

/// How many bytes are asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Size {
    Of(u32),
    Product(u32, u32),
}

/// A name and its effect, as the table has it or as `--allocator NAME=KIND` adds it.
#[derive(Clone, Debug)]
pub struct Allocator {
    pub(super) name: String,
    pub(super) effect: Effect,
}

const MALLOC: Effect = hands_out(Size::Of(0));
const FREE: Effect = takes_back(0);

/// The kinds that `--allocator` takes, each with the signature it stands for.
const KINDS: &[(&str, Effect)] = &[
    ("malloc(size)", MALLOC),
    ("calloc(count, size)", hands_out(Size::Product(0, 1))),
    ("realloc(block, size)", moves(0, 1)),
    ("free(block)", FREE),
    ("memalign(alignment, size)", hands_out(Size::Of(1))),
    ("posix_memalign(out, alignment, size)", stores(0, 2)),
    ("resize(block, old, alignment, size)", moves(0, 3)),
];

/// All names that are known without being told.
const TABLE: &[(&str, Effect)] = &[
    // C, and everything that is linked with wasi-libc: Rust for WASI, C++, Swift, CPython.
    ("malloc", MALLOC),
    ("calloc", hands_out(Size::Product(0, 1))),
    ("realloc", moves(0, 1)),
    ("free", FREE),
    ("aligned_alloc", hands_out(Size::Of(1))),
    ("memalign", hands_out(Size::Of(1))),
    ("posix_memalign", stores(0, 2)),
    ("dlmalloc", MALLOC),
    ("dlfree", FREE),
    ("emmalloc_malloc", MALLOC),
    ("emmalloc_free", FREE),
    ("mi_malloc", MALLOC),
    ("mi_calloc", hands_out(Size::Product(0, 1))),
    ("mi_realloc", moves(0, 1)),
    ("mi_free", FREE),
    // Rust's global allocator, where it was not inlined.
    ("__rust_alloc", MALLOC),
    ("__rust_alloc_zeroed", MALLOC),
    ("__rust_realloc", moves(0, 3)),
    ("__rust_dealloc", FREE),
    ("__rustc::__rust_alloc", MALLOC),
    ("__rustc::__rust_alloc_zeroed", MALLOC),
    ("__rustc::__rust_realloc", moves(0, 3)),
    ("__rustc::__rust_dealloc", FREE),
    // Rust without libc (wasm32-unknown-unknown): all that is left after inlining.
    ("dlmalloc::Dlmalloc<A>::malloc", hands_out(Size::Of(1))),
    ("dlmalloc::Dlmalloc<A>::calloc", hands_out(Size::Of(1))),
    ("dlmalloc::Dlmalloc<A>::realloc", moves(1, 4)),
    ("dlmalloc::Dlmalloc<A>::free", takes_back(1)),
    (
        "dlmalloc::dlmalloc::Dlmalloc<A>::malloc",
        hands_out(Size::Of(1)),
    ),
    (
        "dlmalloc::dlmalloc::Dlmalloc<A>::memalign",
        hands_out(Size::Of(2)),
    ),
    ("dlmalloc::dlmalloc::Dlmalloc<A>::realloc", moves(1, 2)),
    ("dlmalloc::dlmalloc::Dlmalloc<A>::free", takes_back(1)),
    // TinyGo.
    ("runtime.alloc", MALLOC),
    ("runtime.realloc", moves(0, 1)),
    ("runtime.free", FREE),
    // AssemblyScript.
    ("~lib/rt/tlsf/__alloc", MALLOC),
    ("~lib/rt/tlsf/__realloc", moves(0, 1)),
    ("~lib/rt/tlsf/__free", FREE),
    ("~lib/rt/itcms/__new", MALLOC),
    ("~lib/rt/stub/__new", MALLOC),
];

/// Functions between the program and its allocator that say nothing about the program; a
/// stack starts below them. In the form of pprof's `drop_frames`: matched as a whole.
const INTERNALS: &str = "malloc|calloc|realloc|free|aligned_alloc|memalign|posix_memalign|dlmalloc|dlfree|\
internal_memalign|sbrk|abort|cabi_realloc.*|__rust_.*|__rustc::__r.*|__rdl_.*|__rg_.*|\
(<)?alloc::alloc::.*|(<)?alloc::raw_vec::.*|alloc::boxed::box_new_uninit|std::sys::alloc::.*|std::alloc::.*|(<)?dlmalloc::.*|<.* as core::alloc::global::GlobalAlloc>::.*|\
_Zn[wa].*|operator new.*|runtime\\.alloc|runtime\\.realloc|~lib/rt/.*";

/// What `drop_frames` of a capture says: the internals, and the allocators that the user added.
pub(super) fn drop_frames(added: &[Allocator]) -> String {
    let added = added.iter().map(|allocator| regex::escape(&allocator.name));
    let all: Vec<_> = std::iter::once(INTERNALS.to_owned()).chain(added).collect();
    all.join("|")
}

const fn hands_out(size: Size) -> Effect {
    Effect {
        acquires: Some(size),
        releases: None,
        out: None,
    }
}

const fn takes_back(block: u32) -> Effect {
    Effect {
        acquires: None,
        releases: Some(block),
        out: None,
    }
}

const fn moves(block: u32, size: u32) -> Effect {
    Effect {
        acquires: Some(Size::Of(size)),
        releases: Some(block),
        out: None,
    }
}

const fn stores(out: u32, size: u32) -> Effect {
    Effect {
        acquires: Some(Size::Of(size)),
        releases: None,
        out: Some(out),
    }
}

/// What the function `name` does, which reads `plain` when demangled, if it is an allocator.
pub(super) fn effect_of(name: &str, plain: &str, added: &[Allocator]) -> Option<Effect> {
    let named = |known: &str| known == name || known == plain;
    let added = added.iter().find(|allocator| named(&allocator.name));
    let table = || TABLE.iter().find(|(known, _)| named(known));
    added
        .map(|allocator| allocator.effect)
        .or_else(|| table().map(|(_, effect)| *effect))
}

/// The names of the table, for an error that says what was looked for.
pub(super) fn known_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

impl Effect {
    /// How many parameters it must have.
    pub(super) fn parameters(&self) -> u32 {
        let size = match self.acquires {
            Some(Size::Of(size)) => Some(size),
            Some(Size::Product(count, size)) => Some(count.max(size)),
            None => None,
        };
        let highest = size.max(self.releases).max(self.out);
        highest.map_or(0, |highest| highest + 1)
    }
}

impl FromStr for Allocator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, kind) = text.rsplit_once('=').context("expected NAME=KIND")?;
        let matches = |signature: &str| signature.split('(').next() == Some(kind);
        let Some((_, effect)) = KINDS.iter().find(|(signature, _)| matches(signature)) else {
            let kinds: Vec<_> = KINDS.iter().map(|(signature, _)| *signature).collect();
            bail!("unknown kind {kind:?}: use one of {}", kinds.join(", "));
        };
        Ok(Self {
            name: name.to_owned(),
            effect: *effect,
        })
    }
}
