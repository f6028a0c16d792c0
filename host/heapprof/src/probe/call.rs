//! A call of an allocator: what its parameters say.

use wasmtime::{AsContextMut, FrameHandle, StoreContextMut, Val};

use crate::allocators::{Effect, Size};

/// What the program asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The instance whose memory it is about.
    pub(super) instance: u32,
    /// How many bytes are wanted.
    pub(super) bytes: u64,
    /// The address of the block that is given back.
    pub(super) releases: Option<u64>,
    /// Where the address of the new block is to be stored.
    pub(super) out: Option<u64>,
}

impl Call {
    /// Reads the parameters of the function with `effect` in `frame`.
    pub(super) fn read<T: 'static>(
        effect: &Effect,
        frame: &FrameHandle,
        store: &mut StoreContextMut<T>,
    ) -> wasmtime::Result<Self> {
        let mut parameter =
            |number| Ok::<_, wasmtime::Error>(number_of(&frame.local(&mut *store, number)?));
        let bytes = match effect.acquires {
            Some(Size::Of(size)) => parameter(size)?,
            Some(Size::Product(count, size)) => parameter(count)?.saturating_mul(parameter(size)?),
            None => 0,
        };
        let releases = effect.releases.map(&mut parameter).transpose()?;
        let out = effect.out.map(&mut parameter).transpose()?;
        let instance = frame.instance(&mut *store)?.debug_index_in_store();
        Ok(Self {
            instance,
            bytes,
            releases,
            out,
        })
    }
}

/// An integer; the other types are no sizes and no addresses.
pub(super) fn number_of(value: &Val) -> u64 {
    match value {
        Val::I32(number) => u64::from(*number as u32),
        Val::I64(number) => *number as u64,
        _ => 0,
    }
}

/// The pointer that the guest stored at `address`.
pub(super) fn read_pointer<T: 'static>(
    frame: &FrameHandle,
    store: &mut StoreContextMut<T>,
    address: u64,
) -> wasmtime::Result<u64> {
    let instance = frame.instance(&mut *store)?;
    let mut bytes = [0; 4];
    if let Some(memory) = instance.debug_memory(store.as_context_mut(), 0) {
        memory.read(&*store, address as usize, &mut bytes)?;
    }
    Ok(u64::from(u32::from_le_bytes(bytes)))
}
