//! What a server says about itself (`INFO`) that an author must know before trusting it with
//! years of work.

/// Why the server takes no writes, or may lose what it has acknowledged, with the remedy.
pub(super) fn worries(info: &str) -> Vec<&'static str> {
    let mut worries = Vec::new();
    if field(info, "role") == Some("slave") && field(info, "slave_read_only") == Some("1") {
        worries.push("it is a replica, which takes no writes: name its primary to publish");
    }
    if field(info, "aof_enabled") == Some("0") {
        worries.push(
            "if it crashes, it loses what was published since its last snapshot: set appendonly yes",
        );
    }
    let is_bounded = field(info, "maxmemory").is_some_and(|bytes| bytes != "0");
    let evicts =
        field(info, "maxmemory_policy").is_some_and(|policy| policy.starts_with("allkeys"));
    if is_bounded && evicts {
        worries.push(
            "when its memory is full, it deletes keys, posts included: set maxmemory-policy noeviction",
        );
    }
    worries
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worries_are_told_and_no_others() {
        let info = "# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n\
            aof_enabled:1\r\nrole:slave\r\nslave_read_only:0\r\n";
        assert!(worries(info).is_empty());
        for (now, changed, told) in [
            ("aof_enabled:1", "aof_enabled:0", "set appendonly yes"),
            ("maxmemory:0", "maxmemory:1000", "noeviction"),
            ("slave_read_only:0", "slave_read_only:1", "name its primary"),
        ] {
            let worries = worries(&info.replace(now, changed));
            assert!(
                worries.len() == 1 && worries[0].contains(told),
                "{worries:?}"
            );
        }
        let volatile = info.replace("maxmemory:0", "maxmemory:1000");
        assert!(worries(&volatile.replace("allkeys", "volatile")).is_empty());
    }
}
