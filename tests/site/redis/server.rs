//! A real Redis server, on a free port, with its data in a folder that is gone with the test.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::site::program::{Site, wait_until};

pub struct Redis {
    folder: Site,
    port: u16,
    options: Vec<String>,
    process: Child,
}

/// What is acknowledged is on the disk.
const DURABLE: [&str; 6] = [
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--save",
    "",
];

impl Redis {
    /// A server that keeps what it acknowledges.
    pub fn start() -> Self {
        Self::with(&DURABLE)
    }

    pub fn with(options: &[&str]) -> Self {
        let folder = Site::empty();
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        // Another process may take the port before the server does.
        for _ in 0..5 {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            if let Some(process) = launch(&folder, port, &options) {
                return Self {
                    folder,
                    port,
                    options,
                    process,
                };
            }
        }
        panic!("redis-server does not start");
    }

    /// Its second database, as a store: the first one is what a careless client would use.
    pub fn url(&self) -> String {
        format!("redis://{}/1", self.address())
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again, with the data that it left on the disk.
    pub fn start_again(&mut self) {
        self.process = launch(&self.folder, self.port, &self.options).unwrap();
    }

    pub fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let kill = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(kill.unwrap().success());
    }

    /// Runs a command in the database of [`Redis::url`]; the answer as it comes over the wire.
    pub fn ask(&self, command: &str) -> String {
        let answer = ask(self.port, &format!("SELECT 1\r\n{command}\r\nQUIT\r\n"));
        let answer = answer.unwrap();
        let answer = answer.strip_prefix("+OK\r\n").unwrap();
        answer.strip_suffix("+OK\r\n").unwrap().trim().to_owned()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server and waits until it answers; none if it ends instead.
fn launch(folder: &Site, port: u16, options: &[String]) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
    command.args(options).current_dir(&folder.folder);
    let mut process = match command.stdout(Stdio::null()).spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("there is no redis-server: install the Debian package redis-server")
        }
        spawned => spawned.unwrap(),
    };
    let mut has_ended = false;
    wait_until("a Redis server that answers", || {
        has_ended = process.try_wait().unwrap().is_some();
        let is_up = |answer: String| answer.starts_with("+PONG") || answer.starts_with("-NOAUTH");
        has_ended || ask(port, "PING\r\nQUIT\r\n").is_ok_and(is_up)
    });
    (!has_ended).then_some(process)
}

fn ask(port: u16, lines: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(lines.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
