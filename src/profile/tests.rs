//! The embedded profiles, and what they exempt.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use super::*;
use crate::model::role::SUB_TYPES;

fn eu() -> Profile {
    builtin("eu").expect("an embedded profile")
}

#[test]
fn every_embedded_profile_is_read() {
    for id in builtin_ids() {
        let profile = builtin(&id).expect("a good profile");
        assert_eq!(profile.id, id);
        assert!(profile.sources.values().all(|s| !s.is_empty()));
    }
    assert_eq!(FILES.files().count(), builtin_ids().len());
}

#[test]
fn an_unknown_profile_is_named_with_those_there_are() {
    let error = builtin("fr-old").expect_err("no such profile").to_string();
    assert!(error.contains("fr-old") && error.contains("eu"), "{error}");
}

#[test]
fn the_eu_exempts_essential_items_and_no_others() {
    let eu = eu();
    for role in Role::ALL {
        let exempt = eu.exemption(role, None, None).is_some();
        assert_eq!(exempt, role == Role::Essential, "{}", role.as_str());
    }
    let basis = eu.exemption(Role::Essential, None, None);
    assert!(
        basis.is_some_and(|b| b.starts_with("role essential (Directive 2002/58/EC")),
        "the basis names its source"
    );
}

#[test]
fn a_service_must_be_asked_for_before_it_is_essential() {
    let mut profile = eu();
    let chat = |p: &Profile| p.exemption(Role::Essential, None, Some("chat"));
    assert_eq!(chat(&profile), None);
    profile.exempt_services.push("chat".to_owned());
    assert!(chat(&profile).is_some_and(|b| b.contains("service chat")));
    assert_eq!(
        profile.exemption(Role::Performance, None, Some("chat")),
        None
    );
}

#[test]
fn sub_types_are_exempt_on_their_own_ground() {
    let mut profile = eu();
    for sub_type in SUB_TYPES {
        let basis = profile.exemption(Role::Essential, Some(sub_type), None);
        assert!(basis.is_some_and(|b| b.contains(sub_type)), "{sub_type}");
    }
    let record = profile.exemption(Role::Essential, Some("consent-record"), Some("chat"));
    assert!(
        record.is_some(),
        "a consent record is exempt with any service"
    );
    profile.exempt_sub_types.retain(|s| s != "cart");
    assert_eq!(profile.exemption(Role::Essential, Some("cart"), None), None);
}

#[test]
fn the_eu_limits_are_those_of_the_file() {
    let eu = eu();
    assert_eq!(eu.unclassified, Unclassified::Inconclusive);
    assert_eq!(eu.expiry.min_excess_s, 86_400);
    assert!((eu.expiry.error_ratio - 1.5).abs() < f64::EPSILON);
}

/// A profile of the user's.
fn own(text: &str) -> Result<Profile, YamlError> {
    let file = RuleFile {
        id: "mine".to_owned(),
        file: "mine.yaml".to_owned(),
        text: text.to_owned(),
    };
    read(&file, &embedded(), Vec::new())
}

#[test]
fn a_profile_that_extends_another_says_only_what_differs() {
    let text = "name: Mine\nextends: eu\nsources: { house: \"a rule of ours\" }\n\
                exempt_sub_types: { cart: { exempt: false, source: [house] } }\n\
                checks: { undeclared-name: { level: off, source: [house] } }\n";
    let mine = own(text).expect("a good profile");
    assert_eq!((mine.id.as_str(), mine.name.as_str()), ("mine", "Mine"));
    assert_eq!(mine.lineage, ["eu", "mine"]);
    assert_eq!(mine.exemption(Role::Essential, Some("cart"), None), None);
    assert!(
        mine.exemption(Role::Essential, Some("auth"), None)
            .is_some()
    );
    assert_eq!(mine.level("undeclared-name"), Some(Level::Off));
    assert_eq!(mine.level("reject-ignored"), None);
    assert_eq!(mine.expiry.min_excess_s, eu().expiry.min_excess_s);
}

#[test]
fn what_is_extended_must_be_there() {
    let error = own("name: Mine\nextends: ue\nsources: {}\n").expect_err("no such profile");
    let text = error.to_string();
    assert!(text.contains("no profile \"ue\" to extend"), "{text}");
    assert!(text.contains("did you mean"), "{text}");
}

#[test]
fn a_claim_counts_where_the_profile_knows_the_ground() {
    let claim = ExemptionClaim {
        profile: "fr".to_owned(),
        ground: "audience-measurement".to_owned(),
    };
    let claims = [claim];
    let fr = builtin("fr").expect("an embedded profile");
    assert!(fr.claimed_exemption(&claims).is_some());
    assert_eq!(eu().claimed_exemption(&claims), None);
    let uk = builtin("uk").expect("an embedded profile");
    assert_eq!(
        uk.claimed_exemption(&claims),
        None,
        "claimed for France only"
    );
    let limit = fr.limit(Role::Performance, None, &claims).expect("a limit");
    assert_eq!(limit.severity, crate::model::finding::Severity::Error);
    let limit = fr.limit(Role::Performance, None, &[]).expect("a limit");
    assert_eq!(limit.severity, crate::model::finding::Severity::Warn);
}
