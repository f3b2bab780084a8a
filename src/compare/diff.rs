//! What is different between two reports.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::stored::{FindingKey, ItemKey, Stored};

/// The differences, each list in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    schema: &'static str,
    /// Targets with another verdict, or in one of the reports only.
    pub verdicts: Vec<Change>,
    /// Items.
    pub items: Changes,
    /// Findings.
    pub findings: Changes,
}

/// What came, went, or is told differently.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// In the second report only.
    pub added: Vec<Named>,
    /// In the first report only.
    pub removed: Vec<Named>,
    /// In both, with another role, lifetime, severity, ….
    pub changed: Vec<Change>,
}

/// An item or a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The target.
    pub url: String,
    /// What it is, in words.
    pub what: String,
    /// Role or severity, and more of it in words.
    pub detail: String,
}

/// Something that is told differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The target.
    pub url: String,
    /// What it is, in words.
    pub what: String,
    /// What of it.
    pub field: &'static str,
    /// As the first report has it.
    pub before: String,
    /// As the second report has it.
    pub after: String,
}

impl Diff {
    /// Compares two reports.
    #[must_use]
    pub fn between(before: &Stored, after: &Stored) -> Self {
        Self {
            schema: "preconsent.diff.v1",
            verdicts: verdicts(before, after),
            items: items(before, after),
            findings: findings(before, after),
        }
    }

    /// Whether the reports tell the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let none = |c: &Changes| c.added.is_empty() && c.removed.is_empty() && c.changed.is_empty();
        self.verdicts.is_empty() && none(&self.items) && none(&self.findings)
    }

    /// The differences as lines: `+` came, `-` went, `~` is told differently.
    #[must_use]
    pub fn text(&self) -> String {
        if self.is_empty() {
            return String::from("the reports tell the same\n");
        }
        let mut text = String::new();
        section(&mut text, "verdicts", &Changes::default(), &self.verdicts);
        section(
            &mut text,
            "findings",
            &self.findings,
            &self.findings.changed,
        );
        section(&mut text, "items", &self.items, &self.items.changed);
        text
    }
}

fn section(text: &mut String, title: &str, changes: &Changes, changed: &[Change]) {
    if changes.added.is_empty() && changes.removed.is_empty() && changed.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for (sign, list) in [('+', &changes.added), ('-', &changes.removed)] {
        for named in list {
            let [url, what, detail] = [&named.url, &named.what, &named.detail].map(one_line);
            let _ = writeln!(text, "  {sign} {url}: {what} [{detail}]");
        }
    }
    for c in changed {
        let [url, what, before, after] = [&c.url, &c.what, &c.before, &c.after].map(one_line);
        let field = c.field;
        let _ = writeln!(text, "  ~ {url}: {what}: {field} was {before}, is {after}");
    }
}

/// Names come from pages: none may end the line that it stands on.
fn one_line(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\u{2028}' | '\u{2029}' => shown.extend(c.escape_unicode()),
            c if c.is_control() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

fn verdicts(before: &Stored, after: &Stored) -> Vec<Change> {
    let old: BTreeMap<&str, &str> = before.verdicts().collect();
    let new: BTreeMap<&str, &str> = after.verdicts().collect();
    let urls: std::collections::BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let change = |url: &str| {
        let word = |verdicts: &BTreeMap<&str, &str>| {
            let word = verdicts.get(url).copied().unwrap_or("not in the report");
            word.to_owned()
        };
        let (before, after) = (word(&old), word(&new));
        (before != after).then(|| Change {
            url: url.to_owned(),
            what: String::from("target"),
            field: "verdict",
            before,
            after,
        })
    };
    urls.into_iter().filter_map(change).collect()
}

fn items(before: &Stored, after: &Stored) -> Changes {
    let (old, new) = (before.items(), after.items());
    let named = |key: &ItemKey, facts: &super::stored::ItemFacts| Named {
        url: key.url.clone(),
        what: key.to_string(),
        detail: facts.get("role").cloned().unwrap_or_default(),
    };
    let mut changes = Changes::default();
    for (key, facts) in &new {
        let Some(known) = old.get(key) else {
            changes.added.push(named(key, facts));
            continue;
        };
        let fields = facts
            .iter()
            .filter(|(field, now)| known.get(*field) != Some(now));
        changes.changed.extend(fields.map(|(field, now)| Change {
            url: key.url.clone(),
            what: key.to_string(),
            field,
            before: known.get(field).cloned().unwrap_or_default(),
            after: now.clone(),
        }));
    }
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    changes.removed = gone.map(|(key, facts)| named(key, facts)).collect();
    changes
}

fn findings(before: &Stored, after: &Stored) -> Changes {
    let (old, new) = (before.findings(), after.findings());
    let named = |key: &FindingKey, severity: &str| Named {
        url: key.url.clone(),
        what: key.to_string(),
        detail: severity.to_owned(),
    };
    let mut changes = Changes::default();
    for (key, facts) in &new {
        match old.get(key) {
            None => changes.added.push(named(key, facts.severity.as_str())),
            Some(known) => {
                for (field, before, after) in [
                    ("severity", known.severity.as_str(), facts.severity.as_str()),
                    ("confidence", &known.confidence, &facts.confidence),
                ] {
                    if before != after {
                        changes.changed.push(Change {
                            url: key.url.clone(),
                            what: key.to_string(),
                            field,
                            before: before.to_owned(),
                            after: after.to_owned(),
                        });
                    }
                }
            }
        }
    }
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    changes.removed = gone
        .map(|(key, facts)| named(key, facts.severity.as_str()))
        .collect();
    changes
}
