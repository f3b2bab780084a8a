//! The checks of what items are declared as, of lifetimes, roles and attributes, and of the run itself.

use preconsent::model::choice::ChoiceState;
use preconsent::model::fault::FaultKind;
use preconsent::model::scenario::ScenarioId;

use super::super::catalogue::faulty;
use super::super::{OWN, TRACKER, under};
use super::choices::{asks_again, shared};
use super::{Cases, accepted, early, judge};
use crate::support::visits::{PAGE, Story};

const WHOLE: &str = "https://cdn.whole.test/w.js";
const FAULTY: &str = "https://cdn.faulty.test/f.js";
const ID: &str = "64f0c0ffee64f0a1";

/// A cookie that is to live for so many days.
fn lives(name: &str, days: u64) -> Story {
    accepted(&format!("{name}=1; Max-Age={}", days * 86_400))
}

/// A record of the choice that is to live for so many days, written at this time.
fn record(at: u64, days: u64) -> Story {
    let line = format!("choice=no; Max-Age={}", days * 86_400);
    Story::reject().script(at, OWN, &line)
}

/// Comes back, and the cookie is set by these lines.
fn comes_back(first: &str, second: &str) -> Story {
    let story = Story::new(ScenarioId::Revisit).script(300, TRACKER, first);
    story.script(2_500, TRACKER, second)
}

/// A cookie of the faulty catalogue, which is known by this file name.
fn of_faulty(file: &str, name: &str) -> preconsent::model::report::TargetReport {
    let story = Story::accept().script(1_400, FAULTY, &format!("{name}=1; Max-Age=600"));
    faulty(file).report(&[story.build()])
}

const BUILTIN: &str = "builtin:catalogue/faulty.yaml";

