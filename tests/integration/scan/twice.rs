//! Two scans of an unchanged page give the same report, apart from what `docs/report-v1.md`
//! declares: times, dates in quoted lines, and what the page itself makes anew.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{Scanned, sites, with_json};
use crate::support::command::Shell;

/// A date in the line of a cookie.
static DATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?i)(expires=)[^;]+").expect("a pattern"));

/// A value that is not shown: its length stays, what depends on its characters goes.
static VALUE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(‹[0-9]+ chars?), [^›]*›").expect("a pattern"));

/// The cookie in whose value the chat's page puts the time.
const STAMPED: &str = "twk_uuid_64f0c0ffee64f0c0ffee0000";

/// Takes out what is declared to differ.
fn steady(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["started", "at_ms"] {
                if let Some(time) = fields.get_mut(name).filter(|t| !t.is_null()) {
                    *time = Value::Null;
                }
            }
            fields.values_mut().for_each(steady);
        }
        Value::Array(values) => values.iter_mut().for_each(steady),
        Value::String(text) => {
            *text = DATE.replace_all(text, "${1}…").into_owned();
            if text.contains(STAMPED) {
                *text = VALUE.replace_all(text, "$1›").into_owned();
            }
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_scans_differ_in_declared_times_only() {
    let site = sites().await;
    let args = with_json(&["leaky.shop.test", "plain-cookies.shop.test"]);
    let report = || {
        let mut report = Scanned::new(Shell::new().scan(&site, &args)).report;
        assert!(report["started"].is_string());
        steady(&mut report);
        format!("{report:#}")
    };
    let (first, second) = (report(), report());
    for (a, b) in first.lines().zip(second.lines()) {
        assert_eq!(a, b);
    }
    assert_eq!(first, second);
    assert!(first.contains(STAMPED) && first.contains("hop_visit"));
}
