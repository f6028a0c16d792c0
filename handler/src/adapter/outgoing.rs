//! A response on its way to the client.

use super::spin::Spin;
use crate::host::Host;
use crate::outlet::{self, Gone, Outlet};
use crate::request::Method;
use crate::response::Response;
use spin_sdk::http::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};
use wasi::io::streams::OutputStream;

/// Sends a response: head and first bytes together.
pub(super) fn send(out: ResponseOutparam, response: Response, method: Method, host: &Spin) {
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
        body.send(host, &mut |piece| outlet::write(&mut sending, piece))
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
    host: &Spin,
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
fn failed_to_read(out: ResponseOutparam, host: &Spin) {
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

impl Outlet for Sending {
    fn send_head(&mut self) {
        if let Some((out, head)) = self.head.take() {
            out.set(head);
        }
    }

    fn room(&mut self) -> Result<usize, Gone> {
        let room = self.stream.check_write().map_err(|_| Gone)?;
        Ok(usize::try_from(room).unwrap_or(usize::MAX))
    }

    fn wait(&mut self) {
        self.stream.subscribe().block();
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.stream.write(bytes).map_err(|_| Gone)
    }
}
