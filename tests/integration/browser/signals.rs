//! What a page says about consent is read at the end of each phase, and costs nothing where it hangs.

use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::signal::of_request;

use crate::support::browse::Browse;

#[tokio::test(flavor = "multi_thread")]
async fn every_interface_is_read_in_order() {
    let browse = Browse::new().await;
    let visit = browse
        .visit("https://signals.test/", ScenarioId::None)
        .await;
    assert_eq!(visit.faults, []);
    for phase in [PhaseId::BeforeChoice, PhaseId::AfterScroll] {
        let snapshot = visit.snapshot(phase).expect("a phase");
        let told: Vec<String> = snapshot
            .signals
            .iter()
            .map(|s| format!("{} = {}", s.name, s.value))
            .collect();
        assert_eq!(
            told,
            [
                "consent-mode.default = ad_storage=denied, analytics_storage=denied, \
                 wait_for_update=500",
                "consent-mode.update = analytics_storage=granted",
                "usp = 1YNN",
                "tawk.onLoaded = true",
                "tawk.isVisitorEngaged = false",
                "tcf.gdprApplies = true",
                "tcf.eventStatus = cmpuishown",
                "tcf.cmpStatus = loaded",
                "tcf.purposeConsents = 1,7",
                "tcf.purposeLegitimateInterests = none",
                "tcf.tcString = CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA",
            ],
            "{phase:?}"
        );
    }
    let sent: Vec<String> = visit
        .observations
        .iter()
        .filter_map(|o| match &o.event {
            Event::Request(request) => Some(of_request(&request.url)),
            _ => None,
        })
        .flatten()
        .map(|s| s.value)
        .collect();
    assert_eq!(
        sent,
        [
            "G101: ad_storage denied, analytics_storage granted",
            "13p3r3l3l5: ad_storage denied by default, analytics_storage denied by default, granted \
             by update, ad_user_data not set, ad_personalization not set",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn interfaces_that_hang_cost_nothing_and_say_nothing() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://mute.test/", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let snapshot = visit.snapshot(PhaseId::AfterScroll).expect("a phase");
    assert_eq!(snapshot.signals, []);
}
