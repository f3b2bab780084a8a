//! What a page's own interfaces say of the choice. Pure.
//!
//! They speak of the visitor's choice as the page hands it on: a TCF platform by its purposes, Google
//! Consent Mode by the last update. A page that hands nothing on says nothing.

use crate::consent::record::Agreement;
use crate::model::choice::Choice;
use crate::model::role::Role;
use crate::model::signal::Signal;

/// What these signals say to one who asked for a rejection or an acceptance.
pub(super) fn by_signals(signals: &[Signal], asked: Choice) -> Vec<(String, Agreement)> {
    let last = |name: &str| signals.iter().rev().find(|s| s.name == name);
    let tcf = last("tcf.purposeConsents").filter(|_| was_asked(signals));
    let mode = last("consent-mode.update");
    let tcf = tcf.map(|s| (s, granted_purposes(&s.value)));
    let mode = mode.map(|s| (s, granted_types(&s.value)));
    [tcf, mode]
        .into_iter()
        .flatten()
        .filter_map(|(signal, granted)| Some((signal.name.clone(), agreement(asked, granted?)?)))
        .collect()
}

/// What Google Consent Mode says to one who allowed some categories: the types that stand for one of
/// them. A purpose of the TCF stands for none.
pub(super) fn by_signals_in_part(signals: &[Signal], allow: &[Role]) -> Vec<(String, Agreement)> {
    const TYPES: [(&str, Role); 4] = [
        ("analytics_storage", Role::Performance),
        ("ad_storage", Role::Marketing),
        ("ad_user_data", Role::Marketing),
        ("ad_personalization", Role::Marketing),
    ];
    let mut updates = signals.iter().rev();
    let Some(update) = updates.find(|s| s.name == "consent-mode.update") else {
        return Vec::new();
    };
    let types = update.value.split(", ").filter_map(|f| f.split_once('='));
    let against = types.filter(|(name, state)| {
        let mut known = TYPES.iter().filter(|(known, _)| known == name);
        known.any(|(_, role)| *state == "granted" && !allow.contains(role))
    });
    let names: Vec<&str> = against.map(|(name, _)| name).collect();
    let said = (!names.is_empty())
        .then(|| Agreement::No(format!("granted though refused: {}", names.join(", "))));
    said.map(|no| (update.name.clone(), no))
        .into_iter()
        .collect()
}

/// A TCF platform answers before the visitor has, too, and where the law does not apply.
fn was_asked(signals: &[Signal]) -> bool {
    let is = |name: &str, value: &str| signals.iter().any(|s| s.name == name && s.value == value);
    !is("tcf.eventStatus", "cmpuishown") && !is("tcf.gdprApplies", "false")
}

fn granted_purposes(value: &str) -> Option<bool> {
    Some(value != "none")
}

/// Whether anything is granted that may be refused.
fn granted_types(value: &str) -> Option<bool> {
    const REFUSABLE: [&str; 4] = [
        "ad_storage",
        "analytics_storage",
        "ad_user_data",
        "ad_personalization",
    ];
    let types = value.split(", ").filter_map(|field| field.split_once('='));
    let states: Vec<bool> = types
        .filter(|(name, _)| REFUSABLE.contains(name))
        .map(|(_, state)| state == "granted")
        .collect();
    (!states.is_empty()).then(|| states.contains(&true))
}

fn agreement(asked: Choice, granted: bool) -> Option<Agreement> {
    let said = if granted {
        "consent was given"
    } else {
        "no consent was given"
    };
    match asked {
        Choice::Accept | Choice::Reject if granted == (asked == Choice::Accept) => {
            Some(Agreement::Yes(said.to_owned()))
        }
        Choice::Accept | Choice::Reject => Some(Agreement::No(said.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(signals: &[(&str, &str)], asked: Choice) -> String {
        let signals: Vec<Signal> = signals
            .iter()
            .map(|(name, value)| Signal {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        let letter = |agreement: &Agreement| match agreement {
            Agreement::Yes(_) => 'y',
            Agreement::No(_) => 'n',
            Agreement::Unclear(_) => '?',
        };
        let said = by_signals(&signals, asked);
        said.iter()
            .map(|(_, agreement)| letter(agreement))
            .collect()
    }

    #[test]
    fn the_last_update_counts() {
        let mode = |state: &str| format!("ad_storage={state}, analytics_storage={state}");
        let (denied, granted) = (mode("denied"), mode("granted"));
        let update = "consent-mode.update";
        let changed = [(update, denied.as_str()), (update, granted.as_str())];
        assert_eq!(said(&changed, Choice::Reject), "n");
        assert_eq!(said(&changed, Choice::Accept), "y");
        let by_default = [("consent-mode.default", denied.as_str())];
        assert_eq!(said(&by_default, Choice::Reject), "", "nobody chose that");
        let other = [(update, "security_storage=granted")];
        assert_eq!(said(&other, Choice::Reject), "", "that cannot be refused");
    }

    #[test]
    fn what_is_granted_though_refused_is_a_no() {
        let update = |value: &str| Signal {
            name: "consent-mode.update".to_owned(),
            value: value.to_owned(),
        };
        let said = |value: &str| by_signals_in_part(&[update(value)], &[Role::Performance]).len();
        assert_eq!(said("analytics_storage=granted, ad_storage=denied"), 0);
        assert_eq!(said("analytics_storage=granted, ad_storage=granted"), 1);
        assert_eq!(said("functionality_storage=granted"), 0);
    }

    #[test]
    fn a_tcf_platform_that_still_asks_says_nothing() {
        let none = ("tcf.purposeConsents", "none");
        let done = [none, ("tcf.eventStatus", "tcloaded")];
        assert_eq!(said(&done, Choice::Reject), "y");
        assert_eq!(said(&done, Choice::Accept), "n");
        let asking = [none, ("tcf.eventStatus", "cmpuishown")];
        assert_eq!(said(&asking, Choice::Reject), "");
    }
}
