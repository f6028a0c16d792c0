//! The component's variables, for the interfaces that ask for them.

use std::collections::BTreeMap;

use wasmtime::component::HasData;

use crate::bindings::fermyon::spin::variables::{Error, Host};
use crate::bindings::wasi::config::store;

/// Values by name, as the component sees them.
#[derive(Debug, Default)]
pub struct Variables(pub BTreeMap<String, String>);

impl HasData for Variables {
    type Data<'a> = &'a Variables;
}

impl Host for &Variables {
    fn get(&mut self, name: String) -> Result<String, Error> {
        match self.0.get(&name) {
            Some(value) => Ok(value.clone()),
            None => Err(Error::Undefined(name)),
        }
    }
}

/// `wasi:config` knows the same values under another name.
impl store::Host for &Variables {
    fn get(&mut self, name: String) -> Result<Option<String>, store::Error> {
        Ok(self.0.get(&name).cloned())
    }

    fn get_all(&mut self) -> Result<Vec<(String, String)>, store::Error> {
        Ok(self.0.clone().into_iter().collect())
    }
}
