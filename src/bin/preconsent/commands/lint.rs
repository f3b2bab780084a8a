//! `preconsent rules lint`: what is wrong with rules themselves, or with a list of cookies.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use preconsent::catalogue::builtin;
use preconsent::catalogue::lint::{self, Problem};
use preconsent::catalogue::list::{self, Format};
use preconsent::model::finding::Severity;
use serde_json::{Value, json};

use super::import::read_list;
use crate::args::LintFormatArg;
use crate::exit::Exit;
use crate::output::print;
use crate::terminal::clean;

/// Runs the command.
pub(super) fn run(
    path: Option<&Path>,
    list: Option<Format>,
    format: LintFormatArg,
    notes: bool,
) -> Result<Exit> {
    let problems = match (path, list) {
        (Some(file), Some(format)) => lint::list(&list::read(
            format,
            &file.display().to_string(),
            &read_list(file)?,
        )?),
        (Some(directory), None) => lint::directory(builtin::catalogue(), directory)?,
        (None, _) => lint::catalogue(&builtin::catalogue()),
    };
    let text = match format {
        LintFormatArg::Text => text(&problems, notes),
        LintFormatArg::Json => {
            let mut text = serde_json::to_string_pretty(&json(&problems))?;
            text.push('\n');
            text
        }
    };
    print(text.as_bytes())?;
    let failed = count(&problems, Severity::Error) > 0;
    Ok(if failed { Exit::Usage } else { Exit::Pass })
}

fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|p| p.severity == severity).count()
}

fn text(problems: &[Problem], notes: bool) -> String {
    let mut text = String::new();
    let shown = problems
        .iter()
        .filter(|p| notes || p.severity > Severity::Info);
    for problem in shown {
        let place = &problem.place;
        let _ = writeln!(
            text,
            "{}:{}:{}: {}[{}] {}",
            clean(&place.file),
            place.line,
            place.column,
            problem.severity.as_str(),
            problem.check,
            clean(&problem.message)
        );
        for line in problem.help.lines() {
            let _ = writeln!(text, "    {}", clean(line));
        }
    }
    let notes_there_are = count(problems, Severity::Info);
    let _ = writeln!(
        text,
        "{}, {}, {}{}",
        counted(count(problems, Severity::Error), "error"),
        counted(count(problems, Severity::Warn), "warning"),
        counted(notes_there_are, "note"),
        if notes || notes_there_are == 0 {
            ""
        } else {
            " (--notes shows them)"
        }
    );
    text
}

fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

fn json(problems: &[Problem]) -> Value {
    let list: Vec<Value> = problems
        .iter()
        .map(|p| {
            json!({
                "check": p.check,
                "severity": p.severity,
                "file": p.place.file,
                "line": p.place.line,
                "column": p.place.column,
                "name": p.name,
                "message": p.message,
                "help": p.help,
            })
        })
        .collect();
    json!({
        "schema": "preconsent.lint.v1",
        "errors": count(problems, Severity::Error),
        "warnings": count(problems, Severity::Warn),
        "notes": count(problems, Severity::Info),
        "problems": list,
    })
}
