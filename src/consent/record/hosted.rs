//! What hosted consent platforms store about the choice.
//!
//! None of these platforms can be run without the internet. The formats are as their vendors'
//! documentation, the Open Cookie Database and public rule lists describe them; a value of another
//! form is not guessed at.

mod json;
mod text;

use std::collections::BTreeMap;

use super::formats::sum;
use super::{Decoded, RecordState};

pub(super) use json::{
    axeptio, borlabs, civic, cookie_information, cookie_law_info, cookiefirst, cookiescript,
    didomi, iubenda, shopify, sourcepoint, usercentrics,
};
pub(super) use text::{
    complianz, cookiebot, cookieyes, hubspot, onetrust, tawk, tealium, trustarc, trustcommander,
    yes_no,
};

type Parts = BTreeMap<String, Option<bool>>;

/// A record in which nothing has been decided yet.
fn pending() -> Decoded {
    Decoded {
        state: RecordState::Pending,
        parts: Vec::new(),
        complete: true,
    }
}

fn of_parts(parts: Parts, complete: bool) -> Option<Decoded> {
    (!parts.is_empty()).then(|| sum(parts, complete))
}

fn one_or_zero(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}
