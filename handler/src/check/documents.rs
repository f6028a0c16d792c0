//! Posts and pages: readable, made by today's compiler, in the index, with card and aliases.

use super::{About, DEPLOY, PUBLISH, REINDEX, RESTORE, Step, Tally, broken};
use crate::compile::Options;
use crate::error::ReadError;
use crate::index::{Index, IndexError, Kind, Placed};
use crate::post;
use crate::store::Store;
use crate::write::{self, Examined, Failure, Left, Name};

/// How many records are read at once.
const TOGETHER: usize = 16;

/// Looks at the documents among the keys.
pub(super) fn check(
    store: &impl Store,
    index: &Index,
    options: &Options,
    keys: &[String],
    tally: &mut Tally,
    step: &mut Step,
) -> Result<(), Failure> {
    let names: Vec<Name> = keys.iter().filter_map(|key| post::name_of(key)).collect();
    let mut whole: Vec<(Name, Placed)> = Vec::new();
    for some in names.chunks(TOGETHER) {
        for (name, examined) in some.iter().zip(examine(store, some, options, step)?) {
            tell(name, &examined, step);
            if examined.placed.is_none() {
                tally.head = super::UNCOUNTED;
            }
            if let Some(placed) = examined.placed {
                tally.documents += 1;
                if placed.listed.kind == Kind::Post {
                    tally.tags += placed.tags.len();
                }
                if !examined.is_stale {
                    whole.push((name.clone(), placed));
                }
            }
        }
    }
    let (names, placed): (Vec<Name>, Vec<Placed>) = whole.into_iter().unzip();
    match index.lacking(store, &placed) {
        Ok(lacking) => {
            for name in lacking.into_iter().map(|at| &names[at]) {
                let problem = "the index does not have it as it is";
                step.find(&key(name), problem, REINDEX, About::Document(name.clone()));
            }
        }
        Err(IndexError::Store(error)) => return Err(error.into()),
        Err(error) => step.findings.extend(broken(&error).findings),
    }
    Ok(())
}

/// Examines some documents; those of a newer version and those that the store cannot read are
/// told and left out.
fn examine(
    store: &impl Store,
    names: &[Name],
    options: &Options,
    step: &mut Step,
) -> Result<Vec<Examined>, Failure> {
    let nothing = Left::default();
    let of = |names: &[Name]| {
        let documents: Vec<_> = names.iter().map(|name| (name, &nothing)).collect();
        write::examine(store, &documents, options)
    };
    match of(names) {
        Err(Failure::Record(ReadError::Newer { .. }) | Failure::Store(_)) if names.len() > 1 => {
            let mut all = Vec::with_capacity(names.len());
            for name in names {
                all.extend(examine(store, std::slice::from_ref(name), options, step)?);
            }
            Ok(all)
        }
        Err(Failure::Record(error @ ReadError::Newer { .. })) => {
            step.find(&key(&names[0]), &error.to_string(), DEPLOY, About::Other);
            Ok(vec![Examined::default()])
        }
        Err(Failure::Store(error)) => {
            step.find(&key(&names[0]), &error.to_string(), RESTORE, About::Other);
            Ok(vec![Examined::default()])
        }
        examined => examined,
    }
}

fn tell(name: &Name, examined: &Examined, step: &mut Step) {
    let own = key(name);
    let document = || About::Document(name.clone());
    if examined.is_damaged {
        step.find(&own, "damaged", PUBLISH, document());
    }
    if examined.is_stale {
        let problem =
            "made by another compiler, or for other settings, and so anew for each visitor";
        step.find(&own, problem, REINDEX, document());
        return;
    }
    for (key, _) in examined.missing.iter().filter(|(key, _)| *key != own) {
        step.find(key, "not as its document wants it", REINDEX, document());
    }
    for key in &examined.surplus {
        step.find(key, "its document wants none", REINDEX, document());
    }
}

fn key(name: &Name) -> String {
    post::key(write::kind(name), &name.1)
}
