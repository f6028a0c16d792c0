//! The verdict: what the series of a record say together.
//!
//! Exact evidence comes first: live bytes, linear memory, handles. The resident set is second:
//! it also holds what the host keeps, but wanders, so that a longer run must confirm it.

use serde::Serialize;

use super::plan::{Plan, Scope};
use super::record::{Measure, Record};
use super::statistics::{Judgement, Rule, Trend, judge};

/// The answer, as the exit code tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Memory stays within bounds.
    Bounded,
    /// Something grows and goes on growing.
    Leak,
    /// There was nothing to judge.
    Error,
    /// It takes more requests to tell.
    Inconclusive,
}

/// What one series says.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    pub measure: Measure,
    pub trend: Trend,
}

/// What all series say.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    pub evidence: Vec<Evidence>,
    /// Whether the resident set grew in the run before this one, too.
    confirmed: bool,
}

impl Outcome {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Bounded => 0,
            Self::Leak => 1,
            Self::Error => 2,
            Self::Inconclusive => 3,
        }
    }
}

/// Growth that is no leak, unless the user says otherwise: room for a few small
/// allocations, the unit in which linear memory grows, the noise of an idle process.
fn budget(measure: Measure, plan: &Plan) -> f64 {
    match (measure, plan.budget_bytes) {
        (Measure::Handles, _) => 8.0,
        (_, Some(bytes)) => bytes,
        (Measure::LiveBytes, None) => 4096.0,
        (Measure::LinearMemory, None) => 65_536.0,
        (Measure::ResidentSet, None) => 1_048_576.0,
    }
}

/// Judges `record`; `before` is what a shorter run of the same said.
pub fn find(record: &Record, plan: &Plan, scope: &Scope, before: &Finding) -> Finding {
    let evidence = |measure: Measure, warmup: u64| {
        let budget = budget(measure, plan);
        let points = record.series(measure).points();
        let trend = judge(&points, &Rule { warmup, budget });
        (!points.is_empty()).then_some(Evidence { measure, trend })
    };
    let found = [
        evidence(Measure::LiveBytes, scope.warmup_per_instance),
        evidence(Measure::LinearMemory, scope.warmup_per_instance),
        evidence(Measure::Handles, scope.warmup_per_instance),
        evidence(Measure::ResidentSet, scope.warmup),
    ];
    let confirmed = before.judgement(Measure::ResidentSet) == Some(Judgement::Leak);
    Finding {
        evidence: found.into_iter().flatten().collect(),
        confirmed,
    }
}

impl Finding {
    /// Whether more requests could tell more.
    pub fn is_open(&self) -> bool {
        let resident = self.judgement(Measure::ResidentSet);
        self.outcome() == Outcome::Inconclusive
            || self.outcome() == Outcome::Bounded && resident != Some(Judgement::Bounded)
    }

    pub fn outcome(&self) -> Outcome {
        if self.leaking().is_some() {
            return Outcome::Leak;
        }
        // Pages of memory that came late mean nothing where the bytes in them are known.
        let exact = self
            .judgement(Measure::LiveBytes)
            .or(self.judgement(Measure::LinearMemory));
        match (exact, self.judgement(Measure::Handles)) {
            (Some(Judgement::Bounded), Some(Judgement::Bounded)) => Outcome::Bounded,
            _ => Outcome::Inconclusive,
        }
    }

    /// The best evidence of a leak.
    pub fn leaking(&self) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| {
            let counts = evidence.measure != Measure::ResidentSet || self.confirmed;
            counts && evidence.trend.judgement == Judgement::Leak
        })
    }

    pub fn of(&self, measure: Measure) -> Option<&Trend> {
        let mut evidence = self.evidence.iter();
        evidence
            .find(|one| one.measure == measure)
            .map(|one| &one.trend)
    }

    fn judgement(&self, measure: Measure) -> Option<Judgement> {
        self.of(measure).map(|trend| trend.judgement)
    }
}
