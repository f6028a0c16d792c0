//! Plots: a series or a histogram as inline SVG.

use std::collections::BTreeMap;

use instance::units::show_bytes;
use maud::{Markup, html};

use crate::measure::figures::{amount, count};
use crate::measure::measurement::Measured;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 160.0;
/// Room for the labels.
const LEFT: f64 = 80.0;
const BOTTOM: f64 = 22.0;
const TOP: f64 = 8.0;
const FLOOR: f64 = HEIGHT - BOTTOM;
const BYTES_A_PAGE: f64 = 65_536.0;

/// A series over requests: the band from least to greatest values, and the means.
pub(super) fn series(measured: &Measured) -> Markup {
    let points = &measured.points;
    let greatest = points.iter().map(|point| point.most).fold(1.0, f64::max);
    let last = points.last().map_or(1, |point| point.request).max(1);
    let x = |request: u64| LEFT + (WIDTH - LEFT) * request as f64 / last as f64;
    let y = |value: f64| TOP + (FLOOR - TOP) * (1.0 - value.max(0.0) / greatest);
    let place = |request: u64, value: f64| format!("{:.1},{:.1}", x(request), y(value));
    let over = points.iter().map(|point| place(point.request, point.most));
    let under = points.iter().map(|point| place(point.request, point.least));
    let band: Vec<_> = over.chain(under.rev()).collect();
    let means = points.iter().map(|point| place(point.request, point.mean));
    let means: Vec<_> = means.collect();
    figure(&html! {
        (labels(&amount(measured.measure, greatest), &count(last)))
        polygon.band points=(band.join(" ")) {}
        @for step in &measured.trend.steps {
            @let at = short(x(step.request));
            line.step x1=(at) x2=(at) y1=(TOP) y2=(FLOOR) {}
        }
        polyline points=(means.join(" ")) {}
    })
}

/// How many requests had which peak, by pages of 64 KiB.
pub(super) fn histogram(peaks: &BTreeMap<u64, u64>) -> Markup {
    let (first, last) = match (peaks.first_key_value(), peaks.last_key_value()) {
        (Some((first, _)), Some((last, _))) => (*first, *last),
        _ => return html! {},
    };
    let most = peaks.values().copied().max().unwrap_or(1);
    let width = (WIDTH - LEFT) / (last - first + 1) as f64;
    let size = |pages: u64| show_bytes(pages as f64 * BYTES_A_PAGE);
    figure(&html! {
        (labels(&count(most), &size(last)))
        @for (peak, requests) in peaks {
            @let height = (FLOOR - TOP) * *requests as f64 / most as f64;
            @let x = LEFT + width * (peak - first) as f64;
            rect x=(short(x)) y=(short(FLOOR - height))
                width=(short((width - 1.0).max(1.0))) height=(short(height)) {
                title { (size(*peak)) ": " (count(*requests)) " requests" }
            }
        }
        text x=(LEFT) y=(HEIGHT - 6.0) { (size(first)) }
    })
}

fn labels(most: &str, last: &str) -> Markup {
    let beside = LEFT - 6.0;
    html! {
        path.axis d=(format!("M{LEFT},{TOP}V{FLOOR}H{WIDTH}")) {}
        text.end x=(beside) y=(TOP + 8.0) { (most) }
        text.end x=(beside) y=(FLOOR) { "0" }
        text.end x=(WIDTH) y=(HEIGHT - 6.0) { (last) }
    }
}

fn short(number: f64) -> String {
    format!("{number:.1}")
}

fn figure(inside: &Markup) -> Markup {
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" { (inside) } "\n"
    }
}
