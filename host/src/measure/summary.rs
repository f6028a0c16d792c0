//! The summary: the verdict in words that a human can act on.

use super::figures::{amount, count, mean_time};
use super::measurement::{Growth, KindReport, Measurement};
use instance::units::show_bytes;
use leaktest::Driven;
use leaktest::statistics::{Judgement, Step, Trend};
use leaktest::{Evidence, Measure, Outcome};

/// Writes the summary of `measurement`.
pub(super) fn write(measurement: &Measurement, outcome: Outcome, driven: &Driven) -> String {
    let mut sentences = vec![opening(measurement)];
    match outcome {
        Outcome::Error => {}
        Outcome::Leak => match driven.finding.leaking() {
            Some(evidence) => leak(&mut sentences, measurement, evidence),
            None => sentences.extend(
                measurement
                    .host
                    .leftovers
                    .iter()
                    .map(|fault| format!("The host leaks: {fault}.")),
            ),
        },
        Outcome::Bounded => bounded(&mut sentences, measurement),
        Outcome::Inconclusive => inconclusive(&mut sentences, measurement),
    }
    sentences.extend(failures(measurement));
    sentences.extend(effort(measurement));
    sentences.extend(evidence(measurement, outcome, driven).map(str::to_owned));
    sentences.join(" ")
}

/// What has grown over a baseline, in words.
pub(super) fn grown(growths: &[Growth]) -> String {
    let told = growths.iter().map(|growth| {
        let (before, now) = (
            show_bytes(growth.before_bytes),
            show_bytes(growth.now_bytes),
        );
        format!("{} from {before} to {now}", growth.what)
    });
    format!(
        "More than in the baseline: {}.",
        told.collect::<Vec<_>>().join(", ")
    )
}

fn opening(measurement: &Measurement) -> String {
    let (requests, instances) = (measurement.requests, measurement.instances);
    match measurement.settings.reuse {
        None => format!("{} requests, each in a fresh instance.", count(requests)),
        Some(_) if instances == 1 => format!("{} requests to one instance.", count(requests)),
        Some(_) => format!(
            "{} requests to {} instances.",
            count(requests),
            count(instances)
        ),
    }
}

fn leak(sentences: &mut Vec<String>, measurement: &Measurement, evidence: &Evidence) {
    let Evidence { measure, trend } = evidence;
    let slope = trend.slope;
    let show = |value: f64| amount(*measure, value);
    sentences.push(format!(
        "{} by {} a request {}(95 % interval {} to {}), from {} to {} at the end, without a sign of levelling off.",
        grows(*measure),
        show(slope.per_request),
        since(trend),
        show(slope.low),
        show(slope.high),
        show(trend.base),
        show(trend.plateau),
    ));
    sentences.extend(steps(&trend.steps));
    let limit = measurement.settings.memory_limit_bytes as f64;
    let memory = measurement.trend(Measure::LinearMemory);
    if let (Measure::LiveBytes | Measure::LinearMemory, Some(memory)) = (measure, memory) {
        let left = (limit - memory.plateau).max(0.0) / slope.per_request;
        sentences.push(format!(
            "At this pace one instance reaches its limit of {} after about {} requests more.",
            show_bytes(limit),
            count(left as u64)
        ));
    }
    sentences.extend(growing(&measurement.kinds));
}

/// Since when; a leak that began with the first request needs no word about it.
fn since(trend: &Trend) -> String {
    match trend.since {
        Some(request) if request > 1 => format!("since about request {} ", count(request)),
        _ => String::new(),
    }
}

/// The kinds that leave something behind, the worst first.
fn growing(kinds: &[KindReport]) -> Option<String> {
    let left = |kind: &KindReport| kind.retained_bytes.unwrap_or(0.0);
    let most = kinds.iter().map(left).fold(0.0, f64::max);
    let mut guilty: Vec<_> = kinds
        .iter()
        .filter(|kind| left(kind) > most / 10.0)
        .collect();
    guilty.sort_by(|a, b| left(b).total_cmp(&left(a)));
    let named = guilty.iter().take(5);
    let named: Vec<_> = named
        .map(|kind| format!("{} leaves {}", kind.request, show_bytes(left(kind))))
        .collect();
    (!named.is_empty()).then(|| format!("Each request {} behind.", named.join(", ")))
}

fn bounded(sentences: &mut Vec<String>, measurement: &Measurement) {
    for measure in [Measure::LiveBytes, Measure::LinearMemory] {
        let Some(trend) = measurement.trend(measure) else {
            continue;
        };
        let (name, plateau) = (capital(measure), show_bytes(trend.plateau));
        sentences.push(match measurement.settings.reuse {
            None => format!(
                "{name} at the end of an instance: {plateau}, and no growth from one to the next."
            ),
            Some(_) if trend.plateau > trend.base => format!(
                "{name}: from {} before the first request to {plateau}, and no more.",
                show_bytes(trend.base)
            ),
            Some(_) => format!("{name}: always {plateau}."),
        });
        sentences.extend(steps(&trend.steps));
    }
    if let Some(trend) = measurement.trend(Measure::ResidentSet) {
        sentences.push(resident(trend));
    }
}

