//! How much of the Open Cookie Database the catalogue knows, and where the two disagree.
//!
//! `make catalogue-score OCD=open-cookie-database.csv [RULES=DIR]` runs it. A name counts as covered
//! if an entry matches it that needs consent in the profile `eu`, and as a false alarm if that
//! happens to a name that the database calls functional, which there means strictly necessary. Each
//! name is tried on the visited site's own host and on the domain that the database gives, with only
//! those providers present that the database names. Ends with 1 if a target is missed.

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
    needs_consent: BTreeSet<String>,
    exempt: BTreeSet<String>,
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
    let covered = share(&tracking.needs_consent, &tracking.names);
    let false_alarms = share(&necessary.needs_consent, &necessary.names);
    print(&tracking, &necessary)?;
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
        let (set, word) = match exemption {
            Some(_) => (&mut self.exempt, "exempt"),
            None => (&mut self.needs_consent, "needs consent"),
        };
        set.insert(row.name.clone());
        let Row {
            platform,
            category,
            name,
            ..
        } = row;
        self.lines.push(format!(
            "{word}\t{category}\t{platform}\t{name}\t{} of {}",
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
    let domain = row.domain.trim_start_matches('.').to_ascii_lowercase();
    let domain = domain.split([' ', '/', ',']).next().unwrap_or_default();
    let places = [(SITE, Party::First), (domain, Party::Third)];
    let names: Vec<String> = match row.is_prefix {
        true => ENDINGS
            .iter()
            .map(|end| format!("{}{end}", row.name))
            .collect(),
        false => vec![row.name.clone()],
    };
    let stores = [Store::Cookie, Store::LocalStorage, Store::SessionStorage];
    for (host, party) in places.into_iter().filter(|(host, _)| !host.is_empty()) {
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

fn print(tracking: &Tally, necessary: &Tally) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let told = |line: &&String| !line.starts_with("needs consent");
    writeln!(
        out,
        "Analytics and marketing names that are not found as needing consent:\n"
    )?;
    for line in tracking.lines.iter().filter(told) {
        writeln!(out, "  {line}")?;
    }
    writeln!(
        out,
        "\nFunctional names that are found as needing consent:\n"
    )?;
    for line in necessary
        .lines
        .iter()
        .filter(|line| !told(line) && !line.starts_with("unknown"))
    {
        writeln!(out, "  {line}")?;
    }
    writeln!(
        out,
        "\n{} of {} analytics and marketing names covered ({:.1} %; at least 95 %)",
        tracking.needs_consent.len(),
        tracking.names.len(),
        100.0 * share(&tracking.needs_consent, &tracking.names)
    )?;
    writeln!(
        out,
        "{} of {} functional names raise a false alarm ({:.1} %; less than 2 %), {} are known to be exempt",
        necessary.needs_consent.len(),
        necessary.names.len(),
        100.0 * share(&necessary.needs_consent, &necessary.names),
        necessary.exempt.len()
    )
}
