//! `preconsent rules lint`, `import` and `explain` as commands.

use preconsent::check;

use crate::support::command::Shell;

fn fixture(name: &str) -> String {
    format!("{}/fixtures/lists/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn lint_ends_with_2_on_errors_and_shows_the_place() {
    let shell = Shell::new();
    let list = fixture("ocd.csv");
    let ran = shell
        .run(&["rules", "lint", "--as", "ocd", &list])
        .ends_with(2);
    let first = format!("{list}:6:25: error[catalogue-conflict] \"acme_two\" stands there 2 times");
    assert!(ran.stdout.starts_with(&first), "{ran:#?}");
    assert!(
        ran.stdout.ends_with("2 errors, 5 warnings, 0 notes\n"),
        "{ran:#?}"
    );
    let json = shell
        .run(&["rules", "lint", "--as", "ocd", &list, "--format", "json"])
        .ends_with(2)
        .json();
    assert_eq!(json["schema"], "preconsent.lint.v1");
    assert_eq!(json["problems"][0]["check"], "catalogue-conflict");
    assert_eq!(json["problems"][0]["line"], 6);
    assert_eq!(json["problems"][0]["column"], 25);
}

#[test]
fn lint_of_good_rules_ends_with_0() {
    let shell = Shell::new();
    let ran = shell.run(&["rules", "lint"]).ends_with(0);
    assert!(ran.stdout.starts_with("0 errors, 0 warnings, "), "{ran:#?}");
    shell
        .run(&["rules", "lint", "no-such-rules"])
        .ends_with(2)
        .says(&["the folder of rules cannot be read"]);
    shell
        .run(&["rules", "lint", "--as", "excel", "x"])
        .ends_with(2)
        .says(&["ocd, tcf-device-storage, cookiebot, onetrust, csv"]);
}

#[test]
fn what_is_imported_is_known_with_rules() {
    let shell = Shell::new();
    let list = fixture("ocd.csv");
    let ran = shell
        .run(&[
            "rules",
            "import",
            "ocd",
            &list,
            "--out",
            "mine",
            "--dropped",
            "dropped.tsv",
        ])
        .ends_with(0)
        .says(&[
            "6 of 10 names became entries in 3 files",
            ":10:21: left out: entry of \"_ga\"",
        ]);
    assert_eq!(ran.stdout, "");
    let show = shell.run(&["rules", "show", "ocd-acme-metrics", "--rules", "mine"]);
    assert!(show.ends_with(0).stdout.contains("acme_visitor"));
    let told = shell.read("dropped.tsv");
    assert!(
        told.starts_with("line\tcolumn\twhat\tname\treason\n6\t25\tentry\tacme_two\t"),
        "{told}"
    );
    shell
        .run(&["rules", "import", "ocd", &list, "--out", "mine"])
        .ends_with(2)
        .says(&["is there already"]);
    let lint = shell.run(&["rules", "lint", "mine"]).ends_with(0);
    assert!(lint.stdout.contains("0 errors"), "{lint:#?}");
}

#[test]
fn one_file_goes_to_standard_output() {
    let shell = Shell::new();
    let ran = shell
        .run(&["rules", "import", "csv", &fixture("table.csv")])
        .ends_with(0);
    shell.write("mine/table.yaml", &ran.stdout);
    let show = shell.run(&["rules", "show", "table", "--rules", "mine"]);
    assert!(show.ends_with(0).stdout.contains("acme_de_sitzung"));
    let quiet = shell.run(&["rules", "import", "csv", &fixture("table.csv"), "--quiet"]);
    assert_eq!(quiet.ends_with(0).stderr, "");
    shell
        .run(&["rules", "import", "ocd", &fixture("table.csv")])
        .ends_with(2)
        .says(&["no column \"Cookie / Data Key name\""]);
}

#[test]
fn every_check_is_explained_in_the_words_of_its_page() {
    let shell = Shell::new();
    let page = include_str!("../../../docs/checks.md");
    for check in check::ALL {
        let ran = shell.run(&["rules", "explain", check.id()]).ends_with(0);
        let mut lines = ran.stdout.lines();
        assert_eq!(lines.next(), Some(check.id()));
        let doc = check.doc();
        for text in [doc.what, doc.why, doc.evidence, doc.source, doc.fix] {
            assert!(page.contains(text) && ran.stdout.contains(text), "{text}");
        }
    }
    for (id, severity, scenarios) in [
        ("pre-consent-storage", "error or warn", "any"),
        ("respawned-value", "error", "reject, withdraw"),
        ("catalogue-expiry-missing", "warn", "any"),
    ] {
        let text = shell.run(&["rules", "explain", id]).ends_with(0).stdout;
        let lines: Vec<&str> = text.lines().filter(|l| l.starts_with('S')).collect();
        assert_eq!(lines[0], format!("Severity: {severity}."), "{text}");
        assert_eq!(lines[1], format!("Scenarios: {scenarios}."), "{text}");
    }
    shell
        .run(&["rules", "explain", "preconsent_storage"])
        .ends_with(2)
        .says(&["no check \"preconsent_storage\"", "pre-consent-storage"]);
}
