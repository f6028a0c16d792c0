//! A profile of processor time: where instances were at the ticks, in pprof's format.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::heap::encode::Strings;
use super::pprof::{Function, Line, Location, Mapping, Profile, Sample};
use super::symbols::{SPAN, plain};
use instance::{CpuSamples, Names, Spot, Worker};

/// `samples` of the component in the file `path`.
pub(super) fn profile(samples: &CpuSamples, path: &Path) -> Profile {
    let mut encoder = Encoder::new(samples, path);
    let period = samples.elapsed.as_nanos() as i64 / samples.ticks.max(1) as i64;
    for (stack, count) in &samples.stacks {
        let worker = encoder.worker(stack.worker);
        let frames = stack.frames.iter().map(|place| encoder.location(*place));
        let location_id = worker.into_iter().chain(frames).collect();
        let count = *count as i64;
        encoder.profile.sample.push(Sample {
            location_id,
            value: vec![count, count * period],
            label: Vec::new(),
        });
    }
    encoder.finish(samples, period)
}

/// Places that are in no module of a guest.
const HOST: Spot = Spot {
    module: u64::MAX,
    function: 0,
    offset: 0,
};
const STORE: Spot = Spot {
    function: 1,
    ..HOST
};

struct Encoder<'a> {
    names: &'a HashMap<(u64, u32), Names>,
    modules: BTreeMap<u64, u64>,
    functions: BTreeMap<(u64, u32), u64>,
    locations: BTreeMap<Spot, u64>,
    strings: Strings,
    profile: Profile,
}

impl<'a> Encoder<'a> {
    fn new(samples: &'a CpuSamples, path: &Path) -> Self {
        let modules: BTreeSet<u64> = samples.names.keys().map(|(module, _)| *module).collect();
        let mut encoder = Self {
            names: &samples.names,
            modules: modules.into_iter().zip(1..).collect(),
            functions: BTreeMap::new(),
            locations: BTreeMap::new(),
            strings: Strings::new(),
            profile: Profile::default(),
        };
        encoder.add_mappings(path);
        encoder
    }

    fn add_mappings(&mut self, path: &Path) {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        for (module, id) in &self.modules {
            let mut names = self.names.iter().filter(|((of, _), _)| of == module);
            let name = names.find_map(|(_, names)| names.module.as_deref());
            let name = format!(
                "{file}[{}{}]",
                id - 1,
                name.map_or_else(String::new, |name| format!(" {name}"))
            );
            self.profile.mapping.push(Mapping {
                id: *id,
                memory_start: id * SPAN,
                memory_limit: (id + 1) * SPAN,
                filename: self.strings.number(&name),
                // Nobody should look for the binary of a guest.
                has_functions: true,
                ..Mapping::default()
            });
        }
    }

    fn location(&mut self, place: Spot) -> u64 {
        if let Some(id) = self.locations.get(&place) {
            return *id;
        }
        let function_id = self.function((place.module, place.function));
        let mapping_id = self.modules[&place.module];
        let address = mapping_id * SPAN + u64::from(place.offset);
        let id = self.add_location(mapping_id, address, function_id);
        self.locations.insert(place, id);
        id
    }

    fn function(&mut self, key: (u64, u32)) -> u64 {
        if let Some(id) = self.functions.get(&key) {
            return *id;
        }
        let name = self
            .names
            .get(&key)
            .and_then(|names| names.function.clone());
        let name = name.unwrap_or_else(|| format!("function {}", key.1));
        let id = self.add_function(&name);
        self.functions.insert(key, id);
        id
    }

    /// What stands on top of the guest's stack while the host works.
    fn worker(&mut self, worker: Worker) -> Option<u64> {
        let (key, name) = match worker {
            Worker::Guest => return None,
            Worker::Host => (HOST, "[the host]"),
            Worker::Store => (STORE, "[the store, in the host]"),
        };
        if let Some(id) = self.locations.get(&key) {
            return Some(*id);
        }
        let function_id = self.add_function(name);
        let id = self.add_location(0, 0, function_id);
        self.locations.insert(key, id);
        Some(id)
    }

    fn add_function(&mut self, name: &str) -> u64 {
        let id = self.profile.function.len() as u64 + 1;
        self.profile.function.push(Function {
            id,
            name: self.strings.number(&plain(name)),
            system_name: self.strings.number(name),
            ..Function::default()
        });
        id
    }

    fn add_location(&mut self, mapping_id: u64, address: u64, function_id: u64) -> u64 {
        let id = self.profile.location.len() as u64 + 1;
        self.profile.location.push(Location {
            id,
            mapping_id,
            address,
            line: vec![Line {
                function_id,
                line: 0,
            }],
        });
        id
    }

    fn finish(mut self, samples: &CpuSamples, period: i64) -> Profile {
        let strings = &mut self.strings;
        let taken = format!("ticks={} dropped={}", samples.ticks, samples.dropped);
        let cpu = strings.value_type("cpu", "nanoseconds");
        Profile {
            sample_type: vec![strings.value_type("samples", "count"), cpu],
            duration_nanos: samples.elapsed.as_nanos() as i64,
            time_nanos: samples.started_ns,
            period_type: Some(cpu),
            period,
            comment: vec![strings.number(&taken)],
            default_sample_type: strings.number("cpu"),
            string_table: self.strings.table,
            ..self.profile
        }
    }
}
