//! The world of a component: through which export it answers HTTP requests.

use anyhow::{Context, Result, bail};
use wasmparser::{Parser, Payload};

/// Which generation of WASI a component was built for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum World {
    /// It exports `wasi:http/incoming-handler@0.2`.
    V02,
    /// It exports `wasi:http/handler@0.3`, whose calls are asynchronous.
    V03,
}

impl World {
    /// The world of `component`. Of two it is the older one, as in other hosts.
    pub(super) fn of(component: &[u8]) -> Result<Self> {
        let exports = exports(component).context("not a valid component")?;
        let exported = |name: &str| exports.iter().find(|export| export.starts_with(name));
        let old = exported("wasi:http/incoming-handler@0.2.");
        let new = exported("wasi:http/handler@0.3.");
        let (name, world) = match (old, new) {
            (Some(name), _) => (name, Self::V02),
            (None, Some(name)) => (name, Self::V03),
            (None, None) => bail!(
                "the component exports neither wasi:http/incoming-handler@0.2 nor wasi:http/handler@0.3: build it as an HTTP component"
            ),
        };
        match name.rsplit_once('@') {
            Some((_, version)) if version.contains('-') => {
                bail!("the component exports {name}, a draft: build it for the released version")
            }
            _ => Ok(world),
        }
    }
}

/// What the component itself exports, not what one inside it does.
fn exports(component: &[u8]) -> Result<Vec<&str>> {
    let (mut exported, mut depth) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    exported.push(export?.name.name);
                }
            }
            _ => {}
        }
    }
    Ok(exported)
}
