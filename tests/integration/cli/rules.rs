//! `preconsent rules`, with and without rules of the user's.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::support::command::{Ran, Shell};

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
fn lifetimes_are_shown_in_words() {
    let shell = Shell::new();
    let rule = MINE.replace("P1Y", "P13M");
    shell.write("my-rules/acme.yaml", &rule);
    let ran = shell.run(&["rules", "show", "acme", "--rules", "my-rules"]);
    let show = ran.ends_with(0).stdout;
    assert!(show.contains("13 months"), "{show}");
    assert!(!show.contains("P13M"), "{show}");
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

/// Runs `rules words` on these bytes.
fn words(args: &[&str], input: &[u8]) -> Ran {
    let shell = Shell::new();
    let file = shell.path("input");
    std::fs::write(&file, input).expect("a file");
    let mut command = shell.command(&[&["rules", "words"], args].concat());
    command.stdin(std::fs::File::open(file).expect("the file"));
    command.output().expect("the command runs").into()
}

#[test]
fn texts_of_buttons_are_classified_line_by_line() {
    let input = "Accept all\r\nNur notwendige akzeptieren\nНастройки\n保存设置\n\nOK\n\
        Withdraw consent\nLearn more";
    assert_eq!(
        words(&[], input.as_bytes()).ends_with(0).stdout,
        "accept\tAccept all\nreject\tNur notwendige akzeptieren\nsettings\tНастройки\n\
         save\t保存设置\nother\t\nacknowledge\tOK\nwithdraw\tWithdraw consent\nother\tLearn more\n"
    );
    assert_eq!(words(&[], b"").ends_with(0).stdout, "");
}

#[test]
fn one_language_alone_knows_only_its_words() {
    let ran = words(&["--lang", "pt-BR"], "Rejeitar\nAblehnen\n".as_bytes());
    assert_eq!(
        ran.ends_with(0).stdout,
        "reject\tRejeitar\nother\tAblehnen\n"
    );
    words(&["--lang", "xx"], b"")
        .ends_with(2)
        .says(&["\"xx\"", "de, el, en"]);
}

#[test]
fn hostile_texts_of_buttons_are_harmless() {
    let mut input = b"\x1b[31mReject\tall\x07\xff\n\xe2\x80\xaeAccept\n".to_vec();
    input.extend(b"accept ".repeat(100_000));
    input.extend(b"\nReject\n");
    let out = words(&[], &input).ends_with(0).stdout;
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4, "{} lines", lines.len());
    assert_eq!(lines[0], "other\t\\u{1b}[31mReject\\u{9}all\\u{7}\u{fffd}");
    assert_eq!(lines[1], "accept\t\\u{202e}Accept");
    assert!(lines[2].starts_with("other\taccept ") && lines[2].ends_with('…'));
    assert!(lines[2].len() < 20_000, "{}", lines[2].len());
    assert_eq!(lines[3], "reject\tReject");
}

/// Whoever asks gets the answer before asking the next question.
#[test]
fn texts_are_answered_as_they_come() {
    let shell = Shell::new();
    let mut command = shell.command(&["rules", "words"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut input = child.stdin.take().expect("its input");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    for (text, expected) in [
        ("Reject", "reject\tReject\n"),
        ("Close", "acknowledge\tClose\n"),
    ] {
        writeln!(input, "{text}").expect("it reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("it answers");
        assert_eq!(line, expected);
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}
