//! The catalogue from outside: what bad files look like to those who wrote them; in [`loaded`], how a
//! user's own rules come on top of the embedded ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod exempt;
mod loaded;

use std::path::Path;

use insta::assert_snapshot;
use preconsent::catalogue::load;
use preconsent::yaml::files;

/// What reading `fixtures/invalid/<name>.yaml` says.
fn invalid(name: &str) -> String {
    let path = format!("fixtures/invalid/{name}.yaml");
    let file = files::read(Path::new(&path)).unwrap();
    let error = load::provider(&file.id, &file.file, &file.text).unwrap_err();
    assert!(error.line > 0, "no line: {error}");
    let place = format!("{path}:{}:{}", error.line, error.column);
    assert!(error.text.contains(&place), "{place} is not in {error}");
    error.to_string()
}

#[test]
fn alias_bomb() {
    assert_snapshot!(invalid("alias-bomb"), @r"
    the file is too large or too deep, or repeats itself too often
      --> fixtures/invalid/alias-bomb.yaml:13:3
       |
    13 |   *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e,
       |   ^^
       |
       = help: write the values out instead of using anchors and aliases
    ");
}

#[test]
fn bad_capture() {
    assert_snapshot!(invalid("bad-capture"), @r#"
    "digit" is no kind of capture
     --> fixtures/invalid/bad-capture.yaml:6:11
      |
    6 |   - name: "sample_{id:digit}"
      |           ^^^^^^^^^^^^^^^^^^^ expected digits, alnum, hex24 (or another number), uuid
      |
      = help: did you mean "digits"?
    "#);
}

#[test]
fn bad_duration() {
    assert_snapshot!(invalid("bad-duration"), @r#"
    "6 months" is no lifetime
     --> fixtures/invalid/bad-duration.yaml:8:14
      |
    8 |     expires: 6 months
      |              ^^^^^^^^ expected session, until-cleared, transient, not-stated or a duration such as P6M or PT30M
    "#);
}

#[test]
fn bad_open() {
    assert_snapshot!(invalid("bad-open"), @r#"
    "Sample.open(document.cookie)" cannot name a function
     --> fixtures/invalid/bad-open.yaml:5:9
      |
    5 |   call: "Sample.open(document.cookie)"
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected names joined by dots, without brackets, such as Chat_API.open
    "#);
}

#[test]
fn bad_snippet() {
    assert_snapshot!(invalid("bad-snippet"), @r#"
    "sample\.test/(?<id>[0-9]+" is no regular expression
     --> fixtures/invalid/bad-snippet.yaml:4:14
      |
    4 |   snippets: ['sample\.test/(?<id>[0-9]+']
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: unclosed group
    "#);
}

#[test]
fn bad_sub_type() {
    assert_snapshot!(invalid("bad-sub-type"), @r#"
    unknown sub_type "consent-records"
      --> fixtures/invalid/bad-sub-type.yaml:10:15
       |
    10 |     sub_type: consent-records
       |               ^^^^^^^^^^^^^^^
       |
       = help: did you mean "consent-record"?
    "#);
}

#[test]
fn duplicate_key() {
    assert_snapshot!(invalid("duplicate-key"), @r#"
    the same key stands here twice
      --> fixtures/invalid/duplicate-key.yaml:10:5
       |
    10 |     expires: P1Y
       |     ^^^^^^^ "expires" was already given above
    "#);
}

#[test]
fn hostile_text() {
    assert_snapshot!(invalid("hostile-text"), @r#"
    unexpected character: `\u{1b}'
     --> fixtures/invalid/hostile-text.yaml:7:13
      |
    7 |     store: "␛]0;owned␇�cookie"
      |             ^
    "#);
}

#[test]
fn impossible_lifetime() {
    assert_snapshot!(invalid("impossible-lifetime"), @r"
    no cookie lives until it is cleared
     --> fixtures/invalid/impossible-lifetime.yaml:8:14
      |
    8 |     expires: until-cleared
      |              ^^^^^^^^^^^^^ expected session or a duration such as P6M
    ");
}

#[test]
fn missing_key() {
    assert_snapshot!(invalid("missing-key"), @r#"
    the key "purpose" is missing
      --> fixtures/invalid/missing-key.yaml:11:5
       |
    11 |     examples: { match: [sample_id] }
       |     ^^^^^^^^ expected "purpose" beside this key
    "#);
}

#[test]
fn missing_source() {
    assert_snapshot!(invalid("missing-source"), @r#"
    there is no source "owm"
      --> fixtures/invalid/missing-source.yaml:11:14
       |
    11 |     source: [owm]
       |              ^^^ expected a key of the file's "sources"
       |
       = help: did you mean "own"?
    "#);
}

#[test]
fn misspelt_role() {
    assert_snapshot!(invalid("misspelt-role"), @r#"
    unknown role "functionalty"
     --> fixtures/invalid/misspelt-role.yaml:9:11
      |
    9 |     role: functionalty
      |           ^^^^^^^^^^^^ expected one of essential, functionality, performance, marketing, unclassified
      |
      = help: did you mean "functionality"?
    "#);
}

#[test]
fn misspelt_store() {
    assert_snapshot!(invalid("misspelt-store"), @r#"
    unknown store "localstorage"
     --> fixtures/invalid/misspelt-store.yaml:7:12
      |
    7 |     store: localstorage
      |            ^^^^^^^^^^^^ expected one of cookie, local-storage, session-storage, indexed-db, cache-storage, service-worker, file-system
      |
      = help: did you mean "local-storage"?
    "#);
}

#[test]
fn not_yaml() {
    assert_snapshot!(invalid("not-yaml"), @r"
    a value of the wrong kind stands here
     --> fixtures/invalid/not-yaml.yaml:1:1
      |
    1 | <!doctype html>
      | ^^^^^^^^^^^^^^^ expected keys with values, such as { key: value }
    ");
}

#[test]
fn tie() {
    assert_snapshot!(invalid("tie"), @r#"
    two entries match the same names equally well: "sample_{id}_a" and "sample_x{id}a" at fixtures/invalid/tie.yaml:13
     --> fixtures/invalid/tie.yaml:6:11
      |
    6 |   - name: "sample_{id}_a"
      |           ^^^^^^^^^^^^^^^ no better than the entry at fixtures/invalid/tie.yaml:13
      |
      = help: make one name more exact, or tell them apart by hosts, party, needs_provider or value
    "#);
}

#[test]
fn too_open() {
    assert_snapshot!(invalid("too-open"), @r#"
    "s_*" would match almost any name
     --> fixtures/invalid/too-open.yaml:6:11
      |
    6 |   - name: "s_*"
      |           ^^^^^ expected at least 3 literal characters
      |
      = help: or say whose it is with "hosts" or "needs_provider: true"
    "#);
}

#[test]
fn too_open_value() {
    assert_snapshot!(invalid("too-open-value"), @r#"
    "{state}" would match any value
     --> fixtures/invalid/too-open-value.yaml:7:12
      |
    7 |     value: "{state}"
      |            ^^^^^^^^^ expected some literal characters, such as "*::yes"
      |
      = help: an entry without "value" takes any value
    "#);
}

#[test]
fn unexplained_role() {
    assert_snapshot!(invalid("unexplained-role"), @r#"
    the vendor says "Essential", the entry says performance, and not why
     --> fixtures/invalid/unexplained-role.yaml:9:19
      |
    9 |     claimed_role: Essential
      |                   ^^^^^^^^^
      |
      = help: add "why"
    "#);
}

#[test]
fn unknown_key() {
    assert_snapshot!(invalid("unknown-key"), @r#"
    unknown key "expire"
     --> fixtures/invalid/unknown-key.yaml:8:5
      |
    8 |     expire: P6M
      |     ^^^^^^
      |
      = help: did you mean "expires"?
    "#);
}

#[test]
fn value_tie() {
    assert_snapshot!(invalid("value-tie"), @r#"
    two entries match the same names equally well: "sample" with the value "on::*" and "sample" with the value "*:off" at fixtures/invalid/value-tie.yaml:15
     --> fixtures/invalid/value-tie.yaml:6:11
      |
    6 |   - name: sample
      |           ^^^^^^ no better than the entry at fixtures/invalid/value-tie.yaml:15
      |
      = help: make one name more exact, or tell them apart by hosts, party, needs_provider or value
    "#);
}

#[test]
fn value_without_name() {
    assert_snapshot!(invalid("value-without-name"), @r#"
    the key "name" is missing
      --> fixtures/invalid/value-without-name.yaml:14:27
       |
    14 |     examples: { match: [{ value: "a::yes" }] }
       |                           ^^^^^ expected "name" beside this key
    "#);
}

#[test]
fn wrong_example() {
    assert_snapshot!(invalid("wrong-example"), @r#"
    the example "sample_abc" does not match
      --> fixtures/invalid/wrong-example.yaml:12:25
       |
    12 |     examples: { match: [sample_abc] }
       |                         ^^^^^^^^^^ expected to match "sample_{id:digits}"
    "#);
}

#[test]
fn wrong_value() {
    assert_snapshot!(invalid("wrong-value"), @r#"
    the example "sample" with the value "yes" does not match
      --> fixtures/invalid/wrong-value.yaml:14:25
       |
    14 |     examples: { match: [{ name: sample, value: "yes" }] }
       |                         ^ expected to match "sample" with the value "*::yes"
    "#);
}

#[test]
fn wrong_type() {
    assert_snapshot!(invalid("wrong-type"), @r"
    a value of the wrong kind stands here
     --> fixtures/invalid/wrong-type.yaml:5:10
      |
    5 | entries: none
      |          ^^^^ expected a list, such as [a, b]
    ");
}

#[test]
fn every_bad_file_is_shown_above() {
    let tests = include_str!("catalogue.rs");
    for file in files::read_directory(Path::new("fixtures/invalid")).unwrap() {
        let shown = format!("assert_snapshot!(invalid(\"{}\")", file.id);
        assert!(tests.contains(&shown), "no test shows {}", file.file);
    }
}

#[test]
fn unknown_service() {
    assert_snapshot!(invalid("unknown-service"), @r#"
    no entry has the service "phone"
     --> fixtures/invalid/unknown-service.yaml:4:12
      |
    4 |   service: phone
      |            ^^^^^ expected the "service" of one of the entries
    "#);
}
