//! The verdict: what the series of a record say together.
//!
//! Exact evidence comes first: live bytes, linear memory, handles. The resident set is second:
//! it also holds what the host keeps, but wanders, so that a longer run must confirm it.

use serde::{Deserialize, Serialize};

use super::plan::{Plan, Scope};
use super::record::Record;
use super::statistics::{Judgement, Rule, Trend, judge};

/// The answer, as the exit code tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
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
pub(super) struct Evidence {
    pub(super) measure: Measure,
    pub(super) trend: Trend,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Measure {
    /// Bytes that the guest's allocator holds.
    LiveBytes,
    /// Bytes of linear memory.
    LinearMemory,
    /// Handles of the host that the guest holds.
    Handles,
    /// Bytes of this process in memory.
    ResidentSet,
}

/// What all series say.
#[derive(Clone, Debug, Default)]
pub(super) struct Finding {
    pub(super) evidence: Vec<Evidence>,
    /// Whether the resident set grew in the run before this one, too.
    confirmed: bool,
}

impl Outcome {
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Bounded => 0,
            Self::Leak => 1,
            Self::Error => 2,
            Self::Inconclusive => 3,
        }
    }
}

impl Measure {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LiveBytes => "live bytes",
            Self::LinearMemory => "linear memory",
            Self::Handles => "host handles",
            Self::ResidentSet => "resident set",
        }
    }

    /// Growth that is no leak, unless the user says otherwise: room for a few small
    /// allocations, the unit in which linear memory grows, the noise of an idle process.
    fn budget(self, plan: &Plan) -> f64 {
        match (self, plan.budget_bytes) {
            (Self::Handles, _) => 8.0,
            (_, Some(bytes)) => bytes,
            (Self::LiveBytes, None) => 4096.0,
            (Self::LinearMemory, None) => 65_536.0,
            (Self::ResidentSet, None) => 1_048_576.0,
        }
    }
}

/// Judges `record`; `before` is what a shorter run of the same said.
pub(super) fn find(record: &Record, plan: &Plan, scope: &Scope, before: &Finding) -> Finding {
    let evidence = |measure: Measure, warmup: u64| {
        let budget = measure.budget(plan);
        let points = record.series(measure).points();
        let trend = judge(&points, &Rule { warmup, budget });
        (!points.is_empty()).then_some(Evidence { measure, trend })
    };
    let found = [
        evidence(Measure::LiveBytes, scope.life_warmup),
        evidence(Measure::LinearMemory, scope.life_warmup),
        evidence(Measure::Handles, scope.life_warmup),
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
    pub(super) fn is_open(&self) -> bool {
        let resident = self.judgement(Measure::ResidentSet);
        self.outcome() == Outcome::Inconclusive
            || self.outcome() == Outcome::Bounded && resident != Some(Judgement::Bounded)
    }

    pub(super) fn outcome(&self) -> Outcome {
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
    pub(super) fn leaking(&self) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| {
            let counts = evidence.measure != Measure::ResidentSet || self.confirmed;
            counts && evidence.trend.judgement == Judgement::Leak
        })
    }

    pub(super) fn of(&self, measure: Measure) -> Option<&Trend> {
        let mut evidence = self.evidence.iter();
        evidence
            .find(|one| one.measure == measure)
            .map(|one| &one.trend)
    }

    fn judgement(&self, measure: Measure) -> Option<Judgement> {
        self.of(measure).map(|trend| trend.judgement)
    }
}
