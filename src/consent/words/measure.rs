//! The classifier measured on labelled texts, where these are at hand: they lie beside the project,
//! not in it. `PRECONSENT_DATA` names their folder; without it there is nothing to measure.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::*;

/// A file of the data folder. A folder that is named but lacks the file is a mistake.
#[expect(clippy::print_stderr, reason = "a skipped measurement must be seen")]
fn data(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("PRECONSENT_DATA") else {
        eprintln!("skipped: PRECONSENT_DATA does not name the folder of {name}");
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    let text = std::fs::read_to_string(&path);
    Some(text.unwrap_or_else(|e| panic!("PRECONSENT_DATA: {}: {e}", path.display())))
}

#[derive(Deserialize)]
struct Row {
    button_text: String,
    occurences: u32,
    label: String,
}

/// Rows whose label contradicts their text, and why.
const DISPUTED: [(&str, &str); 3] = [
    ("accept all cookies continue", "labelled as a rejection"),
    (
        "statistische cookies akzeptieren",
        "accepting statistics, labelled as a rejection",
    ),
    (
        "jaccepte les cookies fonctionnels",
        "only the functional ones, labelled as an acceptance",
    ),
];

/// How often each label was read as each meaning: texts, and occurrences of them.
#[derive(Default)]
struct Matrix(BTreeMap<(String, Meaning), (u32, u32)>);

impl Matrix {
    fn add(&mut self, row: &Row, meaning: Meaning) {
        let cell = self.0.entry((row.label.clone(), meaning)).or_default();
        cell.0 += 1;
        cell.1 += row.occurences;
    }

    /// The share of texts, and of their occurrences, that were read as labelled; of all labels or
    /// of one.
    fn right(&self, label: Option<&str>) -> (f64, f64) {
        let (mut right, mut all) = ((0, 0), (0, 0));
        for ((l, m), (texts, occurrences)) in &self.0 {
            if label.is_none_or(|wanted| wanted == l) {
                all = (all.0 + texts, all.1 + occurrences);
                if agrees(l, *m) {
                    right = (right.0 + texts, right.1 + occurrences);
                }
            }
        }
        let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
        (share(right.0, all.0), share(right.1, all.1))
    }

    #[expect(
        clippy::print_stderr,
        reason = "the matrix is what a reader wants to see"
    )]
    fn show(&self) {
        let meanings = [
            Meaning::Accept,
            Meaning::Save,
            Meaning::Reject,
            Meaning::Withdraw,
            Meaning::Settings,
            Meaning::Acknowledge,
            Meaning::Other,
        ];
        let heads = meanings.map(|m| format!("{m:>12}")).concat();
        eprintln!("{:>12}{heads}", "label");
        let labels: std::collections::BTreeSet<&String> = self.0.keys().map(|(l, _)| l).collect();
        for label in labels {
            let cell = |m| self.0.get(&(label.clone(), m)).map_or(0, |c| c.0);
            let cells = meanings.map(|m| format!("{:>12}", cell(m))).concat();
            eprintln!(
                "{label:>12}{cells}   recall {:.3}",
                self.right(Some(label)).0
            );
        }
        let (texts, occurrences) = self.right(None);
        eprintln!("accuracy {texts:.4}, weighted by occurrence {occurrences:.4}");
    }
}

/// The labels know no saving and no withdrawal: they call a stored selection an acceptance, and
/// taking consent back a rejection.
fn agrees(label: &str, meaning: Meaning) -> bool {
    match meaning {
        Meaning::Accept | Meaning::Save => label == "accept",
        Meaning::Reject | Meaning::Withdraw => label == "reject",
        other => label == other.as_str(),
    }
}

fn is_confused(label: &str, meaning: Meaning) -> bool {
    let refuses = matches!(meaning, Meaning::Reject | Meaning::Withdraw);
    (label == "accept" && refuses) || (label == "reject" && meaning == Meaning::Accept)
}

#[test]
fn labelled_texts_are_read_as_labelled() {
    let Some(csv) = data("button-texts-train.csv") else {
        return;
    };
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(rows.len() > 3000, "only {} rows were read", rows.len());
    let (mut matrix, mut confused) = (Matrix::default(), Vec::new());
    for row in &rows {
        let meaning = classify(&row.button_text);
        let disputed = DISPUTED.iter().any(|(text, _)| *text == row.button_text);
        if is_confused(&row.label, meaning) && !disputed {
            confused.push(&row.button_text);
        }
        matrix.add(row, meaning);
    }
    matrix.show();
    assert!(
        confused.is_empty(),
        "accept and reject confused: {confused:?}"
    );
    let (texts, occurrences) = matrix.right(None);
    assert!(texts >= 0.93, "accuracy {texts}");
    assert!(occurrences >= 0.985, "weighted accuracy {occurrences}");
    for (label, least) in [("accept", 0.90), ("reject", 0.93)] {
        let recall = matrix.right(Some(label)).0;
        assert!(recall >= least, "recall of {label}: {recall}");
    }
}

/// A bound that only a wrong algorithm breaks, on any machine and in any build.
#[test]
fn labelled_texts_are_read_in_no_time() {
    let Some(csv) = data("button-texts-train.csv") else {
        return;
    };
    let texts: Vec<&str> = csv.lines().collect();
    let _ = classify("compiles the patterns");
    let start = Instant::now();
    let understood = texts
        .iter()
        .filter(|t| classify(t) != Meaning::Other)
        .count();
    let each = start.elapsed() / u32::try_from(texts.len()).unwrap();
    assert!(
        understood > 0 && each < Duration::from_millis(2),
        "{each:?} for a text"
    );
}

#[derive(Deserialize)]
struct Sample {
    lang: String,
    role: String,
    text: String,
}

/// Languages of the samples that are not known here.
const UNKNOWN: [&str; 4] = ["gu", "hi", "lb", "rm"];

#[test]
fn samples_of_the_known_languages_are_read() {
    let Some(json) = data("button-texts-languages.json") else {
        return;
    };
    let samples: Vec<Sample> = serde_json::from_str(&json).unwrap();
    let (mut rows, mut right) = (0_u32, 0_u32);
    for s in &samples {
        let meaning = classify(&s.text);
        assert!(
            !is_confused(&s.role, meaning),
            "{}: {:?} is {meaning}",
            s.lang,
            s.text
        );
        if UNKNOWN.contains(&s.lang.as_str()) {
            continue;
        }
        rows += 1;
        right += u32::from(match s.role.as_str() {
            // "OK" and its kin: said to be acceptances, but they are so only beside other controls.
            "accept" => matches!(meaning, Meaning::Accept | Meaning::Acknowledge),
            // "Read more" opens a layer on some platforms and a page on others.
            "settings" => matches!(meaning, Meaning::Settings | Meaning::Other),
            role => role == meaning.as_str(),
        });
    }
    assert!(rows > 400, "only {rows} samples were read");
    assert!(
        right * 100 >= rows * 99,
        "{right} of {rows} samples are read as said"
    );
}
