//! The address of a Redis or Valkey server, as a URL gives it. The user and the password in it
//! are for the server alone: nothing here shows them.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use redis::{ConnectionAddr, ConnectionInfo};

/// Where a server is, and what it wants to know.
#[derive(Clone)]
pub struct Address {
    /// What logs and errors call it.
    name: String,
    info: ConnectionInfo,
}

const FORM: &str = "expected redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]";

impl Address {
    /// What the client has to know.
    pub(super) fn info(&self) -> ConnectionInfo {
        self.info.clone()
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        let scheme = match url.split_once("://") {
            Some((scheme @ ("redis" | "valkey"), _)) => scheme,
            Some(("rediss" | "valkeys", _)) => {
                bail!("TLS is not built in: go through a tunnel, such as ssh -L, to redis://")
            }
            _ => bail!(FORM),
        };
        let info: ConnectionInfo = url.parse().context(FORM)?;
        let ConnectionAddr::Tcp(host, port) = info.addr() else {
            bail!(FORM);
        };
        let database = info.redis_settings().db();
        let name = if host.contains(':') {
            format!("{scheme}://[{host}]:{port}/{database}")
        } else {
            format!("{scheme}://{host}:{port}/{database}")
        };
        Ok(Self { name, info })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Result<&str, &str>) {
        let shown = match url.parse::<Address>() {
            Ok(address) => {
                assert_eq!(format!("{address}"), format!("{address:?}"));
                Ok(address.to_string())
            }
            Err(error) => Err(format!("{error:#}")),
        };
        match (&shown, expected) {
            (Ok(shown), Ok(expected)) => assert_eq!(shown, expected),
            (Err(shown), Err(expected)) => assert!(shown.contains(expected), "{shown}"),
            _ => panic!("{url}: {shown:?} is not {expected:?}"),
        }
        let (Ok(shown) | Err(shown)) = shown;
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn addresses_show_no_secrets() {
        check("redis://db.local", Ok("redis://db.local:6379/0"));
        check("redis://u:secret@h:7000/3", Ok("redis://h:7000/3"));
        check("valkey://:secret@[::1]/1", Ok("valkey://[::1]:6379/1"));
        check("redis://:secret@h:port/0", Err("expected redis://"));
        check("redis://:secret@h/x", Err("Invalid database number"));
        check("redis://", Err("expected redis://"));
        check("rediss://:secret@h", Err("TLS is not built in"));
        check("redis+unix:///secret", Err("expected redis://"));
    }

    #[test]
    fn the_password_reaches_the_client() {
        let address: Address = "redis://u:p%40ss@h".parse().expect("an address");
        let info = address.info();
        let settings = info.redis_settings();
        assert_eq!(settings.username(), Some("u"));
        assert_eq!(settings.password(), Some("p@ss"));
    }
}
