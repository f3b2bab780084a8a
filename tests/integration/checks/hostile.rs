//! Whatever a site writes, it is judged without a panic and twice in the same way.

use preconsent::model::choice::ChoiceState;
use preconsent::model::report::TargetReport;
use preconsent::model::visit::Visit;
use proptest::prelude::*;

use super::{Bench, OWN, TRACKER};
use crate::support::visits::Story;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Act {
    Header(u64, String, String),
    Refused(u64, String),
    Script(u64, String),
    Set(u64, String, String),
    Remove(u64, String),
    Sent(u64, String),
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("trk_id".to_owned()),
        Just("trk_session".to_owned()),
        Just("choice".to_owned()),
        Just("sid".to_owned()),
        "\\PC{0,40}",
        "[\u{0}-\u{1f}\u{202e}|<>`\"'=;]{0,12}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let attributes = prop_oneof![
        Just(String::new()),
        any::<i64>().prop_map(|s| format!("; Max-Age={s}")),
        Just("; Partitioned; SameSite=None".to_owned()),
        "\\PC{0,30}",
    ];
    (name(), "\\PC{0,20}", attributes)
        .prop_map(|(name, value, rest)| format!("{name}={value}{rest}"))
}

fn act() -> impl Strategy<Value = Act> {
    let url = prop_oneof![
        Just("https://shop.test/".to_owned()),
        Just(TRACKER.to_owned()),
        "\\PC{0,20}",
    ];
    let at = 0_u64..3_000;
    prop_oneof![
        (at.clone(), url, line()).prop_map(|(t, u, l)| Act::Header(t, u, l)),
        (at.clone(), line()).prop_map(|(t, l)| Act::Refused(t, l)),
        (at.clone(), line()).prop_map(|(t, l)| Act::Script(t, l)),
        (at.clone(), name(), "\\PC{0,20}").prop_map(|(t, n, v)| Act::Set(t, n, v)),
        (at.clone(), name()).prop_map(|(t, n)| Act::Remove(t, n)),
        (at, name()).prop_map(|(t, n)| Act::Sent(t, n)),
    ]
}

fn visit(story: Story, acts: &[Act], forgotten: &[String]) -> Visit {
    let page = "https://shop.test/";
    let story = acts.iter().fold(story, |story, act| match act {
        Act::Header(t, url, line) => story.header(*t, url, line),
        Act::Refused(t, line) => story.refused(*t, page, line, "reason"),
        Act::Script(t, line) => story.script(*t, OWN, line),
        Act::Set(t, name, value) => story.set(*t, TRACKER, name, value),
        Act::Remove(t, name) => story.remove(*t, OWN, name),
        Act::Sent(t, name) => story.sent(*t, page, name, "shop.test"),
    });
    let forget = |story: Story, name: &String| story.forget(name);
    forgotten.iter().fold(story, forget).build()
}

/// Every item that was seen has a story, and every finding names one that was.
fn is_sound(report: &TargetReport) -> bool {
    let told = report.items.iter().all(|item| !item.seen.is_empty());
    told && report.findings.iter().all(|f| {
        !f.evidence.is_empty()
            && f.item.as_ref().is_none_or(|item| {
                report
                    .items
                    .iter()
                    .any(|i| i.key.name == item.name && i.key.store == item.store)
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn anything_can_be_judged(
        acts in prop::collection::vec(act(), 0..24),
        forgotten in prop::collection::vec(name(), 0..3),
        proven: bool,
    ) {
        let state = if proven { ChoiceState::Proven } else { ChoiceState::Unproven };
        let visits = || vec![
            visit(Story::none(), &acts, &forgotten),
            visit(Story::reject().choice(state), &acts, &forgotten),
        ];
        let bench = Bench::default();
        let report = bench.judge(visits());
        prop_assert!(is_sound(&report));
        prop_assert_eq!(report, bench.judge(visits()));
    }
}
