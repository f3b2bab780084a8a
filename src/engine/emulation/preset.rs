//! Cookies that the visitor arrives with are not the site's doing: until the site writes one anew or
//! changes it, it stands in no snapshot and counts in no request.

use crate::engine::emulation::PresetCookie;
use crate::model::cookie::StoredCookie;
use crate::model::observation::{CookieWrite, Event, Observation, SentCookie};
use crate::model::snapshot::Snapshot;

/// Takes preset cookies of `host` out of a visit's record. Observations are in order of time.
pub(crate) fn leave_out(
    presets: &[PresetCookie],
    host: &str,
    observations: &mut Vec<Observation>,
    snapshots: &mut [Snapshot],
) {
    for preset in presets {
        let written = |o: &Observation| match &o.event {
            Event::CookieWrite(write) => is_of(preset, host, write),
            _ => false,
        };
        // The place of the write in the record decides, since times may be equal.
        let first = observations.iter().position(written);
        let first_ms = first.map(|place| observations[place].at_ms);
        let before = first.unwrap_or(observations.len());
        for observation in &mut observations[..before] {
            if let Event::CookiesSent(sent) = &mut observation.event {
                sent.cookies.retain(|c| !is_sent(preset, host, c));
            }
        }
        for snapshot in snapshots.iter_mut() {
            if first_ms.is_none_or(|written| snapshot.at_ms < written) {
                snapshot.cookies.retain(|c| !is_unchanged(preset, host, c));
            }
        }
    }
    observations
        .retain(|o| !matches!(&o.event, Event::CookiesSent(sent) if sent.cookies.is_empty()));
}

/// Whether a write that was not refused is to the preset cookie itself.
fn is_of(preset: &PresetCookie, host: &str, write: &CookieWrite) -> bool {
    let cookie = &write.cookie;
    let (domain, _) = cookie.domain_and_host_only(&write.url);
    cookie.name == preset.name()
        && domain == host
        && cookie.effective_path(&write.url) == "/"
        && write.refused.is_empty()
        && write.partition.is_none()
}

fn is_sent(preset: &PresetCookie, host: &str, cookie: &SentCookie) -> bool {
    cookie.name == preset.name()
        && cookie.domain == host
        && cookie.path == "/"
        && cookie.partition.is_none()
}

fn is_unchanged(preset: &PresetCookie, host: &str, cookie: &StoredCookie) -> bool {
    cookie.name == preset.name()
        && cookie.value == preset.value()
        && cookie.domain == host
        && cookie.host_only
        && cookie.path == "/"
        && cookie.partition.is_none()
}
