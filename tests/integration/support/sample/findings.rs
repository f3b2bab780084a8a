//! The findings of the leaky sample page.

use preconsent::model::finding::{Class, Confidence, Evidence, Finding, FindingItem, Severity};
use preconsent::model::item::Store;
use preconsent::model::scenario::PhaseId::{AfterChoice, BeforeChoice};
use preconsent::model::scenario::ScenarioId::{Accept, None as Passive, Reject};

use super::WIDGET;

pub(super) fn evidence(
    kind: &str,
    at_ms: Option<u64>,
    text: &str,
    source: Option<&str>,
) -> Evidence {
    Evidence {
        kind: kind.to_owned(),
        at_ms,
        text: text.to_owned(),
        source: source.map(str::to_owned),
    }
}

fn uuid_evidence() -> Vec<Evidence> {
    let line = "twk_uuid_64f0c0ffee64f0c0ffee64f0=‹182 chars, 4.9 bits/char, #1f6c9a02›; \
                Domain=shop.test; Path=/; Max-Age=15552000; SameSite=Lax; Secure";
    vec![
        evidence(
            "write",
            Some(1412),
            line,
            Some(&format!("{WIDGET}:1:20433")),
        ),
        evidence(
            "present",
            Some(2100),
            &format!("stored at the end of before-choice: {line}"),
            None,
        ),
        evidence(
            "sent",
            Some(1650),
            "sent before any choice",
            Some("https://www.shop.test/api"),
        ),
        evidence(
            "catalogue",
            None,
            "twk_uuid_{property_id:hex24}: performance",
            Some("tawk.yaml:41"),
        ),
        evidence(
            "profile",
            None,
            "profile eu: performance needs consent",
            None,
        ),
    ]
}

pub(super) fn leaky_findings() -> Vec<Finding> {
    let on = |name: &str| FindingItem {
        store: Store::Cookie,
        name: name.to_owned(),
        place: "shop.test".to_owned(),
    };
    let early = Finding {
        check: "pre-consent-storage".to_owned(),
        class: Class::Judgement,
        severity: Severity::Error,
        confidence: Confidence::Confirmed,
        scenario: Some(Passive),
        phase: Some(BeforeChoice),
        item: Some(on("twk_uuid_64f0c0ffee64f0c0ffee64f0")),
        runs: None,
        message: "the performance cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 of tawk.to was stored \
                  before any choice"
            .to_owned(),
        help: "Load what stores the item only after the visitor accepted its purpose.".to_owned(),
        evidence: uuid_evidence(),
    };
    vec![
        Finding {
            item: Some(on("TawkConnectionTime")),
            runs: None,
            message: "the performance cookie TawkConnectionTime of tawk.to was stored before any \
                      choice"
                .to_owned(),
            evidence: vec![evidence(
                "write",
                Some(950),
                "TawkConnectionTime=‹1 char, 0.0 bits/char›; Path=/; SameSite=Lax; Secure",
                Some(&format!("{WIDGET}:1:20433")),
            )],
            ..early.clone()
        },
        early.clone(),
        Finding {
            check: "reject-ignored".to_owned(),
            scenario: Some(Reject),
            phase: Some(AfterChoice),
            runs: None,
            message: "the performance cookie twk_uuid_64f0c0ffee64f0c0ffee64f0 of tawk.to was \
                      written after the visitor had rejected"
                .to_owned(),
            help: "Make the widget ask the consent platform before it writes.".to_owned(),
            ..early.clone()
        },
        Finding {
            check: "pre-consent-storage".to_owned(),
            severity: Severity::Warn,
            confidence: Confidence::Likely,
            scenario: Some(Reject),
            item: Some(FindingItem {
                place: "pixel.test".to_owned(),
                ..on("_px")
            }),
            runs: None,
            message: "the cookie _px was stored before any choice, and no catalogue says what it \
                      is for"
                .to_owned(),
            help: "Find out what it is for and describe it in a catalogue (--rules).".to_owned(),
            evidence: vec![evidence(
                "write",
                Some(640),
                "_px=‹4 chars, 2.0 bits/char›; Max-Age=63072000; SameSite=None; Secure",
                Some("https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›"),
            )],
            ..early.clone()
        },
        Finding {
            check: "scenario-unverified".to_owned(),
            class: Class::Health,
            severity: Severity::Warn,
            scenario: Some(Accept),
            phase: None,
            item: None,
            runs: None,
            message: "the visitor pressed \"Alles akzeptieren\", but nothing shows that it took \
                      effect"
                .to_owned(),
            help: "Describe the banner in a recipe (--rules).".to_owned(),
            evidence: vec![evidence("choice", Some(2150), "the banner stayed", None)],
            ..early
        },
    ]
}
