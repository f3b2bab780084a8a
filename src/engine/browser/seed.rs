//! Consent records that a visitor arrives with: storing them before the page is loaded, and keeping
//! them out of what the site stores.
//!
//! Cookies are set for the target's host. A key of the local storage can only be set in a document of
//! its origin: a script of ours sets it in an isolated world, before the first line of the page's own
//! runs, and is taken away once the page is loaded.

use serde_json::{Value, json};

use super::Browser;
use super::cdp::CdpError;
use super::fault::of_call;
use super::tab::Tab;
use crate::consent::seed::Seed;
use crate::engine::emulation::{PresetCookie, preset};
use crate::model::fault::{Fault, FaultKind};
use crate::model::item::Store;
use crate::model::observation::{Event, Observation, StorageOp, StorageWrite, WriterKind};
use crate::model::site::host_of;
use crate::model::snapshot::Snapshot;
use crate::model::target::Target;

/// Sets a key unless it is there, in the top document of the host.
const SET: &str = "(host, keys) => { \
    if (self !== top || location.hostname !== host) return; \
    for (const [key, value] of keys) \
        if (localStorage.getItem(key) === null) localStorage.setItem(key, value); }";

/// A script that was added to the page.
pub(super) struct Added(Option<String>);

/// Stores the records for the target.
pub(super) async fn store(
    browser: &Browser,
    context: &str,
    tab: &Tab,
    target: &Target,
    seeds: &[&Seed],
) -> Result<Added, Fault> {
    let cookies: Vec<Value> = of(seeds, Store::Cookie)
        .map(|seed| {
            let secure = ["__Secure-", "__Host-"]
                .iter()
                .any(|p| seed.name.starts_with(p));
            json!({"name": seed.name, "value": seed.value, "url": target.url.as_str(),
                "path": "/", "secure": secure})
        })
        .collect();
    if !cookies.is_empty() {
        let params = json!({"cookies": cookies, "browserContextId": context});
        let set = browser.connection.call(None, "Storage.setCookies", params);
        set.await.map_err(|error| match error {
            CdpError::Refused { message, .. } => {
                let message = format!("the browser refused a cookie of --seed-consent: {message}");
                tab.fault(FaultKind::LoadFailed, message)
            }
            other => of_call(&other, tab.now_ms()),
        })?;
    }
    let keys: Vec<(&str, &str)> = of(seeds, Store::LocalStorage)
        .map(|seed| (seed.name.as_str(), seed.value.as_str()))
        .collect();
    if keys.is_empty() {
        return Ok(Added(None));
    }
    let host = json!(target.url.host_str().unwrap_or_default());
    let script = json!({
        "source": format!("({SET})({host}, {})", json!(keys)),
        "worldName": "preconsent-seed",
    });
    let added = tab.call("Page.addScriptToEvaluateOnNewDocument", script);
    let id = added.await?["identifier"].as_str().map(str::to_owned);
    Ok(Added(id))
}

impl Added {
    /// Takes the script away: from now on the page is on its own.
    pub(super) async fn remove(self, tab: &Tab) -> Result<(), Fault> {
        let Some(id) = self.0 else { return Ok(()) };
        let params = json!({"identifier": id});
        tab.call("Page.removeScriptToEvaluateOnNewDocument", params)
            .await
            .map(drop)
    }
}

fn of<'s>(seeds: &'s [&Seed], store: Store) -> impl Iterator<Item = &'s Seed> {
    seeds.iter().copied().filter(move |s| s.store == store)
}

/// Takes the records out of what a visit saw: until the site writes one anew, it stands in no
/// snapshot and counts in no request. Observations are in order of time.
pub(super) fn leave_out(
    seeds: &[&Seed],
    target: &str,
    observations: &mut Vec<Observation>,
    snapshots: &mut [Snapshot],
) {
    let host = host_of(target);
    let written = of(seeds, Store::Cookie).map(|seed| format!("{}={}", seed.name, seed.value));
    let cookies: Vec<PresetCookie> = written.filter_map(|text| text.parse().ok()).collect();
    preset::leave_out(&cookies, &host, observations, snapshots);
    for seed in of(seeds, Store::LocalStorage) {
        leave_out_key(seed, &host, observations, snapshots);
    }
}

fn leave_out_key(
    seed: &Seed,
    host: &str,
    observations: &mut Vec<Observation>,
    snapshots: &mut [Snapshot],
) {
    let is_of = |store: Store, origin: &str, name: &str| {
        store == seed.store && name == seed.name && host_of(origin) == host
    };
    let of_key = |o: &Observation| match &o.event {
        Event::StorageWrite(write) => is_of(write.store, &write.origin, &write.name),
        _ => false,
    };
    // What our script did is the first that happens to the key, and no script of the page's did it.
    let first = observations.iter().position(of_key);
    if let Some(first) = first
        && let Event::StorageWrite(write) = &observations[first].event
        && is_ours(seed, write)
    {
        observations.remove(first);
    }
    let next = observations.iter().find(|o| of_key(o)).map(|o| o.at_ms);
    for snapshot in snapshots.iter_mut() {
        if next.is_none_or(|written| snapshot.at_ms < written) {
            snapshot
                .storage
                .retain(|key| key.value != seed.value || !is_of(key.store, &key.origin, &key.name));
        }
    }
}

fn is_ours(seed: &Seed, write: &StorageWrite) -> bool {
    write.op == StorageOp::Set
        && write.value == seed.value
        && write.writer.kind == WriterKind::Unknown
}
