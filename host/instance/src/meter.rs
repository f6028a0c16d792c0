//! The meter of one instance's memory, which is also its limit.
//!
//! It sees linear memories and tables. It does not see what the host keeps for the instance:
//! its stack, its handles, buffers of bodies.

use wasmtime::ResourceLimiter;

/// Bytes and elements of all memories and tables of one instance.
#[derive(Debug)]
pub(super) struct Meter {
    limit_bytes: usize,
    /// Bytes now.
    pub(super) current_bytes: usize,
    /// The most bytes at any time.
    pub(super) peak_bytes: usize,
    /// How often a memory was made or grew.
    pub(super) growths: u32,
    /// How often a memory was refused to grow because of the limit.
    pub(super) refusals: u32,
    /// Elements of all tables.
    pub(super) table_elements: usize,
    /// What the last granted growth added, to take it back should the growth fail.
    last: Growth,
}

#[derive(Debug, Default)]
struct Growth {
    bytes: usize,
    elements: usize,
}

impl Meter {
    pub(super) fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            current_bytes: 0,
            peak_bytes: 0,
            growths: 0,
            refusals: 0,
            table_elements: 0,
            last: Growth::default(),
        }
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let bytes = desired - current;
        if bytes > self.limit_bytes - self.current_bytes {
            self.refusals += 1;
            return Ok(false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.current_bytes += bytes;
        self.peak_bytes = self.peak_bytes.max(self.current_bytes);
        self.growths += 1;
        self.last.bytes = bytes;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.current_bytes -= std::mem::take(&mut self.last.bytes);
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.last.elements = desired - current;
        self.table_elements += self.last.elements;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.table_elements -= std::mem::take(&mut self.last.elements);
        Ok(())
    }
}
