//! Every bundled case comes to what its `site.json` says, and every consent platform is handled
//! right on a page that respects its visitors and on one that does not.

use std::collections::BTreeSet;
use std::path::Path;

use preconsent::testsite::{self, CaseInfo};
use serde_json::Value;

use super::{Scanned, scan_and_judge_again, words};

/// One test per name, called after it, and the list of the names.
macro_rules! tests {
    ($($test:ident: $check:ident($name:literal $(, $argument:expr)*);)*) => {
        const NAMES: &[&str] = &[$($name),*];
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                $check($name $(, $argument)*).await;
            }
        )*
    };
}

/// Short of the default of 30 seconds, which a page that never loads would cost.
const HURRIED: &[&str] = &["--timeout", "3"];

/// What is left of the chat's after consent was taken back. The chat removes nothing itself, and most
/// platforms remove nothing that others stored.
const ALL: &[&str] = &[
    "cookie TawkConnectionTime",
    "cookie twk_idm_key",
    "cookie twk_uuid_64f0c0ffee64f0c0ffee0000",
    "local-storage twk_64f0c0ffee64f0c0ffee0000",
    "local-storage twk_token_64f0c0ffee64f0c0ffee0000",
    "session-storage previousNav",
];

/// Klaro removes the cookies that the page names, but not one of the whole domain, and no keys.
const OF_DOMAIN: &[&str] = &[
    "cookie twk_uuid_64f0c0ffee64f0c0ffee0000",
    "local-storage twk_64f0c0ffee64f0c0ffee0000",
    "local-storage twk_token_64f0c0ffee64f0c0ffee0000",
    "session-storage previousNav",
];

/// Orejime removes what the page names from the domain and those above it, so that cookies of the
/// host alone stay, and keys.
const OF_HOST: &[&str] = &[
    "cookie TawkConnectionTime",
    "cookie twk_idm_key",
    "local-storage twk_64f0c0ffee64f0c0ffee0000",
    "local-storage twk_token_64f0c0ffee64f0c0ffee0000",
    "session-storage previousNav",
];

/// Who refuses puts off the switches that are on and saves; who accepts saves.
const SWITCH_BY_SWITCH: &[&str] = &[
    "warn reject-harder reject - -",
    "warn withdraw-harder withdraw - -",
];

/// The control that refuses everything in the settings only moves the switches.
const SAVES_BESIDES: &[&str] = &["warn withdraw-harder withdraw - -"];

/// What only the settings offer takes more presses than what the banner does.
const REJECTS_IN_SETTINGS: &[&str] = &["warn reject-harder reject - -"];

