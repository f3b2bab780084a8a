//! Recordings: one visit as lines of JSON, compressed with gzip.
//!
//! The first line says what the file is and who visited what and how. Then come the observations and
//! snapshots, one line each, in order of time; then what the visit came to; and a last line that
//! counts the others, so that a file that was cut short is not taken for a whole one:
//!
//! ```text
//! {"format":"preconsent-recording","version":1,"tool":{…},"url":"https://shop.test/","scenario":"none",…}
//! {"observation":{"at_ms":12,"phase":"before-choice","event":{"kind":"request",…}}}
//! {"snapshot":{"phase":"before-choice","at_ms":903,…}}
//! {"outcome":{"final_url":"https://shop.test/","choice":{…},"faults":[],…}}
//! {"end":{"lines":5,"observations":1,"snapshots":1}}
//! ```
//!
//! Values are redacted unless the visit holds them in clear (`"values":"redacted"` or `"clear"`): what
//! stands for one tells its length, entropy and keyed digest, and a number behind `~` tells it from
//! others of the same shape. What rules ask of a value was answered before it went (`asked` in the
//! first line, `redacted` in the outcome).
//!
//! Gzip, because every system opens it without further tools (`zcat`, `gunzip`, archive managers,
//! Python's `gzip`) and such text shrinks to a twentieth with it. Plain `.jsonl` is read as well.
//! Fields may be added within a version; whatever an older reader would misread raises it.

mod read;
mod write;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::choice::ChoiceOutcome;
use crate::model::fault::Fault;
use crate::model::observation::Observation;
use crate::model::report::Tool;
use crate::model::runs;
use crate::model::scenario::ScenarioId;
use crate::model::sealed::{Sealed, ValueQuestion};
use crate::model::snapshot::Snapshot;
use crate::model::visit::{Clock, EngineInfo, Phase, Prediction, ServiceRequest, Visit};

pub use read::{ReadError, read};
pub use write::{stem, write};

/// The endings of recordings.
pub const ENDINGS: [&str; 2] = [".jsonl.gz", ".jsonl"];

const FORMAT: &str = "preconsent-recording";
const VERSION: u32 = 1;

/// Longer lines are neither written nor read: the longest is a snapshot, and engines keep less than
/// this of a whole visit.
const MAX_LINE: u64 = 256 << 20;
/// The same for all lines together.
const MAX_TOTAL: u64 = 1 << 30;

/// The beginning of the first line, which says how the rest is to be read.
#[derive(Debug, Deserialize)]
struct Opening {
    format: String,
    version: u32,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header<'a> {
    format: Cow<'a, str>,
    version: u32,
    tool: Tool,
    url: Cow<'a, Url>,
    scenario: ScenarioId,
    /// In which run, counted from 1.
    #[serde(default = "runs::first", skip_serializing_if = "runs::is_first")]
    run: u32,
    started: f64,
    clock: Clock,
    engine: Cow<'a, EngineInfo>,
    values: Values,
    /// What was asked of every value before it went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked: Vec<ValueQuestion>,
}

/// How values are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Values {
    /// As they were seen.
    Clear,
    /// As their length, entropy and keyed digest; cookie lines and addresses without the values in
    /// them.
    Redacted,
}

/// Every other line, borrowed from a visit or read from a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line<O, S, U> {
    Observation(O),
    Snapshot(S),
    Outcome(U),
    End(End),
}

type LineOf<'a> = Line<&'a Observation, &'a Snapshot, Outcome<'a>>;
type LineRead = Line<Box<Observation>, Box<Snapshot>, Box<Outcome<'static>>>;

/// What the visit came to.
#[derive(Debug, Serialize, Deserialize)]
struct Outcome<'a> {
    final_url: Cow<'a, Url>,
    choice: Cow<'a, ChoiceOutcome>,
    phases: Cow<'a, [Phase]>,
    faults: Cow<'a, [Fault]>,
    limits: Cow<'a, [String]>,
    predictions: Cow<'a, [Prediction]>,
    globals: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<Cow<'a, ServiceRequest>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redacted: Option<Redacted<'a>>,
}

/// What is known of the values that are not kept.
#[derive(Debug, Serialize, Deserialize)]
struct Redacted<'a> {
    /// The address that was shown, as reports show it.
    shown_url: Cow<'a, str>,
    /// What stands for a value → the questions of the first line that it answers with yes, counted
    /// from 0.
    answers: Cow<'a, BTreeMap<String, Vec<usize>>>,
}

/// The last line.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    /// All lines, the first and this one included.
    lines: u64,
    observations: usize,
    snapshots: usize,
}

impl<'a> Header<'a> {
    fn of(visit: &'a Visit) -> Self {
        Self {
            format: FORMAT.into(),
            version: VERSION,
            tool: Tool::this(),
            url: Cow::Borrowed(&visit.url),
            scenario: visit.scenario,
            run: visit.run,
            started: visit.started,
            clock: visit.clock,
            engine: Cow::Borrowed(&visit.engine),
            values: if visit.sealed.is_some() {
                Values::Redacted
            } else {
                Values::Clear
            },
            asked: visit.sealed.iter().flat_map(|s| s.asked.clone()).collect(),
        }
    }
}

impl<'a> Outcome<'a> {
    fn of(visit: &'a Visit) -> Self {
        Self {
            final_url: Cow::Borrowed(&visit.final_url),
            choice: Cow::Borrowed(&visit.choice),
            phases: Cow::Borrowed(&visit.phases),
            faults: Cow::Borrowed(&visit.faults),
            limits: Cow::Borrowed(&visit.limits),
            predictions: Cow::Borrowed(&visit.predictions),
            globals: Cow::Borrowed(&visit.globals),
            service: visit.service.as_ref().map(Cow::Borrowed),
            redacted: visit.sealed.as_ref().map(|sealed| Redacted {
                shown_url: Cow::Borrowed(&sealed.shown_url),
                answers: Cow::Borrowed(&sealed.answers),
            }),
        }
    }
}

/// The visit that the lines of a file told.
fn assemble(
    header: Header<'_>,
    outcome: Outcome<'_>,
    observations: Vec<Observation>,
    snapshots: Vec<Snapshot>,
) -> Result<Visit, String> {
    let sealed = match (header.values, outcome.redacted) {
        (Values::Clear, None) => None,
        (Values::Redacted, Some(redacted)) => Some(Sealed {
            asked: header.asked,
            answers: redacted.answers.into_owned(),
            shown_url: redacted.shown_url.into_owned(),
        }),
        _ => {
            return Err(
                "the first line says otherwise than the rest how values are kept".to_owned(),
            );
        }
    };
    Ok(Visit {
        url: header.url.into_owned(),
        final_url: outcome.final_url.into_owned(),
        scenario: header.scenario,
        run: header.run,
        engine: header.engine.into_owned(),
        clock: header.clock,
        started: header.started,
        choice: outcome.choice.into_owned(),
        phases: outcome.phases.into_owned(),
        observations,
        snapshots,
        faults: outcome.faults.into_owned(),
        limits: outcome.limits.into_owned(),
        predictions: outcome.predictions.into_owned(),
        globals: outcome.globals.into_owned(),
        service: outcome.service.map(Cow::into_owned),
        sealed,
        screenshots: Vec::new(),
    })
}
