//! A room: mounts that only some programs see, gone with the test. What cannot be done to the
//! disks of a machine can be done in it.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::program::Site;

/// Mounts over a site's folder, held by a process that sleeps.
pub struct Room {
    holder: Child,
    folder: PathBuf,
}

impl Room {
    /// Makes a room by commands that run in the site's folder; none where this machine lets
    /// nobody mount anything, as in some containers.
    pub fn new(site: &Site, commands: &str) -> Option<Self> {
        let mut unshare = Command::new("unshare");
        // Others than root may mount in a room where they pass for it.
        if site.folder.metadata().unwrap().uid() != 0 {
            unshare.arg("--map-root-user");
        }
        let script = format!("{commands} && echo ready && exec sleep 100000");
        let mut holder = unshare
            .args(["--mount", "sh", "-c", &script])
            .current_dir(&site.folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare and sh, of Debian's util-linux and dash");
        let mut line = String::new();
        let stdout = holder.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let room = Self {
            holder,
            folder: site.folder.clone(),
        };
        if line == "ready\n" {
            return Some(room);
        }
        eprintln!("this machine lets nobody mount: the test is made with what else there is");
        None
    }

    /// The command, run in the room.
    pub fn inside(&self, command: &Command) -> Command {
        let mut inside = self.enter();
        inside.args(["sh", "-c", "cd \"$0\" && exec \"$@\""]);
        inside
            .arg(&self.folder)
            .arg(command.get_program())
            .args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        }
        inside
    }

    /// Runs commands in the site's folder, as the room has it.
    #[track_caller]
    pub fn run(&self, commands: &str) {
        let mut shell = Command::new("sh");
        let status = self.inside(shell.args(["-c", commands])).status();
        assert!(status.unwrap().success(), "{commands}");
    }

    /// Where a path of the site is, seen from outside.
    pub fn path(&self, path: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.strip_prefix("/").unwrap()).join(path)
    }

    fn enter(&self) -> Command {
        let mut enter = Command::new("nsenter");
        enter.args(["--target", &self.holder.id().to_string(), "--mount"]);
        if self.folder.metadata().unwrap().uid() != 0 {
            enter.args(["--user", "--preserve-credentials"]);
        }
        enter
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
