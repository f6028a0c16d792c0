//! The program: started on a free port, watched, and ended with the test.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Reply};

/// A folder with a manifest, gone with the test.
pub struct Site {
    pub folder: PathBuf,
}

/// A program that serves.
pub struct Server {
    child: Child,
    pub address: String,
    output: Arc<Mutex<String>>,
}

impl Site {
    /// A site with this component, one store and some variables.
    pub fn of(component: &Path) -> Self {
        let manifest = format!(
            r#"spin_manifest_version = 2
[application]
name = "test"
[variables]
admin_token = {{ default = "" }}
who = {{ default = "world" }}
[component.test]
source = {component:?}
key_value_stores = ["default"]
variables = {{ admin_token = "{{{{ admin_token }}}}", greeting = "hello {{{{ who }}}}" }}
"#
        );
        let site = Self::empty();
        site.write("spin.toml", &manifest);
        site
    }

    /// A folder without a manifest.
    pub fn empty() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "mayfly-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self { folder }
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program, to be run in this folder.
    pub fn mayfly(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mayfly"));
        command
            .current_dir(&self.folder)
            .args(arguments)
            // The cache of whoever runs the tests is not for them.
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env_remove("MAYFLY_STORE")
            .env_remove("MAYFLY_TOKEN");
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.mayfly(arguments).output().unwrap()
    }

    /// Starts to serve this site.
    #[track_caller]
    pub fn serve(&self, arguments: &[&str]) -> Server {
        Server::start(
            self.mayfly(&["serve", "--listen", "127.0.0.1:0"])
                .args(arguments),
        )
    }

    /// Expects that serving fails, and that the error says all of `parts`.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], parts: &[&str]) {
        let mut command = self.mayfly(&["serve", "--listen", "127.0.0.1:0"]);
        refuses(command.args(arguments), parts);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Expects that a command fails, and that its one error says all of `parts`.
#[track_caller]
pub fn refuses(command: &mut Command, parts: &[&str]) {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut started = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    while stdout.read_line(&mut started).unwrap() > 0 && !started.contains("listening on") {}
    if !started.is_empty() {
        // A server that did start would run for ever.
        let _ = child.kill();
    }
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), started.as_str()),
        (Some(1), ""),
        "{error}"
    );
    assert_eq!(error.matches("mayfly: ").count(), 1, "{error}");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
}

impl Server {
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        collect(child.stderr.take().unwrap(), Arc::clone(&output));
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let mut server = Self {
            child,
            address: String::new(),
            output: Arc::clone(&output),
        };
        while stdout.read_line(&mut line).unwrap() > 0 {
            output.lock().unwrap().push_str(&line);
            if let Some(address) = line.strip_prefix("listening on http://") {
                server.address = address.trim().to_owned();
                collect(stdout, output);
                return server;
            }
            line.clear();
        }
        panic!("the server did not start");
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        http::request(&self.address, "GET", path, b"")
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: &[u8]) -> Reply {
        http::request(&self.address, "PUT", path, body)
    }

    /// Everything that the program has printed.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// The address of the debug pages.
    #[track_caller]
    pub fn debug_address(&self) -> String {
        let output = self.output();
        let (_, rest) = output.split_once("debug pages on http://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Gets a debug page.
    #[track_caller]
    pub fn debug(&self, path: &str) -> Reply {
        http::request(&self.debug_address(), "GET", path, b"")
    }

    /// Waits until the program has printed `text`.
    #[track_caller]
    pub fn prints(&self, text: &str) {
        wait_until(text, || self.output().contains(text));
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the program to end.
    pub fn signal(&self, name: &str) {
        let pid = self.id().to_string();
        let kill = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(kill.unwrap().success());
    }

    /// Waits for the end of the program.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server printed:\n{}", self.output());
        }
    }
}

/// Waits until something has come about; it fails only if that takes absurdly long.
#[track_caller]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{what} did not come about"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn collect(from: impl Read + Send + 'static, output: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap();
            output.push_str(&line);
            output.push('\n');
        }
    });
}
