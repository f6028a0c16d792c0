//! A heap profile as text, in the older of the two formats that `go tool pprof` reads. It has
//! addresses where the other has functions; their names stand in comments, for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Amount, Amounts, Heap, Location};

/// The text: what was in use at the end, and in brackets all that was allocated.
pub fn text(heap: &Heap) -> String {
    let mut rows: BTreeMap<(&[usize], Option<i64>), Amounts> = BTreeMap::new();
    for sample in &heap.samples {
        let key = (sample.stack.as_slice(), sample.labels.bytes);
        let row = rows.entry(key).or_default();
        *row = *row + sample.amounts;
    }
    let mut rows: Vec<_> = rows
        .into_iter()
        .filter(|(_, amounts)| amounts.alloc != Amount::default())
        .collect();
    rows.sort_by_key(|(_, amounts)| (-amounts.inuse.bytes, -amounts.alloc.bytes));
    let mut text = format!("heap profile: {} @ heapprofile\n", numbers(&heap.total()));
    for ((stack, _), amounts) in rows {
        let locations = || stack.iter().map(|number| &heap.locations[*number]);
        let addresses = locations().map(|location| format!(" {:#x}", printed(location)));
        let addresses: String = addresses.collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} @{addresses}", numbers(&amounts));
        for location in locations() {
            for line in &location.lines {
                let function = &heap.functions[line.function];
                let (address, name) = (printed(location), &function.name);
                let _ = writeln!(
                    text,
                    "#\t{address:#x}\t{name}\t{}:{}",
                    function.file, line.line
                );
            }
        }
        text.push('\n');
    }
    text
}

/// What the code at the addresses is called.
pub fn names(heap: &Heap) -> BTreeMap<u64, String> {
    let named = heap.locations.iter().filter_map(|location| {
        let line = location.lines.last()?;
        Some((location.address, heap.functions[line.function].name.clone()))
    });
    named.collect()
}

/// Readers of this format take one off, because they expect the address that a call returns to.
fn printed(location: &Location) -> u64 {
    location.address + 1
}

fn numbers(amounts: &Amounts) -> String {
    let (inuse, alloc) = (amounts.inuse, amounts.alloc);
    format!(
        "{}: {} [{}: {}]",
        inuse.blocks, inuse.bytes, alloc.blocks, alloc.bytes
    )
}
