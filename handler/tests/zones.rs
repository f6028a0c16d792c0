//! Time zones: by name, by offset, and what becomes of names that are none.

use handler::compile::{Options, Source, Zone, compile};
use handler::document::Kind;
use std::collections::BTreeSet;

fn options(zone: Zone) -> Options {
    Options {
        zone,
        smart_punctuation: false,
        math: true,
        lang: "en".to_owned(),
    }
}

/// The offset from UTC, in minutes, of a date without an offset of its own.
#[track_caller]
fn check_offset(zone: &str, date: &str, expected_minutes: i32) {
    let zone = Zone::parse(zone).unwrap_or_else(|error| panic!("{error}"));
    let options = options(zone);
    let text = format!("---\ntitle: x\ndate: {date}\n---\n");
    let document = compile(
        &Source {
            kind: Kind::Post,
            name: "x",
            text: text.as_bytes(),
        },
        &options,
    );
    let moment = document
        .expect("it compiles")
        .document
        .date
        .expect("a date");
    assert_eq!(moment.offset_seconds / 60, expected_minutes);
    assert_eq!(
        (moment.unix + i64::from(moment.offset_seconds)) % 86_400,
        8 * 3600,
        "the local time"
    );
}

#[test]
fn a_zone_follows_its_rule_of_today() {
    check_offset("UTC", "2026-07-01 08:00", 0);
    check_offset("+08:00", "2026-07-01 08:00", 480);
    check_offset("-0330", "2026-07-01 08:00", -210);
    check_offset("Asia/Shanghai", "2026-07-01 08:00", 480);
    check_offset("asia/kolkata", "2026-07-01 08:00", 330);
    check_offset("Europe/Berlin", "2026-07-01 08:00", 120);
    check_offset("Europe/Berlin", "2026-11-23 08:00", 60);
    check_offset("America/New_York", "2026-03-08 08:00", -240);
    check_offset("America/Argentina/Buenos_Aires", "2026-07-01 08:00", -180);
    check_offset("Australia/Lord_Howe", "2026-01-01 08:00", 660);
    check_offset("Japan", "1999-01-01 08:00", 540);
}

#[track_caller]
fn check_unknown(zone: &str, expected: &str) {
    let error = Zone::parse(zone).expect_err("no such zone");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn an_unknown_zone_names_its_neighbours() {
    check_unknown(
        "Asia/Shangai",
        "unknown time zone `Asia/Shangai`; did you mean Asia/Shanghai?",
    );
    let forms = "write UTC, an offset such as +08:00, or a name such as Asia/Shanghai";
    check_unknown(
        "Middle-earth/Shire",
        &format!("unknown time zone `Middle-earth/Shire`; {forms}"),
    );
    check_unknown("+25:00", &format!("unknown time zone `+25:00`; {forms}"));
    check_unknown("+8", &format!("unknown time zone `+8`; {forms}"));
    check_unknown("", &format!("unknown time zone ``; {forms}"));
}

#[track_caller]
fn check_rule(zone: &str, expected: &str) {
    let zone = Zone::parse(zone).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(zone.rule(), expected);
    assert_eq!(Zone::from_rule(expected), Some(zone));
}

#[test]
fn a_zone_is_made_again_of_its_rule() {
    check_rule("UTC", "UTC0");
    check_rule("Asia/Shanghai", "CST-8");
    check_rule("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3");
    check_rule("+08:00", "<+0800>-08:00");
    check_rule("-0330", "<-0330>+03:30");
    assert_eq!(Zone::from_rule("no rule"), None);
    assert_eq!(Zone::from_rule(""), None);
}

/// Stored records hold it: another version of a library must not change it.
#[test]
fn the_fingerprint_of_options_is_for_good() {
    let shanghai = options(Zone::parse("Asia/Shanghai").expect("a zone"));
    assert_eq!(shanghai.fingerprint(), 0x154c_3522_b1da_ba6d);
    let others = [
        options(Zone::UTC),
        Options {
            smart_punctuation: true,
            ..shanghai.clone()
        },
        Options {
            math: false,
            ..shanghai.clone()
        },
        Options {
            lang: "zh".to_owned(),
            ..shanghai.clone()
        },
        shanghai,
    ];
    let all: BTreeSet<u64> = others.iter().map(Options::fingerprint).collect();
    assert_eq!(all.len(), others.len());
}
