//! Vitals: gauges that are read when someone asks. Instances, their pool, this process.

use std::fmt::{self, Debug, Formatter};
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;

use instance::Runtime;
use leaktest::process::{Process, cpu_seconds};

/// What is read of a runtime and of the process that it runs in.
pub(super) struct Vitals {
    runtime: Runtime,
    started: SystemTime,
}

impl Vitals {
    pub(super) fn new(runtime: Runtime) -> Self {
        let started = SystemTime::now();
        Self { runtime, started }
    }

    fn instances(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let (alive, most) = (self.runtime.alive(), self.runtime.limits().instances);
        let limit = self.runtime.limits().memory_bytes;
        gauge(
            encoder,
            "mayfly_instances_alive",
            "Instances now",
            alive as u64,
        )?;
        gauge(
            encoder,
            "mayfly_instances_limit",
            "Instances that may be alive at once",
            u64::from(most),
        )?;
        gauge(
            encoder,
            "mayfly_instance_memory_limit_bytes",
            "Linear memory that one instance may have",
            limit as u64,
        )
    }

    fn pool(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        // Where the system denies a pool's address space there is none.
        let Some(pool) = self.runtime.pool() else {
            return Ok(());
        };
        let gauges = [
            (
                "mayfly_pool_core_instances",
                "Core instances in the pool's use",
                pool.core_instances(),
            ),
            (
                "mayfly_pool_memories",
                "Linear memories in use",
                pool.memories() as u64,
            ),
            ("mayfly_pool_tables", "Tables in use", pool.tables() as u64),
            ("mayfly_pool_stacks", "Stacks in use", pool.stacks() as u64),
            (
                "mayfly_pool_unused_warm_memories",
                "Memories kept ready for the next instance",
                u64::from(pool.unused_warm_memories()),
            ),
            (
                "mayfly_pool_unused_memory_resident_bytes",
                "What those hold of the resident set",
                pool.unused_memory_bytes_resident() as u64,
            ),
        ];
        for (name, help, value) in gauges {
            gauge(encoder, name, help, value)?;
        }
        Ok(())
    }

    fn process(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let process = Process::now();
        let gauges = [
            (
                "process_resident_memory_bytes",
                "Resident set of this process",
                process.resident_bytes,
            ),
            ("process_open_fds", "Open files", process.open_files),
            ("process_threads", "Threads", process.threads),
        ];
        for (name, help, value) in gauges {
            gauge(encoder, name, help, value)?;
        }
        let started = self.started.duration_since(UNIX_EPOCH).unwrap_or_default();
        gauge(
            encoder,
            "process_start_time_seconds",
            "When serving began, since 1970",
            started.as_secs_f64(),
        )?;
        let cpu = ConstCounter::new(cpu_seconds());
        let help = "Processor time of this process";
        let place =
            encoder.encode_descriptor("process_cpu_seconds", help, None, cpu.metric_type())?;
        cpu.encode(place)
    }

    fn build(encoder: &mut DescriptorEncoder) -> fmt::Result {
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        let help = "This program";
        let place = encoder.encode_descriptor("mayfly_build", help, None, build.metric_type())?;
        build.encode(place)
    }
}

fn gauge<V>(encoder: &mut DescriptorEncoder, name: &str, help: &str, value: V) -> fmt::Result
where
    V: EncodeGaugeValue,
    ConstGauge<V>: EncodeMetric,
{
    let gauge = ConstGauge::new(value);
    let place = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
    gauge.encode(place)
}

impl Collector for Vitals {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        self.instances(&mut encoder)?;
        self.pool(&mut encoder)?;
        self.process(&mut encoder)?;
        Self::build(&mut encoder)
    }
}

impl Debug for Vitals {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.debug_struct("Vitals").finish_non_exhaustive()
    }
}