fn resident(trend: &Trend) -> String {
    let (base, plateau) = (show_bytes(trend.base), show_bytes(trend.plateau));
    match trend.judgement {
        Judgement::Bounded => format!("The process went from {base} to {plateau} and stays there."),
        Judgement::Leak | Judgement::Unclear => {
            format!("The process went from {base} to {plateau} and has not settled yet.")
        }
    }
}

fn steps(steps: &[Step]) -> Option<String> {
    let largest = steps.iter().map(|step| step.size).fold(0.0, f64::max);
    let told = steps
        .iter()
        .filter(|step| step.size >= largest / 20.0)
        .take(4);
    let told: Vec<_> = told
        .map(|step| {
            format!(
                "{} at request {}",
                show_bytes(step.size),
                count(step.request)
            )
        })
        .collect();
    let word = if told.len() == 1 { "A step" } else { "Steps" };
    (!told.is_empty()).then(|| format!("{word}, retained and not leaked: {}.", told.join(", ")))
}

fn inconclusive(sentences: &mut Vec<String>, measurement: &Measurement) {
    for measure in [Measure::LiveBytes, Measure::LinearMemory, Measure::Handles] {
        if let Some(trend) = measurement.trend(measure)
            && trend.judgement == Judgement::Unclear
        {
            sentences.push(format!(
                "{}: from {} to {}, and too few requests followed to know whether that is over.",
                capital(measure),
                amount(measure, trend.base),
                amount(measure, trend.plateau)
            ));
        }
    }
    sentences.push(match measurement.settings.reuse {
        Some(calls) => format!("Send more: raise --reuse above {calls} and -n with it."),
        None => format!("Send more: raise -n above {}.", measurement.requests),
    });
}

fn failures(measurement: &Measurement) -> Vec<String> {
    let failed = measurement
        .kinds
        .iter()
        .filter(|kind| !kind.failures.is_empty());
    failed
        .map(|kind| {
            let reasons = kind.failures.iter();
            let reasons: Vec<_> = reasons
                .map(|(reason, times)| format!("{reason} ({} times)", count(*times)))
                .collect();
            let rest = if kind.never_worked() {
                ", and none was answered"
            } else {
                ""
            };
            format!(
                "{} was stopped: {}{rest}.",
                kind.request,
                reasons.join("; ")
            )
        })
        .collect()
}

/// What a request costs: with fresh instances a leak turns into work that is done again.
fn effort(measurement: &Measurement) -> Option<String> {
    let worked = measurement.kinds.iter().filter(|kind| !kind.never_worked());
    let dearest = worked.max_by(|a, b| a.total_us.total_cmp(&b.total_us))?;
    let allocated = dearest.allocated_bytes;
    let allocated = allocated.map_or_else(String::new, |amount| {
        format!("allocates {} and ", show_bytes(amount))
    });
    Some(format!(
        "A request {} {allocated}takes {}.",
        dearest.request,
        mean_time(dearest.total_us)
    ))
}

fn grows(measure: Measure) -> &'static str {
    match measure {
        Measure::LiveBytes => "What the component's allocator holds grows",
        Measure::LinearMemory => "The component's linear memory grows",
        Measure::Handles => "The number of host handles that the component holds grows",
        Measure::ResidentSet => "The memory of this process grows",
    }
}

fn capital(measure: Measure) -> &'static str {
    match measure {
        Measure::LiveBytes => "Live bytes",
        Measure::LinearMemory => "Linear memory",
        Measure::Handles => "Host handles",
        Measure::ResidentSet => "Resident set",
    }
}

fn evidence(measurement: &Measurement, outcome: Outcome, driven: &Driven) -> Option<&'static str> {
    if outcome == Outcome::Error {
        return None;
    }
    let leaking = driven.finding.leaking().map(|evidence| evidence.measure);
    Some(match (leaking, measurement.trend(Measure::LiveBytes)) {
        (Some(Measure::ResidentSet), _) => {
            "Evidence: the resident set in two runs, of which the second was longer; all that the component holds is bounded, so look at the host and its stores."
        }
        (Some(Measure::Handles), _) => "Evidence: the host's table of handles, exact.",
        (_, Some(_)) => {
            "Evidence: bytes that the component's allocator holds at the end of each request, exact."
        }
        (_, None) => {
            "Evidence: pages of linear memory. The component has no allocator that is known (wasi-libc's, with names), so growth of less than a page is not seen."
        }
    })
}
