//! Lifetimes that cannot be right.

use crate::catalogue::declared::lifetime::of_seconds;
use crate::catalogue::duration::Expires;

const DAY: i64 = 86_400;

/// Ten years, the longest that is plausible for a cookie.
const LONGEST_S: i64 = 3660 * DAY;

/// A thousandth of a lifetime is believed to have been meant if it is so many whole hours.
const HOUR: i64 = 3600;

/// Why a cookie's lifetime is implausible, and what may have been meant.
pub(super) fn implausible(expires: &Expires) -> Option<(String, String)> {
    let Expires::Within { upper_s, .. } = expires else {
        return None;
    };
    if *upper_s <= LONGEST_S {
        return None;
    }
    let message = format!(
        "a lifetime of {} is longer than ten years; browsers keep no cookie for more than 400 days",
        years(*upper_s, expires)
    );
    let help = meant(*upper_s).unwrap_or_else(|| {
        String::from(
            "state the lifetime that the vendor states, or say in \"accept\" why it is right",
        )
    });
    Some((message, help))
}

/// Why a lifetime was probably written in milliseconds instead of seconds.
pub(super) fn wrong_unit(expires: &Expires) -> Option<String> {
    let Expires::Within { upper_s, .. } = expires else {
        return None;
    };
    let meant = meant(*upper_s).filter(|_| *upper_s > LONGEST_S)?;
    Some(format!(
        "a lifetime of {}: {meant}",
        years(*upper_s, expires)
    ))
}

fn years(upper_s: i64, expires: &Expires) -> String {
    match upper_s / (366 * DAY) {
        whole if whole > 200 => format!("{} ({whole} years)", expires.in_words()),
        _ => expires.in_words(),
    }
}

/// What the lifetime would be if it had been written in milliseconds.
fn meant(upper_s: i64) -> Option<String> {
    let seconds = upper_s / 1000;
    let plausible = upper_s % 1000 == 0 && seconds % HOUR == 0 && seconds <= 800 * DAY;
    let seconds = u64::try_from(seconds).ok().filter(|_| plausible)?;
    Some(format!(
        "in milliseconds it would be {}; was a number of seconds meant?",
        of_seconds(seconds).in_words()
    ))
}
