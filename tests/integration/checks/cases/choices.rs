//! The checks of when things are stored, of choices and of withdrawal.

use preconsent::model::choice::{ASKS_AGAIN, ChoiceState, Method};
use preconsent::model::scenario::PhaseId::{AfterReload, AfterWithdrawalReload};
use preconsent::model::scenario::ScenarioId;

use super::super::{OWN, TRACKER};
use super::{Cases, accepted, early, judge, refused};
use crate::support::visits::Story;

const PIXEL: &str = "https://pixel.tracker.test/p.gif";
const OTHER: &str = "https://pixel.other.test/p.gif";
const ID: &str = "64f0c0ffee64f0a1";
const DENIED: &str = "ad_storage=denied, analytics_storage=denied";
const GRANTED: &str = "ad_storage=granted, analytics_storage=granted";

/// Accepts, gets an id, and takes the consent back; the cookie is deleted.
fn deleted() -> Story {
    Story::withdraw()
        .script(1_400, TRACKER, &format!("trk_id={ID}; Max-Age=600"))
        .script(3_400, TRACKER, "trk_id=; Max-Age=0")
}

/// Refuses the form of a chat.
fn form() -> Story {
    Story::new(ScenarioId::WidgetRefuse).asked_for_chat("tracker", ChoiceState::Proven)
}

/// Rejects on Klaro's banner, which records this.
fn klaro(record: &str) -> Story {
    Story::reject()
        .choice(ChoiceState::Unproven)
        .platform("klaro", Method::Recipe)
        .script(1_150, OWN, &format!("klaro={record}; Max-Age=600"))
}

