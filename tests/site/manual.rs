//! What the program says of itself: help, manual pages, completions, and how much it says.

use super::guests::behaviours;
use super::program::Site;

fn prints(site: &Site, arguments: &[&str]) -> String {
    let output = site.run(arguments);
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_is_grouped_and_shows_examples() {
    let site = Site::empty();
    let help = prints(&site, &["serve", "--help"]);
    for part in [
        "\nApplication:\n",
        "\nLimits of an instance:\n",
        "\nLimits of clients:\n",
        "\nServer:\n      --listen",
        "\nGeneral:\n",
        "\nExamples:\n  mayfly serve --content content",
    ] {
        assert!(help.contains(part), "{part:?} is not in: {help}");
    }
    let profile = prints(&site, &["profile", "leaks", "--help"]);
    assert!(profile.contains("\nArguments:\n  [FILE]"), "{profile}");
    let short = prints(&site, &["serve", "-h"]);
    assert!(!short.contains("--memory-limit"), "{short}");
    assert!(!help.contains('\u{1b}'), "{help}");
}

#[test]
fn a_page_of_the_manual_for_each_command() {
    let site = Site::empty();
    prints(&site, &["man", "."]);
    for (page, part) in [
        ("mayfly.1", "mayfly\\-serve(1)"),
        ("mayfly-serve.1", "\\-\\-memory\\-limit"),
        ("mayfly-profile-leaks.1", "\\-\\-request"),
    ] {
        let text = std::fs::read_to_string(site.folder.join(page)).unwrap();
        assert!(text.contains(part), "{part:?} is not in {page}: {text}");
    }
    let failed = site.run(&["man", "nowhere"]);
    assert_eq!(failed.status.code(), Some(1));
    let error = String::from_utf8_lossy(&failed.stderr);
    assert!(
        error.contains("cannot write the pages into nowhere"),
        "{error}"
    );
}

#[test]
fn completions() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish"] {
        let script = prints(&site, &["completions", shell]);
        assert!(script.contains("memory-limit"), "{shell}: {script}");
    }
}

#[test]
fn how_much_it_says() {
    let site = Site::of(&behaviours());
    let quiet = site.serve(&["--store", "memory", "--quiet"]);
    let normal = site.serve(&["--store", "memory"]);
    for server in [&quiet, &normal] {
        assert_eq!(server.get("/method").status, 200);
    }
    normal.prints("path=\"/method\"");
    assert!(
        !quiet.output().contains("path=\"/method\""),
        "{}",
        quiet.output()
    );
}
