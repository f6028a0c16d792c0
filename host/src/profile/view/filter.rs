//! Filters: which stacks, and which functions on them, to look at.

use regex::Regex;

use super::stack::Call;

/// Patterns over function names.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Which functions")]
pub struct Filter {
    /// Only stacks with a function that matches
    #[arg(long, value_name = "REGEX")]
    focus: Option<Regex>,

    /// No stacks with a function that matches
    #[arg(long, value_name = "REGEX")]
    ignore: Option<Regex>,

    /// Leave functions that match out of the stacks
    #[arg(long, value_name = "REGEX")]
    hide: Option<Regex>,

    /// Show the functions of the language's own library that lead from the program to its allocator
    #[arg(long)]
    pub(super) library: bool,
}

impl Filter {
    /// Hides functions in `calls`; says whether the stack is to be shown.
    pub(super) fn apply(&self, calls: &mut Vec<Call>, names: &[String]) -> bool {
        let matches = |pattern: &Regex, call: &Call| pattern.is_match(&names[call.name]);
        let any = |pattern: &Regex| calls.iter().any(|call| matches(pattern, call));
        let shown = self.focus.as_ref().is_none_or(any) && !self.ignore.as_ref().is_some_and(any);
        if let Some(hide) = &self.hide {
            calls.retain(|call| !matches(hide, call));
        }
        shown && !calls.is_empty()
    }
}
