//! The command line: its commands; each declares its own flags.

use mayfly::commands::blog_flags::BlogFlags;
use mayfly::commands::{check, export, new_post, publish};
use mayfly::log::{self, Form, Verbosity};
use mayfly::{measure, profile, serve};

/// What commands read of the environment.
const ENVIRONMENT: &str = "\
Environment:
  MAYFLY_LOG            What goes into the log: error, warn, info (the default), debug, trace or off, and
                        another level for a part of it, as in info,access=off
  MAYFLY_STORE          Where the data is, unless --store says it
  MAYFLY_TOKEN          The admin token of a blog at an address
  NO_COLOR              If set, nothing is printed in color
  SPIN_VARIABLE_<NAME>  The value of a variable of the application, as for Spin
  TMPDIR                Where serve keeps what slow clients have not read yet [default: /var/tmp]";

/// Serves a wasi:http component with a fresh instance per request
#[derive(Debug, clap::Parser)]
#[command(version, after_help = ENVIRONMENT)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Say errors alone, besides the result
    #[arg(short, long, global = true, help_heading = "General")]
    quiet: bool,

    /// Say more of what is done
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "quiet",
        help_heading = "General"
    )]
    verbose: bool,
}

#[derive(Debug, clap::Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is made once, and lives as long as the program"
)]
pub(crate) enum Command {
    /// Serve a component over HTTP
    #[command(after_help = "\
Examples:
  mayfly serve --content content --watch     # a blog, published again when a file is saved
  mayfly serve component.wasm --listen 127.0.0.1:8080
  mayfly serve --store redis://127.0.0.1/0 --debug-listen 127.0.0.1:6060")]
    Serve(serve::Flags),

    /// Measure whether a component leaks: exit code 0 bounded, 1 leak, 2 error, 3 inconclusive
    #[command(after_help = "\
Examples:
  mayfly measure component.wasm --request 'GET /' --reuse 20000
  mayfly measure component.wasm --request 'GET /items/{n}' --format json
  mayfly measure component.wasm --request 'GET /' --baseline main.json --report report.html")]
    Measure(Box<measure::Flags>),

    /// Begin a new post: write its file, and print the path
    #[command(after_help = "\
Examples:
  mayfly new 'A title'")]
    New(new_post::Flags),

    /// Check a folder of content without a server: what would be refused, and where links break
    #[command(after_help = "\
Examples:
  mayfly check content")]
    Check(check::Flags),

    /// Publish a folder of content
    #[command(after_help = "\
Examples:
  mayfly publish content --dry-run --prune   # what would be changed
  mayfly publish content --to http://blog.example --token-file token")]
    Publish(publish::Flags),

    /// Write a whole blog back to files
    #[command(after_help = "\
Examples:
  mayfly export copy
  mayfly export copy --from http://blog.example --token-file token")]
    Export(export::Flags),

    /// Rebuild the index of a blog from its posts
    #[command(after_help = "\
Examples:
  mayfly reindex --store sqlite:blog.db")]
    Reindex(BlogFlags),

    /// Delete from the store of a blog what nothing has referred to for a while
    #[command(after_help = "\
Examples:
  mayfly gc --to http://blog.example --token-file token")]
    Gc(BlogFlags),

    /// Show which functions of a component allocate memory
    #[command(after_help = format!("\
Examples:
  mayfly profile component.wasm --request 'GET /' -o heap.pb.gz
  mayfly profile peek 'Router::new' heap.pb.gz
  mayfly profile leaks component.wasm --request 'GET /' -n 200
  mayfly profile flamegraph heap.pb.gz > heap.svg

Allocators that are known:
{}", heapprof::known()))]
    Profile(profile::Flags),

    /// Print the completions of a shell
    #[command(after_help = "\
Examples:
  mayfly completions bash > ~/.local/share/bash-completion/completions/mayfly")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Write the manual pages into a folder
    #[command(after_help = "\
Examples:
  mayfly man ~/.local/share/man/man1")]
    Man {
        /// The folder, which is there
        #[arg(value_name = "DIR")]
        folder: std::path::PathBuf,
    },
}

impl Cli {
    pub(crate) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }

    /// What goes into the log unless the user wants something else.
    pub(crate) fn default_log(&self) -> &'static str {
        match &self.command {
            Command::Measure(_) => log::WITHOUT_GUEST,
            _ => log::WITH_GUEST,
        }
    }

    /// The form of the log.
    pub(crate) fn form(&self) -> Form {
        match &self.command {
            Command::Serve(flags) => flags.log,
            _ => Form::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    /// Words as a shell makes them of a line without escapes, up to a comment or a redirection.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (number, part) in line.split(['\'', '"']).enumerate() {
            if number % 2 == 1 {
                words.push(part.to_owned());
                continue;
            }
            let is_end = |word: &&str| matches!(*word, "#" | ">" | "&&" | "/" | "|");
            words.extend(
                part.split(' ')
                    .filter(|word| !word.is_empty())
                    .map(String::from),
            );
            if let Some(end) = words.iter().position(|word| is_end(&word.as_str())) {
                words.truncate(end);
                break;
            }
        }
        words
    }

    #[track_caller]
    fn is_understood(line: &str) {
        if let Err(error) = Cli::try_parse_from(words(line)) {
            panic!("{line}: {error}");
        }
    }

    #[test]
    fn flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples_that_it_understands() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            let examples: Vec<&str> = help
                .lines()
                .filter(|line| line.starts_with("  mayfly "))
                .collect();
            assert!(!examples.is_empty(), "{}", command.get_name());
            examples.into_iter().for_each(is_understood);
        }
    }

    #[test]
    fn the_readme_shows_commands_that_are_there() {
        let readme = include_str!("../../README.md");
        let lines = readme.lines().filter_map(|line| line.strip_prefix("    "));
        let commands: Vec<&str> = lines.filter(|line| line.starts_with("mayfly ")).collect();
        assert!(commands.len() > 5, "{commands:?}");
        commands.into_iter().for_each(is_understood);
    }
}
