//! The stacks of a view.

use heapprof::heap::Amount;

/// A stack and its amount.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    /// Innermost first.
    pub(crate) calls: Vec<Call>,
    pub(crate) amount: Amount,
}

/// A function on a stack.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Call {
    /// Number of its name.
    pub(crate) name: usize,
    pub(crate) file: String,
}
