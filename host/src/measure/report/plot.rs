//! Plots: a series or a histogram as inline SVG.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::measure::figures::{amount, count};
use crate::measure::measurement::Measured;
use instance::units::show_bytes;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 160.0;
/// Room for the labels.
const LEFT: f64 = 80.0;
const BOTTOM: f64 = 22.0;
const TOP: f64 = 8.0;

/// A series over requests: the band from least to greatest values, and the means.
pub(super) fn series(measured: &Measured) -> String {
    let points = &measured.points;
    let most = points
        .iter()
        .map(|point| point.most)
        .fold(0.0, f64::max)
        .max(1.0);
    let last = points.last().map_or(1, |point| point.request).max(1);
    let x = |request: u64| LEFT + (WIDTH - LEFT) * request as f64 / last as f64;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value.max(0.0) / most);
    let (mut line, mut over, mut under) = (String::new(), String::new(), Vec::new());
    for point in points {
        // Writing to a string cannot fail.
        let _ = write!(line, "{:.1},{:.1} ", x(point.request), y(point.mean));
        let _ = write!(over, "{:.1},{:.1} ", x(point.request), y(point.most));
        under.push(format!("{:.1},{:.1}", x(point.request), y(point.least)));
    }
    under.reverse();
    let band = format!(
        "<polygon class=\"band\" points=\"{over}{}\"/>",
        under.join(" ")
    );
    let mut marks = String::new();
    for step in &measured.trend.steps {
        let at = x(step.request);
        let _ = write!(
            marks,
            "<line class=\"step\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/>",
            HEIGHT - BOTTOM
        );
    }
    let labels = labels(&amount(measured.measure, most), &count(last));
    figure(&format!(
        "{labels}{band}{marks}<polyline points=\"{line}\"/>"
    ))
}

/// How many requests had which peak, by pages of 64 KiB.
pub(super) fn histogram(peaks: &BTreeMap<u64, u64>) -> String {
    let (first, last) = match (peaks.first_key_value(), peaks.last_key_value()) {
        (Some((first, _)), Some((last, _))) => (*first, *last),
        _ => return String::new(),
    };
    let most = peaks.values().copied().max().unwrap_or(1);
    let width = (WIDTH - LEFT) / (last - first + 1) as f64;
    let mut bars = labels(&count(most), &show_bytes(last as f64 * 65_536.0));
    for (peak, requests) in peaks {
        let height = (HEIGHT - TOP - BOTTOM) * *requests as f64 / most as f64;
        let (x, y) = (
            LEFT + width * (peak - first) as f64,
            HEIGHT - BOTTOM - height,
        );
        let size = show_bytes(*peak as f64 * 65_536.0);
        let _ = write!(
            bars,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{size}: {} requests</title></rect>",
            (width - 1.0).max(1.0),
            count(*requests)
        );
    }
    let first = show_bytes(first as f64 * 65_536.0);
    let y = HEIGHT - 6.0;
    figure(&format!(
        "{bars}<text x=\"{LEFT}\" y=\"{y}\">{first}</text>"
    ))
}

fn labels(most: &str, last: &str) -> String {
    let (floor, end) = (HEIGHT - BOTTOM, HEIGHT - 6.0);
    let beside = LEFT - 6.0;
    format!(
        "<path class=\"axis\" d=\"M{LEFT},{TOP}V{floor}H{WIDTH}\"/>\
         <text class=\"end\" x=\"{beside}\" y=\"{:.0}\">{most}</text>\
         <text class=\"end\" x=\"{beside}\" y=\"{floor:.0}\">0</text>\
         <text class=\"end\" x=\"{WIDTH}\" y=\"{end:.0}\">{last}</text>",
        TOP + 8.0
    )
}

fn figure(inside: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">{inside}</svg>\n")
}
