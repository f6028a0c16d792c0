//! The allocators: names of functions that hand out and take back memory, and what their
//! parameters mean.
//!
//! A name is compared as it stands in the name section, as it reads demangled, and without
//! type parameters.

mod effect;
mod table;

use std::fmt::Write;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
pub(super) use effect::{Effect, Size};
use table::TABLE;

/// A name and its effect, as the table has it or as `--allocator NAME=KIND` adds it.
#[derive(Clone, Debug)]
pub struct Allocator {
    pub(super) name: String,
    pub(super) effect: Effect,
}

/// The kinds that `--allocator` takes, each with the signature it stands for.
const KINDS: &[(&str, Effect)] = &[
    ("malloc(size)", table::MALLOC),
    ("calloc(count, size)", table::CALLOC),
    ("realloc(block, size)", table::REALLOC),
    ("free(block)", table::FREE),
    ("memalign(alignment, size)", table::MEMALIGN),
    (
        "posix_memalign(out, alignment, size)",
        table::POSIX_MEMALIGN,
    ),
    ("resize(block, old, alignment, size)", table::RESIZE),
];

/// Functions between the program and its allocator that say nothing about the program; a
/// stack starts below them. In the form of pprof's `drop_frames`: matched as a whole.
const INTERNALS: &str = "malloc|calloc|realloc|free|aligned_alloc|memalign|posix_memalign|dlmalloc|dlfree|\
internal_memalign|sbrk|abort|mi_(m|c|re)alloc|mi_free|emmalloc_.*|_?PyObject_(Malloc|Calloc|Realloc|Free)|PyMem_.*|cabi_realloc.*|__rust_.*|__rustc::__r.*|__rdl_.*|__rg_.*|\
(<)?alloc::alloc::.*|(<)?alloc::raw_vec::.*|alloc::boxed::box_new_uninit|std::sys::alloc::.*|std::alloc::.*|(<)?dlmalloc::.*|<.* as core::alloc::global::GlobalAlloc>::.*|\
_Zn[wa].*|operator new.*|runtime\\.alloc|runtime\\.realloc|~lib/rt/.*";

/// What `drop_frames` of a capture says: the internals, and the allocators that the user added.
pub(super) fn drop_frames(added: &[Allocator]) -> String {
    let added = added.iter().map(|allocator| regex::escape(&allocator.name));
    let all: Vec<_> = std::iter::once(INTERNALS.to_owned()).chain(added).collect();
    all.join("|")
}

/// What the function `name` does, which reads `plain` when demangled, if it is an allocator.
pub(super) fn effect_of(name: &str, plain: &str, added: &[Allocator]) -> Option<Effect> {
    let bare = without_parameters(plain);
    let named = |known: &str| known == name || known == plain || known == bare;
    let added = added.iter().find(|allocator| named(&allocator.name));
    let mut known = TABLE.iter().flat_map(|family| family.functions);
    added
        .map(|allocator| allocator.effect)
        .or_else(|| Some(known.find(|(known, _)| named(known))?.1))
}

/// `dlmalloc::Dlmalloc::free` for `dlmalloc::Dlmalloc<A>::free` and for
/// `<dlmalloc::Dlmalloc<System>>::free`, as compilers differ.
fn without_parameters(plain: &str) -> String {
    let shown = i32::from(plain.starts_with('<'));
    let mut depth = 0;
    let mut bare = String::new();
    for letter in plain.chars() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if depth <= shown => bare.push(letter),
            _ => {}
        }
    }
    bare
}

/// The names of the table, a line for each language.
pub fn known() -> String {
    let mut lines = String::new();
    for family in TABLE {
        let names = family.functions.iter().map(|(name, _)| *name);
        let names: Vec<_> = names.collect();
        let _ = writeln!(lines, "  {}: {}", family.of, names.join(", "));
    }
    lines
}

impl Effect {
    /// The parameters that tell what it does.
    pub(super) fn reads(&self) -> impl Iterator<Item = u32> {
        let sizes = match self.acquires {
            Some(Size::Of(size)) => [Some(size), None],
            Some(Size::Product(count, size)) => [Some(count), Some(size)],
            None => [None, None],
        };
        sizes.into_iter().chain([self.releases, self.out]).flatten()
    }

    /// How many parameters it must have.
    pub(super) fn parameters(&self) -> u32 {
        self.reads().max().map_or(0, |highest| highest + 1)
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

#[cfg(test)]
mod tests {
    use super::effect::moves;
    use super::*;

    #[test]
    fn names_in_every_form() {
        let effect = |name| effect_of(name, name, &[]);
        let free = Some(table::FREE);
        assert_eq!(effect("free"), free);
        assert_eq!(effect_of("_RN", "__rustc::__rust_dealloc", &[]), free);
        let dlmalloc = effect("dlmalloc::dlmalloc::Dlmalloc<A>::realloc");
        assert_eq!(dlmalloc, Some(moves(1, 2)));
        let with_system = "<dlmalloc::dlmalloc::Dlmalloc<dlmalloc::sys::System>>::realloc";
        assert_eq!(effect(with_system), dlmalloc);
        assert_eq!(effect("my_free"), None);
        let added: Allocator = "my_free=free".parse().expect("an allocator");
        assert_eq!(effect_of("my_free", "my_free", &[added]), free);
    }
}
