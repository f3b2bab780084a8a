//! How long a choice takes on real consent platforms, by the wall clock: from the earliest moment at
//! which a banner can show, which is when its platform's script has come, until the platform has
//! written its record; for a withdrawal, from the end of the reload before it, so that finding and
//! pressing what shows the banner again counts too.
//!
//! A choice that is not proven ends the run. The chat of the same pages, which comes after most
//! choices, is not waited for by these times.

use std::path::Path;

use preconsent::consent::recipe;
use preconsent::engine::browser::{BrowserEngine, BrowserOptions, BrowserSource};
use preconsent::engine::{Engine, Options};
use preconsent::model::choice::ChoiceState;
use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::target::{Place, Target};
use preconsent::model::visit::Visit;

use super::{Outcome, Setting, say};

/// Page, and the name of the record.
const PAGES: [(&str, &str, &str); 13] = [
    ("cookieconsent", "", "cookieconsent_status"),
    ("klaro", "", "klaro"),
    ("tarteaucitron", "", "tarteaucitron"),
    ("vanilla-cookieconsent", "", "cc_cookie"),
    ("cookie-consent-lite", "", "cookie_consent_status"),
    ("cookie-though", "", "cookie-preferences"),
    ("cookies-eu-banner", "", "hasConsent"),
    ("grrr-cookie-consent", "", "cookie-consent-preferences"),
    ("orejime", "", "eu-consent"),
    ("klaro", "deep", "klaro"),
    ("tarteaucitron", "deep", "tarteaucitron"),
    ("vanilla-cookieconsent", "deep", "cc_cookie"),
    ("orejime", "deep", "eu-consent"),
];

const CHOICES: [ScenarioId; 3] = [ScenarioId::Reject, ScenarioId::Accept, ScenarioId::Withdraw];

/// The longest that a choice may take, in milliseconds.
const LONGEST: u64 = 1500;

/// Times every choice on every page with the first browser, and says which took too long.
pub(super) fn measure(setting: &Setting, folder: &Path) -> Outcome<()> {
    if !folder.is_dir() {
        return Err(
            "the consent platforms are not installed; run make test, or npm ci in fixtures/cmp"
                .into(),
        );
    }
    let (kind, browser) = setting.browsers.last().ok_or("no browser")?;
    say(&format!(
        "\n| (g) page, {kind} | reject | accept | withdraw | within {LONGEST} ms |\n|---|---|---|---|---|"
    ))?;
    tokio::runtime::Runtime::new()?.block_on(all(setting, browser))
}

async fn all(setting: &Setting, browser: &Path) -> Outcome<()> {
    for (platform, page, record) in PAGES {
        let url = format!(
            "{}{page}",
            setting.site.url(&format!("cmp-{platform}-correct"))
        );
        let mut medians = Vec::new();
        for scenario in CHOICES {
            let mut times = Vec::new();
            for _ in 0..setting.rounds.min(3) {
                let visit = visit(setting, browser, &url, scenario).await?;
                times.push(time(&visit, record)?);
            }
            times.sort_unstable();
            medians.push(times[times.len() / 2]);
        }
        let within = medians.iter().filter(|t| **t <= LONGEST).count();
        let shown: Vec<String> = medians.iter().map(|t| format!("{t} ms")).collect();
        say(&format!(
            "| {platform} {page} | {} | {within} of {} |",
            shown.join(" | "),
            medians.len()
        ))?;
    }
    Ok(())
}

async fn visit(
    setting: &Setting,
    browser: &Path,
    url: &str,
    scenario: ScenarioId,
) -> Outcome<Visit> {
    let resolve = setting.site.resolve_args();
    let resolve = resolve.iter().map(|rule| rule.parse());
    let options = Options {
        resolve: resolve.collect::<Result<_, _>>()?,
        insecure: true,
        recipes: recipe::builtin(),
        ..Options::default()
    };
    let browser = BrowserOptions {
        source: BrowserSource::Program(browser.to_owned()),
        instead: None,
        third_party_cookies: true,
        no_sandbox: false,
    };
    let engine = BrowserEngine::start(browser, options).await?;
    let target = Target::parse(url, Place::CommandLine)?;
    let visit = engine.visit(&target, scenario).await;
    engine.close().await;
    Ok(visit?)
}

/// Milliseconds from when the banner can show to when the record is written.
fn time(visit: &Visit, record: &str) -> Outcome<u64> {
    let choice = &visit.choice;
    if choice.state != ChoiceState::Proven {
        return Err(format!("a choice is not proven: {choice:?} {:?}", visit.faults).into());
    }
    let pressed = choice.at_ms.ok_or("nothing was pressed")?;
    let mut writes = visit.observations.iter().filter(|o| match &o.event {
        Event::CookieWrite(write) => write.cookie.name == record,
        Event::StorageWrite(write) => write.name == record,
        _ => false,
    });
    let written = writes
        .find(|o| o.at_ms >= pressed)
        .ok_or("no record was written")?;
    let shows = if visit.scenario == ScenarioId::Withdraw {
        let reloaded = visit.phases.iter().find(|p| p.id == PhaseId::AfterReload);
        reloaded.map(|p| p.at_ms)
    } else {
        let mut came = visit.observations.iter().filter(|o| match &o.event {
            Event::Response(response) => response.url.starts_with("https://cmp.test/"),
            _ => false,
        });
        came.next().map(|o| o.at_ms)
    };
    let shows = shows.ok_or("the platform's script did not come")?;
    Ok(written.at_ms.saturating_sub(shows))
}
