//! The text that Prometheus reads, read as strictly as its documentation describes it.

use std::collections::BTreeMap;

/// Values by series: the name with its labels, as they are written.
#[derive(Debug)]
pub struct Metrics(BTreeMap<String, f64>);

#[derive(Default)]
struct Family {
    name: String,
    kind: String,
    helped: bool,
}

impl Metrics {
    /// Reads `text`; fails where it is not valid.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        let mut values = BTreeMap::new();
        let mut families = Vec::new();
        let mut family = Family::default();
        assert!(text.ends_with('\n'), "no end of the last line");
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(!help.is_empty() && !families.contains(&name), "{line}");
                families.push(name);
                family = Family {
                    name: name.to_owned(),
                    helped: true,
                    ..Family::default()
                };
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(family.helped && family.name == name, "{line}");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                kind.clone_into(&mut family.kind);
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap();
                family.check(series);
                let value = value.parse().unwrap();
                assert!(
                    values.insert(series.to_owned(), value).is_none(),
                    "twice: {line}"
                );
            }
        }
        let metrics = Self(values);
        metrics.check_histograms();
        metrics
    }

    /// The value of a series.
    #[track_caller]
    pub fn value(&self, series: &str) -> f64 {
        let value = self.0.get(series);
        *value.unwrap_or_else(|| panic!("no {series} in {:#?}", self.0))
    }

    /// How many series have this name.
    pub fn count(&self, name: &str) -> usize {
        let start = format!("{name}{{");
        self.0
            .keys()
            .filter(|series| series.starts_with(&start))
            .count()
    }

    #[track_caller]
    fn check_histograms(&self) {
        let mut last: Option<(&str, f64)> = None;
        let counts = self
            .0
            .iter()
            .filter(|(series, _)| series.ends_with("_count"));
        let mut buckets: Vec<_> = self
            .0
            .iter()
            .filter(|(s, _)| s.contains("_bucket{le="))
            .collect();
        buckets.sort_by(|(a, _), (b, _)| bound(a).partial_cmp(&bound(b)).unwrap());
        for (series, value) in buckets {
            let (name, bound) = bound(series);
            if let Some((before, least)) = last {
                assert!(
                    before != name || *value >= least,
                    "{series} is not cumulative"
                );
            }
            last = Some((name, *value));
            if bound == f64::INFINITY {
                assert_eq!(self.value(&format!("{name}_count")), *value, "{series}");
            }
        }
        assert_eq!(counts.count(), 3, "three histograms");
    }
}

impl Family {
    #[track_caller]
    fn check(&self, series: &str) {
        let (name, labels) = match series.split_once('{') {
            Some((name, labels)) => (name, labels.strip_suffix('}').unwrap()),
            None => (series, ""),
        };
        let rest = name
            .strip_prefix(self.name.as_str())
            .unwrap_or_else(|| panic!("{series} is not of {}", self.name));
        let suffixes: &[&str] = match self.kind.as_str() {
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        assert!(suffixes.contains(&rest), "{series}");
        let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(name.chars().all(valid), "{series}");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once('=').unwrap();
            assert!(label.chars().all(valid), "{series}");
            assert!(
                value.len() >= 2 && value.starts_with('"') && value.ends_with('"'),
                "{series}"
            );
        }
    }
}

/// Name and upper end of a bucket.
fn bound(series: &str) -> (&str, f64) {
    let (name, bound) = series.split_once("_bucket{le=\"").unwrap();
    (name, bound.trim_end_matches("\"}").parse().unwrap())
}
