//! A heap profile written as a capture: a gzipped pprof profile.
//!
//! The first four sample types are Go's for its heap, in Go's order; the rest follow. Facts
//! about the run are comments (`requests=200 reuse=200`), which `pprof -comments` shows.

use std::collections::HashMap;
use std::io::Write;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;

use super::{Amounts, Heap, Labels, Run, Sample};
use crate::pprof;

/// Names and units of what a sample's values are, in their order.
pub const SAMPLE_TYPES: [(&str, &str); 10] = [
    ("alloc_objects", "count"),
    ("alloc_space", "bytes"),
    ("inuse_objects", "count"),
    ("inuse_space", "bytes"),
    ("peak_objects", "count"),
    ("peak_space", "bytes"),
    ("temporary_objects", "count"),
    ("temporary_space", "bytes"),
    ("grown_objects", "count"),
    ("grown_space", "bytes"),
];

/// The bytes of a capture, of which readers show what is in use unless they are told otherwise.
pub fn encode(heap: &Heap) -> Result<Vec<u8>> {
    encode_for(heap, "inuse_space")
}

/// Like `encode`, with another sample type to show first.
pub fn encode_for(heap: &Heap, sample_type: &str) -> Result<Vec<u8>> {
    compress(&profile(heap, sample_type))
}

/// The bytes of a file with `profile` in it.
pub(crate) fn compress(profile: &pprof::Profile) -> Result<Vec<u8>> {
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    file.write_all(&profile.encode_to_vec())?;
    Ok(file.finish()?)
}

fn profile(heap: &Heap, default: &str) -> pprof::Profile {
    let mut strings = Strings::new();
    let sample_type = SAMPLE_TYPES.map(|(name, unit)| strings.value_type(name, unit));
    let comments = comments(&heap.run);
    pprof::Profile {
        sample_type: sample_type.to_vec(),
        sample: heap
            .samples
            .iter()
            .map(|sample| strings.sample(sample))
            .collect(),
        mapping: mappings(heap, &mut strings),
        location: locations(heap),
        function: functions(heap, &mut strings),
        drop_frames: strings.number(&heap.drop_frames),
        time_nanos: heap.run.time_ns,
        duration_nanos: heap.run.duration_ns,
        period_type: Some(strings.value_type("space", "bytes")),
        period: 1,
        comment: comments
            .iter()
            .map(|comment| strings.number(comment))
            .collect(),
        default_sample_type: strings.number(default),
        string_table: strings.table,
    }
}

fn mappings(heap: &Heap, strings: &mut Strings) -> Vec<pprof::Mapping> {
    let modules = (1..).zip(&heap.modules);
    let mapping = modules.map(|(id, module)| pprof::Mapping {
        id,
        memory_start: module.start,
        memory_limit: module.end,
        filename: strings.number(&module.file),
        build_id: strings.number(&module.build_id),
        // All that can be known of a guest is in here; nobody should look for its binary.
        has_functions: true,
        has_filenames: true,
        has_line_numbers: true,
        has_inline_frames: true,
    });
    mapping.collect()
}

fn locations(heap: &Heap) -> Vec<pprof::Location> {
    let locations = (1..).zip(&heap.locations);
    let location = locations.map(|(id, location)| pprof::Location {
        id,
        mapping_id: location.module as u64 + 1,
        address: location.address,
        line: location
            .lines
            .iter()
            .map(|line| pprof::Line {
                function_id: line.function as u64 + 1,
                line: line.line,
            })
            .collect(),
    });
    location.collect()
}

fn functions(heap: &Heap, strings: &mut Strings) -> Vec<pprof::Function> {
    let functions = (1..).zip(&heap.functions);
    let function = functions.map(|(id, function)| pprof::Function {
        id,
        name: strings.number(&function.name),
        system_name: strings.number(&function.system_name),
        filename: strings.number(&function.file),
        start_line: 0,
    });
    function.collect()
}

fn comments(run: &Run) -> Vec<String> {
    let numbers = [
        ("requests", i64::from(run.requests)),
        ("measured", i64::from(run.measured)),
        ("reuse", i64::from(run.reuse)),
        ("memory_before", run.memory_before),
        ("memory_after", run.memory_after),
    ];
    let numbers = numbers.map(|(key, number)| format!("{key}={number}"));
    let mut comments = vec![numbers.join(" ")];
    comments.extend(run.remarks.iter().map(|remark| format!("remark: {remark}")));
    comments
}

fn values(amounts: &Amounts) -> Vec<i64> {
    let Amounts {
        alloc,
        inuse,
        peak,
        temporary,
        grown,
    } = amounts;
    [alloc, inuse, peak, temporary, grown]
        .into_iter()
        .flat_map(|amount| [amount.blocks, amount.bytes])
        .collect()
}

/// The string table while it is made.
struct Strings {
    table: Vec<String>,
    numbers: HashMap<String, i64>,
}

impl Strings {
    fn new() -> Self {
        let mut strings = Self {
            table: Vec::new(),
            numbers: HashMap::new(),
        };
        strings.number("");
        strings
    }

    fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.table.len() as i64;
        self.table.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn value_type(&mut self, name: &str, unit: &str) -> pprof::ValueType {
        pprof::ValueType {
            r#type: self.number(name),
            unit: self.number(unit),
        }
    }

    fn sample(&mut self, sample: &Sample) -> pprof::Sample {
        let Labels {
            bytes,
            request,
            number,
            at_us,
            order,
        } = &sample.labels;
        let mut label = Vec::new();
        if let Some(request) = request {
            label.push(pprof::Label {
                key: self.number("request"),
                str: self.number(request),
                ..pprof::Label::default()
            });
        }
        let numbers = [
            ("bytes", bytes, "bytes"),
            ("number", number, ""),
            ("at", at_us, "microseconds"),
            ("order", order, ""),
        ];
        for (key, num, unit) in numbers {
            if let Some(num) = *num {
                label.push(pprof::Label {
                    key: self.number(key),
                    num,
                    num_unit: self.number(unit),
                    ..pprof::Label::default()
                });
            }
        }
        pprof::Sample {
            location_id: sample
                .stack
                .iter()
                .map(|number| *number as u64 + 1)
                .collect(),
            value: values(&sample.amounts),
            label,
        }
    }
}
