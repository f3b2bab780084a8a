//! Everything that a page stores is observed, with its writer, however it is stored.

use preconsent::model::item::Store;
use preconsent::model::observation::{Event, StorageOp, StorageWrite, Via, WriterKind};
use preconsent::model::scenario::{PhaseId, ScenarioId};

use crate::support::browse::{Browse, cookie_writes, storage_writes, stored, visit};

const ID: &str = "64f0c0ffee64f0c0ffee0000";

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_is_seen_storing_everything_it_stores() {
    let visit = visit("leaky", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let mut expected = [
        "cookie:TawkConnectionTime".to_owned(),
        "cookie:twk_idm_key".to_owned(),
        format!("cookie:twk_uuid_{ID}"),
        format!("local-storage:twk_{ID}"),
        format!("local-storage:twk_token_{ID}"),
        "session-storage:previousNav".to_owned(),
    ];
    expected.sort();
    assert_eq!(stored(&visit, PhaseId::BeforeChoice), expected);

    let uuid = cookie_writes(&visit, &format!("twk_uuid_{ID}"));
    assert_eq!(uuid.len(), 1);
    assert_eq!(uuid[0].via, Via::DocumentCookie);
    assert_eq!(uuid[0].writer.kind, WriterKind::Script);
    let script = uuid[0].writer.url.as_deref().unwrap_or_default();
    assert!(script.starts_with("https://embed.tawk.to/"), "{script}");
    assert!(uuid[0].writer.stack[0].line > 0);

    // The mutex between tabs: zero, stamps while registering, zero.
    assert!(cookie_writes(&visit, "TawkConnectionTime").len() >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_live_for_one_tick_are_seen() {
    let visit = visit("leaky", ScenarioId::None).await;
    let probes = storage_writes(&visit, "exist_test");
    let sets = probes.iter().filter(|w| w.op == StorageOp::Set).count();
    let removals = probes.iter().filter(|w| w.op == StorageOp::Remove).count();
    assert!(
        sets >= 4 && sets == removals,
        "{sets} sets, {removals} removals"
    );
    assert!(probes.iter().all(|w| w.writer.kind == WriterKind::Script));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_the_lock_keys_are_seen() {
    let browse = Browse::new().await;
    let visit = browse
        .visit("http://leaky.shop.test/", ScenarioId::None)
        .await;
    let stored = stored(&visit, PhaseId::BeforeChoice);
    for name in ["clientIds", "heldLockSet", "requestQueueMap"] {
        let key = format!("local-storage:$navigator.locks-{name}");
        assert!(stored.contains(&key), "{key} in {stored:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_set_cookie_line_is_seen_also_of_redirects_and_refused_ones() {
    let visit = visit("plain-cookies", ScenarioId::None).await;
    let hop = cookie_writes(&visit, "hop_visit");
    assert_eq!(hop[0].url, "https://plain-cookies.shop.test/");
    assert_eq!(hop[0].via, Via::Header);
    assert_eq!(hop[0].cookie.max_age, Some(2_592_000));

    let pixel = cookie_writes(&visit, "trk_pixel");
    assert_eq!(pixel[0].writer.kind, WriterKind::Response);
    assert_eq!(pixel[0].url, "https://tracker.test/pixel.gif");

    assert_eq!(
        cookie_writes(&visit, "none_insecure")[0].refused,
        ["SameSiteNoneInsecure"]
    );
    assert_eq!(
        cookie_writes(&visit, "__Host-wide")[0].refused,
        ["InvalidPrefix"]
    );
    assert_eq!(
        cookie_writes(&visit, "split_jar")[0].partition.as_deref(),
        Some("https://shop.test")
    );
    let names = stored(&visit, PhaseId::BeforeChoice);
    for absent in [
        "none_insecure",
        "__Host-wide",
        "split_insecure",
        "old_offer",
        "brief",
    ] {
        assert!(!names.contains(&format!("cookie:{absent}")), "{absent}");
        assert!(!cookie_writes(&visit, absent).is_empty(), "{absent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn script_writes_of_all_kinds_are_seen() {
    let visit = visit("plain-cookies", ScenarioId::None).await;
    assert_eq!(cookie_writes(&visit, "modern")[0].via, Via::CookieStore);
    let brief = cookie_writes(&visit, "brief");
    assert_eq!(brief.len(), 2, "set and deleted again");
    assert_eq!(brief[1].cookie.max_age, Some(0));
    let property = storage_writes(&visit, "last_seen");
    assert_eq!(property.len(), 1);
    assert_eq!(property[0].writer.kind, WriterKind::Script);
    assert_eq!(
        storage_writes(&visit, "step")[0].store,
        Store::SessionStorage
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_assigns_a_property_is_named() {
    let browse = Browse::new().await;
    let url = "https://properties.test/";
    let visit = browse.visit(url, ScenarioId::None).await;
    let told = |write: &StorageWrite| {
        let top = write.writer.stack.first().expect("a stack");
        let file = top.url.rsplit('/').next().unwrap_or_default();
        format!("{:?} {} {file}:{}", write.op, write.name, top.line)
    };
    let events = visit.observations.iter().map(|o| &o.event);
    let mut writes: Vec<String> = events
        .filter_map(|event| match event {
            Event::StorageWrite(write) => Some(told(write)),
            _ => None,
        })
        .collect();
    writes.sort();
    assert_eq!(
        writes,
        [
            "Remove first first.js:10",
            "Set after second.js:5",
            "Set borrowed first.js:14",
            "Set called second.js:2",
            "Set defined second.js:7",
            "Set first first.js:2",
            "Set first first.js:3",
            "Set later first.js:9",
            "Set second second.js:3",
            "Set session first.js:4",
            "Set through first.js:15",
            "Set turn first.js:6",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_every_kind_are_seen_with_their_partition() {
    let visit = visit("frames", ScenarioId::None).await;
    let of = |name: &str| {
        let writes = storage_writes(&visit, name);
        assert_eq!(writes.len(), 1, "{name}");
        (writes[0].origin.clone(), writes[0].partition.clone())
    };
    let shop = "https://frames.shop.test".to_owned();
    let partition = Some("https://shop.test".to_owned());
    assert_eq!(of("blank_key"), (shop.clone(), None));
    assert_eq!(of("inner_key"), (shop, None));
    assert_eq!(
        of("outer_key"),
        ("https://frames.test".to_owned(), partition.clone())
    );
    assert_eq!(
        of("nested_key"),
        ("https://tracker.test".to_owned(), partition.clone())
    );

    let jar = &visit.snapshots[0].cookies;
    let split = jar
        .iter()
        .find(|c| c.name == "trk_split")
        .expect("a cookie");
    assert_eq!(split.partition, partition);
    assert_eq!(cookie_writes(&visit, "trk_split")[0].partition, partition);
    let whole = jar
        .iter()
        .find(|c| c.name == "trk_frame")
        .expect("a cookie");
    assert_eq!(whole.partition, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_cookies_can_be_blocked_and_the_visit_says_so() {
    let mut browse = Browse::new().await;
    browse.browser.third_party_cookies = false;
    let url = browse.site.url("plain-cookies");
    let visit = browse.visit(&url, ScenarioId::None).await;
    let names = stored(&visit, PhaseId::BeforeChoice);
    assert!(!names.contains(&"cookie:trk_pixel".to_owned()), "{names:?}");
    assert!(names.contains(&"cookie:hop_visit".to_owned()), "{names:?}");
    assert!(!cookie_writes(&visit, "trk_pixel")[0].refused.is_empty());
    let settings = &visit.engine.settings;
    assert!(
        settings.contains(&"third-party cookies blocked".to_owned()),
        "{settings:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_carry_their_initiator_and_cookies_their_way() {
    let visit = visit("leaky", ScenarioId::None).await;
    let requests = visit.observations.iter().filter_map(|o| match &o.event {
        Event::Request(request) => Some(request),
        _ => None,
    });
    let widget = requests
        .filter(|r| r.url.starts_with("https://va.tawk.to/v1/session/start"))
        .collect::<Vec<_>>();
    assert_eq!(widget[0].method, "POST");
    assert_eq!(widget[0].initiator.kind, WriterKind::Script);
    let socket = visit.observations.iter().find_map(|o| match &o.event {
        Event::WebSocket(socket) => Some(socket),
        _ => None,
    });
    let socket = socket.expect("a websocket");
    assert!(
        socket.url.starts_with("wss://vs1.tawk.to/s/"),
        "{}",
        socket.url
    );
    assert_eq!(socket.initiator.kind, WriterKind::Script);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_made_to_break_tools_are_all_seen() {
    let visit = visit("hostile-names", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let names = stored(&visit, PhaseId::BeforeChoice);
    for name in [
        "\u{1b}[31mred\u{1b}[0m",
        "nul\0byte",
        "lone\u{fffd}surrogate",
        "",
        "__proto__",
    ] {
        let key = format!("local-storage:{name}");
        assert!(names.contains(&key), "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_ways_to_write_hide_nothing_and_make_nothing_up() {
    let mut browse = Browse::new().await;
    browse.options.globals = vec!["Shop_API".to_owned(), "Other_API".to_owned()];
    let visit = browse
        .visit("https://odd-writes.test/", ScenarioId::None)
        .await;
    assert_eq!(visit.faults, [], "a file offered by a page is no download");
    for name in ["by_date", "by_number"] {
        let writes = cookie_writes(&visit, name);
        assert_eq!(writes.len(), 2, "{name}: set and deleted again");
        assert_eq!(writes[1].cookie.max_age, Some(0), "{name}");
    }
    let by_date = cookie_writes(&visit, "by_date")[0];
    let lasts = by_date.cookie.expires.expect("a date") - by_date.clock;
    assert!((lasts - 86_400.0).abs() < 2.0, "{lasts}");
    let written = storage_writes(&visit, "through_frame");
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].store, Store::LocalStorage);
    assert_eq!(visit.globals, ["Shop_API"]);
}
