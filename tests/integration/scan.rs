//! Whole scans: the command, a real browser, the bundled sites, and the report that comes of it.
//!
//! Each test looks at the JSON report and the exit code, as a user's script would. The helpers of
//! all of them are here.

mod cases;
mod faults;
mod formats;
mod http;
#[cfg(target_os = "linux")]
mod leftovers;
mod modes;
#[cfg(target_os = "linux")]
mod processes;
mod runs;
mod scenarios;
mod settings;
mod tawk;
mod twice;

use std::path::Path;

use preconsent::testsite::{Options, TestSite};
use serde_json::Value;

use crate::support::command::{Ran, Shell};

/// The test sites, with the consent platforms.
async fn sites() -> TestSite {
    let cmp = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cmp/node_modules");
    let options = Options { cmp_dir: Some(cmp) };
    let site = TestSite::start_with(options).await;
    site.expect("the test sites start; make test installs what they serve")
}

/// Scans with these arguments and reads the report.
async fn scan(args: &[&str]) -> Scanned {
    Scanned::new(Shell::new().scan(&sites().await, &with_json(args)))
}

fn with_json<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &["--format", "json"]].concat()
}

/// The same, and makes sure that the recordings of the scan come to the same report: byte for byte,
/// but for when each was begun.
async fn scan_and_judge_again(args: &[&str]) -> Scanned {
    let shell = Shell::new();
    let keep = ["--record", "visits", "-o", "live.json"];
    let ran = shell.scan(&sites().await, &with_json(&[args, &keep].concat()));
    let again = shell.run(&["judge", "visits", "-o", "again.json"]);
    assert_eq!(again.code, ran.code, "{again:#?}");
    assert_eq!(
        undated(&shell.read("again.json")),
        undated(&shell.read("live.json"))
    );
    Scanned::new(ran)
}

/// A JSON report without the line that says when the run began.
fn undated(report: &str) -> String {
    let lines: Vec<&str> = report.lines().collect();
    let dates = |line: &&&str| line.starts_with("  \"started\": ");
    assert_eq!(lines.iter().filter(dates).count(), 1, "{report}");
    let rest = lines.iter().filter(|line| !dates(line));
    rest.copied().collect::<Vec<_>>().join("\n")
}

/// A scan and its report.
#[derive(Debug)]
struct Scanned {
    ran: Ran,
    report: Value,
}

impl Scanned {
    fn new(ran: Ran) -> Self {
        let report = ran.json();
        Self { ran, report }
    }

    fn targets(&self) -> &[Value] {
        self.report["targets"].as_array().expect("targets")
    }

    /// The only target.
    fn target(&self) -> &Value {
        assert_eq!(self.targets().len(), 1);
        &self.targets()[0]
    }

    /// Checks that the report, each target and the exit code say the same.
    #[track_caller]
    fn ends_as(&self, verdict: &str) {
        let code = match verdict {
            "pass" => 0,
            "fail" => 1,
            _ => 3,
        };
        let said = (self.report["verdict"].as_str(), self.ran.code);
        assert_eq!(said, (Some(verdict), Some(code)), "{:#}", self.report);
        for target in self.targets() {
            assert_eq!(target["verdict"], verdict, "{target:#}");
        }
    }

    /// The ids of all checks that found something, sorted, each once.
    fn checks(&self) -> Vec<&str> {
        words(&self.target()["findings"], "check")
    }

    /// The items of the only target.
    fn items(&self) -> &[Value] {
        self.target()["items"].as_array().expect("items")
    }

    /// The names of all items of a store.
    fn names(&self, store: &str) -> Vec<String> {
        let items = self.items().iter().filter(|i| i["store"] == store);
        items
            .filter_map(|i| i["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// The only item of this store and name.
    #[track_caller]
    fn item(&self, store: &str, name: &str) -> &Value {
        let items = self.target()["items"].as_array().expect("items");
        let found = items
            .iter()
            .filter(|i| i["store"] == store && i["name"] == name);
        let found: Vec<&Value> = found.collect();
        assert_eq!(found.len(), 1, "{store} {name}: {:#}", self.report);
        found[0]
    }
}

/// One field of every element, sorted, each once.
fn words<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    let list = list.as_array().expect("a list");
    let mut words: Vec<&str> = list.iter().filter_map(|e| e[field].as_str()).collect();
    words.sort_unstable();
    words.dedup();
    words
}
