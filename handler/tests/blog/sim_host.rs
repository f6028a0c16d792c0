//! The machine that a test runs the blog on: a disk, a clock, and a power cord.

use handler::body::{BodyBuffer, BodyError};
use handler::host::Host;
use handler::store::{KeyPage, Store, StoreError, in_order};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const TOKEN: &str = "a token of 27 characters ok";

/// Noon on 1 June 2026, UTC: the moment at which tests begin.
pub(crate) const NOON: i64 = 1_780_315_200;

/// What outlives an instance.
pub(crate) struct World {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
    clock_ms: AtomicI64,
    nonces: AtomicU64,
    /// How many keys a part of the list names; hosts differ.
    pub(crate) keys_at_once: usize,
}

impl World {
    pub(crate) fn tick(&self, ms: i64) {
        self.clock_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock_ms.load(Ordering::SeqCst)
    }
}

/// Who may do the next thing to the store, and when.
pub(crate) trait Turns {
    /// Ends a turn; the next one comes after this time at the earliest.
    fn wait(&self, ms: i64);
}

/// An instance's surroundings.
pub(crate) struct SimHost {
    pub(crate) world: Arc<World>,
    pub(crate) token: Option<String>,
    pub(crate) turns: Option<Box<dyn Turns + Send>>,
    pub(crate) log: RefCell<Vec<String>>,
    pub(crate) touched: RefCell<BTreeSet<String>>,
    pub(crate) round_trips: Cell<usize>,
    /// How many keys can still be written before the power fails.
    power: Cell<Option<usize>>,
    /// Whether the keys of one call are written last to first.
    backwards: bool,
    pub(crate) variables_read: Cell<usize>,
    /// What the client sends behind the head of its request.
    pub(crate) body: RefCell<Vec<u8>>,
    /// Why it does not come.
    pub(crate) body_error: Option<BodyError>,
    pub(crate) bodies_read: Cell<usize>,
    /// Whether many keys are read as Spin's SQLite store reads them.
    pub(crate) reads_like_spin: bool,
}

impl SimHost {
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(World {
            values: Mutex::default(),
            clock_ms: AtomicI64::new(NOON * 1000),
            nonces: AtomicU64::new(1),
            keys_at_once: 7,
        }))
    }

    /// A new instance's surroundings in the same world.
    pub(crate) fn on(world: Arc<World>) -> Self {
        Self {
            world,
            token: Some(TOKEN.to_owned()),
            turns: None,
            log: RefCell::default(),
            touched: RefCell::default(),
            round_trips: Cell::new(0),
            power: Cell::new(None),
            backwards: false,
            variables_read: Cell::new(0),
            body: RefCell::default(),
            body_error: None,
            bodies_read: Cell::new(0),
            reads_like_spin: env!("CARGO_CRATE_NAME") == "blog_spin",
        }
    }

    /// The same world, in which the power fails after so many keys were written.
    pub(crate) fn failing(&self, after_keys: usize, backwards: bool) -> Self {
        let mut machine = Self::on(self.world.clone());
        machine.power = Cell::new(Some(after_keys));
        machine.backwards = backwards;
        machine
    }

    /// Another world with the same data.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        copy.world
            .values
            .lock()
            .expect("no panic")
            .clone_from(&self.data());
        copy.world
            .clock_ms
            .store(self.world.clock_ms.load(Ordering::SeqCst), Ordering::SeqCst);
        copy
    }

    pub(crate) fn data(&self) -> BTreeMap<String, Vec<u8>> {
        self.world.values.lock().expect("no panic").clone()
    }

    /// Writes past the blog: damage, or the work of another version.
    pub(crate) fn poke(&self, key: &str, value: Option<Vec<u8>>) {
        let mut values = self.world.values.lock().expect("no panic");
        match value {
            Some(value) => values.insert(key.to_owned(), value),
            None => values.remove(key),
        };
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.world
            .clock_ms
            .fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn has_power(&self) -> bool {
        self.power.get() != Some(0)
    }

    fn begin(&self) -> Result<(), StoreError> {
        if let Some(turns) = &self.turns {
            turns.wait(0);
        }
        self.round_trips.set(self.round_trips.get() + 1);
        if self.has_power() {
            Ok(())
        } else {
            Err(StoreError("no power".to_owned()))
        }
    }

    fn write(&self, mut entries: Vec<(String, Option<Vec<u8>>)>) -> Result<(), StoreError> {
        self.begin()?;
        if self.backwards {
            entries.reverse();
        }
        for (key, value) in entries {
            self.touched.borrow_mut().insert(key.clone());
            self.poke(&key, value);
            if let Some(left) = self.power.get() {
                self.power.set(Some(left - 1));
                if left == 1 {
                    return Err(StoreError("the power failed".to_owned()));
                }
            }
        }
        Ok(())
    }
}

