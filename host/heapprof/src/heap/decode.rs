//! A capture read back. A heap profile that another program wrote can be read too; what it
//! does not count is zero.

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use prost::Message;

use super::encode::SAMPLE_TYPES;
use super::{Amount, Amounts, Function, Heap, Labels, Line, Location, Module, Run, Sample};
use crate::pprof;

/// The most that a capture may unpack to: that of a run of millions of requests has less.
const MOST_BYTES: u64 = 1 << 30;

/// Reads the bytes of a capture.
pub fn decode(file: &[u8]) -> Result<Heap> {
    decode_within(file, MOST_BYTES)
}

fn decode_within(file: &[u8], most_bytes: u64) -> Result<Heap> {
    let mut bytes = Vec::new();
    let mut unpacked = GzDecoder::new(file).take(most_bytes + 1);
    let read = unpacked.read_to_end(&mut bytes);
    read.context("damaged: record it again")?;
    if bytes.len() as u64 > most_bytes {
        bail!("more than {most_bytes} bytes when unpacked: record fewer requests");
    }
    let profile = pprof::Profile::decode(&*bytes).context("not a pprof profile")?;
    Reader::new(&profile).heap()
}

struct Reader<'a> {
    profile: &'a pprof::Profile,
    /// Where each of our sample types is among the profile's.
    columns: [Option<usize>; SAMPLE_TYPES.len()],
    modules: HashMap<u64, usize>,
    functions: HashMap<u64, usize>,
    locations: HashMap<u64, usize>,
}

impl<'a> Reader<'a> {
    fn new(profile: &'a pprof::Profile) -> Self {
        let types = &profile.sample_type;
        let column = |name: &str| {
            types
                .iter()
                .position(|ty| string(profile, ty.r#type) == name)
        };
        Self {
            profile,
            columns: SAMPLE_TYPES.map(|(name, _)| column(name)),
            modules: numbers(profile.mapping.iter().map(|mapping| mapping.id)),
            functions: numbers(profile.function.iter().map(|function| function.id)),
            locations: numbers(profile.location.iter().map(|location| location.id)),
        }
    }

    fn heap(&self) -> Result<Heap> {
        let profile = self.profile;
        let locations = profile.location.iter().map(|it| self.location(it));
        let samples = profile.sample.iter().map(|it| self.sample(it));
        Ok(Heap {
            modules: profile.mapping.iter().map(|it| self.module(it)).collect(),
            functions: profile
                .function
                .iter()
                .map(|it| self.function(it))
                .collect(),
            locations: locations.collect::<Result<_>>()?,
            samples: samples.collect::<Result<_>>()?,
            run: self.run(),
            drop_frames: self.string(profile.drop_frames),
        })
    }

    fn module(&self, mapping: &pprof::Mapping) -> Module {
        Module {
            file: self.string(mapping.filename),
            build_id: self.string(mapping.build_id),
            start: mapping.memory_start,
            end: mapping.memory_limit,
        }
    }

    fn function(&self, function: &pprof::Function) -> Function {
        Function {
            name: self.string(function.name),
            system_name: self.string(function.system_name),
            file: self.string(function.filename),
        }
    }

    fn location(&self, location: &pprof::Location) -> Result<Location> {
        let lines = location.line.iter().map(|line| {
            let function = self.functions.get(&line.function_id).copied();
            Ok(Line {
                function: function.context("a location names a function that is not there")?,
                line: line.line,
            })
        });
        let module = self.modules.get(&location.mapping_id).copied();
        Ok(Location {
            module: module.unwrap_or(0),
            address: location.address,
            lines: lines.collect::<Result<_>>()?,
        })
    }

    fn sample(&self, sample: &pprof::Sample) -> Result<Sample> {
        let stack = sample.location_id.iter().map(|id| {
            let number = self.locations.get(id).copied();
            number.context("a sample names a location that is not there")
        });
        let value = |column: usize| {
            let column = self.columns[column];
            let value = column.and_then(|column| sample.value.get(column));
            value.copied().unwrap_or(0)
        };
        let amount = |pair: usize| Amount {
            blocks: value(2 * pair),
            bytes: value(2 * pair + 1),
        };
        Ok(Sample {
            stack: stack.collect::<Result<_>>()?,
            amounts: Amounts {
                alloc: amount(0),
                inuse: amount(1),
                peak: amount(2),
                temporary: amount(3),
                grown: amount(4),
            },
            labels: self.labels(&sample.label),
        })
    }

    fn labels(&self, labels: &[pprof::Label]) -> Labels {
        let find = |key: &str| labels.iter().find(|label| self.string(label.key) == key);
        Labels {
            bytes: find("bytes").map(|label| label.num),
            request: find("request").map(|label| self.string(label.str)),
            number: find("number").map(|label| label.num),
            at_us: find("at").map(|label| label.num),
            order: find("order").map(|label| label.num),
        }
    }

    fn run(&self) -> Run {
        let mut run = Run {
            time_ns: self.profile.time_nanos,
            duration_ns: self.profile.duration_nanos,
            ..Run::default()
        };
        for comment in &self.profile.comment {
            let comment = self.string(*comment);
            match comment.strip_prefix("remark: ") {
                Some(remark) => run.remarks.push(remark.to_owned()),
                None => set_numbers(&mut run, &comment),
            }
        }
        run
    }

    fn string(&self, number: i64) -> String {
        string(self.profile, number).to_owned()
    }
}

/// Reads `requests=200 reuse=200`; another program's comment says nothing.
fn set_numbers(run: &mut Run, comment: &str) {
    for word in comment.split(' ') {
        let (key, number) = word.split_once('=').unwrap_or((word, ""));
        let number = number.parse().unwrap_or(0);
        match key {
            "requests" => run.requests = number as u32,
            "measured" => run.measured = number as u32,
            "reuse" => run.reuse = number as u32,
            "memory_before" => run.memory_before = number,
            "memory_after" => run.memory_after = number,
            _ => {}
        }
    }
}

fn string(profile: &pprof::Profile, number: i64) -> &str {
    let string = profile.string_table.get(number as usize);
    string.map_or("", String::as_str)
}

fn numbers(ids: impl Iterator<Item = u64>) -> HashMap<u64, usize> {
    ids.zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::encode;

    #[test]
    fn a_small_file_may_not_unpack_to_a_large_one() {
        let heap = Heap {
            drop_frames: "x".repeat(100_000),
            ..Heap::default()
        };
        let file = encode::encode(&heap).expect("a capture");
        assert!(file.len() < 5000, "{}", file.len());
        let error = decode_within(&file, 50_000).expect_err("too large");
        assert!(
            error.to_string().contains("more than 50000 bytes"),
            "{error}"
        );
        decode(&file).expect("within the limit");
    }
}
