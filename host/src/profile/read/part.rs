//! The part of a profile that a reader shows.

use std::io::Write;

use anyhow::Result;

use crate::profile::show;
use crate::profile::source::Source;
use crate::profile::view::{Selection, View};
use heapprof::heap::Heap;

/// A profile, and which part of it to show.
#[derive(Debug, clap::Args)]
pub struct Part {
    #[command(flatten)]
    pub(super) selection: Selection,
    #[command(flatten)]
    pub(super) source: Source,
}

impl Part {
    /// Opens the source, prints the sums to `out`, and makes the view.
    pub(super) async fn open(&self, out: &mut impl Write) -> Result<(Heap, View)> {
        let heap = self.source.heap().await?;
        show::head(&heap, out)?;
        let view = View::of(&heap, &self.selection)?;
        Ok((heap, view))
    }
}
