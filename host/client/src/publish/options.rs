//! How to publish.

/// How to publish.
#[derive(Clone, Copy, Debug, Default)]
pub struct PublishOptions {
    /// Whether what is not in the folder is removed from the blog.
    pub prune: bool,
    /// Whether nothing is written, and the report lists the changes that would be made.
    pub dry_run: bool,
    /// Whether media are sent without their bytes, to a blog in which only links are followed.
    pub only_names_media: bool,
    /// How many keys may be written in a second; `None` for no limit.
    pub keys_per_second: Option<u32>,
}
