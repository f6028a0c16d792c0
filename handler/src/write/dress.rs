//! Changes to the site's record, which settings and theme share: one at a time, under the lock.

use super::lock::Lock;
use super::{Failure, recover};
use crate::host::Host;
use crate::site::{self, Site};
use std::collections::BTreeMap;

/// Changes the site; what `change` returns comes back.
pub fn site<T>(host: &impl Host, change: impl FnOnce(&mut Site) -> T) -> Result<T, Failure> {
    let lock = Lock::take(host)?;
    let mut site = Site::decode(host.get(site::KEY)?.as_deref())?;
    let before = site.encode();
    let told = change(&mut site);
    if site.encode() != before {
        site.written = host.now();
        host.set(site::KEY, site.encode())?;
    }
    let options = site.settings.compile_options();
    // Whoever holds the lock finishes what its last holder began.
    match lock.journal() {
        [] => lock.release()?,
        _ => recover::settle(host, lock, &options, BTreeMap::new())?,
    }
    Ok(told)
}
