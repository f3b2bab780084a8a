//! `preconsent.yaml`: errors with their place, and who wins.

use crate::support::command::{Shell, fixture};

#[test]
fn errors_name_file_line_and_column() {
    for (text, place, says) in [
        (
            "engine: http\ncolour: never\n",
            "preconsent.yaml:2:1",
            "colour",
        ),
        ("fail-on: sometimes\n", "preconsent.yaml:1:10", "sometimes"),
        ("pages: many\n", "preconsent.yaml:1:8", "many"),
        (
            "settle-max: soon\n",
            "preconsent.yaml:1:13",
            "no length of time",
        ),
        (
            "insecure: yes please\n",
            "preconsent.yaml:1:11",
            "yes please",
        ),
        (
            "format: pdf\n",
            "preconsent.yaml:1:9",
            "table, json and markdown",
        ),
        (
            "allow: [comfort]\n",
            "preconsent.yaml:1",
            "functionality, performance, marketing",
        ),
        ("pages: 1\npages: 2\n", "preconsent.yaml:2:1", "pages"),
        (
            "targets: [\"ftp://a.test\"]\n",
            "preconsent.yaml:1",
            "only http and https",
        ),
        (
            "browser: a\nbrowser-url: b\n",
            "preconsent.yaml",
            "keep one of them",
        ),
    ] {
        let shell = Shell::new();
        shell.write("preconsent.yaml", text);
        shell.run(&["scan"]).ends_with(2).says(&[place, says]);
    }
}

#[test]
fn a_file_of_comments_is_a_configuration() {
    let shell = Shell::new();
    shell.write("preconsent.yaml", "# nothing yet\n");
    shell.run(&["scan"]).ends_with(2).says(&["no target"]);
}

#[test]
fn what_is_typed_wins_over_the_file() {
    let shell = Shell::new();
    shell.write("preconsent.yaml", "format: json\n");
    let leaky = fixture("tawk-leaky-none.jsonl");
    let by_file = shell.run(&["judge", &leaky]).ends_with(1);
    assert_eq!(by_file.json()["schema"], "preconsent.report.v1");
    let typed = shell
        .run(&["judge", &leaky, "--format", "markdown"])
        .ends_with(1);
    assert!(typed.stdout.starts_with("# "), "{typed:#?}");
}

#[test]
fn fail_on_in_the_file_changes_the_verdict() {
    let shell = Shell::new();
    let leaky = fixture("tawk-leaky-none.jsonl");
    shell.write("preconsent.yaml", "fail-on: never\n");
    let ran = shell.run(&["judge", &leaky]).ends_with(0);
    let told = "6 confirmed errors found, see below. The verdict is a pass and the exit code 0";
    assert!(ran.stdout.contains(told), "{ran:#?}");
    assert!(ran.stdout.contains("(--fail-on never)"), "{ran:#?}");
    shell
        .run(&["judge", &leaky, "--fail-on", "error"])
        .ends_with(1);
}

#[test]
fn paths_are_meant_from_the_folder_of_the_file() {
    let shell = Shell::new();
    shell.write("site/preconsent.yaml", "output: [report.json]\n");
    let leaky = fixture("tawk-leaky-none.jsonl");
    shell
        .run(&["judge", &leaky, "--config", "site/preconsent.yaml"])
        .ends_with(1);
    assert!(
        shell
            .read("site/report.json")
            .contains("preconsent.report.v1")
    );
}
