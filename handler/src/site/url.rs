//! The address of a site: scheme, host and perhaps a port, nothing behind them. Links within the
//! site begin at its root, so it cannot lie in a folder.

use std::net::Ipv6Addr;

/// The address without a slash at the end, or `None` if it is none.
pub(super) fn origin(text: &str) -> Option<&str> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (scheme, authority) = text.split_once("://")?;
    let is_web = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            ("", port)
        }
        None => {
            let end = authority.find(':').unwrap_or(authority.len());
            authority.split_at(end)
        }
    };
    let is_host = authority.starts_with('[') || host.split('.').all(is_label);
    let is_port = match port.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    (is_web && is_host && is_port).then_some(text)
}

fn is_label(label: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !label.is_empty()
        && label.chars().all(is_inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}
