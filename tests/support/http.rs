//! A client that can also behave badly: it sends bytes and reads what comes back.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(": ")?;
            field.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Whether the body is as long as the head says.
    pub fn complete(&self) -> bool {
        let length = self
            .header("content-length")
            .and_then(|length| length.parse().ok());
        length.is_none_or(|length: usize| length == self.body.len())
    }
}

/// Sends a request with its own connection.
#[track_caller]
pub fn request(address: &str, method: &str, path: &str, body: &[u8]) -> Reply {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    send(address, &[head.as_bytes(), body].concat())
}

/// Sends bytes, and reads until the server closes the connection.
#[track_caller]
pub fn send(address: &str, bytes: &[u8]) -> Reply {
    let mut stream = connect(address);
    // A server may answer, and close, before it has read everything.
    let _ = stream.write_all(bytes);
    read(stream)
}

pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream
}

/// Reads one reply, to the end of the connection.
#[track_caller]
pub fn read(mut stream: TcpStream) -> Reply {
    let mut bytes = Vec::new();
    // What came before a reset counts: the connection may end without manners.
    let _ = stream.read_to_end(&mut bytes);
    parse(&bytes)
}

#[track_caller]
pub fn parse(bytes: &[u8]) -> Reply {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply {
        status,
        head,
        body: bytes[end + 4..].to_vec(),
    }
}