tests! {
    alert: as_expected("alert", &[]);
    as_documented: as_expected("as-documented", &[]);
    autostart_off: as_expected("autostart-off", &[]);
    bad_cleaner: as_expected("bad-cleaner", &[]);
    blocked: with_every_scheme("blocked");
    blocked_markup: as_expected("blocked-markup", &[]);
    challenge: as_expected("challenge", &[]);
    compliant: as_expected("compliant", &[]);
    compliant_noreject: as_expected("compliant-noreject", &[]);
    cross_site_iframe: with_every_scheme("cross-site-iframe");
    dead_reject: as_expected("dead-reject", &[]);
    download: with_every_scheme("download");
    empty: as_expected("empty", &[]);
    error_500: as_expected("error-500", &[]);
    form_accepted: as_expected("form-accepted", &[]);
    form_pending: as_expected("form-pending", &[]);
    form_refused: as_expected("form-refused", &[]);
    frames: as_expected("frames", &[]);
    gated: with_every_scheme("gated");
    gated_local: as_expected("gated-local", &[]);
    hang: as_expected("hang", HURRIED);
    host_only: as_expected("host-only", &[]);
    hostile_names: with_every_scheme("hostile-names");
    ignores_reject: with_every_scheme("ignores-reject");
    infinite_requests: as_expected("infinite-requests", &[]);
    lazy_4s: as_expected("lazy-4s", &[]);
    lazy_scroll: as_expected("lazy-scroll", &[]);
    leaky: with_every_scheme("leaky");
    leftover: as_expected("leftover", &[]);
    old_names: as_expected("old-names", &[]);
    other_stores: as_expected("other-stores", &[]);
    pages: as_expected("pages", &[]);
    plain_cookies: as_expected("plain-cookies", &[]);
    redirect_away: as_expected("redirect-away", &[]);
    registration_empty: as_expected("registration-empty", &[]);
    registration_refused: as_expected("registration-refused", &[]);
    removed_by_reject: as_expected("removed-by-reject", &[]);
    returning: as_expected("returning", &[]);
    second_tab: as_expected("second-tab", &[]);
    self_hosted: as_expected("self-hosted", &[]);
    slow: as_expected("slow", HURRIED);
    widget_script: as_expected("widget-script", &[]);
    cmp_cookie_consent_lite_correct: respects_but("cmp-cookie-consent-lite-correct", ALL, REJECTS_IN_SETTINGS);
    cmp_cookie_consent_lite_ignores: ignores("cmp-cookie-consent-lite-ignores", "reject-ignored");
    cmp_cookie_though_correct: respects("cmp-cookie-though-correct", ALL);
    cmp_cookie_though_ignores: ignores("cmp-cookie-though-ignores", "reject-ignored");
    cmp_cookieconsent_correct: respects("cmp-cookieconsent-correct", ALL);
    cmp_cookieconsent_ignores: ignores("cmp-cookieconsent-ignores", "reject-ignored");
    cmp_cookies_eu_banner_correct: respects("cmp-cookies-eu-banner-correct", ALL);
    cmp_cookies_eu_banner_ignores: ignores("cmp-cookies-eu-banner-ignores", "reject-ignored");
    cmp_grrr_cookie_consent_correct: respects_but("cmp-grrr-cookie-consent-correct", ALL, SWITCH_BY_SWITCH);
    cmp_grrr_cookie_consent_ignores: ignores("cmp-grrr-cookie-consent-ignores", "reject-ignored");
    cmp_klaro_correct: respects("cmp-klaro-correct", OF_DOMAIN);
    cmp_klaro_ignores: ignores("cmp-klaro-ignores", "pre-consent-storage");
    cmp_orejime_correct: respects_but("cmp-orejime-correct", OF_HOST, SAVES_BESIDES);
    cmp_orejime_ignores: ignores("cmp-orejime-ignores", "reject-ignored");
    cmp_tarteaucitron_correct: respects("cmp-tarteaucitron-correct", ALL);
    cmp_tarteaucitron_ignores: ignores("cmp-tarteaucitron-ignores", "pre-consent-storage");
    cmp_vanilla_cookieconsent_correct: respects("cmp-vanilla-cookieconsent-correct", ALL);
    cmp_vanilla_cookieconsent_ignores: ignores("cmp-vanilla-cookieconsent-ignores", "reject-ignored");
}

/// Scans a case with the first scheme that its expectation holds for.
async fn as_expected(name: &str, flags: &[&str]) {
    assert_expected(&case(name), 1, flags).await;
}

/// For what may differ from one to the other: where secure contexts, cookies or sites of frames
/// matter, and where the browser itself answers.
async fn with_every_scheme(name: &str) {
    let case = case(name);
    assert_eq!(case.schemes, ["https", "http"]);
    assert_expected(&case, 2, &[]).await;
}

fn case(name: &str) -> CaseInfo {
    let mut cases = testsite::cases().into_iter();
    cases.find(|case| case.name == name).expect("a case")
}

async fn assert_expected(case: &CaseInfo, schemes: usize, flags: &[&str]) {
    let schemes = case.schemes.iter().take(schemes);
    let urls: Vec<String> = schemes
        .map(|s| format!("{s}://{}.shop.test/", case.name))
        .collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let scanned = scan_and_judge_again(&[flags, &urls].concat()).await;
    if let Some(verdict) = &case.expect.verdict {
        scanned.ends_as(verdict);
    }
    assert_eq!(scanned.targets().len(), urls.len());
    for target in scanned.targets() {
        let seen = words(&target["findings"], "check");
        for check in &case.expect.checks {
            assert!(seen.contains(&check.as_str()), "{check}: {scanned:#?}");
        }
        assert_faults(target, &case.expect.faults);
    }
}

