//! What commands print. Names of files may hold anything: characters that a terminal would obey
//! are shown as escapes. Who reads through a pipe may close it early, which is no fault.

use std::fmt::{self, Display, Write as _};
use std::io::{ErrorKind, Write, stderr, stdout};

use anyhow::{Context, Result};

/// Prints a line on standard output; a disk that is full is an error.
pub(crate) fn line(text: impl Display) -> Result<()> {
    all(format!("{}\n", escaped(text)))
}

/// Prints a text as it is on standard output.
pub fn all(text: impl Display) -> Result<()> {
    let mut stdout = stdout().lock();
    let written = write!(stdout, "{text}").and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Prints a line on standard error. Where nobody can read it, there is nobody to be told.
pub fn note(text: impl Display) {
    let _ = writeln!(stderr(), "{}", escaped(text));
}

/// The text without what a terminal would obey; its lines stay lines.
fn escaped(text: impl Display) -> String {
    escape(&text.to_string(), |c| c == '\n' || c == '\t')
}

/// A name of a file as one line can show it.
pub(crate) fn name(name: impl Display) -> impl Display {
    fmt::from_fn(move |f| f.write_str(&escape(&name.to_string(), |_| false)))
}

fn escape(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !is_kept(c) {
            // Writing to a text cannot fail.
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey() {
        assert_eq!(escaped("a\u{1b}[2J\nb\u{9b}"), "a\\u{1b}[2J\nb\\u{9b}");
        assert_eq!(name("a\nb é").to_string(), "a\\nb é");
    }
}
