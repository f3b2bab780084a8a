//! Whether a record says what the visitor asked for.

use super::{Decoded, Decoder, RecordState, decode, is_necessary};
use crate::model::choice::Choice;

/// How a record stands to the choice, with the reason as a sentence for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// It says what was asked for.
    Yes(String),
    /// It says something else, or nothing.
    No(String),
    /// It may say so; the record alone cannot tell.
    Unclear(String),
}

impl Agreement {
    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Yes(reason) | Self::No(reason) | Self::Unclear(reason) => reason,
        }
    }
}

use Agreement::{No, Unclear, Yes};

/// Compares the record's values before and after the choice (`None`: not stored) with the choice.
///
/// - Reject: nothing is allowed but what is necessary by its name or was allowed before the choice
///   (platforms store services that need no consent as allowed from the start), and something is
///   refused or a record appeared. Other parts that are still allowed beside refused ones may be
///   required ones: unclear.
/// - Accept: nothing is refused, and something beyond the necessary is allowed. Parts that are
///   refused beside allowed ones may be asked for one by one elsewhere: unclear.
/// - No choice: no record of a choice is there.
/// - Single categories: unclear; [`super::agrees_in_part`] knows what was asked for of each.
/// - A closed banner: nothing is accepted; what allows a part may always have done so: unclear.
#[must_use]
pub fn agrees(
    decoder: Decoder,
    before: Option<&str>,
    after: Option<&str>,
    asked: Choice,
) -> Agreement {
    let before = before.and_then(|v| decode(decoder, v));
    let Some(after) = after else {
        return absent(asked);
    };
    let Some(after) = decode(decoder, after) else {
        return Unclear("the record's value is not of the known format".to_owned());
    };
    match asked {
        Choice::None => untouched(&after),
        Choice::Dismiss => closed(&after),
        Choice::Custom => Unclear("what was asked for of each part is not told".to_owned()),
        _ if after.state == RecordState::Pending => {
            No("the record still waits for a choice".to_owned())
        }
        Choice::Reject | Choice::Withdraw | Choice::WidgetRefuse => {
            rejected(before.as_ref(), &after)
        }
        Choice::Accept | Choice::WidgetAccept => accepted(before.as_ref(), &after),
    }
}

fn absent(asked: Choice) -> Agreement {
    match asked {
        Choice::None | Choice::Dismiss => Yes("no choice is recorded".to_owned()),
        _ => No("no choice is recorded".to_owned()),
    }
}

fn untouched(after: &Decoded) -> Agreement {
    match after.state {
        RecordState::Pending => Yes("the record waits for a choice".to_owned()),
        _ => No("a choice is recorded although none was made".to_owned()),
    }
}

fn closed(after: &Decoded) -> Agreement {
    match after.state {
        RecordState::Accepted => No("the record accepts although nothing was chosen".to_owned()),
        RecordState::Partial => Unclear("the record allows a part".to_owned()),
        _ => Yes("nothing is accepted".to_owned()),
    }
}

fn rejected(before: Option<&Decoded>, after: &Decoded) -> Agreement {
    if after.state == RecordState::Dismissed {
        return No("the notice was dismissed, which its platform treats as consent".to_owned());
    }
    let refused = names(after, |_, v| v == Some(false));
    let new = |name: &str, v| v == Some(true) && !is_necessary(name) && !was_allowed(before, name);
    let allowed = names(after, new);
    let unasked = names(after, |name, v| {
        v == Some(true) && !is_necessary(name) && was_allowed(before, name)
    });
    match (allowed.is_empty(), refused.is_empty()) {
        (true, true) if !unasked.is_empty() => No(format!(
            "nothing is refused: {} allowed as before the choice",
            list(&unasked)
        )),
        (true, true) => Yes("only necessary parts are allowed".to_owned()),
        (true, false) if unasked.is_empty() => Yes(format!("refused: {}", list(&refused))),
        (true, false) => Yes(format!(
            "refused: {}; allowed as before the choice: {}",
            list(&refused),
            list(&unasked)
        )),
        (false, true) => No(format!("nothing is refused; allowed: {}", list(&allowed))),
        (false, false) => Unclear(format!(
            "refused: {}; still allowed, perhaps as required: {}",
            list(&refused),
            list(&allowed)
        )),
    }
}

fn accepted(before: Option<&Decoded>, after: &Decoded) -> Agreement {
    if after.state == RecordState::Dismissed {
        return Unclear("the notice was dismissed; nothing was asked".to_owned());
    }
    let refused = names(after, |_, v| v == Some(false));
    let allowed = names(after, |name, v| v == Some(true) && !is_necessary(name));
    if allowed.is_empty() {
        return if refused.is_empty() {
            Unclear("the record names only necessary parts".to_owned())
        } else {
            No(format!("nothing is allowed; refused: {}", list(&refused)))
        };
    }
    if !refused.is_empty() {
        return Unclear(format!(
            "allowed: {}; still refused: {}",
            list(&allowed),
            list(&refused)
        ));
    }
    if before.is_some_and(|b| b.state == RecordState::Accepted) {
        return Unclear("the record said so before the choice".to_owned());
    }
    if after.complete {
        Yes(format!("allowed: {}", list(&allowed)))
    } else {
        Unclear(format!(
            "allowed: {}; the record does not name what is refused",
            list(&allowed)
        ))
    }
}

