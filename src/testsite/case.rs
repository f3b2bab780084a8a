//! What is known about each folder of `fixtures/sites/`: its `site.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::files;

/// A bundled case: one page (or a few) that shows one thing a scanner must get right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseInfo {
    /// Folder and host name: `https://<name>.shop.test/`.
    pub name: String,
    /// One line for people: what it shows.
    pub title: String,
    /// `https` and `http`, or only the one under which `expect` holds.
    pub schemes: Vec<String>,
    /// What a scan with the default settings must say.
    pub expect: Expect,
}

/// What a scan must say about a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// `pass`, `fail` or `inconclusive`; `None` where the case is about what is recorded, not about
    /// how it is judged.
    #[serde(default)]
    pub verdict: Option<String>,
    /// Ids of checks that must report a finding; others may too.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Kinds of faults that must be named on every visit.
    #[serde(default)]
    pub faults: Vec<String>,
}

/// The contents of a folder's `site.json`.
///
/// A folder without one is served, but is no case. Requests for paths that no route names get the
/// file of that path (`/about` also finds `about.html`), first in the folder, then in `_shared/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Site {
    /// One line for people.
    #[serde(default)]
    pub(super) title: String,
    /// The schemes under which `expect` holds; both when left out.
    #[serde(default = "both_schemes")]
    pub(super) schemes: Vec<String>,
    /// What a scan must say; hosts that only stand around have none.
    pub(super) expect: Option<Expect>,
    /// Answers that are more than a file, by exact path without query.
    #[serde(default)]
    pub(super) routes: BTreeMap<String, Route>,
}

/// How one path is answered.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Route {
    /// Status; 200 when left out.
    pub(super) status: Option<u16>,
    /// Header lines, repeated names allowed; a `content-type` replaces the file's own.
    pub(super) headers: Vec<(String, String)>,
    /// The body as text.
    pub(super) body: Option<String>,
    /// The body's file: in the same folder, or with a leading slash below `fixtures/sites/`.
    /// Without `body` and `file`, the file of the path, and nothing if there is none.
    pub(super) file: Option<String>,
    /// How long the answer waits.
    pub(super) delay_ms: u64,
    /// True to keep the connection open after the body, as if more were to come for ever.
    pub(super) endless: bool,
}

fn both_schemes() -> Vec<String> {
    vec!["https".to_owned(), "http".to_owned()]
}

/// Every `site.json` by its folder (`leaky`, `_hosts/tracker.test`).
static SITES: LazyLock<BTreeMap<String, Site>> = LazyLock::new(|| {
    files::folders()
        .into_iter()
        .filter_map(|folder| {
            let text = files::get(&format!("{folder}/site.json"))?;
            let site = serde_json::from_slice(text)
                .unwrap_or_else(|error| panic!("fixtures/sites/{folder}/site.json: {error}"));
            Some((folder, site))
        })
        .collect()
});

/// The `site.json` of a folder, if it has one.
pub(super) fn site(folder: &str) -> Option<&'static Site> {
    SITES.get(folder)
}

/// Every bundled case, by name.
///
/// # Panics
/// Never in a build whose tests passed: they read every embedded `site.json`.
#[must_use]
pub fn cases() -> Vec<CaseInfo> {
    SITES
        .iter()
        .filter_map(|(name, site)| {
            Some(CaseInfo {
                name: name.clone(),
                title: site.title.clone(),
                schemes: site.schemes.clone(),
                expect: site.expect.clone()?,
            })
        })
        .collect()
}
