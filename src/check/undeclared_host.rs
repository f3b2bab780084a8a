//! `undeclared-host`: a name is declared, but for another host or party than the one it belongs to.

use super::items::{Kept, describe};
use super::namesake::{Differs, findings};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::Entry;
use crate::classify::{ClassifiedVisit, Known};
use crate::model::finding::{Class, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct UndeclaredHost;

impl Check for UndeclaredHost {
    fn id(&self) -> &'static str {
        "undeclared-host"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key was on the device whose name and store a catalogue \
                   declares, but for another host, or for the visited site where it belongs to a \
                   third party (or the other way round). Only where the entry's provider was found \
                   in the visit, or where the entry is the user's own.",
            why: "Visitors must be told whether third parties have access to what is stored. An item \
                  of another host is read by someone else than the one declared.",
            evidence: "The write or the snapshot, and the entry.",
            source: "CJEU C-673/17 Planet49 (2019), on the access of third parties",
            fix: "Declare the host that the item belongs to, or store it where it is declared.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let says = |kept: &Kept<'_>, declared: Known<'_>| {
            let item = describe(kept.key, None);
            let (place, name) = (&kept.key.place, &declared.provider.name);
            let home = home(declared.entry);
            format!("{item} belongs to {place}, but {name} declares it for {home}")
        };
        let declares = |entry: &Entry| format!("belongs to {}", home(entry));
        findings(self, context, Differs::Host, says, declares).into()
    }
}

/// Where the entry says that the item belongs.
fn home(entry: &Entry) -> String {
    let party = entry.party.map(|p| format!("a {} party", p.as_str()));
    match (entry.hosts.is_empty(), party) {
        (true, Some(party)) => party,
        (true, None) => "another place".to_owned(),
        (false, _) => entry.hosts.join(" or "),
    }
}
