//! The Theil-Sen slope: the median of the slopes between all pairs of points, which a few wild
//! points cannot move, with a confidence interval that allows for points that follow each other.

use serde::Serialize;

/// Growth per request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Slope {
    /// The estimate.
    pub per_request: f64,
    /// The lower end of the 95 % confidence interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.96;
/// Where neighbours are more alike than this, the interval is as good as endless.
const MOST_ALIKE: f64 = 0.97;

impl Slope {
    /// The slope through `points` (request, value).
    pub fn through(points: &[(f64, f64)]) -> Self {
        let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
        for (index, (x, y)) in points.iter().enumerate() {
            let later = points[index + 1..].iter().filter(|(later, _)| later > x);
            slopes.extend(later.map(|(later, value)| (value - y) / (later - x)));
        }
        if slopes.is_empty() {
            return Self::default();
        }
        slopes.sort_by(f64::total_cmp);
        let per_request = median_of_sorted(&slopes);
        let half_width = Z * rank_deviation(points, per_request) / 2.0;
        let middle = slopes.len() as f64 / 2.0;
        let last = slopes.len() - 1;
        let at = |rank: f64| slopes[(rank.max(0.0) as usize).min(last)];
        Self {
            per_request,
            low: at((middle - half_width).floor()),
            high: at((middle + half_width).ceil()),
        }
    }
}

/// The standard deviation of Kendall's score for points without trend, wider where the
/// residuals of neighbours are alike: n such points know as much as n(1-r)/(1+r) others.
fn rank_deviation(points: &[(f64, f64)], slope: f64) -> f64 {
    let n = points.len() as f64;
    let independent = n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    let alike = likeness(points, slope).clamp(0.0, MOST_ALIKE);
    (independent * (1.0 + alike) / (1.0 - alike)).sqrt()
}

/// The correlation of neighbouring residuals. Short series look less correlated than they
/// are; the correction is the usual one for a series whose trend was taken out.
fn likeness(points: &[(f64, f64)], slope: f64) -> f64 {
    let n = points.len() as f64;
    let mut residuals: Vec<f64> = points.iter().map(|(x, y)| y - slope * x).collect();
    let mean = residuals.iter().sum::<f64>() / n;
    residuals.iter_mut().for_each(|residual| *residual -= mean);
    let square: f64 = residuals.iter().map(|residual| residual * residual).sum();
    if square == 0.0 || n < 8.0 {
        return 0.0;
    }
    let product: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (n * product / square + 2.0) / (n - 4.0)
}

/// The median of `values`.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    median_of_sorted(values)
}

fn median_of_sorted(values: &[f64]) -> f64 {
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_points_do_not_move_it() {
        let mut points: Vec<_> = (0..30)
            .map(|x| (f64::from(x), 2.0 * f64::from(x)))
            .collect();
        points[3].1 = 900.0;
        points[20].1 = -900.0;
        let slope = Slope::through(&points);
        assert!((slope.per_request - 2.0).abs() < 1e-9, "{slope:?}");
        assert!(slope.low > 1.0 && slope.high < 3.0, "{slope:?}");
    }

    #[test]
    fn without_trend_the_interval_holds_zero() {
        let points: Vec<_> = (0..30)
            .map(|x| (f64::from(x), f64::from(x * 7 % 11)))
            .collect();
        let slope = Slope::through(&points);
        assert!(slope.low < 0.0 && slope.high > 0.0, "{slope:?}");
    }

    #[test]
    fn neighbours_alike_widen_it() {
        let wave = |period: f64| -> Vec<_> {
            let point = |x: f64| (x, x + 5.0 * (x / period).sin());
            (0..40).map(f64::from).map(point).collect()
        };
        let width = |slope: Slope| slope.high - slope.low;
        assert!(width(Slope::through(&wave(4.0))) > 2.0 * width(Slope::through(&wave(0.3))));
    }
}
