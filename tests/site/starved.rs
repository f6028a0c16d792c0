//! A host that gets a small share of a processor: whoever else is busy is not its guests' fault.

use std::process::{Child, Command, Stdio};

use super::guests::blog;
use super::program::{Server, Site};
use super::publishing::{TOKEN, check};

/// A busy loop on one core, which ends with the value.
struct Busy(Child);

impl Busy {
    fn on(core: &str) -> Self {
        let mut command = Command::new("taskset");
        command.args(["-c", core, "sh", "-c", "while :; do :; done"]);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first core that this process may use.
fn core() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let list = list.unwrap().trim();
    list.split(['-', ',']).next().unwrap().to_owned()
}

#[test]
fn publishing_beside_thirty_busy_loops_comes_to_its_end() {
    const POSTS: usize = 400;
    let site = Site::of(&blog());
    for number in 0..POSTS {
        let text = "Some *text* and `code`. ".repeat(100);
        let text = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\n{text}\n");
        site.write(&format!("content/posts/p{number}.md"), text);
    }
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", "memory"];
    let mut command = site.mayfly(&arguments);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    let core = core();
    let pinned = Command::new("taskset")
        .args(["-a", "-p", "-c", &core, &server.id().to_string()])
        .stdout(Stdio::null())
        .status();
    assert!(pinned.unwrap().success());
    let loops: Vec<Busy> = (0..30).map(|_| Busy::on(&core)).collect();
    let url = format!("http://{}", server.address);
    let published = site.run(&["publish", "--to", &url, "--token", TOKEN]);
    drop(loops);
    let summary = format!("published {POSTS} posts, 0 pages, 0 media (0 unchanged, 0 refused)");
    check(&published, 0, &summary, &[]);
    // In halves it would come to its end, too; but no instance was stopped.
    assert!(!server.output().contains("cpu limit"));
}
