//! `attr-rejected` and `attr-weak`: what the attributes of a cookie bring about.

use super::{OWN, TRACKER, judge, said};
use crate::support::visits::{PAGE, Story};

#[test]
fn partitioned_without_secure_is_dropped_without_a_word() {
    let report = judge([Story::accept().header(1_400, PAGE, "trk_id=1; Partitioned")]);
    assert_eq!(
        said(&report, "attr-rejected"),
        [
            "warn confirmed [accept after-choice] cookie trk_id (Tracker, marketing) was set and not \
             stored: Partitioned needs Secure"
        ]
    );
}

#[test]
fn what_the_browser_says_of_a_line_is_told() {
    let line = "trk_id=1; SameSite=None";
    let report = judge([Story::accept().refused(1_400, PAGE, line, "SameSiteNoneInsecure")]);
    let said = said(&report, "attr-rejected");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("SameSiteNoneInsecure"), "{said:?}");
}

#[test]
fn settings_probes_and_second_attempts_are_no_fault() {
    let settings = Story::accept().refused(1_400, PAGE, "trk_id=1", "UserPreferences");
    let probe = Story::accept().script(1_400, OWN, "trk_id=1; Domain=other.test");
    let again = Story::accept()
        .header(1_300, PAGE, "trk_id=1; Partitioned")
        .header(1_400, PAGE, "trk_id=1; Path=/shop");
    for story in [settings, probe, again] {
        assert_eq!(said(&judge([story]), "attr-rejected"), [""; 0]);
    }
}

#[test]
fn a_sign_in_without_protection_is_worth_knowing() {
    let sets = |line| said(&judge([Story::none().header(300, PAGE, line)]), "attr-weak");
    assert_eq!(
        sets("login=7; Secure"),
        [
            "info confirmed [none before-choice] cookie login (Tracker, essential) lacks HttpOnly, SameSite"
        ]
    );
    assert_eq!(sets("login=7; Secure; HttpOnly; SameSite=Lax"), [""; 0]);
    let other = judge([Story::accept().script(1_400, TRACKER, "trk_id=7")]);
    assert_eq!(said(&other, "attr-weak"), [""; 0], "no session hangs on it");
}
