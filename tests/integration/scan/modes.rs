//! What is found of the chat in each of its modes: exactly these findings under the EU's rules, and how
//! the rules of other places differ. Each page is visited once and its recordings are judged by all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{sites, with_json};
use crate::support::command::Shell;

/// Besides the EU's.
const ELSEWHERE: [&str; 4] = ["uk", "ie", "fr", "us-ca"];

/// The properties of the pages, whose ids are in the names of items.
const PROPERTIES: [&str; 2] = ["64f0c0ffee64f0c0ffee0000", "64f0c0ffee64f0c0ffee0002"];

/// Severity and check with the names of the items, in order.
fn found(report: &Value) -> BTreeSet<String> {
    let target = &report["targets"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in target["findings"].as_array().expect("findings") {
        let likely = match text(&finding["confidence"]).as_str() {
            "likely" => " (likely)",
            _ => "",
        };
        let head = format!(
            "{} {}{likely}",
            text(&finding["severity"]),
            text(&finding["check"])
        );
        let mut name = text(&finding["item"]["name"]);
        for property in PROPERTIES {
            name = name.replace(property, "ID");
        }
        names.entry(head).or_default().insert(name);
    }
    let line = |(head, names): (String, BTreeSet<String>)| {
        let names: Vec<String> = names.into_iter().collect();
        format!("{head}: {}", names.join(", "))
            .trim_end_matches(": ")
            .to_owned()
    };
    let verdict = format!("verdict {}", text(&target["verdict"]));
    names.into_iter().map(line).chain([verdict]).collect()
}

/// All that is found of a page under the EU's rules, and what is not (-) or is besides (+) elsewhere.
async fn told(page: &str) -> String {
    let shell = Shell::new();
    let ran = shell.scan(&sites().await, &with_json(&["--record", "kept", page]));
    let eu = found(&ran.json());
    let mut lines: Vec<String> = eu.iter().cloned().collect();
    for profile in ELSEWHERE {
        let args = ["judge", "kept", "--profile", profile, "--format", "json"];
        let there = found(&shell.run(&args).json());
        lines.extend(
            eu.difference(&there)
                .map(|line| format!("{profile} - {line}")),
        );
        lines.extend(
            there
                .difference(&eu)
                .map(|line| format!("{profile} + {line}")),
        );
    }
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_loaded_at_once() {
    insta::assert_snapshot!(told("leaky.shop.test").await, @r"
    error identifier-shared: twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    error pre-consent-storage: TawkConnectionTime, previousNav, twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    info documented-otherwise: twk_uuid_ID
    info scenario-not-offered
    verdict fail
    warn essential-before-request: twk_idm_key, twk_token_ID, twk_uuid_ID
    ie - warn essential-before-request: twk_idm_key, twk_token_ID, twk_uuid_ID
    ie + error essential-before-request: twk_idm_key, twk_token_ID, twk_uuid_ID
    us-ca - error identifier-shared: twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    us-ca - error pre-consent-storage: TawkConnectionTime, previousNav, twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    us-ca - verdict fail
    us-ca - warn essential-before-request: twk_idm_key, twk_token_ID, twk_uuid_ID
    us-ca + verdict pass
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_waits_for_consent() {
    insta::assert_snapshot!(told("gated.shop.test").await, @r"
    info documented-otherwise: twk_uuid_ID
    info scenario-not-offered
    verdict pass
    warn undeclared-name (likely): cookie_consent
    warn withdraw-unavailable (likely)
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_ignores_the_rejection() {
    insta::assert_snapshot!(told("ignores-reject.shop.test").await, @r"
    error identifier-shared: twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    error reject-ignored: TawkConnectionTime, previousNav, twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    info documented-otherwise: twk_uuid_ID
    info scenario-not-offered
    verdict fail
    warn undeclared-name (likely): cookie_consent
    warn withdraw-unavailable (likely)
    us-ca - error identifier-shared: twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_leaves_all_behind_after_the_withdrawal() {
    insta::assert_snapshot!(told("leftover.shop.test").await, @r"
    error leftover-after-withdrawal: TawkConnectionTime, previousNav, twk_ID, twk_idm_key, twk_token_ID, twk_uuid_ID
    info documented-otherwise: twk_uuid_ID
    verdict fail
    warn undeclared-name (likely): cookie_consent
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_whose_own_form_waits_for_an_answer() {
    insta::assert_snapshot!(told("form-pending.shop.test").await, @r"
    error pre-consent-storage: TawkConnectionTime, twk_idm_key
    info scenario-not-offered
    verdict fail
    warn essential-before-request: twk_idm_key
    ie - warn essential-before-request: twk_idm_key
    ie + error essential-before-request: twk_idm_key
    us-ca - error pre-consent-storage: TawkConnectionTime, twk_idm_key
    us-ca - verdict fail
    us-ca - warn essential-before-request: twk_idm_key
    us-ca + verdict pass
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_of_an_old_build() {
    insta::assert_snapshot!(told("old-names.shop.test").await, @r"
    error pre-consent-storage: TawkWindowName, Tawk_1a2b3c4, __tawkuuid, tawkUUID, twk_token
    info documented-otherwise: __tawkuuid
    info scenario-not-offered
    verdict fail
    warn deprecated-name-seen: TawkWindowName, Tawk_1a2b3c4, __tawkuuid, tawkUUID, twk_token
    us-ca - error pre-consent-storage: TawkWindowName, Tawk_1a2b3c4, __tawkuuid, tawkUUID, twk_token
    us-ca - verdict fail
    us-ca + verdict pass
    ");
}
