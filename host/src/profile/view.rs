//! A view of a heap profile: one metric, and per sample the functions on its stack, with the
//! allocator's own frames left out and the user's filters applied.

mod filter;
mod library;
mod stack;

use std::collections::HashMap;

use anyhow::{Context, Result};
use regex::Regex;

pub(super) use filter::Filter;
use heapprof::heap::{Amount, Amounts, Heap, Sample};
pub(super) use stack::{Call, Stack};

/// What readers show.
pub(super) struct View {
    pub(super) stacks: Vec<Stack>,
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    /// The sum of the metric over the whole profile, whatever the filters leave of it.
    pub(super) total: Amount,
}

/// Which of the amounts to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
pub enum Metric {
    /// What was not freed at the end of the last request.
    #[default]
    Inuse,
    /// What was alive when the most bytes were.
    Peak,
    /// Everything that was handed out.
    Alloc,
    /// What was freed before anything else was allocated.
    Temporary,
    /// What grew with the number of requests.
    Grown,
}

/// Which part of a profile to show.
#[derive(Clone, Debug, clap::Args)]
pub struct Selection {
    /// Which blocks to count
    #[arg(long, value_name = "METRIC", default_value = "inuse")]
    pub metric: Metric,

    #[command(flatten)]
    pub(super) filter: Filter,
}

impl View {
    /// What `selection` leaves of `heap`.
    pub(super) fn of(heap: &Heap, selection: &Selection) -> Result<Self> {
        let mut view = Self {
            stacks: Vec::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            total: Amount::default(),
        };
        view.add(heap, selection, |amount| amount)?;
        Ok(view)
    }

    /// By how much `new` exceeds `old`.
    pub(super) fn difference(old: &Heap, new: &Heap, selection: &Selection) -> Result<Self> {
        let mut view = Self::of(new, selection)?;
        let total = Self::of(old, selection)?.total;
        view.add(old, selection, |amount| Amount::default() - amount)?;
        // Shares are of what there was before.
        view.total = total;
        Ok(view)
    }

    pub(super) fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    /// Numbers of the names that `pattern` matches.
    pub(super) fn find(&self, pattern: &Regex) -> Vec<usize> {
        let names = self.names.iter().enumerate();
        names
            .filter(|(_, name)| pattern.is_match(name))
            .map(|(number, _)| number)
            .collect()
    }

    /// How much of the total an amount is, in percent.
    pub(super) fn share(&self, amount: Amount) -> f64 {
        match self.total.bytes {
            0 => 0.0,
            total => 100.0 * amount.bytes as f64 / total as f64,
        }
    }

    fn add(
        &mut self,
        heap: &Heap,
        selection: &Selection,
        sign: impl Fn(Amount) -> Amount,
    ) -> Result<()> {
        let internals = Regex::new(&format!("^(?:{})$", heap.drop_frames));
        let internals = internals.context("drop_frames of the capture")?;
        for sample in &heap.samples {
            let amount = sign(selection.metric.of(&sample.amounts));
            if amount == Amount::default() {
                continue;
            }
            self.total += amount;
            let mut calls = self.calls(heap, sample);
            self.drop_internals(&mut calls, &internals);
            if !selection.filter.library {
                library::trim(&mut calls, &self.names);
            }
            if selection.filter.apply(&mut calls, &self.names) {
                self.stacks.push(Stack { calls, amount });
            }
        }
        Ok(())
    }

    fn calls(&mut self, heap: &Heap, sample: &Sample) -> Vec<Call> {
        let locations = sample.stack.iter().map(|number| &heap.locations[*number]);
        let lines = locations.flat_map(|location| &location.lines);
        lines
            .map(|line| {
                let function = &heap.functions[line.function];
                Call {
                    name: self.number(&function.name),
                    file: function.file.clone(),
                }
            })
            .collect()
    }

    /// Takes away the outermost call into the allocator and all inside it; a stack of nothing
    /// else stays.
    fn drop_internals(&self, calls: &mut Vec<Call>, internals: &Regex) {
        let is_internal = |call: &Call| internals.is_match(&self.names[call.name]);
        let user = calls.iter().rposition(|call| !is_internal(call));
        let outermost = user.and_then(|user| calls[..user].iter().rposition(is_internal));
        if let Some(outermost) = outermost {
            calls.drain(..=outermost);
        }
    }

    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

impl Metric {
    fn of(self, amounts: &Amounts) -> Amount {
        match self {
            Self::Inuse => amounts.inuse,
            Self::Peak => amounts.peak,
            Self::Alloc => amounts.alloc,
            Self::Temporary => amounts.temporary,
            Self::Grown => amounts.grown,
        }
    }

    /// What it says of blocks, for headings.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Inuse => "left at the end",
            Self::Peak => "alive at the peak",
            Self::Alloc => "allocated",
            Self::Temporary => "freed at once",
            Self::Grown => "grown with the requests",
        }
    }
}
