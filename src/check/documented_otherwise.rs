//! `documented-otherwise`: what was seen differs from what the vendor's documentation says.

use super::evidence::{catalogue_says, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::Provider;
use crate::classify::{ClassifiedItem, ClassifiedVisit, Known};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::duration::Expires;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{Presence, Store};
use crate::model::scenario::{PhaseId, ScenarioId};

pub(super) struct DocumentedOtherwise;

impl Check for DocumentedOtherwise {
    fn id(&self) -> &'static str {
        "documented-otherwise"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn, Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A vendor's item was seen otherwise than the vendor documents it: under a name that is \
                   in none of its tables although another name for it is, or still stored at the end of \
                   a phase although it is documented as removed after use: information, since neither fails a \
                   site by itself. Or it was stored while the widget's own consent form waited for an \
                   answer, although nothing is documented to be stored before that: a warning \
                   (scenarios widget-accept and widget-refuse). Whether the item needs consent is \
                   pre-consent-storage's to say.",
            why: "Sites copy the vendor's table into their declaration. Where it is wrong, visitors look \
                  for a name that is not there and miss the one that is.",
            evidence: "The item, and what the entry says of the documentation.",
            source: "The vendor's own documentation, as the entry cites it; CJEU C-673/17 Planet49 \
                     (2019), on clear information",
            fix: "Declare the item as it is really stored, and tell the vendor.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .into_iter()
            .filter_map(|i| i.only(|s| s.item.first_kept(|_| true).is_some()))
            .filter_map(|kept| self.finding(context, &kept))
            .collect();
        let waiting = context
            .visits
            .iter()
            .filter_map(|v| self.before_form(context, v));
        findings
            .into_iter()
            .chain(waiting)
            .collect::<Vec<_>>()
            .into()
    }
}

impl DocumentedOtherwise {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let known = kept.known?;
        let differs = [other_name(kept, known), lasts(kept, known)];
        let what: Vec<String> = differs.into_iter().flatten().collect();
        let first = what.first()?;
        let story = kept.first.item.first_kept(|_| true)?;
        let says = Says {
            message: format!("{} {}", describe(kept.key, kept.known), what.join(" and ")),
            help: self.doc().fix.to_owned(),
        };
        let (proof, _) = context.kept(&kept.first, story);
        Some(
            FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and([catalogue_says(first.clone(), known.provider, known.entry)])
                .build(),
        )
    }
}

impl DocumentedOtherwise {
    /// What a widget stored before its own form was answered, against the vendor's word.
    fn before_form(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Option<Finding> {
        let provider = asked_form(visit)?;
        let promise = provider.own_form.as_ref()?;
        let early = |item: &&ClassifiedItem<'_>| {
            let known = item.known.filter(|k| k.provider.id == provider.id);
            known.is_some() && item.first_kept(PhaseId::precedes_choice).is_some()
        };
        let items: Vec<&ClassifiedItem<'_>> = visit.items.iter().filter(early).collect();
        let first = items.first()?;
        let names: Vec<&str> = items.iter().map(|i| i.item.key.name.as_str()).collect();
        let says = Says {
            message: format!(
                "{} stored before its own form was answered: {}; documented is: {promise}",
                provider.name,
                list(&names)
            ),
            help: self.doc().fix.to_owned(),
        };
        let seen = Sighting { visit, item: first };
        let story = first.first_kept(PhaseId::precedes_choice)?;
        let (proof, more) = context.kept(&seen, story);
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(visit.visit.scenario, Some(story.phase))
                .proven_by(proof)
                .and(more)
                .and(choice(visit.visit))
                .build(),
        )
    }
}

/// The provider whose own form was there to be answered.
fn asked_form<'a>(visit: &ClassifiedVisit<'a>) -> Option<&'a Provider> {
    let outcome = &visit.visit.choice;
    let form = matches!(outcome.asked, Choice::WidgetAccept | Choice::WidgetRefuse);
    let was_there = matches!(outcome.state, ChoiceState::Proven | ChoiceState::Unproven);
    let id = visit.visit.service.as_ref()?.provider.as_deref()?;
    let mut found = visit.providers.iter().map(|p| p.provider);
    found.find(|p| form && was_there && outcome.method.is_some() && p.id == id)
}

/// The documentation has names for it, and none is the one that was seen.
fn other_name(kept: &Kept<'_>, known: Known<'_>) -> Option<String> {
    let aliases = &known.entry.aliases;
    if aliases.is_empty() || aliases.iter().any(|a| a.matches(&kept.key.name)) {
        return None;
    }
    Some(format!(
        "is documented as {}",
        known.entry.documented_as.join(" or ")
    ))
}

/// It is documented as removed after use, and still there.
fn lasts(kept: &Kept<'_>, known: Known<'_>) -> Option<String> {
    let mut stories = kept.first.item.item.phases.iter();
    let there = stories.any(|s| s.presence == Presence::Present);
    let removed = known.entry.documented_expires == Some(Expires::Transient);
    let lasts = removed && there && kept.key.store != Store::Cookie;
    lasts.then(|| "is documented as removed after use, but stays".to_owned())
}
