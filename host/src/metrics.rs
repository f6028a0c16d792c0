//! Metrics: counters and histograms of everything that was served, as Prometheus reads them.
//!
//! Nothing here has a label that a client can choose freely: each distinct value of a label
//! costs memory here and in the database that collects it. Routes are those of a bounded
//! table, see `serve::routes`.

mod vitals;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
pub use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use instance::{Runtime, Sample};
use vitals::Vitals;

/// All metrics of one server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    routes: Family<Route, Counter>,
    duration: Histogram,
    queue: Histogram,
    peak: Histogram,
    time: Family<Phase, Seconds>,
    store_round_trips: Counter,
    store_read_bytes: Counter,
    store_written_bytes: Counter,
    store_keys_written: Counter,
}

type Seconds = Counter<f64, AtomicU64>;

/// How a request ended.
#[derive(Clone, Debug, Eq, EncodeLabelSet, Hash, PartialEq)]
struct Outcome {
    /// `2xx`.
    status: &'static str,
    end: &'static str,
}

#[derive(Clone, Debug, Eq, EncodeLabelSet, Hash, PartialEq)]
struct Route {
    route: String,
}

/// What time went into.
#[derive(Clone, Debug, Eq, EncodeLabelSet, Hash, PartialEq)]
struct Phase {
    phase: &'static str,
}

/// The end of a request that was turned away before there could be an instance.
const TURNED_AWAY: &str = "turned_away";

/// Upper ends of the times that are told apart, in seconds.
const DURATIONS: [f64; 16] = [
    0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    30.0,
];

impl Metrics {
    /// Metrics of a server that runs `runtime`.
    pub fn new(runtime: Runtime) -> Self {
        // From one page of 64 KiB to 1 GiB.
        let peaks = exponential_buckets(65_536.0, 2.0, 15);
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            routes: Family::default(),
            duration: Histogram::new(DURATIONS),
            queue: Histogram::new(DURATIONS),
            peak: Histogram::new(peaks),
            time: Family::default(),
            store_round_trips: Counter::default(),
            store_read_bytes: Counter::default(),
            store_written_bytes: Counter::default(),
            store_keys_written: Counter::default(),
        };
        metrics.register();
        let vitals = Vitals::new(runtime);
        metrics.registry.register_collector(Box::new(vitals));
        metrics
    }

    fn register(&mut self) {
        let registry = self.registry.sub_registry_with_prefix("mayfly");
        let (requests, routes) = (self.requests.clone(), self.routes.clone());
        registry.register(
            "requests",
            "Requests by status class and by how their instance ended",
            requests,
        );
        registry.register(
            "route_requests",
            "Requests by route; those beyond the first routes are other",
            routes,
        );
        registry.register(
            "request_duration_seconds",
            "From a request's arrival until its instance was dropped, the queue and reading the response included",
            self.duration.clone(),
        );
        registry.register(
            "request_queue_seconds",
            "Time for which a request waited for an instance, because all were busy",
            self.queue.clone(),
        );
        registry.register(
            "request_peak_memory_bytes",
            "The most linear memory that the instance of a request had",
            self.peak.clone(),
        );
        registry.register(
            "instance_time_seconds",
            "Time to instantiate and to execute instances, and to wait for the store",
            self.time.clone(),
        );
        let store = registry.sub_registry_with_prefix("store");
        store.register(
            "round_trips",
            "Calls to the store, a batch is one",
            self.store_round_trips.clone(),
        );
        store.register(
            "read_bytes",
            "Bytes of values read",
            self.store_read_bytes.clone(),
        );
        store.register(
            "written_bytes",
            "Bytes of values written",
            self.store_written_bytes.clone(),
        );
        store.register(
            "keys_written",
            "Keys set or deleted",
            self.store_keys_written.clone(),
        );
    }

    /// Counts a request that was turned away before there could be an instance.
    pub fn add_turned_away(&self, route: &str, status: u16, took: Duration) {
        self.add_outcome(route, status, TURNED_AWAY);
        self.duration.observe(took.as_secs_f64());
    }

    /// Counts a request that is over; `status` is what the client saw.
    pub fn add(&self, route: &str, status: u16, sample: &Sample) {
        self.add_outcome(route, status, sample.end.name());
        self.duration.observe(seconds(sample.total_us));
        self.queue.observe(seconds(sample.queue_us));
        if !sample.end.had_instance() {
            return;
        }
        self.peak.observe(sample.peak_memory_bytes as f64);
        let phases = [
            ("instantiate", sample.instantiate_us),
            ("execute", sample.execute_us),
            ("store", sample.store_us),
        ];
        for (phase, us) in phases {
            self.time
                .get_or_create(&Phase { phase })
                .inc_by(seconds(us));
        }
        let used = &sample.store;
        self.store_round_trips.inc_by(used.store_round_trips.into());
        self.store_read_bytes.inc_by(used.store_read_bytes);
        self.store_written_bytes.inc_by(used.store_written_bytes);
        self.store_keys_written
            .inc_by(used.store_keys_written.into());
    }

    /// All metrics as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    fn add_outcome(&self, route: &str, status: u16, end: &'static str) {
        let status = class(status);
        self.requests.get_or_create(&Outcome { status, end }).inc();
        let route = route.to_owned();
        self.routes.get_or_create(&Route { route }).inc();
    }
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}
