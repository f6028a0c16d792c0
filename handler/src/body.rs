//! The body of a request, read up to a limit.

use std::fmt;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// It has more bytes than the address takes.
    TooLarge { limit: usize },
    /// The connection broke off, or the encoding of the transfer is broken.
    Incomplete,
    /// The host did not wait any longer.
    TooSlow,
}

impl BodyError {
    pub fn status(self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::Incomplete => 400,
            Self::TooSlow => 408,
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(
                f,
                "the request body is too large: at most {} KiB are accepted at this address",
                limit / 1024
            ),
            Self::Incomplete => {
                f.write_str("the request body ended before it was complete: send it again")
            }
            Self::TooSlow => f.write_str("the request body came too slowly: send it again"),
        }
    }
}

/// A body while it is read.
#[derive(Debug)]
pub struct BodyBuffer {
    bytes: Vec<u8>,
    limit: usize,
}

/// What is reserved for a body that does not say how long it is.
const FIRST_BYTES: usize = 64 * 1024;

impl BodyBuffer {
    /// Room for a body of `announced` bytes, where its length is known.
    pub fn new(announced: Option<usize>, limit: usize) -> Result<Self, BodyError> {
        let wanted = announced.unwrap_or_else(|| FIRST_BYTES.min(limit));
        let mut buffer = Self {
            bytes: Vec::new(),
            limit,
        };
        buffer.reserve(wanted)?;
        Ok(buffer)
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        let wanted = self.bytes.len() + piece.len();
        if wanted > self.bytes.capacity() {
            // While it grows, the old buffer and the new one are both in memory, and an instance
            // has hardly room for the largest body twice: sixteen times as large, or the limit.
            self.reserve(
                wanted
                    .max(self.bytes.capacity() * 16)
                    .min(self.limit.max(wanted)),
            )?;
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn reserve(&mut self, capacity: usize) -> Result<(), BodyError> {
        let limit = self.limit;
        if capacity > limit {
            return Err(BodyError::TooLarge { limit });
        }
        let more = capacity - self.bytes.len();
        let reserved = self.bytes.try_reserve_exact(more);
        // Less room than the limit allows: the operator gave the instance too little memory.
        reserved.map_err(|_full| BodyError::TooLarge { limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    #[test]
    fn a_body_of_unknown_length_never_takes_much_more_room_than_the_limit() {
        let mut buffer = BodyBuffer::new(None, 8 * MIB).expect("room");
        let piece = vec![7; 64 * 1024 - 1];
        let mut largest = 0;
        let mut left = 8 * MIB;
        while left > 0 {
            let piece = &piece[..left.min(piece.len())];
            let before = buffer.bytes.capacity();
            buffer.push(piece).expect("room");
            let after = buffer.bytes.capacity();
            largest = largest.max(if after == before {
                after
            } else {
                before + after
            });
            left -= piece.len();
        }
        assert_eq!(buffer.finish().len(), 8 * MIB);
        assert!(largest <= 10 * MIB, "{largest}");
    }

    #[test]
    fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
        let limit = 10;
        let large = Err(BodyError::TooLarge { limit });
        assert_eq!(BodyBuffer::new(Some(11), limit).map(|_| ()), large);
        for announced in [None, Some(10), Some(2)] {
            let mut buffer = BodyBuffer::new(announced, limit).expect("room");
            buffer.push(b"0123456").expect("room");
            buffer.push(b"789").expect("room");
            assert_eq!(buffer.push(b"x"), large);
            assert_eq!(buffer.finish(), b"0123456789");
        }
    }

    #[test]
    fn each_fault_has_its_status_and_says_the_limit() {
        let large = BodyError::TooLarge { limit: 4 * MIB };
        assert!(large.to_string().contains("at most 4096 KiB"));
        let faults = [large, BodyError::Incomplete, BodyError::TooSlow];
        assert_eq!(faults.map(BodyError::status), [413, 400, 408]);
    }
}