/// Checks that the target and each of its visits have these faults and no others.
fn assert_faults(target: &Value, faults: &[String]) {
    let visits = target["visits"].as_array().expect("visits");
    let accepted = |v: &Value| v["scenario"] == "accept" && v["choice"]["state"] == "proven";
    // What was accepted is taken back by one more visitor.
    let mut expected = vec!["accept", "none", "reject"];
    expected.extend(visits.iter().any(accepted).then_some("withdraw"));
    assert_eq!(words(&target["visits"], "scenario"), expected);
    for place in visits.iter().chain([target]) {
        assert_eq!(words(&place["faults"], "kind"), faults, "{target:#}");
    }
}

async fn platform(name: &str) -> Scanned {
    let scanned = scan_and_judge_again(&[&format!("{name}.shop.test")]).await;
    let id = name.trim_start_matches("cmp-");
    for visit in scanned.target()["visits"].as_array().expect("visits") {
        let choice = &visit["choice"];
        if visit["scenario"] != "none" {
            assert_eq!(choice["state"], "proven", "{visit:#}");
            match choice["platform"].as_str() {
                Some(platform) => assert!(id.starts_with(platform), "{visit:#}"),
                None => assert_eq!(choice["method"], "heuristic", "{visit:#}"),
            }
        }
    }
    scanned
}

/// The chat comes with consent, and only then. All that is told of such a page with a severity of error
/// or warn is told here and true: what is `left` of the chat's after the consent was taken back.
async fn respects(name: &str, left: &[&str]) {
    respects_but(name, left, &[]).await;
}

/// The same, of a platform that has faults of its own, which are told in the order of their words.
async fn respects_but(name: &str, left: &[&str], faults: &[&str]) {
    let scanned = platform(name).await;
    let findings = scanned.target()["findings"].as_array().expect("findings");
    let told = findings.iter().filter(|f| f["severity"] != "info");
    let mut seen: Vec<String> = told
        .map(|f| {
            let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let (item, severity) = (&f["item"], word(&f["severity"]));
            let (check, scenario) = (word(&f["check"]), word(&f["scenario"]));
            let (store, name) = (word(&item["store"]), word(&item["name"]));
            format!("{severity} {check} {scenario} {store} {name}")
        })
        .collect();
    seen.sort();
    let expected = left
        .iter()
        .map(|item| format!("error leftover-after-withdrawal withdraw {item}"));
    let expected = expected.chain(faults.iter().map(|f| (*f).to_owned()));
    assert_eq!(seen, expected.collect::<Vec<_>>());
    scanned.ends_as("fail");
    let uuid = scanned.item("cookie", "twk_uuid_64f0c0ffee64f0c0ffee0000");
    let seen = words(&uuid["seen"], "scenario");
    assert_eq!(seen, ["accept", "withdraw"], "{uuid:#}");
}

/// The chat comes without consent.
async fn ignores(name: &str, check: &str) {
    let scanned = platform(name).await;
    scanned.ends_as("fail");
    assert!(scanned.checks().contains(&check), "{scanned:#?}");
}

#[test]
fn every_case_and_every_platform_has_its_test() {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let folders = std::fs::read_dir(sites).expect("the sites");
    let names = folders.map(|f| f.expect("a folder").file_name().into_string());
    let platforms = names
        .map(|n| n.expect("a name"))
        .filter(|n| n.starts_with("cmp-"));
    let cases = testsite::cases().into_iter().map(|case| case.name);
    let all: BTreeSet<String> = cases.chain(platforms).collect();
    let tested: BTreeSet<String> = NAMES.iter().map(|n| (*n).to_owned()).collect();
    assert_eq!(tested, all);
}
