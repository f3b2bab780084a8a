//! What is wrong with a command line is said at once, with exit code 2, and without a browser.

use crate::support::command::Shell;

#[test]
fn wrong_arguments_end_with_two() {
    let shell = Shell::new();
    for (args, says) in [
        (&["scan", "--colour"][..], "--colour"),
        (&["scan", "http://"], "is not a URL"),
        (&["scan", "ftp://example.org"], "only http and https"),
        (&["scan"], "no target"),
        (
            &["scan", "--scenario", "run", "a.test"],
            "none, reject, accept",
        ),
        (
            &[
                "scan",
                "--scenario",
                "custom",
                "--allow",
                "comfort",
                "a.test",
            ],
            "functionality, performance, marketing",
        ),
        (
            &["scan", "--scenario", "custom", "a.test"],
            "add --allow with one or more of functionality, performance, marketing",
        ),
        (
            &["scan", "--allow", "performance", "a.test"],
            "add custom to --scenario",
        ),
        (
            &["scan", "--engine", "netscape", "a.test"],
            "auto, browser, http",
        ),
        (
            &["scan", "--settle-max", "soon", "a.test"],
            "no length of time",
        ),
        (&["scan", "--resolve", "nonsense", "a.test"], "nonsense"),
        (&["scan", "--profile", "atlantis", "a.test"], "atlantis"),
        (
            &["scan", "--rules", "nowhere", "a.test"],
            "the folder of rules cannot be read",
        ),
        (&["scan", "exa mple.org"], "there is a space in it"),
        (
            &["scan", "-o", "report.pdf", "a.test"],
            ".txt, .json or .md",
        ),
        (
            &["scan", "-o", "nowhere/r.json", "a.test"],
            "there is no folder",
        ),
        (&["scan", "-o", "tmp", "a.test"], "replace a folder"),
        (&["scan", "--config", "none.yaml", "a.test"], "none.yaml"),
        (
            &["scan", "--browser", "a", "--browser-url", "b", "a.test"],
            "--browser-url",
        ),
        (&["judge"], "RECORDING|DIR"),
        (&["scan", "--record-values", "a.test"], "--record DIR"),
        (&["scan", "--har", "a.test"], "--record DIR"),
        (&["judge", "none.json"], "none.json: cannot be read"),
        (&["rules", "show", "tawkk"], "did you mean \"tawk\"?"),
        (&["frobnicate"], "frobnicate"),
    ] {
        let ran = shell.run(args).ends_with(2).says(&[says]);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

#[test]
fn a_browser_that_is_not_there_ends_with_two_and_a_hint() {
    let shell = Shell::new();
    shell
        .run(&["scan", "--browser", "/nonexistent", "a.test"])
        .ends_with(2)
        .says(&[
            "error: the browser /nonexistent did not start",
            "preconsent doctor",
        ]);
    let doctor = shell
        .run(&["doctor", "--browser", "/nonexistent"])
        .ends_with(2);
    assert!(doctor.stdout.contains("not ready"), "{doctor:#?}");
}

#[test]
fn a_running_browser_that_is_not_there_ends_with_two_and_a_hint() {
    let shell = Shell::new();
    for (address, why) in [
        ("nonsense", "neither http:// nor ws://"),
        ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("ws://127.0.0.1:1/", "refused"),
    ] {
        let args = ["scan", "--browser-url", address, "a.test"];
        let no_browser = format!("error: no browser can be reached at {address}");
        shell
            .run(&args)
            .ends_with(2)
            .says(&[&no_browser, why, "--remote-debugging-port"]);
    }
}

#[test]
fn hostile_text_in_an_error_cannot_steer_the_terminal() {
    let ran = Shell::new()
        .run(&["scan", "ftp://\u{1b}[2Jx\u{202e}/"])
        .ends_with(2);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{ran:#?}");
    assert!(ran.stderr.contains("\\u{1b}"), "{ran:#?}");
}

#[test]
fn help_and_version_end_with_zero() {
    let shell = Shell::new();
    let help = shell.run(&["--help"]).ends_with(0).stdout;
    for command in [
        "scan",
        "judge",
        "rules",
        "demo",
        "doctor",
        "init",
        "Examples:",
    ] {
        assert!(help.contains(command), "{command} is not in {help}");
    }
    let version = shell.run(&["--version"]).ends_with(0).stdout;
    assert_eq!(
        version,
        format!("preconsent {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn init_writes_a_configuration_once() {
    let shell = Shell::new();
    shell.run(&["init"]).ends_with(0);
    let written = shell.read("preconsent.yaml");
    shell.run(&["init"]).ends_with(2).says(&["there already"]);
    assert_eq!(shell.read("preconsent.yaml"), written);
    // Every command but `init` reads it, so that this one shows that it can be read.
    shell.run(&["rules", "list"]).ends_with(0);
}