pub(super) fn was_allowed(before: Option<&Decoded>, name: &str) -> bool {
    let mut parts = before.into_iter().flat_map(|b| &b.parts);
    parts.any(|(n, v)| n == name && *v == Some(true))
}

pub(super) fn names(decoded: &Decoded, keep: impl Fn(&str, Option<bool>) -> bool) -> Vec<&str> {
    let parts = decoded.parts.iter();
    parts
        .filter(|(name, v)| keep(name, *v))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// At most eight names; a record may hold hundreds.
pub(super) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Choice::{Accept, Reject};
    use Decoder::{CcCookie, CookieconsentStatus, Klaro, Tarteaucitron};

    fn word(decoder: Decoder, before: Option<&str>, after: Option<&str>, asked: Choice) -> char {
        match agrees(decoder, before, after, asked) {
            Yes(_) => 'y',
            No(_) => 'n',
            Unclear(_) => '?',
        }
    }

    #[test]
    fn no_record_proves_no_choice() {
        for decoder in [CcCookie, Klaro, Tarteaucitron, CookieconsentStatus] {
            assert_eq!(word(decoder, None, None, Reject), 'n');
            assert_eq!(word(decoder, None, None, Choice::None), 'y');
            assert_eq!(word(decoder, None, Some("�"), Accept), '?');
        }
    }

    #[test]
    fn klaro_cannot_tell_required_services_from_accepted_ones() {
        let cases = [
            (r#"{"chat":false}"#, 'y', 'n'),
            (r#"{"chat":true}"#, 'n', 'y'),
            (r#"{"necessary":true,"chat":false}"#, 'y', 'n'),
            (r#"{"session":true,"chat":false}"#, '?', '?'),
        ];
        for (after, reject, accept) in cases {
            assert_eq!(word(Klaro, None, Some(after), Reject), reject, "{after}");
            assert_eq!(word(Klaro, None, Some(after), Accept), accept, "{after}");
        }
    }

    #[test]
    fn cc_cookie_needs_its_categories() {
        let of =
            |accepted: &str, services: &str| format!(r#"{{"categories":[{accepted}]{services}}}"#);
        let all = r#","services":{"necessary":[],"ads":[]}"#;
        let cases = [
            (of(r#""necessary""#, all), 'y', 'n'),
            (of(r#""necessary","ads""#, all), 'n', 'y'),
            (of(r#""necessary","ads""#, ""), 'n', '?'),
            (of(r#""necessary""#, ""), 'y', '?'),
        ];
        for (after, reject, accept) in cases {
            assert_eq!(
                word(CcCookie, None, Some(&after), Reject),
                reject,
                "{after}"
            );
            assert_eq!(
                word(CcCookie, None, Some(&after), Accept),
                accept,
                "{after}"
            );
        }
    }

    #[test]
    fn tarteaucitron_allows_what_needs_no_consent_from_the_start() {
        let before = Some("!map=true!chat=wait");
        let cases = [
            ("!map=true!chat=wait", 'n', 'n'),
            ("!map=true!chat=false", 'y', '?'),
            ("!map=true!chat=true", 'n', 'y'),
        ];
        for (after, reject, accept) in cases {
            assert_eq!(
                word(Tarteaucitron, before, Some(after), Reject),
                reject,
                "{after}"
            );
            assert_eq!(
                word(Tarteaucitron, before, Some(after), Accept),
                accept,
                "{after}"
            );
        }
        let preset = Some("!chat=true");
        assert_eq!(word(Tarteaucitron, preset, preset, Reject), 'n');
        assert_eq!(word(Tarteaucitron, preset, preset, Accept), '?');
    }

    #[test]
    fn dismissing_a_notice_is_no_rejection() {
        let cases = [
            ("allow", 'n', 'y'),
            ("deny", 'y', 'n'),
            ("dismiss", 'n', '?'),
        ];
        for (after, reject, accept) in cases {
            assert_eq!(word(CookieconsentStatus, None, Some(after), Reject), reject);
            assert_eq!(word(CookieconsentStatus, None, Some(after), Accept), accept);
        }
    }

    #[test]
    fn closing_a_banner_accepts_nothing() {
        let cases = [
            (None, 'y'),
            (Some("!map=true!chat=wait"), 'y'),
            (Some("!chat=false"), 'y'),
            (Some("!map=true!chat=false"), '?'),
            (Some("!map=true!chat=true"), 'n'),
        ];
        for (after, expected) in cases {
            let said = word(Tarteaucitron, None, after, Choice::Dismiss);
            assert_eq!(said, expected, "{after:?}");
        }
    }

    #[test]
    fn reasons_stay_short() {
        let many: Vec<String> = (0..500).map(|i| format!("\"s{i:03}\":false")).collect();
        let record = format!("{{{}}}", many.join(","));
        let reason = agrees(Klaro, None, Some(&record), Reject)
            .reason()
            .to_owned();
        assert_eq!(
            reason,
            "refused: s000, s001, s002, s003, s004, s005, s006, s007 and 492 more"
        );
    }
}
