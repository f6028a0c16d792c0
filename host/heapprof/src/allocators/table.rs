//! The table of all allocators that are known without being told, by language.
//!
//! Not in it, because a call does not tell enough: Go's own compiler passes parameters in the
//! guest's memory, and objects of WasmGC (Kotlin, Dart, Java) are not in its memory at all.

use super::effect::{Effect, Size, hands_out, moves, stores, takes_back};

/// The functions of one language or library.
pub(super) struct Family {
    /// Whose they are.
    pub(super) of: &'static str,
    pub(super) functions: &'static [(&'static str, Effect)],
}

pub(super) const MALLOC: Effect = hands_out(Size::Of(0));
pub(super) const CALLOC: Effect = hands_out(Size::Product(0, 1));
pub(super) const REALLOC: Effect = moves(0, 1);
pub(super) const FREE: Effect = takes_back(0);
pub(super) const MEMALIGN: Effect = hands_out(Size::Of(1));
pub(super) const POSIX_MEMALIGN: Effect = stores(0, 2);
/// Rust's `realloc(block, old size, alignment, size)`.
pub(super) const RESIZE: Effect = moves(0, 3);

/// Names as a reader sees them, without type parameters.
pub(super) const TABLE: &[Family] = &[
    Family {
        of: "C, and all that is linked with wasi-libc (Rust for WASI, C++, Swift)",
        functions: &[
            ("malloc", MALLOC),
            ("calloc", CALLOC),
            ("realloc", REALLOC),
            ("free", FREE),
            ("aligned_alloc", MEMALIGN),
            ("memalign", MEMALIGN),
            ("posix_memalign", POSIX_MEMALIGN),
            ("dlmalloc", MALLOC),
            ("dlfree", FREE),
        ],
    },
    Family {
        of: "Emscripten and mimalloc",
        functions: &[
            ("emmalloc_malloc", MALLOC),
            ("emmalloc_free", FREE),
            ("mi_malloc", MALLOC),
            ("mi_calloc", CALLOC),
            ("mi_realloc", REALLOC),
            ("mi_free", FREE),
        ],
    },
    Family {
        of: "Rust, where its global allocator was not inlined",
        functions: &[
            ("__rust_alloc", MALLOC),
            ("__rust_alloc_zeroed", MALLOC),
            ("__rust_realloc", RESIZE),
            ("__rust_dealloc", FREE),
            ("__rustc::__rust_alloc", MALLOC),
            ("__rustc::__rust_alloc_zeroed", MALLOC),
            ("__rustc::__rust_realloc", RESIZE),
            ("__rustc::__rust_dealloc", FREE),
        ],
    },
    Family {
        // After inlining, this is all that is left of wasm32-unknown-unknown's.
        of: "Rust without libc",
        functions: &[
            ("dlmalloc::Dlmalloc::malloc", hands_out(Size::Of(1))),
            ("dlmalloc::Dlmalloc::calloc", hands_out(Size::Of(1))),
            ("dlmalloc::Dlmalloc::realloc", moves(1, 4)),
            ("dlmalloc::Dlmalloc::free", takes_back(1)),
            (
                "dlmalloc::dlmalloc::Dlmalloc::malloc",
                hands_out(Size::Of(1)),
            ),
            (
                "dlmalloc::dlmalloc::Dlmalloc::memalign",
                hands_out(Size::Of(2)),
            ),
            ("dlmalloc::dlmalloc::Dlmalloc::realloc", moves(1, 2)),
            ("dlmalloc::dlmalloc::Dlmalloc::free", takes_back(1)),
        ],
    },
    Family {
        // A collector frees without a call: what is alive cannot be seen.
        of: "TinyGo (what it allocates, not what is alive)",
        functions: &[
            ("runtime.alloc", MALLOC),
            ("runtime.realloc", REALLOC),
            ("runtime.free", FREE),
        ],
    },
    Family {
        of: "AssemblyScript (what it allocates, not what is alive)",
        functions: &[
            ("~lib/rt/tlsf/__alloc", MALLOC),
            ("~lib/rt/tlsf/__realloc", REALLOC),
            ("~lib/rt/tlsf/__free", FREE),
            ("~lib/rt/itcms/__new", MALLOC),
            ("~lib/rt/stub/__new", MALLOC),
        ],
    },
    Family {
        of: "CPython, whose small objects are parts of larger blocks",
        functions: &[
            ("_PyObject_Malloc", hands_out(Size::Of(1))),
            ("_PyObject_Calloc", hands_out(Size::Product(1, 2))),
            ("_PyObject_Realloc", moves(1, 2)),
            ("_PyObject_Free", takes_back(1)),
        ],
    },
];
