//! The manifest: a Spin manifest (version 2) as far as this host needs it.
//!
//! Keys that mean nothing here (build, triggers' routes, files) are left to Spin, which
//! rejects what it does not know; one file describes the application to both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// An application with one component.
#[derive(Debug)]
pub struct Manifest {
    /// Where it was read from.
    pub path: PathBuf,
    /// The name of the application.
    pub name: String,
    /// Variables of the application, by name.
    pub variables: BTreeMap<String, Declaration>,
    /// The component that answers every request.
    pub component: Component,
}

/// How a variable of the application gets its value.
#[derive(Debug, Deserialize)]
pub struct Declaration {
    /// The value if the environment sets none.
    pub default: Option<String>,
    /// Whether there is no default.
    #[serde(default)]
    pub required: bool,
}

/// The component and what the application gives to it.
#[derive(Debug, Deserialize)]
pub struct Component {
    /// The component's file; relative to the manifest in the file, resolved here.
    pub source: PathBuf,
    /// The stores it may open.
    #[serde(default)]
    pub key_value_stores: Vec<String>,
    /// Its variables: templates such as `{{ name }}` over the application's variables.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| {
            let path = path.display();
            format!("cannot read the manifest {path}: name one with --manifest")
        })?;
        Self::parse(path, &text).with_context(|| path.display().to_string())
    }

    /// The folder that the manifest's relative paths start from.
    pub fn folder(&self) -> &Path {
        folder_of(&self.path)
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        if file.spin_manifest_version != 2 {
            let version = file.spin_manifest_version;
            bail!("spin_manifest_version is {version}: only version 2 is known");
        }
        let mut components = file.component.into_iter();
        let (Some((id, mut component)), None) = (components.next(), components.next()) else {
            bail!("[component]: expected exactly one component");
        };
        if component.source.as_os_str().is_empty() {
            bail!("component.{id}.source: expected the path of a .wasm file");
        }
        component.source = folder_of(path).join(&component.source);
        Ok(Self {
            path: path.to_owned(),
            name: file.application.name,
            variables: file.variables,
            component,
        })
    }
}

#[derive(Deserialize)]
struct File {
    spin_manifest_version: u32,
    application: Application,
    #[serde(default)]
    variables: BTreeMap<String, Declaration>,
    #[serde(default)]
    component: BTreeMap<String, Component>,
}

#[derive(Deserialize)]
struct Application {
    name: String,
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"blog\"\n";

    #[track_caller]
    fn refused(text: &str, because: &str) {
        let error = Manifest::parse(Path::new("spin.toml"), text).expect_err("refused");
        let error = format!("{error:#}");
        assert!(error.contains(because), "{error}");
    }

    #[test]
    fn source_is_relative_to_the_manifest() {
        let text = format!("{HEAD}[component.x]\nsource = \"a/b.wasm\"\nfiles = []\n");
        let manifest = Manifest::parse(Path::new("site/spin.toml"), &text).expect("manifest");
        assert_eq!(manifest.component.source, Path::new("site/a/b.wasm"));
        assert_eq!(manifest.folder(), Path::new("site"));
    }

    #[test]
    fn errors_name_the_field() {
        refused("spin_manifest_version = 2", "application");
        refused(HEAD, "[component]: expected exactly one");
        refused(&format!("{HEAD}[component.x]\n"), "source");
        refused(
            &format!("{HEAD}[component.x]\nsource = {{ url = \"\" }}"),
            "line 5",
        );
        refused(
            &HEAD.replace('2', "1"),
            "spin_manifest_version is 1: only version 2",
        );
    }
}
