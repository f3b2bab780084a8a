//! Tests of the classifier: rules by example, and measured on labelled texts where these are at hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[track_caller]
fn all_mean(meaning: Meaning, texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|t| (*t, classify(t)))
        .filter(|(_, m)| *m != meaning)
        .collect();
    assert!(wrong.is_empty(), "expected {meaning:?}: {wrong:?}");
}

#[test]
fn rejections_that_speak_of_accepting_are_rejections() {
    all_mean(
        Meaning::Reject,
        &[
            "Don't accept",
            "I do not agree",
            "Disagree",
            "Accept only necessary",
            "Continue without accepting",
            "Nur notwendige akzeptieren",
            "Ich bin nicht einverstanden",
            "Ich stimme nicht zu",
            "Přijmout jen nezbytné",
            "Nesouhlasím",
            "Je n’accepte pas",
            "Continuer sans accepter",
            "N'acceptez que les cookies techniquement nécessaires",
            "Ik ga niet akkoord",
            "Alle noodzakelijke cookies accepteren",
            "Nie zgadzam się",
            "Zaakceptuj tylko niezbędne",
            "Continua senza accettare",
            "No acepto",
            "Não aceitar",
            "Godkänn nödvändiga",
            "Tillad kun nødvendige",
            "Hyväksy vain välttämättömät",
            "En hyväksy",
            "Reject non-essential",
            "Essential only",
            "❌ REJECT",
            "No",
        ],
    );
}

#[test]
fn acceptances_are_acceptances() {
    all_mean(
        Meaning::Accept,
        &[
            "Accept all",
            "✅ Accept",
            "Agree & close",
            "OK, accept all",
            "Allow non-essential",
            "Zustimmen und weiter",
            "Tout accepter",
            "J’accepte",
            "Toestaan en sluiten",
            "Zgadzam się",
            "Souhlasím",
            "Povolit vše",
            "Aceitar todos",
            "Accetta tutto",
            "De acuerdo",
            "Godkänn alla",
            "Accepter alle",
            "Hyväksy kaikki",
            "Yes",
        ],
    );
}

#[test]
fn the_other_meanings() {
    all_mean(
        Meaning::Settings,
        &[
            "Manage or reject cookies",
            "Customise",
            "Nein, Einstellungen anpassen",
            "More options",
        ],
    );
    all_mean(
        Meaning::Save,
        &[
            "Save settings",
            "Allow selection",
            "Auswahl erlauben",
            "Enregistrer mes choix",
        ],
    );
    all_mean(
        Meaning::Acknowledge,
        &["OK", "Got it!", "Verstanden", "J'ai compris", "Close"],
    );
    all_mean(
        Meaning::Other,
        &[
            "",
            "…",
            "Cookie policy",
            "Our 12 partners",
            "Accept all except marketing",
            "Sign in",
        ],
    );
}

#[test]
fn nothing_that_is_paid_for_is_a_choice() {
    all_mean(
        Meaning::Other,
        &[
            "Reject and pay",
            "Accept and subscribe",
            "Ablehnen mit Abo",
            "Refuser et s'abonner",
        ],
    );
}

proptest! {
    #[test]
    fn any_text_has_a_meaning(text in any::<String>()) {
        let _ = classify(&text);
    }

    /// Nothing that is put around a negated consent makes an acceptance of it.
    #[test]
    fn negated_consent_is_never_accepted(before in "[a-z ]{0,12}", after in "[a-z ]{0,12}") {
        let text = format!("{before} do not accept {after}");
        prop_assert_ne!(classify(&text), Meaning::Accept);
    }
}

/// Labelled texts lie beside the project, not in it. Without them there is nothing to measure.
fn data(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        #[expect(clippy::print_stderr, reason = "a skipped measurement must be seen")]
        {
            eprintln!("skipped: {} is not there", path.display());
        }
    }
    text
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

#[test]
fn labelled_texts_are_read_as_labelled() {
    let Some(csv) = data("button-texts-train.csv") else {
        return;
    };
    let mut matrix: BTreeMap<(String, Meaning), u32> = BTreeMap::new();
    let (mut right, mut rows, mut confused) = (0_u32, 0_u32, Vec::new());
    for (text, label) in csv.lines().skip(1).filter_map(row) {
        let meaning = classify(&text);
        rows += 1;
        right += u32::from(agrees(&label, meaning));
        if is_confused(&label, meaning) && !DISPUTED.iter().any(|(t, _)| *t == text) {
            confused.push(text);
        }
        *matrix.entry((label, meaning)).or_default() += 1;
    }
    show(&matrix, right, rows);
    assert!(rows > 3000, "only {rows} rows were read");
    assert_eq!(confused, Vec::<String>::new(), "accept and reject confused");
    assert!(f64::from(right) / f64::from(rows) >= 0.93);
}

/// `"text, with commas",12,label`: the label is the last field, the count the one before.
fn row(line: &str) -> Option<(String, String)> {
    let (rest, label) = line.rsplit_once(',')?;
    let (text, _count) = rest.rsplit_once(',')?;
    let text = text
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text);
    Some((text.replace("\"\"", "\""), label.to_owned()))
}

/// The labels know no saving: they call a stored selection an acceptance.
fn agrees(label: &str, meaning: Meaning) -> bool {
    match meaning {
        Meaning::Accept | Meaning::Save => label == "accept",
        Meaning::Reject => label == "reject",
        Meaning::Settings => label == "settings",
        Meaning::Acknowledge => label == "acknowledge",
        Meaning::Other => label == "other",
    }
}

fn is_confused(label: &str, meaning: Meaning) -> bool {
    matches!(
        (label, meaning),
        ("accept", Meaning::Reject) | ("reject", Meaning::Accept)
    )
}

#[expect(
    clippy::print_stderr,
    reason = "the matrix is what a reader of a failure needs"
)]
fn show(matrix: &BTreeMap<(String, Meaning), u32>, right: u32, rows: u32) {
    for ((label, meaning), count) in matrix {
        eprintln!("{label:>12} read as {meaning:?}: {count}");
    }
    eprintln!("{right} of {rows} as labelled");
}

#[derive(Deserialize)]
struct Sample {
    lang: String,
    role: String,
    text: String,
}

/// "OK" and its kin: labelled as acceptances, but they say so only beside other controls.
const BARE_OK: [&str; 4] = ["ok", "das ist ok", "that's ok", "dat is oké"];

#[test]
fn samples_of_the_known_languages_are_read() {
    let Some(json) = data("button-texts-languages.json") else {
        return;
    };
    let samples: Vec<Sample> = serde_json::from_str(&json).unwrap();
    let known = [
        "en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sv", "da", "fi",
    ];
    let mut rows = 0;
    for s in &samples {
        let meaning = classify(&s.text);
        assert!(
            !is_confused(&s.role, meaning),
            "{}: {:?} is {meaning:?}",
            s.lang,
            s.text
        );
        if !known.contains(&s.lang.as_str()) || BARE_OK.contains(&s.text.to_lowercase().as_str()) {
            continue;
        }
        rows += 1;
        let fits = match s.role.as_str() {
            "accept" => meaning == Meaning::Accept,
            "reject" => meaning == Meaning::Reject,
            "save" => meaning == Meaning::Save,
            // "Read more" opens a layer on some platforms and a page on others.
            _ => matches!(meaning, Meaning::Settings | Meaning::Other),
        };
        assert!(fits, "{}: {:?} ({}) is {meaning:?}", s.lang, s.text, s.role);
    }
    assert!(rows > 150, "only {rows} samples were read");
}
