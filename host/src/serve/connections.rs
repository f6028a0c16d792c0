//! Open connections: no more than there are files for, and of one address no more than half of
//! them. Who comes when all are taken gets the place of the one that moved nothing for longest.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::Notify;

/// All open connections.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    start: Instant,
    table: Mutex<Table>,
    /// One of them has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Table {
    last: u64,
    open: HashMap<u64, Open>,
    of_address: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Open {
    address: IpAddr,
    pulse: Arc<Pulse>,
}

/// A sign of life of one connection.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    /// When it last moved a byte, in milliseconds since `start`.
    moved: AtomicU64,
    /// Whether it waits for an instance: then it is not its fault that nothing moves.
    working: AtomicBool,
    /// Whether it has sent something that is not a whole request yet.
    asking: AtomicBool,
    shed: Notify,
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Arc<Connections>,
    number: u64,
    pub(super) pulse: Arc<Pulse>,
}

/// Files that are not for connections: stores, logs, what is published.
const OTHER_FILES: u64 = 64;
/// A connection, and what its client has not read yet.
const FILES_EACH: u64 = 2;

impl Connections {
    /// Room for `most` connections, or for as many as the system allows: as many as it may.
    pub(super) fn new(most: usize) -> Self {
        let files = raise_files();
        let fitting = (files.saturating_sub(OTHER_FILES) / FILES_EACH).max(2);
        let fitting = usize::try_from(fitting).unwrap_or(usize::MAX);
        if fitting < most {
            tracing::warn!(
                "at most {fitting} connections at once: the system allows {files} open files, raise its limit (ulimit -n) for more"
            );
        }
        Self {
            most: most.min(fitting),
            start: Instant::now(),
            table: Mutex::default(),
            ended: Notify::new(),
        }
    }

    /// A place for a connection from `address`; none if all others wait for instances.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = network(address);
        let pulse = Arc::new(Pulse::new(self.start));
        let mut table = self.lock();
        if table.count(address) >= (self.most / 2).max(1) {
            table.shed(Some(address))?;
        }
        if table.open.len() >= self.most {
            let largest = table.of_address.iter().max_by_key(|(_, count)| **count);
            let largest = largest.map(|(address, _)| *address);
            table.shed(largest).or_else(|| table.shed(None))?;
        }
        table.last += 1;
        let number = table.last;
        *table.of_address.entry(address).or_default() += 1;
        let open = Open {
            address,
            pulse: Arc::clone(&pulse),
        };
        table.open.insert(number, open);
        Some(Place {
            connections: Arc::clone(self),
            number,
            pulse,
        })
    }

    /// Ends the idlest connection, for want of files.
    pub(super) fn shed(&self) {
        self.lock().shed(None);
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.lock().open.len()
    }

    /// Returns when there are none.
    pub(super) async fn ended(&self) {
        loop {
            let ended = self.ended.notified();
            if self.count() == 0 {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn count(&self, address: IpAddr) -> usize {
        self.of_address.get(&address).copied().unwrap_or(0)
    }

    /// Ends the idlest connection, of this address if one is given.
    fn shed(&mut self, address: Option<IpAddr>) -> Option<()> {
        let open = self.open.iter().filter(|(_, open)| {
            address.is_none_or(|address| open.address == address)
                && !open.pulse.working.load(Relaxed)
        });
        let (number, _) = open.min_by_key(|(_, open)| open.pulse.moved.load(Relaxed))?;
        let shed = self.remove(*number)?;
        shed.pulse.shed.notify_one();
        Some(())
    }

    fn remove(&mut self, number: u64) -> Option<Open> {
        let open = self.open.remove(&number)?;
        if let Some(count) = self.of_address.get_mut(&open.address) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&open.address);
            }
        }
        Some(open)
    }
}

impl Pulse {
    fn new(start: Instant) -> Self {
        let pulse = Self {
            start,
            moved: AtomicU64::new(0),
            working: AtomicBool::new(false),
            asking: AtomicBool::new(false),
            shed: Notify::new(),
        };
        pulse.beat();
        pulse
    }

    /// Bytes have moved.
    pub(super) fn beat(&self) {
        let now = self.start.elapsed().as_millis() as u64;
        self.moved.store(now, Relaxed);
    }

    /// Whether the connection waits for an instance now.
    pub(super) fn set_working(&self, working: bool) {
        self.working.store(working, Relaxed);
        self.beat();
    }

    /// Whether its client has begun to send a request.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.load(Relaxed)
    }

    /// Its client has begun to send a request, or all of that has come.
    pub(super) fn set_asking(&self, asking: bool) {
        self.asking.store(asking, Relaxed);
    }

    /// Returns when the connection has to make room for another.
    pub(super) async fn shed(&self) {
        self.shed.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.lock().remove(self.number);
        self.connections.ended.notify_waiters();
    }
}

/// What belongs to one household: of IPv6 each has some 2^64 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

/// Raises the number of files that may be open as far as is allowed, and returns it.
fn raise_files() -> u64 {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::debug!("the limit on open files stays as it is: {error}");
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
