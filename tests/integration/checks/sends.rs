//! `pre-consent-send` and `identifier-shared`: what leaves for third parties.

use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, judge, said};
use crate::support::visits::Story;

const PIXEL: &str = "https://pixel.tracker.test/p.gif";
const OTHER: &str = "https://pixel.other.test/p.gif";

#[test]
fn a_third_partys_cookie_that_goes_to_it_is_an_error() {
    let report = judge([Story::none()
        .header(200, PIXEL, "trk_home=7; SameSite=None; Secure; Max-Age=600")
        .sent(400, PIXEL, "trk_home", "pixel.tracker.test")]);
    assert_eq!(
        said(&report, "pre-consent-send"),
        [
            "error confirmed [none before-choice] cookie trk_home (Tracker, performance) was sent to \
             pixel.tracker.test before any choice"
        ]
    );
}

#[test]
fn what_goes_to_the_site_itself_or_after_consent_is_not_told() {
    let own = Story::none().script(200, TRACKER, "trk_id=7").sent(
        400,
        "https://www.shop.test/",
        "trk_id",
        "shop.test",
    );
    let later = Story::accept()
        .header(1_400, PIXEL, "trk_home=7; SameSite=None; Secure")
        .sent(1_500, PIXEL, "trk_home", "pixel.tracker.test");
    let exempt = Story::none()
        .header(200, PIXEL, "balancer=7; SameSite=None; Secure")
        .sent(400, PIXEL, "balancer", "pixel.tracker.test");
    for story in [own, later, exempt] {
        assert_eq!(said(&judge([story]), "pre-consent-send"), [""; 0]);
    }
}

#[test]
fn the_sites_own_id_in_an_address_of_a_third_party_is_shared() {
    let early = Story::none()
        .script(200, TRACKER, "trk_id=64f0c0ffee64f0a1")
        .shares(400, "trk_id", OTHER);
    assert_eq!(
        said(&judge([early]), "identifier-shared"),
        [
            "error confirmed [none before-choice] the value of cookie trk_id (Tracker, marketing) was \
             sent to pixel.other.test before any choice"
        ]
    );
    let refused = Story::reject()
        .script(2_100, TRACKER, "trk_id=64f0c0ffee64f0a1")
        .shares(2_400, "trk_id", OTHER);
    assert_eq!(
        said(&judge([refused]), "identifier-shared"),
        [
            "error confirmed [reject after-reload] the value of cookie trk_id (Tracker, marketing) was \
             sent to pixel.other.test although the visitor had refused"
        ]
    );
}

#[test]
fn what_is_shared_with_consent_or_exempt_is_fine() {
    let consented = Story::accept()
        .script(1_400, TRACKER, "trk_id=64f0c0ffee64f0a1")
        .shares(1_500, "trk_id", OTHER);
    let exempt = Story::none()
        .script(200, OWN, "balancer=64f0c0ffee64f0a1")
        .shares(400, "balancer", OTHER);
    let unproven = Story::reject()
        .choice(ChoiceState::Unproven)
        .script(2_100, TRACKER, "trk_id=64f0c0ffee64f0a1")
        .shares(2_400, "trk_id", OTHER);
    for story in [consented, exempt, unproven] {
        assert_eq!(said(&judge([story]), "identifier-shared"), [""; 0]);
    }
}

#[test]
fn a_chat_that_was_asked_for_may_use_its_own_id() {
    let asked = |at| {
        Story::new(ScenarioId::OpenWidget)
            .asked_for_chat("tracker", ChoiceState::Proven)
            .script(at, TRACKER, "trk_chat=64f0c0ffee64f0a1")
            .shares(at + 50, "trk_chat", PIXEL)
    };
    assert_eq!(said(&judge([asked(2_300)]), "identifier-shared"), [""; 0]);
    assert_eq!(said(&judge([asked(1_300)]), "identifier-shared").len(), 1);
}
