//! Routes: what kinds of paths are asked for, as far as a host can tell that does not know its
//! component. A route is the first segment of a path: `/`, `/about`, `/posts/*`.
//!
//! There are at most [`ROUTES`]: the first that were answered well. All others are one, so
//! that a client who makes up paths fills neither this table nor a database of metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::{Method, Uri};

use instance::Sample;

/// All routes with what is known of them.
#[derive(Debug, Default)]
pub(super) struct Routes(Mutex<BTreeMap<String, Route>>);

/// What is known of a route.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    pub(super) requests: u64,
    /// The most linear memory of any of its requests, and the target of that one.
    pub(super) peak_memory_bytes: usize,
    pub(super) peak_target: String,
    pub(super) total_us: u64,
    /// The last GET that was answered well.
    last_get: Option<String>,
}

/// How many routes are told apart.
const ROUTES: usize = 32;
/// A longer first segment is no route.
const SEGMENT_BYTES: usize = 64;
/// The name of all other routes.
pub(super) const OTHER: &str = "other";

impl Routes {
    /// The name of the route of a request that got no instance.
    pub(super) fn name(&self, uri: &Uri) -> String {
        let name = name(uri.path());
        match self.lock().contains_key(&name) {
            true => name,
            false => OTHER.to_owned(),
        }
    }

    /// Adds a request that is over, and says to which route.
    pub(super) fn add(&self, method: &Method, uri: &Uri, status: u16, sample: &Sample) -> String {
        let mut name = name(uri.path());
        let mut routes = self.lock();
        let well = status < 400;
        if !routes.contains_key(&name) && (!well || routes.len() >= ROUTES) {
            OTHER.clone_into(&mut name);
        }
        let route = routes.entry(name.clone()).or_default();
        route.requests += 1;
        route.total_us += sample.total_us;
        if sample.peak_memory_bytes > route.peak_memory_bytes {
            route.peak_memory_bytes = sample.peak_memory_bytes;
            route.peak_target = target(uri);
        }
        if well && method == Method::GET {
            route.last_get = Some(target(uri));
        }
        name
    }

    /// All routes by name, those with the highest peak first.
    pub(super) fn by_peak(&self) -> Vec<(String, Route)> {
        let routes = self.lock();
        let mut routes: Vec<_> = routes.iter().map(|(n, r)| (n.clone(), r.clone())).collect();
        routes.sort_by_key(|(_, route)| std::cmp::Reverse(route.peak_memory_bytes));
        routes
    }

    /// A target that was got for each of the routes that are asked for most.
    pub(super) fn favourites(&self, count: usize) -> Vec<String> {
        let routes = self.lock();
        let mut routes: Vec<_> = routes.values().filter(|r| r.last_get.is_some()).collect();
        routes.sort_by_key(|route| std::cmp::Reverse(route.requests));
        let targets = routes.into_iter().filter_map(|r| r.last_get.clone());
        targets.take(count).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Route>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Path and query.
pub(super) fn target(uri: &Uri) -> String {
    uri.path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned()
}

fn name(path: &str) -> String {
    let path = path.strip_prefix('/').unwrap_or(path);
    match path.split_once('/') {
        _ if path.len().min(path.find('/').unwrap_or(path.len())) > SEGMENT_BYTES => {
            OTHER.to_owned()
        }
        Some((segment, _)) => format!("/{segment}/*"),
        None => format!("/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use instance::End;

    use super::*;

    fn add(routes: &Routes, path: &str, status: u16) -> String {
        let uri = path.parse().expect("a path");
        routes.add(
            &Method::GET,
            &uri,
            status,
            &Sample::without_instance(End::Refused, Duration::ZERO),
        )
    }

    #[test]
    fn a_route_is_the_first_segment() {
        let routes = Routes::default();
        assert_eq!(add(&routes, "/", 200), "/");
        assert_eq!(add(&routes, "/about?x=1", 200), "/about");
        assert_eq!(add(&routes, "/posts/a/b", 304), "/posts/*");
        assert_eq!(add(&routes, "/posts/missing", 404), "/posts/*");
        assert_eq!(add(&routes, "/missing", 404), OTHER);
        assert_eq!(add(&routes, &format!("/{}", "x".repeat(65)), 200), OTHER);
        assert_eq!(routes.favourites(1), ["/posts/a/b"]);
    }

    #[test]
    fn made_up_paths_are_one_route() {
        let routes = Routes::default();
        for number in 0..1000 {
            add(&routes, &format!("/made-up-{number}"), 200);
        }
        let all = routes.by_peak();
        assert_eq!(all.len(), ROUTES + 1);
        let other = all.iter().find(|(name, _)| name == OTHER).expect("other");
        assert_eq!(other.1.requests, 1000 - ROUTES as u64);
    }
}
