//! Profiles for a program that serves: of the component that it runs, beside its traffic.

use std::io::Read;
use std::sync::Arc;

use anyhow::Result;
use flate2::read::GzDecoder;
use prost::Message;

use super::heap::{Heap, encode};
use super::pprof;
use super::record::{self, Plan};
use instance::RequestTemplate;
use instance::{Missing, Runtime, Setting};

/// Which requests to profile.
#[derive(Clone, Debug)]
pub struct ProfileRequest {
    /// They take turns.
    pub requests: Vec<RequestTemplate>,
    /// How many there shall be.
    pub count: u32,
    /// How many of them an instance answers before it is replaced.
    pub reuse: u32,
}

/// A heap profile.
pub struct Profile(Heap);

impl Profile {
    /// Puts the requests of `wanted` to observed instances of the component of `runtime`, one after
    /// the other; they see its stores but cannot write to them.
    pub async fn record(wanted: &ProfileRequest, runtime: &Runtime) -> Result<Self> {
        let plan = Plan {
            component: runtime.path(),
            requests: &wanted.requests,
            count: wanted.count,
            reuse: wanted.reuse,
            allocators: &[],
            missing: Missing::Refuse,
            setting: Setting::BesideTraffic,
            progress: &|_| {},
        };
        let mut limits = runtime.limits().clone();
        limits.instances = 1;
        let heap = record::record(&plan, Arc::clone(runtime.imports()), limits).await?;
        Ok(Self(heap))
    }

    /// As pprof's format, of which readers show `sample_type` first.
    pub fn pprof(&self, sample_type: &str) -> Result<Vec<u8>> {
        encode::encode_for(&self.0, sample_type)
    }

    /// How many samples it has.
    pub fn samples(&self) -> usize {
        self.0.samples.len()
    }
}

/// What stands between this program and what it asks jemalloc for.
const JEMALLOC: &str = "_rjem_.*|prof_.*|imalloc.*|irallocx_prof.*|alloc|alloc_zeroed|realloc|\
__rust_alloc.*|__rust_realloc|__rustc::__rust_.*|(<)?alloc::alloc::.*|(<)?alloc::raw_vec::.*";

/// A profile of this program's own heap, as jemalloc's library writes it, so that readers blame
/// who asked for memory and not the allocator, and look for no binary: all names are in it.
pub fn host(file: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes)?;
    let mut profile = pprof::Profile::decode(bytes.as_slice())?;
    profile.drop_frames = profile.string_table.len() as i64;
    profile.string_table.push(JEMALLOC.to_owned());
    for mapping in &mut profile.mapping {
        mapping.has_functions = true;
        mapping.has_filenames = true;
        mapping.has_line_numbers = true;
        mapping.has_inline_frames = true;
    }
    encode::compress(&profile)
}
