//! Time zones: by name, by offset, and what becomes of names that are none.

use handler::compile::{Options, Source, Zone, compile};
use handler::document::Kind;

/// The offset from UTC, in minutes, of a date without an offset of its own.
#[track_caller]
fn check_offset(zone: &str, date: &str, expected_minutes: i32) {
    let zone = Zone::parse(zone).unwrap_or_else(|error| panic!("{error}"));
    let options = Options {
        zone,
        smart_punctuation: false,
        lang: "en".to_owned(),
    };
    let text = format!("---\ntitle: x\ndate: {date}\n---\n");
    let document = compile(
        &Source {
            kind: Kind::Post,
            name: "x",
            text: text.as_bytes(),
        },
        &options,
    );
    let moment = document.expect("it compiles").date.expect("a date");
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
