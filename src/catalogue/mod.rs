//! The catalogue: what is known about items, read from YAML.
//!
//! [`load`] reads files (in their raw form first, then checked, then compared for ties), [`matcher`]
//! finds the entry for an item (with `value.rs`), [`nearest`] the one that was probably meant, [`presence`] tells which
//! provider an address belongs to, [`pattern`] reads names, [`duration`] of the model lifetimes, and
//! [`builtin`] embeds `rules/catalogue/`. [`lint`] judges the catalogue itself, [`list`] reads lists
//! that others keep and makes catalogue files of them, [`mod@declared`] understands the words of
//! declarations. The types here are what the rest of the program sees.

pub mod builtin;
pub mod declared;
pub mod lint;
pub mod list;
pub mod load;
pub mod matcher;
pub mod nearest;
pub mod pattern;
pub mod policy;
pub mod presence;
mod raw;
mod ties;
mod validate;
mod value;

use std::collections::BTreeMap;

use regex::Regex;

pub use self::value::ValueQuestions;
pub use crate::model::duration;
use crate::model::item::{Party, Store};
use crate::model::role::{ExemptionClaim, Role};
use crate::yaml::Place;

use self::duration::Expires;
use self::pattern::NamePattern;

/// All providers that are known to a run.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// In order of their ids.
    pub providers: Vec<Provider>,
}

/// One vendor or platform and the items it is known to store.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The file's name without its ending; unique, used by `--rules` to override.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Home page.
    pub homepage: Option<String>,
    /// Host patterns (`*.tawk.to`; `*.` also means the bare domain); a request there shows the
    /// provider.
    pub hosts: Vec<String>,
    /// Further signs of the provider.
    pub present_if: PresentIf,
    /// True when any other item written by this provider's scripts is undeclared.
    pub complete: bool,
    /// What the browser engine must wait for when this provider is present.
    pub settle: Settle,
    /// How a visitor asks for the provider's service.
    pub open: Option<Open>,
    /// What its documentation says of storage before a consent form of its own is answered.
    pub own_form: Option<String>,
    /// The request that must succeed before the provider stores everything it stores.
    pub needs_response: Option<NeedsResponse>,
    /// Its entries in file order.
    pub entries: Vec<Entry>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Where the file is.
    pub place: Place,
}

/// Signs of a provider besides requests to its hosts.
#[derive(Debug, Clone, Default)]
pub struct PresentIf {
    /// Names of globals on `window`.
    pub globals: Vec<String>,
    /// Address patterns of scripts, without scheme (`embed.tawk.to/*`).
    pub scripts: Vec<String>,
    /// Regular expressions that find the provider's code in addresses and in scripts that are not
    /// run. Their named groups are values that name patterns of the entries need.
    pub snippets: Vec<Regex>,
}

/// How long a provider may stay quiet before it is done.
#[derive(Debug, Clone, Default)]
pub struct Settle {
    /// Once the provider's hosts were contacted, how long network and storage must be quiet, in
    /// milliseconds; `None` for the engine's default.
    pub quiet_ms: Option<u64>,
}

/// How a visitor asks for a provider's service, such as the chat.
#[derive(Debug, Clone)]
pub struct Open {
    /// The service, in the word that entries use.
    pub service: String,
    /// Selectors of what a visitor presses, in order.
    pub press: Vec<String>,
    /// Path of a function of the page that does the same (`Tawk_API.maximize`).
    pub call: Option<String>,
    /// Path of a function of the page that answers `true` once the widget is open.
    pub opened: String,
}

/// A request without whose success the provider's remaining items cannot be judged.
#[derive(Debug, Clone)]
pub struct NeedsResponse {
    /// Address pattern without scheme, such as `va.tawk.to/v1/session/start`.
    pub url: String,
    /// What cannot be said without it, as a sentence.
    pub otherwise: String,
}

/// What is known about the items of one name pattern.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name pattern.
    pub name: NamePattern,
    /// Other names that the vendor's documentation uses.
    pub documented_as: Vec<String>,
    /// The same names as patterns; an item of such a name is this entry's too.
    pub aliases: Vec<NamePattern>,
    /// What the value looks like, where the name alone does not tell what the item is for
    /// (`*::cf`): in the language of name patterns, anchored, small and capital letters told apart.
    /// The value of a cookie is compared percent-decoded; an item of which no value is known does
    /// not match. Of several values the least exempt one counts.
    pub value: Option<NamePattern>,
    /// Where it is kept.
    pub store: Store,
    /// Whose it is, where that is fixed.
    pub party: Option<Party>,
    /// Hosts it may belong to, where the name alone says too little.
    pub hosts: Vec<String>,
    /// True for generic names: matches only where the provider was found in the visit.
    pub needs_provider: bool,
    /// Declared lifetime.
    pub expires: Expires,
    /// The lifetime that the vendor's documentation states, where it is another one.
    pub documented_expires: Option<Expires>,
    /// Whether the vendor renews the lifetime on each visit.
    pub refresh: bool,
    /// The vendor's own word for the role.
    pub claimed_role: Option<String>,
    /// Ours.
    pub role: Role,
    /// Kind of essential item (`consent-record`, `load-balancing`, `bot-check`, …) that a profile
    /// may exempt.
    pub sub_type: Option<String>,
    /// The service a visitor must ask for before "essential" can hold (`chat`).
    pub service: Option<String>,
    /// Exemptions that the site claims for it, beyond those that follow from its role.
    pub exempt: Vec<ExemptionClaim>,
    /// Why the role is ours and not the vendor's.
    pub why: Option<String>,
    /// What it is for.
    pub purpose: String,
    /// Since when the vendor no longer uses it (`2022-09`), for deprecated names.
    pub deprecated: Option<String>,
    /// Keys of `sources`, resolved to addresses or citations with the day they were read.
    pub sources: Vec<String>,
    /// Items that match.
    pub examples: Vec<Example>,
    /// What [`lint`] would object to and is right all the same: its id, and why.
    pub accepted: BTreeMap<String, String>,
    /// Where the entry stands.
    pub place: Place,
}

/// An item that an entry describes, or one that it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// Its value, where it matters.
    pub value: Option<String>,
}
