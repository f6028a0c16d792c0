//! Lines: files, lines and inlined functions out of a module's DWARF.

use std::collections::HashMap;

use addr2line::gimli::{self, EndianSlice, LittleEndian};
use wasmparser::{Parser, Payload};

use crate::guest::CoreModule;

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// The line table of a module; empty where it carries none.
pub(super) struct Lines<'a> {
    context: Option<addr2line::Context<Slice<'a>>>,
    /// DWARF counts offsets from here.
    code_start: u32,
}

/// A place in the source.
#[derive(Default)]
pub(super) struct Source {
    /// The mangled name of the function.
    pub(super) function: Option<String>,
    pub(super) file: String,
    pub(super) line: i64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(module: &'a CoreModule) -> Self {
        let mut sections = HashMap::new();
        let mut code_start = 0;
        for payload in Parser::new(0).parse_all(module.bytes()).flatten() {
            match payload {
                Payload::CodeSectionStart { range, .. } => code_start = range.start as u32,
                Payload::CustomSection(section) => {
                    sections.insert(section.name(), section.data());
                }
                _ => {}
            }
        }
        let context = sections
            .contains_key(".debug_info")
            .then(|| context(&sections));
        Self {
            context: context.flatten(),
            code_start,
        }
    }

    /// The functions at `offset`, inlined ones first; none without DWARF.
    pub(super) fn at(&self, offset: u32) -> Vec<Source> {
        let Some(context) = &self.context else {
            return Vec::new();
        };
        let address = u64::from(offset.saturating_sub(self.code_start));
        let mut sources = Vec::new();
        // Damaged DWARF costs the lines, not the profile.
        let Ok(mut frames) = context.find_frames(address).skip_all_loads() else {
            return sources;
        };
        while let Ok(Some(frame)) = frames.next() {
            let name = frame
                .function
                .as_ref()
                .and_then(|name| name.raw_name().ok());
            let place = frame.location.as_ref();
            let line = place.and_then(|place| place.line);
            sources.push(Source {
                function: name.map(|name| name.into_owned()),
                file: place
                    .and_then(|place| place.file)
                    .unwrap_or_default()
                    .to_owned(),
                line: line.map_or(0, i64::from),
            });
        }
        sources
    }
}

fn context<'a>(sections: &HashMap<&'a str, &'a [u8]>) -> Option<addr2line::Context<Slice<'a>>> {
    let section = |id: gimli::SectionId| {
        let data = sections.get(id.name()).copied().unwrap_or_default();
        Ok::<_, gimli::Error>(EndianSlice::new(data, LittleEndian))
    };
    let dwarf = gimli::Dwarf::load(section).ok()?;
    addr2line::Context::from_dwarf(dwarf).ok()
}
