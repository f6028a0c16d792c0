//! The meter of one instance's memory, which is also its limit.
//!
//! It sees linear memories and tables. It does not see what the host keeps for the instance:
//! its stack, its handles, buffers of bodies.

use wasmtime::ResourceLimiter;

use super::engine::TABLE_ELEMENTS;

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
    /// Elements of all tables.
    pub(super) table_elements: usize,
    /// The growth that was granted last, until it has failed.
    granted: Option<Growth>,
    /// Whether the limit refused the growth that was asked for last.
    refused: bool,
}

#[derive(Debug)]
struct Growth {
    bytes: usize,
    peak_bytes_before: usize,
}

impl Meter {
    pub(super) fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            current_bytes: 0,
            peak_bytes: 0,
            growths: 0,
            table_elements: 0,
            granted: None,
            refused: false,
        }
    }

    pub(super) fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Whether the limit refused the growth that was asked for last. One that was granted since
    /// shows that the guest went on without the other.
    pub(super) fn was_refused(&self) -> bool {
        self.refused
    }

    /// Begins another request in the same instance.
    pub(super) fn begin(&mut self) {
        self.refused = false;
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.granted = None;
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let bytes = desired.saturating_sub(current);
        self.refused = bytes > self.limit_bytes - self.current_bytes;
        if self.refused {
            return Ok(false);
        }
        self.granted = Some(Growth {
            bytes,
            peak_bytes_before: self.peak_bytes,
        });
        self.current_bytes += bytes;
        self.peak_bytes = self.peak_bytes.max(self.current_bytes);
        self.growths += 1;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        if let Some(failed) = self.granted.take() {
            self.current_bytes -= failed.bytes;
            self.peak_bytes = failed.peak_bytes_before;
            self.growths -= 1;
        }
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > maximum.unwrap_or(usize::MAX).min(TABLE_ELEMENTS) {
            return Ok(false);
        }
        self.table_elements += desired.saturating_sub(current);
        Ok(true)
    }

    // `table_grow_failed` stays what it is by default, and does nothing: a growth that was granted
    // here does not fail, and one whose size overflows fails without having been asked for.
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 64 * 1024;

    fn grow(meter: &mut Meter, from: usize, to: usize) -> bool {
        let grown = meter.memory_growing(from * PAGE, to * PAGE, Some(8 * PAGE));
        grown.expect("an answer")
    }

    fn fail(meter: &mut Meter) {
        let failed = meter.memory_grow_failed(wasmtime::Error::msg("no memory"));
        failed.expect("nothing to report");
    }

    fn pages(meter: &Meter) -> (usize, usize, u32) {
        let Meter {
            current_bytes,
            peak_bytes,
            growths,
            ..
        } = *meter;
        (current_bytes / PAGE, peak_bytes / PAGE, growths)
    }

    #[test]
    fn a_failed_growth_leaves_nothing_behind() {
        let mut meter = Meter::new(10 * PAGE);
        assert!(grow(&mut meter, 0, 2));
        assert!(grow(&mut meter, 2, 5));
        fail(&mut meter);
        assert_eq!(pages(&meter), (2, 2, 1));
        // It was that one that failed, and no other.
        fail(&mut meter);
        assert_eq!(pages(&meter), (2, 2, 1));
    }

    #[test]
    fn a_growth_that_is_not_granted_takes_nothing_back() {
        let mut meter = Meter::new(4 * PAGE);
        assert!(grow(&mut meter, 0, 2));
        assert!(!grow(&mut meter, 2, 6));
        fail(&mut meter);
        assert!(!grow(&mut meter, 2, 9));
        fail(&mut meter);
        assert_eq!(pages(&meter), (2, 2, 1));
    }

    #[test]
    fn a_refusal_stands_until_a_growth_is_granted() {
        let mut meter = Meter::new(4 * PAGE);
        assert!(!grow(&mut meter, 0, 5));
        assert!(meter.was_refused());
        assert!(grow(&mut meter, 0, 3));
        assert!(!meter.was_refused());
        // The memory's own maximum is not the limit.
        assert!(!grow(&mut meter, 3, 9));
        assert!(!meter.was_refused());
        assert!(!grow(&mut meter, 3, 5));
        assert!(meter.was_refused());
        meter.begin();
        assert!(!meter.was_refused());
    }

    #[test]
    fn tables() {
        let mut meter = Meter::new(0);
        let mut grow = |from, to, maximum| meter.table_growing(from, to, maximum).ok();
        assert_eq!(grow(0, 10, None), Some(true));
        assert_eq!(grow(0, 5, Some(7)), Some(true));
        assert_eq!(grow(5, 8, Some(7)), Some(false));
        assert_eq!(grow(10, TABLE_ELEMENTS + 1, None), Some(false));
        let overflow = wasmtime::Error::msg("overflow");
        assert!(meter.table_grow_failed(overflow).is_ok());
        assert_eq!(meter.table_elements, 15);
    }
}