pub(super) const CASES: &[Cases] = &[
    Cases {
        id: "undeclared-name",
        fires: || judge([accepted("unheard_of=1")]),
        quiet: || judge([accepted("trk_id=1; Max-Age=600")]),
        trap: "another name that the vendor documents",
        tricks: || {
            let name = "track_tok_64f0c0ffee64f0c0ffee64f0";
            judge([Story::accept().set(1_400, TRACKER, name, "t")])
        },
    },
    Cases {
        id: "undeclared-kind",
        fires: || judge([Story::accept().set(1_400, TRACKER, "trk_long", "7")]),
        quiet: || judge([accepted("trk_long=7")]),
        trap: "a name so short that many have it",
        tricks: || judge([Story::accept().set(1_400, OWN, "oid", "7")]),
    },
    Cases {
        id: "undeclared-host",
        fires: || judge([accepted("trk_home=7")]),
        quiet: || judge([accepted("trk_id=7")]),
        trap: "a host below the declared one",
        tricks: || {
            let line = "trk_home=7; SameSite=None; Secure";
            judge([Story::accept().header(1_400, "https://pixel.tracker.test/p", line)])
        },
    },
    Cases {
        id: "declared-not-seen",
        fires: || judge([Story::accept().script(1_400, WHOLE, "other=1")]),
        quiet: || judge([Story::accept().script(1_400, WHOLE, "whole_lang=en")]),
        trap: "a catalogue that does not claim to be complete",
        tricks: || judge([accepted("trk_long=1")]),
    },
    Cases {
        id: "deprecated-name-seen",
        fires: || judge([accepted("trk_old=1")]),
        quiet: || judge([accepted("trk_session=1")]),
        trap: "an old name that the browser refused",
        tricks: || judge([Story::accept().refused(1_400, PAGE, "trk_old=1", "UserPreferences")]),
    },
    Cases {
        id: "documented-otherwise",
        fires: || judge([Story::accept().set(1_400, TRACKER, "trk_real", "7")]),
        quiet: || judge([accepted("trk_id=1")]),
        trap: "the documented name",
        tricks: || {
            let name = "track_tok_64f0c0ffee64f0c0ffee64f0";
            judge([Story::accept().set(1_400, TRACKER, name, "7")])
        },
    },
    Cases {
        id: "expiry-exceeds-declared",
        fires: || judge([lives("trk_id", 730)]),
        quiet: || judge([lives("trk_id", 30)]),
        trap: "180 days and \"6 months\", two years and \"2 years\"",
        tricks: || {
            let two_years = format!("trk_long=1; Max-Age={}", 731 * 86_400);
            judge([lives("trk_id", 180).script(1_500, TRACKER, &two_years)])
        },
    },
    Cases {
        id: "session-became-persistent",
        fires: || judge([lives("trk_session", 30)]),
        quiet: || judge([accepted("trk_session=1")]),
        trap: "a deletion has a date, too",
        tricks: || {
            let gone = "trk_session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
            judge([accepted("trk_session=1").script(2_400, TRACKER, gone)])
        },
    },
    Cases {
        id: "expiry-exceeds-policy",
        fires: || under("fr").report(&[lives("trk_long", 730).build()]),
        quiet: || under("eu").report(&[lives("trk_long", 730).build()]),
        trap: "thirteen months may have 403 days",
        tricks: || under("fr").report(&[lives("trk_long", 403).build()]),
    },
    Cases {
        id: "expiry-exceeds-browser-cap",
        fires: || judge([lives("trk_long", 730)]),
        quiet: || judge([lives("trk_id", 30)]),
        trap: "just what browsers keep",
        tricks: || judge([lives("trk_long", 400)]),
    },
    Cases {
        id: "expiry-rolling",
        fires: || {
            let line = "audience=7; Max-Age=8640000";
            judge([comes_back(line, line)])
        },
        quiet: || judge([Story::new(ScenarioId::Revisit)]),
        trap: "a date that stays what it was",
        tricks: || {
            let line = "audience=7; Expires=Thu, 20 May 2027 11:06:41 GMT";
            judge([comes_back(line, line)])
        },
    },
    Cases {
        id: "storage-outlives-declared",
        fires: || judge([Story::accept().set(1_400, TRACKER, "trk_days", "7")]),
        quiet: || judge([Story::accept().set(1_400, TRACKER, "state", "7")]),
        trap: "a key that is removed again",
        tricks: || {
            let set = Story::accept().set(1_400, TRACKER, "trk_days", "7");
            judge([set.remove(1_500, TRACKER, "trk_days")])
        },
    },
    Cases {
        id: "consent-record-lifetime",
        fires: || under("ie").report(&[record(1_150, 365).build()]),
        quiet: || under("ie").report(&[record(1_150, 180).build()]),
        trap: "a placeholder that was preset for forty years",
        tricks: || under("ie").report(&[record(300, 40 * 365).build()]),
    },
    Cases {
        id: "re-prompt-too-soon",
        fires: || judge([asks_again("{\"chat\":false}")]),
        quiet: || judge([Story::reject()]),
        trap: "a record that does not refuse",
        tricks: || judge([asks_again("{\"chat\":true}")]),
    },
    Cases {
        id: "role-mismatch",
        fires: || judge([accepted("trk_claimed=1")]),
        quiet: || judge([accepted("login=1")]),
        trap: "a role that asks for more than the vendor's word",
        tricks: || judge([accepted("trk_id=1")]),
    },
    Cases {
        id: "essential-claim-implausible",
        fires: || judge([early(&format!("basket={ID}; Max-Age=31536000"))]),
        quiet: || judge([early("basket=3; Max-Age=31536000")]),
        trap: "a load balancer with a long id",
        tricks: || judge([early(&format!("balancer={ID}; Max-Age=604800"))]),
    },
    Cases {
        id: "identifier-shared",
        fires: || judge([shared(Story::none(), 200)]),
        quiet: || judge([early(&format!("trk_id={ID}"))]),
        trap: "shared once the visitor had accepted",
        tricks: || judge([shared(Story::accept(), 1_400)]),
    },
    Cases {
        id: "attr-rejected",
        fires: || judge([Story::accept().header(1_400, PAGE, "trk_id=1; Partitioned")]),
        quiet: || judge([Story::accept().header(1_400, PAGE, "trk_id=1; Secure; Partitioned")]),
        trap: "a second attempt that works",
        tricks: || {
            let story = Story::accept().header(1_300, PAGE, "trk_id=1; Partitioned");
            judge([story.header(1_400, PAGE, "trk_id=1; Path=/shop")])
        },
    },
    Cases {
        id: "attr-weak",
        fires: || judge([Story::none().header(300, PAGE, "login=7; Secure")]),
        quiet: || {
            let line = "login=7; Secure; HttpOnly; SameSite=Lax";
            judge([Story::none().header(300, PAGE, line)])
        },
        trap: "a cookie that no session hangs on",
        tricks: || judge([accepted("trk_id=7")]),
    },
    Cases {
        id: "gpc-ignored",
        fires: || {
            let with = Story::new(ScenarioId::Gpc).script(300, TRACKER, "trk_id=1");
            under("us-ca").report(&[early("trk_id=1").build(), with.build()])
        },
        quiet: || {
            let with = Story::new(ScenarioId::Gpc);
            under("us-ca").report(&[early("trk_id=1").build(), with.build()])
        },
        trap: "a profile in which the signal means nothing",
        tricks: || {
            let with = Story::new(ScenarioId::Gpc).script(300, TRACKER, "trk_id=1");
            judge([early("trk_id=1"), with])
        },
    },
    Cases {
        id: "reject-harder",
        fires: || judge([Story::reject().presses(3), Story::accept().presses(1)]),
        quiet: || judge([Story::reject().presses(1), Story::accept().presses(1)]),
        trap: "a rejection that is not proven",
        tricks: || {
            let reject = Story::reject().presses(3).choice(ChoiceState::Unproven);
            judge([reject, Story::accept().presses(1)])
        },
    },
    Cases {
        id: "catalogue-conflict",
        fires: || of_faulty("faulty.yaml", "flt_id_x_id"),
        quiet: || of_faulty("faulty.yaml", "flt_id_x"),
        trap: "an embedded catalogue, which is not the user's to mend",
        tricks: || of_faulty(BUILTIN, "flt_id_x_id"),
    },
    Cases {
        id: "catalogue-unclassified",
        fires: || of_faulty("faulty.yaml", "other"),
        quiet: || judge([accepted("trk_id=1")]),
        trap: "an embedded catalogue, which is not the user's to mend",
        tricks: || of_faulty(BUILTIN, "other"),
    },
    Cases {
        id: "catalogue-expiry-missing",
        fires: || of_faulty("faulty.yaml", "other"),
        quiet: || judge([accepted("trk_id=1")]),
        trap: "an embedded catalogue, which is not the user's to mend",
        tricks: || of_faulty(BUILTIN, "other"),
    },
    Cases {
        id: "catalogue-expiry-implausible",
        fires: || of_faulty("faulty.yaml", "other"),
        quiet: || judge([accepted("trk_id=1")]),
        trap: "an embedded catalogue, which is not the user's to mend",
        tricks: || of_faulty(BUILTIN, "other"),
    },
    Cases {
        id: "scenario-unverified",
        fires: || judge([Story::reject().choice(ChoiceState::Unproven)]),
        quiet: || judge([Story::reject()]),
        trap: "a control that is not there",
        tricks: || judge([Story::reject().choice(ChoiceState::NotOffered)]),
    },
    Cases {
        id: "scenario-not-offered",
        fires: || judge([Story::reject().choice(ChoiceState::NotOffered)]),
        quiet: || judge([Story::reject()]),
        trap: "a page that could not be loaded",
        tricks: || {
            let story = Story::reject().choice(ChoiceState::NotOffered);
            judge([story.fault(FaultKind::Timeout, "it took too long")])
        },
    },
    Cases {
        id: "nondeterministic",
        fires: || judge([early("trk_id=1").in_run(1), Story::none().in_run(2)]),
        quiet: || judge([early("trk_id=1").in_run(1), early("trk_id=1").in_run(2)]),
        trap: "a run that broke off",
        tricks: || {
            let broken = Story::none().fault(FaultKind::Timeout, "it took too long");
            judge([early("trk_id=1").in_run(1), broken.in_run(2)])
        },
    },
    Cases {
        id: "blocked-or-challenged",
        fires: || judge([Story::none().fault(FaultKind::Challenge, "it asks for a puzzle")]),
        quiet: || judge([Story::none()]),
        trap: "a provider that answers at the second attempt",
        tricks: || {
            let url = "https://api.tracker.test/register";
            let story = Story::none()
                .asks(100, "1", "POST", url)
                .answers(110, "1", url, 503);
            judge([story
                .asks(120, "2", "POST", url)
                .answers(140, "2", url, 200)])
        },
    },
];
