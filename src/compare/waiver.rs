//! Waivers: findings that somebody decided to live with until a day, and why.

use jiff::civil::Date;
use serde::Deserialize;

use crate::catalogue::pattern::NamePattern;
use crate::model::finding::Finding;
use crate::model::scenario::ScenarioId;
use crate::yaml::{Place, Problem, Source, Spanned, YamlError};

/// A waiver as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    check: Spanned<String>,
    item: Option<Spanned<String>>,
    scenario: Option<ScenarioId>,
    reason: Spanned<String>,
    until: Spanned<String>,
}

/// A waiver.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The check whose findings it covers.
    pub check: String,
    /// Names of the items; `None` for any, and for findings about no item.
    pub item: Option<NamePattern>,
    /// Only findings of this scenario.
    pub scenario: Option<ScenarioId>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Date,
    /// Where it stands.
    pub place: Place,
}

impl Waiver {
    /// Reads what is written in `source`; `checks` are the ids there are.
    ///
    /// # Errors
    /// [`YamlError`] for an unknown check, a name that is no pattern, an empty reason, or what is no
    /// day.
    pub fn read(
        source: &Source<'_>,
        written: &Written,
        checks: &[&str],
    ) -> Result<Self, YamlError> {
        let check = &written.check;
        if !checks.contains(&check.value.as_str()) {
            return Err(source.error(check, &Problem::unknown_check(&check.value, checks)));
        }
        if written.reason.value.trim().is_empty() {
            let problem = Problem::new("a waiver needs a reason").expected("expected words");
            return Err(source.error(&written.reason, &problem));
        }
        let until = written.until.value.parse().map_err(|_| {
            let problem = Problem::new(format!("\"{}\" is no day", written.until.value))
                .expected("expected the last day, such as 2027-01-31");
            source.error(&written.until, &problem)
        })?;
        let item = written.item.as_ref();
        let item = item.map(|name| {
            NamePattern::parse(&name.value, false)
                .map_err(|e| source.error(name, &Problem::new(e.to_string())))
        });
        Ok(Self {
            check: check.value.clone(),
            item: item.transpose()?,
            scenario: written.scenario,
            reason: written.reason.value.trim().to_owned(),
            until,
            place: source.place(check),
        })
    }

    /// Whether a finding is one of those meant.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let item = || finding.item.as_ref().map(|item| item.name.as_str());
        let named = self
            .item
            .as_ref()
            .is_none_or(|pattern| item().is_some_and(|name| pattern.matches(name)));
        self.check == finding.check
            && named
            && self.scenario.is_none_or(|s| finding.scenario == Some(s))
    }

    /// Whether it no longer holds.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.until < today
    }
}
