//! The items of the sample reports: a chat widget's and a pixel's.

use preconsent::model::chain::{Cause, CauseKind};
use preconsent::model::item::Presence::{self, Deleted, Present, Transient};
use preconsent::model::item::{ItemKey, Party, Store};
use preconsent::model::observation::{StackFrame, Writer};
use preconsent::model::report::{ItemDetails, ItemLifetime, ItemStatus, ReportItem, Sighting};
use preconsent::model::role::Role;
use preconsent::model::scenario::PhaseId::{
    self, AfterChoice, AfterReload, AfterScroll, BeforeChoice,
};
use preconsent::model::scenario::ScenarioId::{self, Accept, None as Passive, Reject};
use preconsent::model::sent::{Carrier, SentForm, SentTo};

use super::WIDGET;

pub(super) fn seen(sightings: &[(ScenarioId, PhaseId, Presence)]) -> Vec<Sighting> {
    let sighting = |&(scenario, phase, presence): &(ScenarioId, PhaseId, Presence)| Sighting {
        scenario,
        phase,
        presence,
    };
    sightings.iter().map(sighting).collect()
}

fn script(url: &str, function: &str) -> Writer {
    Writer::script(vec![StackFrame {
        function: function.to_owned(),
        url: url.to_owned(),
        line: 1,
        column: 20433,
    }])
}

/// An item of the widget; everything else is set by the caller.
fn widget_item(store: Store, name: &str) -> ReportItem {
    let cookie = store == Store::Cookie;
    ReportItem {
        key: ItemKey {
            store,
            name: name.to_owned(),
            place: if cookie {
                "shop.test"
            } else {
                "https://www.shop.test"
            }
            .to_owned(),
            path: if cookie { "/" } else { "" }.to_owned(),
            partition: None,
        },
        party: Party::First,
        provider: Some("tawk.to".to_owned()),
        entry: Some(name.to_owned()),
        entry_place: Some("tawk.yaml:41".to_owned()),
        documented_as: Vec::new(),
        role: Role::Performance,
        exempt: false,
        claimed_role: Some("Essential".to_owned()),
        status: ItemStatus::Observed,
        lifetime: ItemLifetime {
            declared: Some("session".to_owned()),
            requested_s: None,
            stored_s: None,
        },
        seen: seen(&[
            (Passive, BeforeChoice, Present),
            (Passive, AfterScroll, Present),
            (Reject, BeforeChoice, Present),
            (Reject, AfterChoice, Present),
            (Reject, AfterReload, Present),
            (Accept, BeforeChoice, Present),
            (Accept, AfterChoice, Present),
            (Accept, AfterReload, Present),
        ]),
        first_writer: script(WIDGET, "setCookie"),
        details: ItemDetails::default(),
    }
}

/// A sending to the vendor, whose body carries it, or to the shop itself.
fn sent(host: &str, at_ms: u64, count: u32) -> (ScenarioId, SentTo) {
    let home = host.ends_with("shop.test");
    let carrier = if home {
        Carrier::CookieHeader
    } else {
        Carrier::Body
    };
    let to = SentTo {
        host: host.to_owned(),
        phase: BeforeChoice,
        carrier,
        form: SentForm::Plain,
        at_ms,
        count,
        chain: vec![cause(CauseKind::Script, WIDGET, 1)],
    };
    (Passive, to)
}

fn cause(kind: CauseKind, url: &str, line: u32) -> Cause {
    Cause {
        kind,
        url: url.to_owned(),
        line: Some(line),
        page: kind == CauseKind::InlineScript,
    }
}

pub(super) fn uuid_cookie() -> ReportItem {
    ReportItem {
        entry: Some("twk_uuid_{property_id:hex24}".to_owned()),
        documented_as: vec!["tawk_uuid_{property_id}".to_owned()],
        lifetime: ItemLifetime {
            declared: Some("P6M".to_owned()),
            requested_s: Some(15_552_000),
            stored_s: Some(15_552_000),
        },
        details: ItemDetails {
            chain: vec![
                cause(CauseKind::Script, WIDGET, 1),
                cause(CauseKind::InlineScript, "https://www.shop.test/", 12),
            ],
            host_only: Some(false),
            refused: Vec::new(),
            sent_to: vec![sent("va.tawk.to", 1800, 2), sent("www.shop.test", 2100, 1)],
            runs: None,
        },
        ..widget_item(Store::Cookie, "twk_uuid_64f0c0ffee64f0c0ffee64f0")
    }
}

pub(super) fn leaky_items() -> Vec<ReportItem> {
    vec![
        ReportItem {
            provider: None,
            entry: None,
            entry_place: None,
            role: Role::Unclassified,
            claimed_role: None,
            party: Party::Third,
            lifetime: ItemLifetime {
                declared: None,
                requested_s: Some(63_072_000),
                stored_s: Some(34_560_000),
            },
            seen: seen(&[
                (Reject, BeforeChoice, Present),
                (Reject, AfterChoice, Deleted),
            ]),
            first_writer: Writer::response("https://pixel.test/p.gif?id=‹4 chars, 2.0 bits/char›"),
            details: ItemDetails::default(),
            key: ItemKey {
                place: "pixel.test".to_owned(),
                ..widget_item(Store::Cookie, "_px").key
            },
            ..widget_item(Store::Cookie, "_px")
        },
        ReportItem {
            claimed_role: Some("Performance and functionality".to_owned()),
            ..widget_item(Store::Cookie, "TawkConnectionTime")
        },
        uuid_cookie(),
        ReportItem {
            lifetime: ItemLifetime {
                declared: Some("transient".to_owned()),
                requested_s: None,
                stored_s: None,
            },
            role: Role::Essential,
            exempt: true,
            seen: seen(&[
                (Passive, BeforeChoice, Transient),
                (Reject, BeforeChoice, Transient),
                (Accept, BeforeChoice, Transient),
            ]),
            first_writer: script(WIDGET, ""),
            ..widget_item(Store::LocalStorage, "exist_test")
        },
        ReportItem {
            lifetime: ItemLifetime {
                declared: Some("until-cleared".to_owned()),
                requested_s: None,
                stored_s: None,
            },
            seen: seen(&[(Accept, AfterReload, Present)]),
            ..widget_item(Store::LocalStorage, "twk_token_64f0c0ffee64f0c0ffee64f0")
        },
        ReportItem {
            status: ItemStatus::Predicted,
            seen: Vec::new(),
            first_writer: Writer::unknown(),
            details: ItemDetails::default(),
            ..widget_item(Store::SessionStorage, "previousNav")
        },
    ]
}
