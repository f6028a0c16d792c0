//! A response on its way to the client. Its head waits for the first bytes of the body: until
//! then another answer can be given, where the body turns out to be unreadable.

use crate::host::Host;
use crate::request::Method;
use crate::response::Response;
use spin_sdk::http::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};
use std::ops::ControlFlow;
use wasi::io::streams::OutputStream;

/// Sends the response; the host logs what becomes of it on the way.
pub(super) fn send(out: ResponseOutparam, response: Response, method: Method, host: &impl Host) {
    let body = response.body;
    let has_content = response.status != 204 && response.status != 304;
    let length = body.length().filter(|_| has_content);
    let mut headers: Vec<(String, Vec<u8>)> = response
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_owned().into_bytes()))
        .collect();
    if let Some(length) = length {
        headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    let Some((outgoing, stream)) = outgoing(response.status, &headers, host) else {
        return;
    };
    let mut sending = Sending {
        head: Some((out, outgoing.head)),
        stream,
    };
    let is_sent = method == Method::Head || !has_content;
    let sent = if is_sent {
        Ok(())
    } else {
        body.send(host, &mut |piece| sending.write(piece))
    };
    if let Err(error) = sent {
        host.log(&error.to_string());
        if let Some((out, head)) = sending.head.take() {
            drop((sending, outgoing.body, head));
            failed_to_read(out, host);
        }
        return;
    }
    sending.send_head();
    drop(sending);
    // After a HEAD there is no body of the length that was announced, and that is as it should be.
    if OutgoingBody::finish(outgoing.body, None).is_err() && !is_sent {
        host.log("the response ended before its body");
    }
}

/// A response that can be written to, and is not sent yet.
struct Outgoing {
    body: OutgoingBody,
    head: OutgoingResponse,
}

fn outgoing(
    status: u16,
    headers: &[(String, Vec<u8>)],
    host: &impl Host,
) -> Option<(Outgoing, OutputStream)> {
    let Ok(fields) = Fields::from_list(headers) else {
        host.log("a response header is not one that HTTP allows");
        return None;
    };
    let head = OutgoingResponse::new(fields);
    if head.set_status_code(status).is_err() {
        host.log("a response status is not one that HTTP allows");
        return None;
    }
    let opened = head.body().and_then(|body| {
        let stream = body.write()?;
        Ok((body, stream))
    });
    let Ok((body, stream)) = opened else {
        host.log("the body of a response cannot be opened");
        return None;
    };
    Some((Outgoing { body, head }, stream))
}

/// The answer where nothing of a file can be read.
fn failed_to_read(out: ResponseOutparam, host: &impl Host) {
    let never = ("cache-control".to_owned(), b"no-store".to_vec());
    if let Some((outgoing, stream)) = outgoing(500, &[never], host) {
        out.set(outgoing.head);
        drop(stream);
        if OutgoingBody::finish(outgoing.body, None).is_err() {
            host.log("the response ended before its body");
        }
    }
}

/// A response on its way.
struct Sending {
    /// `None` once it is sent.
    head: Option<(ResponseOutparam, OutgoingResponse)>,
    stream: OutputStream,
}

impl Sending {
    fn send_head(&mut self) {
        if let Some((out, head)) = self.head.take() {
            out.set(head);
        }
    }

    fn write(&mut self, mut piece: &[u8]) -> ControlFlow<()> {
        while !piece.is_empty() {
            match self.stream.check_write() {
                Ok(0) => {
                    // Nobody makes room for a body whose head is not sent.
                    self.send_head();
                    self.stream.subscribe().block();
                }
                Ok(room) => {
                    let room = usize::try_from(room).unwrap_or(usize::MAX);
                    let (now, later) = piece.split_at(piece.len().min(room));
                    if self.stream.write(now).is_err() {
                        return ControlFlow::Break(());
                    }
                    // With bytes behind it the head goes out in one segment with them: Spin sends
                    // a head alone at once, and then the body waits for the client's delayed
                    // acknowledgement, which takes some 40 ms.
                    self.send_head();
                    piece = later;
                }
                // The client has gone.
                Err(_) => return ControlFlow::Break(()),
            }
        }
        ControlFlow::Continue(())
    }
}
