//! The profiles: one recording, judged for several places.

use preconsent::check;
use preconsent::profile;

use super::{TRACKER, said, spoke, under};
use crate::support::visits::Story;

fn checks(profile: &str, story: Story) -> Vec<String> {
    let report = under(profile).judge(vec![story.build()]);
    spoke(&report).into_iter().map(str::to_owned).collect()
}

#[test]
fn the_embedded_profiles_are_these_and_name_checks_that_there_are() {
    assert_eq!(
        profile::builtin_ids(),
        ["de", "eu", "fr", "ie", "it", "uk", "us-ca"]
    );
    let ids: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
    for id in profile::builtin_ids() {
        let profile = profile::builtin(&id).expect("it is embedded");
        for check in profile.levels.keys() {
            assert!(ids.contains(&check.as_str()), "{id}: {check}");
        }
    }
}

#[test]
fn what_is_stored_early_needs_consent_in_europe_and_an_opt_out_in_california() {
    let early = || Story::none().script(300, TRACKER, "trk_id=1; Max-Age=600");
    for profile in ["eu", "fr", "uk", "de", "ie", "it"] {
        assert_eq!(
            checks(profile, early()),
            ["pre-consent-storage"],
            "{profile}"
        );
    }
    assert_eq!(checks("us-ca", early()), [""; 0]);
    let refused = Story::reject().script(1_400, TRACKER, "trk_id=1; Max-Age=600");
    assert_eq!(checks("us-ca", refused), ["reject-ignored"]);
}

#[test]
fn measuring_the_audience_is_exempt_where_it_is_claimed_for() {
    let early = || Story::none().script(300, TRACKER, "audience=1; Max-Age=600");
    assert_eq!(checks("fr", early()), [""; 0]);
    for profile in ["eu", "uk", "de"] {
        assert_eq!(
            checks(profile, early()),
            ["pre-consent-storage"],
            "{profile}"
        );
    }
    let too_long = Story::none().script(300, TRACKER, "audience=1; Max-Age=63072000");
    let report = under("fr").judge(vec![too_long.build()]);
    assert_eq!(said(&report, "pre-consent-storage"), [""; 0]);
    assert_eq!(said(&report, "expiry-exceeds-policy").len(), 1);
}
