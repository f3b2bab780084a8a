//! A report read back from its JSON form, as far as comparing needs it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::model::finding::{Finding, Severity};
use crate::model::item::Store;

/// The version that can be read.
const SCHEMA: &str = "preconsent.report.v1";

/// A longer text is no report.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// A stored report.
#[derive(Debug, Clone, Deserialize)]
pub struct Stored {
    schema: String,
    /// The profile it was judged by.
    pub profile: String,
    targets: Vec<Target>,
}

/// Why a text is no report: whoever named the file is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} is no report of this program: {reason}")]
pub struct NotAReport {
    file: String,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    url: String,
    verdict: String,
    items: Vec<Item>,
    findings: Vec<StoredFinding>,
}

#[derive(Debug, Clone, Deserialize)]
struct Place {
    domain: Option<String>,
    origin: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Item {
    store: Store,
    name: String,
    #[serde(flatten)]
    place: Place,
    path: Option<String>,
    partition: Option<String>,
    role: String,
    exempt: bool,
    lifetime: Lifetime,
    seen: Vec<Seen>,
}

#[derive(Debug, Clone, Deserialize)]
struct Lifetime {
    declared: Option<String>,
    requested_s: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Seen {
    scenario: String,
    phase: String,
    state: String,
}

#[derive(Debug, Clone, Deserialize)]
struct StoredFinding {
    check: String,
    severity: Severity,
    confidence: String,
    scenario: Option<String>,
    item: Option<FindingItem>,
    #[serde(default)]
    message: String,
}

#[derive(Debug, Clone, Deserialize)]
struct FindingItem {
    store: Store,
    name: String,
    #[serde(flatten)]
    place: Place,
}

/// What makes an item the same in two reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey {
    /// The target.
    pub url: String,
    /// Where it is kept.
    pub store: Store,
    /// Domain or origin.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Path and partition of a cookie, partition of storage.
    pub within: String,
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.store.as_str(), self.name, self.place)?;
        match self.within.as_str() {
            "" | "/" => Ok(()),
            within => write!(f, " ({within})"),
        }
    }
}

/// What makes a finding the same in two reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingKey {
    /// The target.
    pub url: String,
    /// The check.
    pub check: String,
    /// The item: where it is kept, domain or origin, name.
    pub item: Option<(Store, String, String)>,
    /// The scenario's word.
    pub scenario: Option<String>,
}

impl FindingKey {
    /// The key of a finding that was just made.
    #[must_use]
    pub fn of(url: &str, finding: &Finding) -> Self {
        let item = finding.item.as_ref();
        Self {
            url: url.to_owned(),
            check: finding.check.clone(),
            item: item.map(|i| (i.store, i.place.clone(), i.name.clone())),
            scenario: finding.scenario.map(|s| s.as_str().to_owned()),
        }
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.check)?;
        if let Some((store, place, name)) = &self.item {
            write!(f, ": {} {name} of {place}", store.as_str())?;
        }
        if let Some(scenario) = &self.scenario {
            write!(f, " (visit \"{scenario}\")")?;
        }
        Ok(())
    }
}

/// What is told of a finding besides its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFacts {
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: String,
    /// The sentence.
    pub message: String,
}

/// What is told of an item besides its key, each under the name that a difference is told by.
pub type ItemFacts = BTreeMap<&'static str, String>;

impl Stored {
    /// Reads a report. `file` is the name shown in messages.
    ///
    /// # Errors
    /// [`NotAReport`] if it is none, or one of another version.
    pub fn read(file: &str, text: &str) -> Result<Self, NotAReport> {
        let fail = |reason: String| NotAReport {
            file: file.to_owned(),
            reason,
        };
        let stored: Self = serde_json::from_str(text).map_err(|e| fail(e.to_string()))?;
        if stored.schema != SCHEMA {
            return Err(fail(format!(
                "its schema is \"{}\", expected \"{SCHEMA}\"",
                stored.schema
            )));
        }
        Ok(stored)
    }

    /// The targets with their verdicts.
    pub fn verdicts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.targets
            .iter()
            .map(|t| (t.url.as_str(), t.verdict.as_str()))
    }

    /// Every finding; where there are several with one key, the worst.
    #[must_use]
    pub fn findings(&self) -> BTreeMap<FindingKey, FindingFacts> {
        let worst = |facts: Vec<FindingFacts>| {
            let facts = facts.into_iter();
            facts.reduce(|worst, next| match next.severity > worst.severity {
                true => next,
                false => worst,
            })
        };
        let all = self.all_findings().into_iter();
        all.filter_map(|(key, facts)| Some((key, worst(facts)?)))
            .collect()
    }

    /// Every finding.
    #[must_use]
    pub fn all_findings(&self) -> BTreeMap<FindingKey, Vec<FindingFacts>> {
        let mut all: BTreeMap<FindingKey, Vec<FindingFacts>> = BTreeMap::new();
        for target in &self.targets {
            for finding in &target.findings {
                let item = finding.item.as_ref();
                let key = FindingKey {
                    url: target.url.clone(),
                    check: finding.check.clone(),
                    item: item.map(|i| (i.store, i.place.text(), i.name.clone())),
                    scenario: finding.scenario.clone(),
                };
                let facts = FindingFacts {
                    severity: finding.severity,
                    confidence: finding.confidence.clone(),
                    message: finding.message.clone(),
                };
                all.entry(key).or_default().push(facts);
            }
        }
        all
    }

    /// Every item.
    #[must_use]
    pub fn items(&self) -> BTreeMap<ItemKey, ItemFacts> {
        let targets = self.targets.iter();
        targets
            .flat_map(|t| t.items.iter().map(|i| (i.key(&t.url), i.facts())))
            .collect()
    }
}

impl Place {
    fn text(&self) -> String {
        let place = self.domain.as_ref().or(self.origin.as_ref());
        place.cloned().unwrap_or_default()
    }
}

impl Item {
    fn key(&self, url: &str) -> ItemKey {
        let within = [&self.path, &self.partition];
        let within: Vec<&str> = within.into_iter().flatten().map(String::as_str).collect();
        ItemKey {
            url: url.to_owned(),
            store: self.store,
            place: self.place.text(),
            name: self.name.clone(),
            within: within.join(", "),
        }
    }

    fn facts(&self) -> ItemFacts {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        let seen = self.seen.iter();
        let mut seen: Vec<String> = seen
            .map(|s| format!("{} {} {}", s.scenario, s.phase, s.state))
            .collect();
        seen.sort_unstable();
        BTreeMap::from([
            ("role", self.role.clone()),
            ("exempt", self.exempt.to_string()),
            ("declared lifetime", or_none(self.lifetime.declared.clone())),
            ("lifetime", or_none(self.lifetime.requested_s.map(days))),
            ("seen", seen.join(", ")),
        ])
    }
}

/// Whole days where it is a day or more: the seconds differ from scan to scan.
fn days(seconds: i64) -> String {
    match seconds {
        s if s >= 86_400 => format!("{} days", s.saturating_add(43_200) / 86_400),
        s => format!("{s} seconds"),
    }
}