pub(super) const CASES: &[Cases] = &[
    Cases {
        id: "pre-consent-storage",
        fires: || judge([early("trk_id=1; Max-Age=600")]),
        quiet: || judge([accepted("trk_id=1; Max-Age=600")]),
        trap: "a test whether storage works",
        tricks: || {
            let set = Story::none().set(300, TRACKER, "trk_probe", "1");
            judge([set.remove(300, TRACKER, "trk_probe")])
        },
    },
    Cases {
        id: "pre-consent-send",
        fires: || {
            let set = Story::none().header(200, PIXEL, "trk_home=7; SameSite=None; Secure");
            judge([set.sent(400, PIXEL, "trk_home", "pixel.tracker.test")])
        },
        quiet: || judge([early("trk_id=1; Max-Age=600")]),
        trap: "a cookie that goes to the site itself",
        tricks: || {
            judge([early("trk_id=7").sent(400, "https://www.shop.test/", "trk_id", "shop.test")])
        },
    },
    Cases {
        id: "essential-before-request",
        fires: || judge([early("trk_chat_key=1")]),
        quiet: || judge([early("trk_chat=1")]),
        trap: "the chat was opened before",
        tricks: || {
            let open = Story::new(ScenarioId::OpenWidget);
            let open = open.asked_for_chat("tracker", ChoiceState::Proven);
            judge([open.script(2_300, TRACKER, "trk_chat_key=1")])
        },
    },
    Cases {
        id: "inaction-as-consent",
        fires: || judge([Story::none().script(1_400, OWN, "klaro={\"chat\":true}; Max-Age=600")]),
        quiet: || judge([Story::none().script(1_400, OWN, "klaro={\"chat\":false}; Max-Age=600")]),
        trap: "a record that was preset",
        tricks: || judge([Story::none().script(300, OWN, "klaro={\"chat\":true}; Max-Age=600")]),
    },
    Cases {
        id: "dismiss-as-consent",
        fires: || judge([Story::new(ScenarioId::Dismiss).script(1_400, TRACKER, "trk_id=1")]),
        quiet: || judge([Story::new(ScenarioId::Dismiss)]),
        trap: "what visitors get who do nothing",
        tricks: || {
            let passive = Story::none().script(1_300, TRACKER, "trk_session=1");
            let closed = Story::new(ScenarioId::Dismiss).script(1_400, TRACKER, "trk_session=1");
            judge([passive, closed])
        },
    },
    Cases {
        id: "reject-ignored",
        fires: || judge([refused("trk_id=1; Max-Age=600")]),
        quiet: || judge([Story::reject()]),
        trap: "a button that does nothing",
        tricks: || judge([refused("trk_id=1; Max-Age=600").choice(ChoiceState::Unproven)]),
    },
    Cases {
        id: "reject-leftover",
        fires: || judge([Story::reject().set(300, TRACKER, "state", "id7")]),
        quiet: || {
            let set = Story::reject().set(300, TRACKER, "state", "id7");
            judge([set.remove(1_300, TRACKER, "state")])
        },
        trap: "an exempt item that stays",
        tricks: || judge([Story::reject().script(300, OWN, "balancer=1")]),
    },
    Cases {
        id: "partial-choice-ignored",
        fires: || judge([form().script(2_400, TRACKER, "trk_chat=1")]),
        quiet: || judge([form()]),
        trap: "what another wrote",
        tricks: || judge([form().script(2_400, OWN, "audience_of_others=1")]),
    },
    Cases {
        id: "consent-record-mismatch",
        fires: || judge([klaro("{\"chat\":true}")]),
        quiet: || judge([klaro("{\"chat\":false}")]),
        trap: "the name of a record without its platform",
        tricks: || judge([Story::reject().script(1_150, OWN, "klaro={\"chat\":true}")]),
    },
    Cases {
        id: "consent-signal-conflict",
        fires: || judge([Story::reject().says(AfterReload, "consent-mode.update", GRANTED)]),
        quiet: || judge([Story::reject().says(AfterReload, "consent-mode.update", DENIED)]),
        trap: "a default that an update overrules",
        tricks: || {
            let default = Story::reject().says(AfterReload, "consent-mode.default", GRANTED);
            judge([default.says(AfterReload, "consent-mode.update", DENIED)])
        },
    },
    Cases {
        id: "accept-no-effect",
        fires: || {
            judge([
                Story::none(),
                Story::accept().script(1_150, OWN, "choice=yes; Max-Age=600"),
            ])
        },
        quiet: || judge([Story::none(), accepted("trk_id=1; Max-Age=600")]),
        trap: "what is only told to others",
        tricks: || {
            let tells = Story::accept().says(AfterReload, "consent-mode.update", GRANTED);
            judge([Story::none(), tells])
        },
    },
    Cases {
        id: "leftover-after-withdrawal",
        fires: || judge([Story::withdraw().script(1_400, TRACKER, "trk_id=7; Max-Age=600")]),
        quiet: || judge([deleted()]),
        trap: "the record of the choice itself",
        tricks: || judge([Story::withdraw().script(1_150, OWN, "choice=yes; Max-Age=600")]),
    },
    Cases {
        id: "rewrite-after-withdrawal",
        fires: || judge([deleted().script(4_400, TRACKER, "trk_id=8; Max-Age=600")]),
        quiet: || judge([deleted()]),
        trap: "written and deleted at once",
        tricks: || {
            let written = deleted().script(3_500, TRACKER, "trk_session=1");
            judge([written.script(3_510, TRACKER, "trk_session=; Max-Age=0")])
        },
    },
    Cases {
        id: "respawned-value",
        fires: || judge([deleted().set(4_400, TRACKER, "state", ID)]),
        quiet: || judge([deleted().set(4_400, TRACKER, "state", "c0ffee64f0a1b2c3")]),
        trap: "a common word that comes back",
        tricks: || {
            let word = Story::withdraw()
                .script(1_400, TRACKER, "trk_id=accepted; Max-Age=600")
                .script(3_400, TRACKER, "trk_id=; Max-Age=0");
            judge([word.set(4_400, TRACKER, "state", "accepted")])
        },
    },
    Cases {
        id: "partial-erasure",
        fires: || judge([deleted().set(1_400, TRACKER, "state", ID)]),
        quiet: || {
            let twins = deleted().set(1_400, TRACKER, "state", ID);
            judge([twins.remove(3_400, TRACKER, "state")])
        },
        trap: "a key that holds something else",
        tricks: || judge([deleted().set(1_400, TRACKER, "state", "c0ffee64f0a1b2c3")]),
    },
    Cases {
        id: "withdraw-unavailable",
        fires: || {
            let stuck = Story::withdraw().choice(ChoiceState::NotOffered);
            judge([Story::accept(), stuck])
        },
        quiet: || judge([Story::accept(), Story::withdraw()]),
        trap: "nothing was accepted that could be taken back",
        tricks: || judge([Story::withdraw().choice(ChoiceState::NotOffered)]),
    },
    Cases {
        id: "withdraw-harder",
        fires: || judge([Story::accept().presses(1), Story::withdraw().presses(3)]),
        quiet: || judge([Story::accept().presses(1), Story::withdraw().presses(1)]),
        trap: "the press that opens the choice again",
        tricks: || judge([Story::accept().presses(1), Story::withdraw().presses(2)]),
    },
    Cases {
        id: "withdrawal-not-signalled",
        fires: || {
            let story = Story::withdraw();
            judge([story.says(AfterWithdrawalReload, "consent-mode.update", GRANTED)])
        },
        quiet: || {
            let story = Story::withdraw();
            judge([story.says(AfterWithdrawalReload, "consent-mode.update", DENIED)])
        },
        trap: "what was said while the consent held",
        tricks: || judge([Story::withdraw().says(AfterReload, "consent-mode.update", GRANTED)]),
    },
];

/// Used where the checks of lifetimes ask for a record, too.
pub(super) fn asks_again(record: &str) -> Story {
    klaro(record).because(ASKS_AGAIN)
}

/// An id of the page that goes to others in an address.
pub(super) fn shared(story: Story, at: u64) -> Story {
    let line = format!("trk_id={ID}");
    story
        .script(at, TRACKER, &line)
        .shares(at + 100, "trk_id", OTHER)
}
