//! How much of the Open Cookie Database the catalogue knows, and where the two disagree.
//!
//! `make catalogue-score OCD=open-cookie-database.csv [RULES=DIR]` runs it. An analytics or marketing
//! name counts as covered if an entry matches it that needs consent in the profile `eu`; a functional
//! name, which there means strictly necessary, counts as a false alarm if that happens to it. Where
//! the catalogue is of another opinion and says why (`why`, or a sub-type that is exempt on a ground
//! of its own, such as an opt-out), that is a disagreement: it is listed and counted apart. Each name
//! is tried on the visited site's own host and on the domain that the database gives, with only those
//! providers present that the database names. Ends with 1 if a target is missed.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;
use std::path::Path;

use preconsent::catalogue::matcher::{Match, Query};
use preconsent::catalogue::{Catalogue, builtin, load};
use preconsent::model::item::{Party, Store};
use preconsent::profile::{self, Profile};

/// At least this share of the analytics and marketing names is covered.
const COVERED_MIN: f64 = 0.95;

/// Less than this share of the functional names raises a false alarm.
const FALSE_ALARMS_MAX: f64 = 0.02;

/// A host that belongs to nobody.
const SITE: &str = "shop.example";

/// What may follow the prefix of a name that the database marks as one.
const ENDINGS: [&str; 5] = ["", "1", "1234567", "64f0c0ffee64f0c0ffee64f0", "AB12CD34EF"];

/// A row of the database.
struct Row {
    platform: String,
    category: String,
    name: String,
    domain: String,
    is_prefix: bool,
}

