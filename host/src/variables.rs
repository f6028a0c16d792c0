//! The variables of an application: the component's are the manifest's templates over those that
//! the environment sets as it does for Spin (`SPIN_VARIABLE_<NAME>`).

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use keyvalue::Variables;

use crate::manifest::Manifest;

/// Values of the application's variables, from which the component's are made.
pub type Values = BTreeMap<String, String>;

const PREFIX: &str = "SPIN_VARIABLE_";

/// All variables that `environment` sets, for a component without a manifest.
pub fn of_environment(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<Values> {
    let set = environment.filter_map(|(key, value)| {
        let name = key.to_str()?.strip_prefix(PREFIX)?.to_lowercase();
        Some((name, value))
    });
    let read = set.map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => bail!(
            "{PREFIX}{} is not UTF-8: set another value",
            name.to_uppercase()
        ),
    });
    read.collect()
}

/// Reads each declared variable from `environment`, or takes its default.
pub fn values(manifest: &Manifest, environment: impl Fn(&str) -> Option<String>) -> Result<Values> {
    let mut values = Values::new();
    for (name, declaration) in &manifest.variables {
        let key = format!("{PREFIX}{}", name.to_uppercase());
        let value = match (environment(&key), &declaration.default) {
            (Some(value), _) => value,
            (None, Some(default)) => default.clone(),
            (None, None) if declaration.required => {
                bail!("variable {name:?} is required: set {key}")
            }
            (None, None) => bail!("variables.{name}: expected a default or required = true"),
        };
        values.insert(name.clone(), value);
    }
    Ok(values)
}

/// Fills the component's templates with the application's `values`.
pub fn of_component(manifest: &Manifest, values: &Values) -> Result<Variables> {
    let templates = &manifest.component.variables;
    let filled = templates.iter().map(|(name, template)| {
        let value =
            fill(template, values).with_context(|| format!("variables.{name} of the component"))?;
        Ok((name.clone(), value))
    });
    filled.collect::<Result<_>>().map(Variables)
}

fn fill(template: &str, values: &Values) -> Result<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("`{{` has no `}}`")?;
        let name = name.trim();
        let value = values
            .get(name)
            .with_context(|| format!("there is no variable {name:?} in [variables]"))?;
        filled += before;
        filled += value;
        rest = after;
    }
    Ok(filled + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        let values = Values::from([("who".to_owned(), "world".to_owned())]);
        let filled = |template| fill(template, &values).map_err(|error| error.to_string());
        assert_eq!(filled("hello {{ who }}!"), Ok("hello world!".to_owned()));
        assert_eq!(filled("plain"), Ok("plain".to_owned()));
        assert_eq!(filled("{{who"), Err("`{{` has no `}}`".to_owned()));
        assert_eq!(
            filled("{{ x }}"),
            Err("there is no variable \"x\" in [variables]".to_owned())
        );
    }
}
