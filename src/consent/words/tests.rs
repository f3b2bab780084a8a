//! Tests of the classifier: every language by its own examples, and the rules by example.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::file::{self, Class, SHARED};
use super::*;

/// The languages that are promised.
const PROMISED: &[&str] = &[
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv",
    "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv", // the European Union
    "ar", "he", "is", "ja", "ko", "no", "ru", "sr", "tr", "uk", "zh",
];

#[test]
fn every_promised_language_is_there_under_its_names() {
    let codes: Vec<&str> = Language::codes().collect();
    let missing: Vec<_> = PROMISED.iter().filter(|c| !codes.contains(c)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (code, same) in [
        ("nb", "no"),
        ("nn-NO", "no"),
        ("PT-br", "pt"),
        ("zh_Hant", "zh"),
    ] {
        assert!(Language::find(code).is_some(), "{code}");
        assert_eq!(Language::find(code), Language::find(same), "{code}");
    }
    for code in ["", "xx", "mul", "english"] {
        assert_eq!(Language::find(code), None, "{code:?}");
    }
}

/// Read with the words of their language alone and with those of all languages together.
#[test]
fn the_examples_of_every_language_mean_what_its_file_says() {
    let mut wrong = Vec::new();
    for file in file::builtin().unwrap() {
        let language = Language::find(&file.language);
        for (meaning, texts) in &file.examples {
            for text in texts {
                let alone = language.map_or(*meaning, |l| classify_in(text, l));
                let together = classify(text);
                if alone != *meaning || together != *meaning {
                    let code = &file.language;
                    wrong.push(format!(
                        "{code}: {text:?} should be {meaning}, is {alone} alone, {together} together"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What acts on a visitor's consent is shown by several examples, and every class of words by one.
#[test]
fn the_examples_cover_every_meaning_and_class() {
    for file in file::builtin().unwrap() {
        let code = &file.language;
        let texts: Vec<&String> = file.examples.values().flatten().collect();
        if code == SHARED {
            assert!(!texts.is_empty());
            continue;
        }
        for (meaning, least) in [
            (Meaning::Accept, 5),
            (Meaning::Reject, 5),
            (Meaning::Withdraw, 1),
            (Meaning::Settings, 3),
            (Meaning::Save, 2),
            (Meaning::Acknowledge, 2),
            (Meaning::Other, 3),
        ] {
            let there = file.examples.get(&meaning).map_or(0, Vec::len);
            assert!(there >= least, "{code}: {there} examples of {meaning}");
        }
        let language = LEXICON.language(code).unwrap();
        let read = texts.iter().flat_map(|t| LEXICON.reading_in(t, language));
        let met: BTreeSet<Class> = read.flatten().collect();
        let unmet: Vec<_> = file.words.keys().filter(|c| !met.contains(*c)).collect();
        assert!(unmet.is_empty(), "{code}: no example has {unmet:?}");
    }
}

#[test]
fn every_pattern_is_read_as_its_class() {
    let mut wrong = Vec::new();
    for file in file::builtin().unwrap() {
        let Some(language) = LEXICON.language(&file.language) else {
            continue;
        };
        for (class, patterns) in &file.words {
            for pattern in patterns {
                let read = LEXICON.reading_in(&pattern.replace('*', ""), language);
                if read != [Some(*class)] {
                    wrong.push(format!(
                        "{}: {pattern:?} is {read:?}, not {class:?}",
                        file.language
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_named_after_their_language_and_fill_every_class() {
    let mut codes = BTreeSet::new();
    for file in file::builtin().unwrap() {
        let code = &file.language;
        for name in file.also.iter().chain([code]) {
            assert!(codes.insert(name.clone()), "{name} twice");
        }
        assert!(file::text(code).is_some(), "there is no {code}.yaml");
        assert!(file.words.values().all(|w| !w.is_empty()), "{code}");
        assert!(
            code == SHARED || file.words.len() == 18,
            "{code} lacks a class"
        );
        for pattern in file.words.values().flatten() {
            assert!(!normal::words(pattern).is_empty(), "{code}: {pattern:?}");
            for word in pattern.split_whitespace() {
                let inner = word.strip_prefix('*').unwrap_or(word);
                let inner = inner.strip_suffix('*').unwrap_or(inner);
                assert!(!inner.contains('*'), "{code}: {pattern:?}");
            }
        }
    }
}

/// Whatever negates, leaves out or limits, in front of whatever accepts, in every language.
#[test]
fn nothing_is_accepted_inside_a_negation() {
    let mut accepted = Vec::new();
    for file in file::builtin().unwrap() {
        let before = [Class::Negation, Class::Without, Class::Only];
        let before = before.iter().filter_map(|c| file.words.get(c)).flatten();
        let before: Vec<String> = before.map(|w| w.replace('*', "")).collect();
        let examples = file.examples.get(&Meaning::Accept);
        for text in examples.into_iter().flatten() {
            let texts = before.iter().map(|b| format!("{b} {text}"));
            accepted.extend(texts.filter(|t| classify(t) == Meaning::Accept));
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
}

/// Two languages that understand a text as opposites leave it alone.
#[test]
fn readings_that_contradict_each_other_are_not_acted_on() {
    use Meaning::{Accept, Acknowledge, Other, Reject, Settings, Withdraw};
    for (readings, expected) in [
        (&[Accept, Reject][..], Other),
        (&[Accept, Accept, Reject], Other),
        (&[Accept, Withdraw], Other),
        (&[Accept, Settings, Accept], Accept),
        (&[Reject, Acknowledge], Acknowledge),
        (&[Settings], Settings),
        (&[], Other),
    ] {
        assert_eq!(settle(readings), expected, "{readings:?}");
    }
}

#[test]
fn form_does_not_count() {
    all_mean(
        Meaning::Reject,
        &[
            "ＲＥＪＥＣＴ ＡＬＬ",
            "re\u{ad}ject",
            "  Reject\n all!! ",
            "⛔ Reject all (12) →",
        ],
    );
    all_mean(
        Meaning::Reject,
        &["TÜMÜNÜ REDDET", "Reddedıyorum", "İptal değil, reddet"],
    );
    all_mean(
        Meaning::Accept,
        &[
            "TÜMÜNÜ KABUL ET",
            "ΑΠΟΔΟΧΉ ΌΛΩΝ",
            "ПРИНЯТЬ ВСЕ",
            "ALLE BESTÄTIGEN",
        ],
    );
    all_mean(
        Meaning::Other,
        &[
            "I am 18+",
            "3,99 €",
            "(12)",
            "\u{202e}",
            "x".repeat(5000).as_str(),
        ],
    );
}

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

/// Endless texts are hostile, and cost no more than long ones.
#[test]
fn endless_texts_mean_nothing() {
    for text in ["accept ", "全部", "reject all the ", "a", "é\u{301}"] {
        assert_eq!(classify(&text.repeat(200_000)), Meaning::Other, "{text:?}");
    }
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