/// What became of the names of one kind.
#[derive(Default)]
struct Tally {
    names: BTreeSet<String>,
    /// Found, and of the database's opinion.
    agreed: BTreeSet<String>,
    /// Found, of another opinion, and with a reason.
    reasoned: BTreeSet<String>,
    /// Found, of another opinion, and without one.
    plain: BTreeSet<String>,
    lines: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::var("OCD").map_err(|_| "set OCD to the database's CSV file")?;
    let mut catalogue = builtin::catalogue();
    if let Ok(folder) = std::env::var("RULES") {
        catalogue = load::add_directory(catalogue, Path::new(&folder))?;
    }
    let profile = profile::builtin("eu")?;
    let (mut tracking, mut necessary) = (Tally::default(), Tally::default());
    for row in read(&file)? {
        match row.category.as_str() {
            "Analytics" | "Marketing" => tracking.count(&row, &catalogue, &profile),
            "Functional" | "Security" | "Necessary" => necessary.count(&row, &catalogue, &profile),
            _ => {}
        }
    }
    let (covered, false_alarms) = print(&tracking, &necessary)?;
    if covered < COVERED_MIN || false_alarms >= FALSE_ALARMS_MAX {
        return Err("a target is missed".into());
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_path(file)?.records() {
        let record = record?;
        let field = |index| record.get(index).unwrap_or_default().trim().to_owned();
        rows.push(Row {
            platform: field(1),
            category: field(2),
            name: field(3),
            domain: field(4),
            is_prefix: field(9) == "1",
        });
    }
    Ok(rows)
}

impl Tally {
    fn count(&mut self, row: &Row, catalogue: &Catalogue, profile: &Profile) {
        self.names.insert(row.name.clone());
        let Some(found) = find(row, catalogue) else {
            let Row {
                platform,
                category,
                name,
                domain,
                ..
            } = row;
            self.lines
                .push(format!("unknown\t{category}\t{platform}\t{name}\t{domain}"));
            return;
        };
        let entry = found.entry;
        let exemption = profile.exemption(
            entry.role,
            entry.sub_type.as_deref(),
            entry.service.as_deref(),
        );
        let is_tracking = matches!(row.category.as_str(), "Analytics" | "Marketing");
        let has_reason = entry.why.is_some() || (is_tracking && entry.sub_type.is_some());
        let (set, word) = match (exemption.is_some() != is_tracking, has_reason) {
            (true, _) => (&mut self.agreed, "agreed"),
            (false, true) => (&mut self.reasoned, "disagreement"),
            (false, false) => (&mut self.plain, "wrong"),
        };
        set.insert(row.name.clone());
        let Row {
            platform,
            category,
            name,
            ..
        } = row;
        let reason = entry
            .why
            .as_deref()
            .or(entry.sub_type.as_deref())
            .unwrap_or_default();
        self.lines.push(format!(
            "{word}\t{category}\t{platform}\t{name}\t{} of {}\t{reason}",
            entry.name.text, found.provider.id
        ));
    }
}

/// The entry that a visit would find for the row.
fn find<'c>(row: &Row, catalogue: &'c Catalogue) -> Option<Match<'c>> {
    let platform = plain(&row.platform);
    let is_named = |name: &str| {
        let name = plain(name);
        !name.is_empty() && (platform.contains(&name) || name.contains(&platform))
    };
    let present: Vec<&str> = catalogue
        .providers
        .iter()
        .filter(|p| is_named(&p.name) || is_named(&p.id))
        .map(|p| p.id.as_str())
        .collect();
    // `.bing.com (3rd party) or .microsoft.com (3rd party)`
    let domain = row.domain.to_ascii_lowercase();
    let hosts = domain
        .split([' ', '/', ','])
        .map(|word| word.trim_start_matches('.'));
    let hosts = hosts
        .filter(|word| word.contains('.'))
        .map(|host| (host, Party::Third));
    let places: Vec<_> = std::iter::once((SITE, Party::First)).chain(hosts).collect();
    let names: Vec<String> = match row.is_prefix {
        true => ENDINGS
            .iter()
            .map(|end| format!("{}{end}", row.name))
            .collect(),
        false => vec![row.name.clone()],
    };
    let stores = [Store::Cookie, Store::LocalStorage, Store::SessionStorage];
    for (host, party) in places {
        for (name, store) in names.iter().flat_map(|n| stores.map(|s| (n, s))) {
            let query = Query {
                store,
                name,
                values: &[],
                host,
                party,
                present: &present,
            };
            if let Some(found) = catalogue.find_match(&query) {
                return Some(found);
            }
        }
    }
    None
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[expect(clippy::cast_precision_loss, reason = "some thousand names")]
fn share(some: &BTreeSet<String>, all: &BTreeSet<String>) -> f64 {
    some.len() as f64 / all.len().max(1) as f64
}

/// Prints everything but what both agree on; returns the shares of covered names and of false alarms.
fn print(tracking: &Tally, necessary: &Tally) -> std::io::Result<(f64, f64)> {
    let mut out = std::io::stdout().lock();
    let open = |line: &&String| !line.starts_with("agreed");
    writeln!(out, "Analytics and marketing names:\n")?;
    for line in tracking.lines.iter().filter(open) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nFunctional names:\n")?;
    let known = |line: &&String| open(line) && !line.starts_with("unknown");
    for line in necessary.lines.iter().filter(known) {
        writeln!(out, "  {line}")?;
    }
    // A name of several platforms may be found both ways; the better way counts for coverage.
    let settled = tracking.agreed.union(&tracking.reasoned).cloned().collect();
    let covered = share(&settled, &tracking.names);
    let false_alarms = share(&necessary.plain, &necessary.names);
    writeln!(
        out,
        "\nof {} analytics and marketing names {} need consent here as well, {} do not for a stated \
         reason: {:.1} % (at least 95 %)",
        tracking.names.len(),
        tracking.agreed.len(),
        settled.len() - tracking.agreed.len(),
        100.0 * covered
    )?;
    writeln!(
        out,
        "of {} functional names {} need consent here for a stated reason, {} without one: {:.1} % \
         (less than 2 %); {} are known to need none",
        necessary.names.len(),
        necessary.reasoned.len(),
        necessary.plain.len(),
        100.0 * false_alarms,
        necessary.agreed.len()
    )?;
    Ok((covered, false_alarms))
}
