//! `preconsent rules`, with and without rules of the user's.

use crate::support::command::Shell;

const MINE: &str = "\
provider: Acme Metrics
hosts: [\"*.acme.test\"]
sources:
  mine: { cite: \"the vendor's contract\", read: 2026-11-22 }
entries:
  - name: acme_id
    store: cookie
    expires: P1Y
    role: performance
    purpose: Counts visitors.
    source: [mine]
    examples: { match: [acme_id], no_match: [acme_ids] }
";

#[test]
fn the_catalogue_is_listed_and_shown() {
    let shell = Shell::new();
    let list = shell.run(&["rules", "list"]).ends_with(0).stdout;
    assert!(list.contains("tawk.to") && list.contains("klaro"), "{list}");
    let show = shell.run(&["rules", "show", "tawk"]).ends_with(0).stdout;
    for text in [
        "TawkConnectionTime",
        "builtin:catalogue/tawk.yaml:",
        "session",
        "no longer used",
    ] {
        assert!(show.contains(text), "{text} is not in {show}");
    }
    assert!(show.lines().all(|l| l.chars().count() <= 80), "{show}");
}

#[test]
fn rules_of_the_users_are_added() {
    let shell = Shell::new();
    shell.write("my-rules/acme.yaml", MINE);
    let ran = shell.run(&["rules", "show", "acme", "--rules", "my-rules"]);
    let show = ran.ends_with(0).stdout;
    assert!(show.contains("Counts visitors."), "{show}");
    shell.write("preconsent.yaml", "rules: [my-rules]\n");
    shell.run(&["rules", "show", "acme"]).ends_with(0);
}

#[test]
fn a_mistake_in_a_rule_is_shown_in_its_place() {
    let shell = Shell::new();
    shell.write(
        "my-rules/acme.yaml",
        &MINE.replace("performance", "performence"),
    );
    shell
        .run(&["scan", "--rules", "my-rules", "a.test"])
        .ends_with(2)
        .says(&["acme.yaml:9:11", "performence", "performance"]);
}
