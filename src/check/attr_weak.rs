//! `attr-weak`: a cookie that keeps a visitor signed in can be read or sent where it should not.

use super::evidence::catalogue;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::cookie::StoredCookie;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{Party, Store};
use crate::model::scenario::ScenarioId;

/// Kinds of items that sessions hang on. Tokens against forgery must be readable by scripts.
const SESSIONS: [&str; 2] = ["auth", "user-input"];

pub(super) struct AttrWeak;

impl Check for AttrWeak {
    fn id(&self) -> &'static str {
        "attr-weak"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "On a page over https the site's own cookie for a sign-in or a session (sub-types auth \
                   and user-input) lacks Secure, HttpOnly or an explicit SameSite. Information only.",
            why: "Whoever gets hold of such a cookie is the visitor: without Secure it travels in the \
                  clear, without HttpOnly every script on the page can read it.",
            evidence: "The cookie as the jar holds it, and the entry.",
            source: "IETF, draft RFC 6265bis (2026), security considerations",
            fix: "Set it with Secure, HttpOnly and SameSite=Lax.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if visit.visit.final_url.scheme() != "https" {
            return reach::not_applicable("the page is not over https");
        }
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter(|item| item.key.store == Store::Cookie)
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl AttrWeak {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.known()?;
        let sub_type = known.entry.sub_type.as_deref()?;
        let seen = item.seen.first()?;
        let visit = seen.visit.visit;
        let story = seen.item.first_kept(|_| true)?;
        let over_https = visit.final_url.scheme() == "https";
        if !SESSIONS.contains(&sub_type) || !over_https || seen.item.item.party != Party::First {
            return None;
        }
        let mut cookies = visit.snapshot(story.phase)?.cookies.iter();
        let cookie = cookies.find(|c| c.name == item.key.name && c.domain == item.key.place)?;
        let lacks = lacking(cookie);
        if lacks.is_empty() {
            return None;
        }
        let says = Says {
            message: format!(
                "{} lacks {}",
                describe(item.key, Some(known)),
                lacks.join(", ")
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(story.phase))
                .about(item.key)
                .proven_by(context.present(visit, item.key, story.phase))
                .and([catalogue(known)])
                .build(),
        )
    }
}

fn lacking(cookie: &StoredCookie) -> Vec<&'static str> {
    let attributes = [
        ("Secure", cookie.secure),
        ("HttpOnly", cookie.http_only),
        ("SameSite", cookie.same_site.is_some()),
    ];
    let lacking = attributes.into_iter().filter(|(_, has)| !has);
    lacking.map(|(name, _)| name).collect()
}
