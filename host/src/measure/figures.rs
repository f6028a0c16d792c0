//! Figures: amounts, counts and verdicts as all reports write them.

use std::time::Duration;

use instance::units::{show_bytes, show_time};
use leaktest::statistics::Judgement;
use leaktest::{Measure, Outcome};

/// Shows an amount of what `measure` counts.
pub(super) fn amount(measure: Measure, amount: f64) -> String {
    match measure {
        Measure::Handles if amount.fract() == 0.0 => format!("{amount:.0}"),
        Measure::Handles => format!("{amount:.2}"),
        _ => show_bytes(amount),
    }
}

/// Shows a mean of times.
pub(super) fn mean_time(us: f64) -> String {
    show_time(Duration::from_micros(us.round() as u64))
}

/// Shows a number with separated thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// The outcome as one word.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Bounded => "bounded",
        Outcome::Leak => "leak",
        Outcome::Error => "error",
        Outcome::Inconclusive => "inconclusive",
    }
}

/// The judgement of one series as one word.
pub(super) fn judged(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Bounded => "bounded",
        Judgement::Leak => "grows",
        Judgement::Unclear => "unclear",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1_234_567), "1,234,567");
    }
}
