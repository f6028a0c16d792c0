//! A bad network between a publisher and a blog: it does to each request what a plan says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::http;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// It reaches the blog, and the answer comes back.
    Passes,
    /// It is lost.
    IsLost,
    /// It reaches the blog, and the answer is lost.
    AnswerIsLost,
    /// Something on the way gives this answer.
    Gets(&'static str),
}

/// The network, and what went through it.
pub struct Proxy {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A network before `upstream`; the plan sees the number of each request, from 0, and its
    /// first line.
    pub fn to(upstream: &str, mut plan: impl FnMut(usize, &str) -> Fate + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, upstream) = (Arc::clone(&requests), upstream.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some((head, body)) = read(&mut stream) else {
                    continue;
                };
                let line = head.lines().next().unwrap_or_default().to_owned();
                let fate = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(line.clone());
                    plan(seen.len() - 1, &line)
                };
                let answer = match fate {
                    Fate::IsLost => continue,
                    Fate::Gets(answer) => answer.as_bytes().to_vec(),
                    Fate::Passes | Fate::AnswerIsLost => forward(&upstream, &head, &body),
                };
                if fate != Fate::AnswerIsLost {
                    let _ = stream.write_all(&answer);
                }
            }
        });
        Self { url, requests }
    }

    /// The first lines of the requests that came, those that were lost too.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many of them begin so.
    pub fn count(&self, start: &str) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|line| line.starts_with(start))
            .count()
    }
}

/// Reads one request: its head without the empty line, and its body.
fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65536];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some((head, bytes.split_off(end + 4)));
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(&buffer[..read]),
        }
    }
}

fn forward(upstream: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{head}\r\nconnection: close\r\n\r\n");
    let mut stream = http::connect(upstream);
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}
