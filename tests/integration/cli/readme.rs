//! The README says what the program says.

use crate::support::command::Shell;

const README: &str = include_str!("../../../README.md");

/// The text of the fenced block that follows a line.
fn block_after(line: &str) -> String {
    let (_, rest) = README
        .split_once(&format!("\n{line}\n"))
        .unwrap_or_else(|| panic!("README.md has no line {line}"));
    let (_, rest) = rest.split_once("```text\n").expect("a block");
    let (block, _) = rest.split_once("```").expect("the end of the block");
    block.to_owned()
}

#[test]
fn the_usage_is_what_help_prints() {
    let shell = Shell::new().with("COLUMNS", "100");
    for (line, args) in [
        ("<!-- preconsent --help -->", &["--help"][..]),
        ("<!-- preconsent scan --help -->", &["scan", "--help"]),
    ] {
        let help = shell.run(args).ends_with(0).stdout;
        assert_eq!(
            block_after(line),
            help,
            "copy the output of {args:?} to README.md"
        );
    }
}

#[test]
fn every_command_and_exit_code_is_described() {
    for code in 0..=3 {
        assert!(
            README.contains(&format!("\n| {code} |")),
            "exit code {code}"
        );
    }
    for command in ["scan", "judge", "diff", "rules", "demo", "doctor", "init"] {
        assert!(
            README.contains(&format!("`preconsent {command}")),
            "{command}"
        );
    }
}

#[test]
fn the_consent_script_of_the_readme_is_one() {
    let (_, rest) = README
        .split_once("```yaml\nname: corner shop")
        .expect("an example");
    let (text, _) = rest.split_once("```").expect("its end");
    let shell = Shell::new();
    shell.write("shop.yaml", &format!("name: corner shop{text}"));
    let scan = ["scan", "https://shop.test/", "--consent-script=shop.yaml"];
    // All of it is understood, but for the password that is not there.
    shell
        .run(&scan)
        .ends_with(2)
        .says(&["the variable SHOP_PASSWORD is not set", "shop.yaml:4:"]);
    shell
        .with("SHOP_PASSWORD", "x")
        .run(&[&scan[..], &["--engine=http"]].concat())
        .ends_with(2)
        .says(&["--consent-script needs a browser"]);
}

#[test]
fn the_catalogue_entry_of_the_readme_is_one() {
    let (_, rest) = README.split_once("```yaml\nprovider:").expect("an example");
    let (entry, _) = rest.split_once("```").expect("its end");
    let shell = Shell::new();
    shell.write("my-rules/example.yaml", &format!("provider:{entry}"));
    shell
        .run(&["rules", "show", "example", "--rules", "my-rules"])
        .ends_with(0);
}
