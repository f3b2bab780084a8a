//! The advertising industry's consent strings: TC strings of the TCF (versions 2.0 to 2.3), GPP
//! strings, and the older US privacy string.
//!
//! Of a TC string the purposes, the special features and whether any vendor is allowed are read.
//! Legitimate interests are no consent and are left out: a visitor who rejects everything may still
//! have them in the string. Vendor ranges are never spread out, so that a string made to do harm
//! costs no more than its length. Bit positions: IAB Tech Lab, "Consent string and vendor list
//! formats v2", table "The core string"; section names: IAB Tech Lab, "Global Privacy Platform".

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use iab_gpp::sections::us_common::OptOut;
use iab_gpp::sections::{Section, SectionId, usca, usnat};
use iab_gpp::v1::GPPString;

use super::Decoded;
use super::formats::sum;

/// No platform writes longer strings; they must fit into a cookie.
const MAX_BYTES: usize = 8 * 1024;

/// Segments besides the core, by the type in their first three bits.
const DISCLOSED_VENDORS: u32 = 1;

/// Where things are in the core segment, in bits.
mod at {
    pub(super) const POLICY_VERSION: usize = 132;
    pub(super) const SPECIAL_FEATURES: usize = 140;
    pub(super) const PURPOSES: usize = 152;
    pub(super) const VENDORS: usize = 213;
}

/// A bit string, most significant bit first.
struct Bits(Vec<u8>);

impl Bits {
    fn of(segment: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(segment).ok().map(Self)
    }

    fn number(&self, from: usize, length: usize) -> Option<u32> {
        (from..from + length).try_fold(0, |number, place| {
            let byte = self.0.get(place / 8)?;
            Some(number << 1 | u32::from(byte >> (7 - place % 8) & 1))
        })
    }

    fn bit(&self, place: usize) -> Option<bool> {
        self.number(place, 1).map(|bit| bit == 1)
    }

    /// Whether a list of vendors (a bit field, or ranges) names any.
    fn names_vendors(&self, from: usize) -> Option<bool> {
        let count = usize::try_from(self.number(from, 16)?).ok()?;
        if self.bit(from + 16)? {
            return Some(self.number(from + 17, 12)? > 0);
        }
        let mut any = false;
        for place in from + 17..from + 17 + count {
            any |= self.bit(place)?;
        }
        Some(any)
    }
}

/// `CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.…`
pub(super) fn tc_string(value: &str) -> Option<Decoded> {
    if value.len() > MAX_BYTES {
        return None;
    }
    let mut segments = value.split('.');
    let core = Bits::of(segments.next()?)?;
    if core.number(0, 6)? != 2 {
        return None;
    }
    // Purpose 11 came with version 4 of the policy (TCF 2.2).
    let purposes = if core.number(at::POLICY_VERSION, 6)? >= 4 {
        11
    } else {
        10
    };
    let mut parts = BTreeMap::new();
    for purpose in 1..=purposes {
        let allowed = core.bit(at::PURPOSES + purpose - 1)?;
        parts.insert(format!("purpose {purpose:02}"), Some(allowed));
    }
    for feature in 1..=2 {
        // Few sites ask for special features, so one that is not allowed says nothing.
        if core.bit(at::SPECIAL_FEATURES + feature - 1)? {
            parts.insert(format!("special feature {feature}"), Some(true));
        }
    }
    parts.insert("vendors".to_owned(), Some(core.names_vendors(at::VENDORS)?));
    for segment in segments {
        let bits = Bits::of(segment)?;
        if bits.number(0, 3)? == DISCLOSED_VENDORS {
            bits.names_vendors(3)?;
        }
    }
    Some(sum(parts, true))
}

