//! Whose code is on the page: finds the catalogue's providers in a visit.
//!
//! A provider is present when something was asked of its hosts, when one of its scripts or globals
//! is there, when a script of its wrote something, or (http engine) when code was found that would
//! load it.

use std::collections::BTreeSet;

use super::PresentProvider;
use crate::catalogue::matcher::host_matches;
use crate::catalogue::{Catalogue, Provider};
use crate::model::observation::{Event, Writer};
use crate::model::site::{host_of, plain_address};
use crate::model::visit::Visit;

/// How many reasons of a kind are told.
const TOLD: usize = 3;

/// The signs of providers that a visit holds.
#[derive(Default)]
struct Signs<'v> {
    /// Addresses that were asked for or answered.
    requests: BTreeSet<&'v str>,
    /// Addresses of scripts that wrote or that started something.
    scripts: BTreeSet<&'v str>,
}

/// The providers that are present in a visit, in catalogue order.
pub(super) fn present<'a>(visit: &Visit, catalogue: &'a Catalogue) -> Vec<PresentProvider<'a>> {
    let signs = Signs::of(visit);
    catalogue
        .providers
        .iter()
        .filter_map(|provider| {
            let evidence = evidence(provider, visit, &signs);
            (!evidence.is_empty()).then_some(PresentProvider { provider, evidence })
        })
        .collect()
}

impl<'v> Signs<'v> {
    fn of(visit: &'v Visit) -> Self {
        let mut signs = Self::default();
        for observation in &visit.observations {
            match &observation.event {
                Event::Request(request) => {
                    signs.requests.insert(&request.url);
                    signs.writer(&request.initiator);
                }
                Event::Response(response) => {
                    signs.requests.insert(&response.url);
                }
                Event::RequestFailed(failed) => {
                    signs.requests.insert(&failed.url);
                }
                Event::WebSocket(socket) => {
                    signs.requests.insert(&socket.url);
                    signs.writer(&socket.initiator);
                }
                Event::Frame(frame) => {
                    signs.requests.insert(&frame.url);
                }
                Event::CookieWrite(write) => signs.writer(&write.writer),
                Event::StorageWrite(write) => signs.writer(&write.writer),
                Event::CookiesSent(_) | Event::ValueSent(_) => {}
            }
        }
        signs
    }

    fn writer(&mut self, writer: &'v Writer) {
        self.scripts.extend(writer.url.as_deref());
        let stack = writer.stack.iter().map(|frame| frame.url.as_str());
        self.scripts.extend(stack);
    }
}

fn evidence(provider: &Provider, visit: &Visit, signs: &Signs<'_>) -> Vec<String> {
    let at_home = |url: &&&str| {
        let host = host_of(url);
        provider.hosts.iter().any(|h| host_matches(h, &host))
    };
    let asked = hosts(signs.requests.iter().filter(at_home));
    let wrote: BTreeSet<String> = hosts(signs.scripts.iter().filter(at_home))
        .difference(&asked)
        .cloned()
        .collect();
    let scripts: BTreeSet<String> = signs
        .requests
        .union(&signs.scripts)
        .filter(|url| provider.matches_script(url) && !at_home(url))
        .map(|url| plain_address(url))
        .collect();
    let globals: BTreeSet<&String> = visit
        .globals
        .iter()
        .filter(|global| provider.present_if.globals.contains(global))
        .collect();
    let found: BTreeSet<&String> = visit
        .predictions
        .iter()
        .filter(|prediction| prediction.provider == provider.id)
        .map(|prediction| &prediction.evidence)
        .collect();
    let mut evidence = told("request to", asked.iter());
    evidence.extend(told("script of", wrote.iter()));
    evidence.extend(told("script", scripts.iter()));
    evidence.extend(told("global", globals.into_iter()));
    evidence.extend(told("code that was not run:", found.into_iter()));
    evidence
}

fn hosts<'u>(urls: impl Iterator<Item = &'u &'u str>) -> BTreeSet<String> {
    urls.map(|url| host_of(url)).collect()
}

fn told<'s>(what: &str, of: impl Iterator<Item = &'s String>) -> Vec<String> {
    of.take(TOLD).map(|name| format!("{what} {name}")).collect()
}
