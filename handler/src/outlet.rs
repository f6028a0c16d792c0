//! The order in which the head and the body of a response go out.

use std::ops::ControlFlow;

/// Where a response goes. The client may go away at any time.
pub(crate) trait Outlet {
    /// Sends the head; does nothing once it is sent.
    fn send_head(&mut self);

    /// How many bytes of the body can be taken without waiting.
    fn room(&mut self) -> Result<usize, Gone>;

    /// Waits until there is room, which comes only after the head is sent.
    fn wait(&mut self);

    /// Takes no more bytes than there is room for.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Gone>;
}

/// The client has gone.
#[derive(Debug)]
pub(crate) struct Gone;

/// Writes a piece of a body.
///
/// The head follows the first bytes, so that both leave in one segment. Spin sends a head without
/// a body at once, and the body then waits for the client's delayed acknowledgement, some 40 ms.
pub(crate) fn write(outlet: &mut impl Outlet, mut piece: &[u8]) -> ControlFlow<()> {
    while !piece.is_empty() {
        match outlet.room() {
            Ok(0) => {
                outlet.send_head();
                outlet.wait();
            }
            Ok(room) => {
                let (now, later) = piece.split_at(piece.len().min(room));
                if outlet.write(now).is_err() {
                    return ControlFlow::Break(());
                }
                outlet.send_head();
                piece = later;
            }
            Err(Gone) => return ControlFlow::Break(()),
        }
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Has room for so many bytes at each look, and notes what happens.
    struct Noted {
        room: Vec<Result<usize, Gone>>,
        has_sent_head: bool,
        events: String,
    }

    impl Outlet for Noted {
        fn send_head(&mut self) {
            if !self.has_sent_head {
                self.events += "head ";
            }
            self.has_sent_head = true;
        }

        fn room(&mut self) -> Result<usize, Gone> {
            self.room.remove(0)
        }

        fn wait(&mut self) {
            self.events += "wait ";
        }

        fn write(&mut self, bytes: &[u8]) -> Result<(), Gone> {
            self.events += &format!("{} ", bytes.len());
            Ok(())
        }
    }

    #[track_caller]
    fn check(room: Vec<Result<usize, Gone>>, pieces: &[usize], expected: &str) {
        let mut outlet = Noted {
            room,
            has_sent_head: false,
            events: String::new(),
        };
        for length in pieces {
            if write(&mut outlet, &vec![0; *length]).is_break() {
                outlet.events += "gone ";
            }
        }
        assert_eq!(outlet.events.trim_end(), expected);
    }

    #[test]
    fn the_head_follows_the_first_bytes() {
        check(vec![Ok(100), Ok(90)], &[10, 20], "10 head 20");
        check(vec![Ok(4), Ok(6)], &[10], "4 head 6");
    }

    #[test]
    fn a_head_goes_first_where_nothing_else_would_make_room() {
        check(vec![Ok(0), Ok(0), Ok(9)], &[9], "head wait wait 9");
        check(vec![Ok(5), Ok(0), Ok(5)], &[10], "5 head wait 5");
    }

    #[test]
    fn a_client_who_went_away_gets_no_more() {
        check(vec![Err(Gone)], &[10], "gone");
        check(vec![Ok(5), Err(Gone)], &[10], "5 head gone");
    }
}