/// `DBABM~CPXxRf…`: a header and sections.
pub(super) fn gpp(value: &str) -> Option<Decoded> {
    // Nothing shorter and nothing else begins so (type 3, version 1).
    if value.len() > MAX_BYTES || !value.starts_with("DB") {
        return None;
    }
    let string = GPPString::parse_str(value).ok()?;
    let mut parts = BTreeMap::new();
    for &id in string.section_ids() {
        let text = string.section(id)?;
        match id {
            SectionId::TcfEuV2 => parts.extend(tc_string(text)?.parts),
            SectionId::UspV1 => parts.extend(us_privacy(text)?.parts),
            SectionId::UsNat | SectionId::UsCa => {
                parts.extend(us_section(&string.decode_section(id).ok()?));
            }
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| sum(parts, true))
}

/// What the national and the Californian section say about sale, sharing and targeting.
fn us_section(section: &Section) -> Vec<(String, Option<bool>)> {
    let named = match section {
        Section::UsNat(nat) => match &nat.core {
            usnat::Core::V1(core) => vec![
                ("sale", &core.sale_opt_out),
                ("sharing", &core.sharing_opt_out),
                ("targeted advertising", &core.targeted_advertising_opt_out),
            ],
            usnat::Core::V2(core) => vec![
                ("sale", &core.sale_opt_out),
                ("sharing", &core.sharing_opt_out),
                ("targeted advertising", &core.targeted_advertising_opt_out),
            ],
            _ => Vec::new(),
        },
        Section::UsCa(usca::UsCa { core, .. }) => {
            vec![
                ("sale", &core.sale_opt_out),
                ("sharing", &core.sharing_opt_out),
            ]
        }
        _ => Vec::new(),
    };
    let told = named
        .into_iter()
        .filter_map(|(name, opt_out)| match opt_out {
            OptOut::NotApplicable => None,
            OptOut::OptedOut => Some((name.to_owned(), Some(false))),
            OptOut::DidNotOptOut => Some((name.to_owned(), Some(true))),
        });
    told.collect()
}

/// `1YNN`: version, notice given, opted out of sale, covered by the industry's agreement.
pub(super) fn us_privacy(value: &str) -> Option<Decoded> {
    let mut letters = value.chars();
    if letters.next() != Some('1') || value.len() != 4 {
        return None;
    }
    let all: Vec<char> = letters.map(|c| c.to_ascii_uppercase()).collect();
    if !all.iter().all(|c| matches!(c, 'Y' | 'N' | '-')) {
        return None;
    }
    let sale = match all[1] {
        'Y' => Some(false),
        'N' => Some(true),
        _ => None,
    };
    Some(sum(BTreeMap::from([("sale".to_owned(), sale)]), true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::record::RecordState;

    /// A TC string of version 2 whose core has these numbers, as (first bit, length, number).
    fn written(fields: &[(usize, usize, u32)], bits: usize) -> String {
        let mut bytes = vec![0_u8; bits.div_ceil(8)];
        for &(from, length, number) in [(0, 6, 2)].iter().chain(fields) {
            for place in 0..length {
                let bit = u8::try_from(number >> (length - 1 - place) & 1).unwrap_or(0);
                bytes[(from + place) / 8] |= bit << (7 - (from + place) % 8);
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn state(value: &str) -> Option<(RecordState, usize)> {
        tc_string(value).map(|d| (d.state, d.parts.len()))
    }

    #[test]
    fn a_tc_string_says_what_is_allowed() {
        let none = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
        assert_eq!(
            state(none),
            Some((RecordState::Rejected, 11)),
            "10 purposes and the vendors"
        );
        let all_purposes = [(132, 6, 5), (152, 11, 0x7ff), (213, 16, 8), (230, 8, 0xff)];
        let all = written(&all_purposes, 240);
        assert_eq!(state(&all), Some((RecordState::Accepted, 12)));
        let one = written(&[(132, 6, 5), (152, 11, 0x400)], 240);
        assert_eq!(state(&one), Some((RecordState::Partial, 12)));
        let ranges = written(&[(213, 16, 900), (229, 1, 1), (230, 12, 1)], 300);
        let vendors = tc_string(&ranges).map(|d| d.parts.last().cloned());
        assert_eq!(vendors, Some(Some(("vendors".to_owned(), Some(true)))));
        let with_disclosed = format!("{none}.IAAA");
        assert_eq!(state(&with_disclosed), Some((RecordState::Rejected, 11)));
    }

    #[test]
    fn other_strings_are_none() {
        for value in [
            "",
            "C",
            "CPXx",
            "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA",
            "é",
            "CPXxRfA.=",
        ] {
            assert_eq!(tc_string(value), None, "{value}");
            assert_eq!(gpp(value), None, "{value}");
        }
        // It says that there are more vendors than it has bits.
        assert_eq!(tc_string(&written(&[(213, 16, 60_000)], 240)), None);
        assert_eq!(tc_string(&"C".repeat(9000)), None);
    }

    #[test]
    fn gpp_strings_hold_sections() {
        let europe = gpp("DBABM~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA");
        assert_eq!(europe.map(|d| d.state), Some(RecordState::Rejected));
        let both = gpp("DBACNY~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN");
        let sale = both.and_then(|d| d.parts.into_iter().find(|(name, _)| name == "sale"));
        assert_eq!(sale, Some(("sale".to_owned(), Some(true))));
    }

    #[test]
    fn the_us_privacy_string_speaks_of_sale() {
        for (value, expected) in [
            ("1YNN", Some(RecordState::Accepted)),
            ("1YYN", Some(RecordState::Rejected)),
            ("1---", Some(RecordState::Pending)),
            ("2YNN", None),
            ("1YN", None),
            ("1yxn", None),
        ] {
            assert_eq!(us_privacy(value).map(|d| d.state), expected, "{value}");
        }
    }
}
