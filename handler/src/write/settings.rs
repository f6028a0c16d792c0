//! Changes to the site's record, which settings and theme share: one at a time, under the lock.

use super::log::Log;
use super::{WriteError, commit};
use crate::host::Host;
use crate::site::Site;

/// Changes the site; what `change` returns comes back.
pub fn update_site<T>(
    host: &impl Host,
    change: impl FnOnce(&mut Site) -> T,
) -> Result<T, WriteError> {
    let lock = commit::acquire_and_recover(host, &Log::default())?;
    let mut site = Site::read(host)?;
    let before = site.encode();
    let told = change(&mut site);
    if site.encode() != before {
        if !lock.is_held()? {
            return Err(WriteError::Busy);
        }
        site.written = host.now();
        site.write(host)?;
    }
    lock.release()?;
    Ok(told)
}
