//! Changes to the site's record, which settings and theme share: one at a time, under the lock.

use super::journal::Journal;
use super::{Failure, recover};
use crate::host::Host;
use crate::site::Site;

/// Changes the site; what `change` returns comes back.
pub fn site<T>(host: &impl Host, change: impl FnOnce(&mut Site) -> T) -> Result<T, Failure> {
    let lock = recover::enter(host, &Journal::default())?;
    let mut site = Site::read(host)?;
    let before = site.encode();
    let told = change(&mut site);
    if site.encode() != before {
        if !lock.is_held()? {
            return Err(Failure::Busy);
        }
        site.written = host.now();
        site.write(host)?;
    }
    lock.release()?;
    Ok(told)
}
