//! Whether a record says what a visitor asked for who allowed some categories and refused the others.
//!
//! What a record's parts are called is the site's own choice. A part is known by the switch that was
//! set for it, whose marks in the page hold the part's name, or else by what its name means.

use super::agree::Agreement::{self, No, Unclear, Yes};
use super::agree::{list, names, was_allowed};
use super::{Decoder, RecordState, decode, is_necessary};
use crate::consent::category;
use crate::model::role::Role;

/// A switch as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is called in the page: its text, and its marks.
    pub names: Vec<String>,
    /// Whether it was put on.
    pub allow: bool,
    /// Whether it cannot be moved.
    pub fixed: bool,
}

/// Compares the record's values before and after the choice (`None`: not stored) with the switches
/// that were set and the categories that were allowed.
///
/// Yes only if the record allows all that was put on, and nothing that was put off; a part that is
/// neither, and newly allowed, leaves it unclear.
#[must_use]
pub fn agrees_in_part(
    decoder: Decoder,
    before: Option<&str>,
    after: Option<&str>,
    parts: &[Part],
    allow: &[Role],
) -> Agreement {
    let before = before.and_then(|v| decode(decoder, v));
    let Some(after) = after else {
        return No("no choice is recorded".to_owned());
    };
    let Some(after) = decode(decoder, after) else {
        return Unclear("the record's value is not of the known format".to_owned());
    };
    match after.state {
        RecordState::Pending => return No("the record still waits for a choice".to_owned()),
        RecordState::Dismissed => return No("the notice was dismissed".to_owned()),
        _ => {}
    }
    let wanted = |name: &str| wanted(name, parts, allow);
    let wrong = names(&after, |name, said| {
        let asked = wanted(name);
        asked.is_some() && said.unwrap_or(false) != asked.unwrap_or(false)
    });
    if !wrong.is_empty() {
        return No(format!("not as asked for: {}", list(&wrong)));
    }
    let allowed = names(&after, |name, v| v == Some(true) && wanted(name).is_some());
    let open = names(&after, |name, v| {
        v == Some(true)
            && wanted(name).is_none()
            && !is_necessary(name)
            && !was_allowed(before.as_ref(), name)
    });
    if !open.is_empty() {
        return Unclear(format!(
            "also allowed, perhaps as required: {}",
            list(&open)
        ));
    }
    let put_on = parts
        .iter()
        .filter(|part| part.allow && !part.fixed)
        .count();
    if allowed.is_empty() || allowed.len() < put_on.min(after.parts.len()) {
        return Unclear("the record does not name all that was allowed".to_owned());
    }
    let refused = names(&after, |name, v| v != Some(true) && wanted(name).is_some());
    match refused.is_empty() {
        true => Yes(format!("allowed: {}", list(&allowed))),
        false => Yes(format!(
            "allowed: {}; refused: {}",
            list(&allowed),
            list(&refused)
        )),
    }
}

/// Whether a part of the record was asked for; `None` if nothing tells.
fn wanted(name: &str, parts: &[Part], allow: &[Role]) -> Option<bool> {
    let known = parts.iter().filter_map(|part| {
        let closeness = part.names.iter().filter_map(|mark| distance(name, mark));
        Some((closeness.min()?, part.allow))
    });
    if let Some((_, put_on)) = known.min_by_key(|(closeness, _)| *closeness) {
        return Some(put_on);
    }
    match category::role_of(name)? {
        Role::Essential | Role::Unclassified => None,
        role => Some(allow.contains(&role)),
    }
}

/// How many words a switch's mark has besides the part's name; `None` if the name is not in it.
fn distance(name: &str, mark: &str) -> Option<usize> {
    let plain = |words: &[String]| words.concat();
    let (name, mark) = (category::words(name), category::words(mark));
    let sought = plain(&name);
    if sought.is_empty() {
        return None;
    }
    let runs = (1..=mark.len()).flat_map(|n| mark.windows(n));
    let longest = runs
        .filter(|run| plain(run) == sought)
        .map(<[_]>::len)
        .max()?;
    Some(mark.len() - longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decoder::{CcCookie, Cookiebot, Klaro, Tarteaucitron};

    fn part(name: &str, allow: bool) -> Part {
        Part {
            names: vec![name.to_owned()],
            allow,
            fixed: false,
        }
    }

    fn word(decoder: Decoder, before: Option<&str>, after: &str, parts: &[Part]) -> char {
        match agrees_in_part(decoder, before, Some(after), parts, &[Role::Performance]) {
            Yes(_) => 'y',
            No(_) => 'n',
            Unclear(_) => '?',
        }
    }

    #[test]
    fn a_record_must_say_all_that_was_asked_for() {
        let parts = [
            part("service-item-counter", true),
            part("service-item-ads", false),
        ];
        for (after, expected) in [
            (r#"{"counter":true,"ads":false}"#, 'y'),
            (r#"{"counter":true,"ads":true}"#, 'n'),
            (r#"{"counter":false,"ads":false}"#, 'n'),
            (r#"{"necessary":true,"counter":true,"ads":false}"#, 'y'),
            (r#"{"session":true,"counter":true,"ads":false}"#, '?'),
            (r#"{"session":false,"ads":false}"#, '?'),
        ] {
            assert_eq!(word(Klaro, None, after, &parts), expected, "{after}");
        }
    }

    #[test]
    fn parts_are_known_by_what_their_names_mean_where_no_switch_tells() {
        let record = |on: &str| {
            format!(
                r#"{{"categories":["necessary","{on}"],"services":{{"necessary":[],"analytics":[],"ads":[]}}}}"#
            )
        };
        assert_eq!(word(CcCookie, None, &record("analytics"), &[]), 'y');
        assert_eq!(word(CcCookie, None, &record("marketing"), &[]), 'n');
        let cookiebot = |statistics: bool, marketing: bool| {
            format!(
                "{{stamp:'x',necessary:true,preferences:false,statistics:{statistics},marketing:{marketing},method:'explicit',ver:1}}"
            )
        };
        assert_eq!(word(Cookiebot, None, &cookiebot(true, false), &[]), 'y');
        assert_eq!(word(Cookiebot, None, &cookiebot(true, true), &[]), 'n');
    }

    #[test]
    fn what_was_allowed_before_anyone_asked_is_not_held_against_it() {
        let parts = [part("counterLine", true), part("adsLine", false)];
        let before = Some("!map=true!counter=wait!ads=wait");
        let after = "!map=true!counter=true!ads=false";
        assert_eq!(word(Tarteaucitron, before, after, &parts), 'y');
        assert_eq!(
            word(
                Tarteaucitron,
                before,
                "!map=true!counter=wait!ads=wait",
                &parts
            ),
            'n'
        );
    }

    #[test]
    fn the_closest_mark_counts() {
        assert_eq!(distance("ads", "service-item-ads"), Some(2));
        assert_eq!(distance("tawkto", "tawktoLine"), Some(1));
        assert_eq!(distance("googleAnalytics", "google-analytics"), Some(0));
        assert_eq!(distance("ads", "loads"), None);
        assert_eq!(distance("", "loads"), None);
        let parts = [part("ads", false), part("ads-extra", true)];
        assert_eq!(wanted("ads", &parts, &[]), Some(false));
    }

    #[test]
    fn without_a_record_nothing_was_chosen() {
        let none = agrees_in_part(Klaro, None, None, &[], &[]);
        assert_eq!(none, No("no choice is recorded".to_owned()));
    }
}
