//! A blog in a folder of its own, and posts whose every version tells itself from the others.

use std::process::Command;

use fastrand::Rng;

use super::client::{Client, TOKEN};
use super::guests;
use super::program::{Server, Site};

/// A blog whose store is `disk/x.db`.
pub struct Blog {
    pub site: Site,
}

impl Blog {
    pub fn new() -> Self {
        let site = Site::of(&guests::blog());
        std::fs::create_dir(site.folder.join("disk")).unwrap();
        Self { site }
    }

    /// The program with a store, a token and much patience: many of them share few processors.
    pub fn mayfly(&self, arguments: &[&str]) -> Command {
        let mut command = self.site.mayfly(arguments);
        command
            .args([
                "--store",
                "sqlite:disk/x.db",
                "--cpu-limit",
                "30s",
                "--time-limit",
                "120s",
            ])
            .env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN);
        command
    }

    /// The program that serves, not yet started.
    pub fn host(&self) -> Command {
        self.mayfly(&["serve", "--listen", "127.0.0.1:0"])
    }

    #[track_caller]
    pub fn serve(&self) -> Server {
        Server::start(&mut self.host())
    }
}

/// A client of `server`.
pub fn client(server: &Server) -> Client {
    Client {
        address: server.address.clone(),
    }
}

/// A version of a post: all of it says which, its date and tags change with the version, and
/// its size is drawn.
pub fn post(slug: &str, version: u32, random: &mut Rng) -> String {
    let (day, tag) = (version % 28 + 1, version % 3);
    let alias = match version % 2 {
        0 => format!("aliases: [/old/{slug}]\n"),
        _ => String::new(),
    };
    let text = format!("word-{slug}-{version} and others.\n\n").repeat(random.usize(1..200));
    format!(
        "---\ntitle: Post {slug}\ndate: 2024-01-{day:02}\ntags: [all, t{tag}]\n{alias}---\n\n\
         {text}end-{slug}-{version}\n"
    )
}

/// Panics where a page shows parts of different versions of a post, or not all of one.
#[track_caller]
pub fn shows_one_version(slug: &str, page: &str) {
    let number = |rest: &str| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits
    };
    let word = format!("word-{slug}-");
    let mut words = page.split(&word).skip(1).map(number);
    let first = words.next().expect("a word of the post");
    assert!(words.all(|word| word == first), "{slug} is half of {first}");
    assert!(
        page.contains(&format!("end-{slug}-{first}<")),
        "{slug} has no end"
    );
}
