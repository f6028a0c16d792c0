//! `check`: what is wrong with a folder of content, told without a server.
//!
//! The component itself says so: the folder is published into a store in memory, and each link
//! is good if the blog that stands there answers it. So this knows neither Markdown nor which
//! addresses a blog has.

mod blog;
mod finding;
mod html;
mod links;
mod media;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::application::{self, Application};
use crate::log;
use crate::print;
use crate::publish::content::Content;
use crate::publish::ignored;
use crate::publish::{Options, Publisher, Report};
use crate::target::Target;
use blog::Blog;
use finding::{Finding, Findings};
use instance::units::show_count;
use keyvalue::Location;

/// What to check, and by which component.
#[derive(Debug, clap::Args)]
#[command(mut_arg("store", |store| store.hide(true)))]
pub struct Flags {
    /// The folder with site.toml, posts, pages, media and theme
    #[arg(value_name = "DIR", default_value = "content")]
    pub folder: PathBuf,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a doc comment here would become the help of the command"
    )]
    pub application: application::Flags,
}

/// Checks once; fails if there is an error.
pub async fn run(flags: Flags) -> Result<ExitCode> {
    log::start(log::Form::Text)?;
    if flags.application.store.is_some() {
        bail!(
            "check needs no store: it looks at the files of {}",
            flags.folder.display()
        );
    }
    let application = Application::open(&application::Flags {
        store: Some(Location::Memory),
        ..flags.application
    })?;
    let content = Content::scan(&flags.folder)?;
    let target = Target::in_process(&application)?;
    let mut publisher = Publisher::new(
        target,
        flags.folder.clone(),
        Options {
            only_names_media: true,
            ..Options::default()
        },
    );
    let report = publisher.publish().await?;
    let mut findings = Findings::of(flags.folder);
    told_by(&report, &mut findings);
    let mut blog = Blog::read(publisher.target()).await?;
    links::check(&mut blog, &mut findings).await?;
    links::check_theme(&mut blog, &content, &mut findings).await?;
    links::check_images(&blog, &mut findings);
    links::check_warnings(&blog, &mut findings);
    media::check(&content, &mut findings);
    findings.print();
    print::line(format_args!(
        "checked {}, {}, {} media: {}, {}",
        show_count(report.posts, "post"),
        show_count(report.pages, "page"),
        report.media,
        show_count(findings.errors(), "error"),
        show_count(findings.warnings(), "warning")
    ))?;
    Ok(if findings.errors() > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What publishing told already.
fn told_by(report: &Report, findings: &mut Findings) {
    for problem in &report.problems {
        findings.add(Finding::error(problem.clone()));
    }
    for (file, message) in ignored::told(&report.folder, &report.ignored) {
        findings.add(Finding::warning(&file, None, message));
    }
}
