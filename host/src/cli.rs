//! The command line: its commands; each declares its own flags.

use mayfly::commands::blog_flags::BlogFlags;
use mayfly::commands::{check, export, new_post, publish};
use mayfly::{measure, profile, serve};

/// What commands read of the environment.
const ENVIRONMENT: &str = "\
Environment:
  MAYFLY_LOG            What goes into the log: error, warn, info (the default), debug, trace or off, and
                        another level for a part of it, as in info,access=off
  MAYFLY_STORE          Where the data is, unless --store says it
  MAYFLY_TOKEN          The admin token of a blog at an address
  SPIN_VARIABLE_<NAME>  The value of a variable of the application, as for Spin
  TMPDIR                Where serve keeps what slow clients have not read yet [default: /var/tmp]";

/// Serves a wasi:http component with a fresh instance per request
#[derive(clap::Parser)]
#[command(version, after_help = ENVIRONMENT)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is made once, and lives as long as the program"
)]
pub(crate) enum Command {
    /// Serve a component over HTTP
    Serve(serve::Flags),
    /// Measure whether a component leaks: exit code 0 bounded, 1 leak, 2 error, 3 inconclusive
    Measure(Box<measure::Flags>),
    /// Begin a new post: write its file, and print the path
    New(new_post::Flags),
    /// Check a folder of content without a server: what would be refused, and where links break
    Check(check::Flags),
    /// Publish a folder of content
    Publish(publish::Flags),
    /// Write a whole blog back to files
    Export(export::Flags),
    /// Rebuild the index of a blog from its posts
    Reindex(BlogFlags),
    /// Delete from the store of a blog what nothing has referred to for a while
    Gc(BlogFlags),
    /// Show which functions of a component allocate memory
    Profile(profile::Flags),
}
