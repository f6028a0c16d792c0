//! The way to one Mayfly blog: publish a folder of content, check it, export the blog to files, and
//! keep its store in order.
//!
//! All of it goes through a [`BlogClient`], which sends authenticated requests to the blog's
//! publishing interface. How they get there is the business of a [`Transport`]: [`HttpTransport`]
//! sends them over the network, and a host that runs the blog's component itself hands them over
//! in its process. The library prints nothing: it returns reports, and tells an [`Observer`] what
//! happens meanwhile.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod admin_token;
mod backoff;
mod blog_client;
pub mod check;
pub mod content;
pub mod export;
mod hash;
pub mod maintenance;
pub mod new_post;
mod observer;
mod percent;
pub mod publish;
mod published;
mod reply;
mod request;
mod transport;

pub use blog_client::BlogClient;
pub use observer::{Notice, Observer, Silent, Task};
pub use reply::{ProblemDetails, Reply, SourceProblem};
pub use request::{ApiRequest, Precondition};
pub use transport::{HttpTransport, Sending, Transport};