impl Store for SimHost {
    fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.begin()?;
        assert!(!keys.is_empty(), "a round trip for nothing");
        for key in keys {
            assert!(key.len() <= 256, "{key} is no key for Spin");
        }
        let values = self.world.values.lock().expect("no panic");
        if self.reads_like_spin {
            // Unordered, what is there, and each once.
            let asked: BTreeSet<&String> = keys.iter().collect();
            let found = asked.into_iter().rev().filter_map(|key| {
                let value = values.get(key)?;
                Some((key.clone(), Some(value.clone())))
            });
            return Ok(in_order(keys, found.collect()));
        }
        Ok(keys.iter().map(|key| values.get(key).cloned()).collect())
    }

    fn set_many(&self, entries: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        assert!(!entries.is_empty(), "a round trip for nothing");
        let entries = entries.iter().cloned();
        for (key, value) in entries.clone() {
            assert!(key.len() <= 256, "{key} is no key for Spin");
            assert!(value.len() <= 512 * 1024, "{key} has {} bytes", value.len());
        }
        self.write(entries.map(|(key, value)| (key, Some(value))).collect())
    }

    fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        assert!(!keys.is_empty(), "a round trip for nothing");
        self.write(keys.iter().map(|key| (key.clone(), None)).collect())
    }

    fn list_keys(&self, cursor: Option<String>) -> Result<KeyPage, StoreError> {
        self.begin()?;
        let values = self.world.values.lock().expect("no panic");
        let from = cursor.map_or(Bound::Unbounded, Bound::Excluded);
        let behind = values.range((from, Bound::Unbounded)).map(|(key, _)| key);
        let mut keys: Vec<String> = behind.take(self.world.keys_at_once).cloned().collect();
        let cursor = keys
            .last()
            .filter(|_| keys.len() == self.world.keys_at_once)
            .cloned();
        // No order is promised.
        keys.reverse();
        Ok(KeyPage { keys, cursor })
    }
}

impl Host for SimHost {
    fn now(&self) -> i64 {
        self.world.clock_ms.load(Ordering::SeqCst).div_euclid(1000)
    }

    fn admin_token(&self) -> Option<String> {
        self.variables_read.set(self.variables_read.get() + 1);
        self.token.clone()
    }

    fn body(&self, limit: usize) -> Result<Vec<u8>, BodyError> {
        self.bodies_read.set(self.bodies_read.get() + 1);
        if let Some(error) = self.body_error {
            return Err(error);
        }
        let mut buffer = BodyBuffer::new(None, limit)?;
        buffer.push(&self.body.take())?;
        Ok(buffer.finish())
    }

    fn nonce(&self) -> u64 {
        self.world.nonces.fetch_add(1, Ordering::SeqCst)
    }

    fn pause(&self, time: Duration) {
        let ms = i64::try_from(time.as_millis()).expect("a short pause");
        match &self.turns {
            Some(turns) => turns.wait(ms),
            None => self.world.tick(ms),
        }
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.world.now_ms().unsigned_abs())
    }

    fn log(&self, message: &str) {
        self.log.borrow_mut().push(message.to_owned());
    }
}
