//! Checking: what is wrong with a folder of content, found out without a server.
//!
//! The component itself says so: the folder is published into a blog in memory, and each link
//! is good if that blog answers it. So this knows neither Markdown nor which addresses a blog has.

mod blog;
mod finding;
mod html;
mod links;
mod media;

use std::path::PathBuf;

use anyhow::Result;

use crate::blog_client::BlogClient;
use crate::content::Content;
use crate::publish::{PublishOptions, Publisher, Report};
use blog::Blog;
pub use finding::{Finding, Findings};

/// What a check has found.
#[derive(Debug)]
pub struct Checked {
    /// What publishing the folder came to.
    pub published: Report,
    /// What is wrong, in the order of files and lines.
    pub findings: Findings,
}

/// Checks `folder` with the help of an empty blog, which is filled with it.
///
/// # Errors
///
/// The folder cannot be read, or the blog does not answer. What is wrong with the content is found,
/// and no error; only settings that the blog refuses end the check.
pub async fn check(client: BlogClient, folder: PathBuf) -> Result<Checked> {
    let content = Content::scan(&folder)?;
    let options = PublishOptions {
        only_names_media: true,
        ..PublishOptions::default()
    };
    let mut publisher = Publisher::new(client, folder, options);
    let published = publisher.publish().await?;
    let mut findings = Findings::default();
    for problem in &published.problems {
        findings.add(Finding::error(problem.clone()));
    }
    for note in published.ignored() {
        findings.add(Finding::warning(note));
    }
    let mut blog = Blog::read(publisher.client()).await?;
    links::check(&mut blog, &mut findings).await?;
    links::check_theme(&mut blog, &content, &mut findings).await?;
    links::check_images(&blog, &mut findings);
    links::check_warnings(&blog, &mut findings);
    media::check(&content, &mut findings);
    findings.sort();
    Ok(Checked {
        published,
        findings,
    })
}
