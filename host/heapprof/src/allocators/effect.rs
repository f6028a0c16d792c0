//! What an allocator's functions do to memory.

/// What a function does to memory; numbers are those of its parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Effect {
    /// The size of the block that it hands out.
    pub(crate) acquires: Option<Size>,
    /// The address of the block that it takes back, if it succeeds.
    pub(crate) releases: Option<u32>,
    /// Where it stores the address of the block instead of returning it.
    pub(crate) out: Option<u32>,
}

/// How many bytes are asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Size {
    Of(u32),
    Product(u32, u32),
}

pub(super) const fn hands_out(size: Size) -> Effect {
    Effect {
        acquires: Some(size),
        releases: None,
        out: None,
    }
}

pub(super) const fn takes_back(block: u32) -> Effect {
    Effect {
        acquires: None,
        releases: Some(block),
        out: None,
    }
}

pub(super) const fn moves(block: u32, size: u32) -> Effect {
    Effect {
        acquires: Some(Size::Of(size)),
        releases: Some(block),
        out: None,
    }
}

pub(super) const fn stores(out: u32, size: u32) -> Effect {
    Effect {
        acquires: Some(Size::Of(size)),
        releases: None,
        out: Some(out),
    }
}
