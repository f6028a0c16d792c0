//! Publishing: a folder of content is sent to the component that stores it, by authenticated
//! requests. There is no other way to write to a blog.

mod batch;
mod documents;
mod in_flight;
mod options;
mod publisher;
mod rate_limit;
mod references;
mod removal;
mod report;
mod run;
mod sent;
mod upload;

pub use options::PublishOptions;
pub use publisher::Publisher;
pub use report::{Change, Report};
