//! `catalogue-unclassified`, `catalogue-expiry-missing`, `catalogue-expiry-implausible`: what is wrong
//! with entries of the user's own catalogues by themselves, as the lint finds it.
//!
//! Only catalogues count of which something was seen, so that a large collection of rules does not
//! fill every report; `rules lint` judges all of them.

use super::evidence::{catalogue_says, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{is_own, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::lint::{self, Problem};
use crate::catalogue::{Entry, Provider};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

/// So many entries are shown with their places.
const SHOWN: usize = 20;

/// A check of entries: one of the lint's problems.
pub(super) struct EntryCheck {
    /// The lint's id.
    id: &'static str,
    /// What a provider's entries do, before their names.
    does: &'static str,
    doc: Doc,
}

/// Entries without a role.
pub(super) static UNCLASSIFIED: EntryCheck = EntryCheck {
    id: lint::UNCLASSIFIED,
    does: "gives no role to",
    doc: Doc {
        severities: &[Severity::Warn],
        scenarios: &ScenarioId::ALL,
        what: "A catalogue of the user's (--rules) of which something was seen has entries without a \
               role (`unclassified`), and does not say in `accept` why. One finding for each file.",
        why: "Whether an item needs consent follows from what it is for. A list that does not say so \
              helps neither the visitor nor the judgement.",
        evidence: "The entries, with file and line.",
        source: "Bollinger et al., Automating Cookie Consent and GDPR Violation Detection (USENIX \
                 Security 2022), on declarations without a purpose",
        fix: "Find out what the items are for and name the role, or say in `accept` why it is not \
              known.",
    },
};

/// Entries without a lifetime.
pub(super) static EXPIRY_MISSING: EntryCheck = EntryCheck {
    id: lint::EXPIRY_MISSING,
    does: "states no lifetime for",
    doc: Doc {
        severities: &[Severity::Warn],
        scenarios: &ScenarioId::ALL,
        what: "A catalogue of the user's (--rules) of which something was seen has entries whose \
               lifetime is not stated (`not-stated`). What stays until it is removed is to be declared \
               as such (`until-cleared`). One finding for each file.",
        why: "Visitors must be told how long an item is kept before they can consent to it. Without a \
              declared lifetime nothing can be held against the one that is set.",
        evidence: "The entries, with file and line.",
        source: "CJEU C-673/17 Planet49 (2019): the duration of the operation of cookies is part of \
                 the information",
        fix: "Look the lifetime up at the vendor, or measure it, and state it in the entry.",
    },
};

/// Entries with a lifetime that cannot be right.
pub(super) static EXPIRY_IMPLAUSIBLE: EntryCheck = EntryCheck {
    id: lint::EXPIRY_IMPLAUSIBLE,
    does: "states a lifetime that cannot be right for",
    doc: Doc {
        severities: &[Severity::Warn],
        scenarios: &ScenarioId::ALL,
        what: "A catalogue of the user's (--rules) of which something was seen declares cookies that \
               live for more than ten years, and does not say in `accept` why. Where a thousandth \
               of the number would be plausible, milliseconds were probably taken for seconds, and the \
               evidence says what may have been meant. One finding for each file.",
        why: "Browsers keep no cookie for more than 400 days. A declaration beyond all measure is a \
              mistake, and hides every lifetime that is longer than the one that was meant.",
        evidence: "The entries, with file and line, and the lifetime that may have been meant.",
        source: "IETF, draft-ietf-httpbis-rfc6265bis (2026), cookie lifetime limits; IAB Europe, TCF \
                 vendor device storage specification (2026), where lifetimes are counted in seconds",
        fix: "State the lifetime that the vendor states, or say in `accept` why it is right.",
    },
};

impl Check for EntryCheck {
    fn id(&self) -> &'static str {
        self.id
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        self.doc
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        let mut own = own(context);
        // The rules can be judged however the visit went.
        if own.clone().any(|provider| is_seen(visit, provider)) {
            return Reach::Ran;
        }
        reach::not_applicable(match own.next() {
            Some(_) => "nothing of a catalogue of yours was seen",
            None => "no catalogue of yours is in use",
        })
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let seen = own(context).filter(|p| context.visits.iter().any(|v| is_seen(v, p)));
        let findings: Vec<Finding> = seen.filter_map(|p| self.finding(p)).collect();
        findings.into()
    }
}

/// The providers of the user's.
fn own<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Provider> + Clone {
    let providers = context.catalogue.providers.iter();
    providers.filter(|provider| is_own(&provider.place.file))
}

/// Whether a visit shows the provider, or an item of one of its entries.
fn is_seen(visit: &ClassifiedVisit<'_>, provider: &Provider) -> bool {
    let found = visit.providers.iter().map(|p| p.provider);
    let known = visit.items.iter().filter_map(|item| item.known);
    let mut all = found.chain(known.map(|known| known.provider));
    all.any(|p| p.id == provider.id)
}

impl EntryCheck {
    fn finding(&self, provider: &Provider) -> Option<Finding> {
        let wrong: Vec<(&Entry, Problem)> = provider
            .entries
            .iter()
            .filter_map(|entry| Some((entry, self.problem(entry)?)))
            .collect();
        let (first, others) = wrong.split_first()?;
        let names: Vec<&str> = wrong.iter().map(|(e, _)| e.name.text.as_str()).collect();
        let says = Says {
            message: format!("{} {} {}", provider.name, self.does, list(&names)),
            help: self.doc.fix.to_owned(),
        };
        let more = wrong.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| fact("catalogue", format!("{more} more entries")));
        let shown = others.iter().take(SHOWN - 1);
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .proven_by(place(provider, first))
                .and(shown.map(|wrong| place(provider, wrong)))
                .and(more)
                .build(),
        )
    }

    fn problem(&self, entry: &Entry) -> Option<Problem> {
        let mut all = lint::entry(entry).into_iter();
        all.find(|problem| problem.check == self.id)
    }
}

/// An entry with what the lint says of it.
fn place(provider: &Provider, (entry, problem): &(&Entry, Problem)) -> Evidence {
    let name = &entry.name.text;
    let text = format!("{name}: {}; {}", problem.message, problem.help);
    catalogue_says(text, provider, entry)
}
