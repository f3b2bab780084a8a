//! How long scans take, as ratios to bare loads of the same pages by the same browser in the same run.
//!
//! `make bench` runs all parts, `make bench PARTS="a e"` some: (a) three visits of one page, (b) twenty
//! pages, (c) memory, (d) cost against a page's weight, (e) one visit, (f) the collector script, (g)
//! choices on real consent platforms. Rounds take turns and begin with fresh profiles, so that a busy
//! machine slows all alike; medians are compared. What was scanned must have been seen, or the run
//! ends: a fast failure is no measurement.

mod choices;
mod family;
mod heavy;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use preconsent::engine::browser::find;
use preconsent::testsite::{self, TestSite};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A part of the measurements.
type Part = fn(&Setting) -> Outcome<()>;

/// How often each is measured, unless `PRECONSENT_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 7;

/// The three visits of parts (a), (b) and (c).
const THREE: [&str; 2] = ["--scenario", "none,reject,accept"];

/// Pages of part (b).
const PAGES: usize = 20;

/// What all parts need.
struct Setting {
    site: TestSite,
    heavy: std::net::SocketAddr,
    /// Kind and program of every browser that is here.
    browsers: Vec<(&'static str, PathBuf)>,
    rounds: usize,
}

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let all = [("full", find::find_full()), ("shell", find::find_shell())];
    let browsers = all
        .into_iter()
        .filter_map(|(kind, found)| Some((kind, found?.path)));
    let folder = platforms();
    let sites = testsite::Options {
        cmp_dir: folder.is_dir().then_some(folder),
    };
    let setting = Setting {
        site: runtime.block_on(TestSite::start_with(sites))?,
        heavy: runtime.block_on(heavy::serve())?,
        browsers: browsers.collect(),
        rounds: match std::env::var("PRECONSENT_BENCH_ROUNDS") {
            Ok(text) => text.parse::<usize>()?.max(1),
            Err(_) => ROUNDS,
        },
    };
    if setting.browsers.is_empty() {
        return Err("no browser; run make deps-browser".into());
    }
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let parts: [(&str, Part); 7] = [
        ("a", three_visits),
        ("b", many_pages),
        ("c", memory),
        ("d", weight),
        ("e", one_visit),
        ("f", collector),
        ("g", |setting| choices::measure(setting, &platforms())),
    ];
    for (name, part) in parts {
        if asked.is_empty() || asked.iter().any(|a| a == name) {
            part(&setting)?;
        }
    }
    Ok(())
}

/// The installed consent platforms; only part (g) needs them.
fn platforms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cmp/node_modules")
}

fn say(line: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}

fn three_visits(setting: &Setting) -> Outcome<()> {
    say(
        "\n| (a) page, browser | bare load | none + reject + accept, 30 s of page life | ratio |\n|---|---|---|---|",
    )?;
    against_bare(setting, &THREE)
}

fn one_visit(setting: &Setting) -> Outcome<()> {
    say("\n| (e) page, browser | bare load | none, no page life | ratio |\n|---|---|---|---|")?;
    against_bare(setting, &["--scenario", "none", "--page-life", "0"])
}

fn against_bare(setting: &Setting, args: &[&str]) -> Outcome<()> {
    for case in ["leaky", "compliant", "plain-cookies"] {
        let url = setting.site.url(case);
        for (kind, browser) in &setting.browsers {
            let (mut bares, mut scans) = (Vec::new(), Vec::new());
            // The first round reads the browser from disk.
            for round in 0..=setting.rounds {
                let bare = timed(|| bare(setting, browser, &url))?;
                let scan = timed(|| scan(setting, browser, &[args, &[&url]].concat(), 1))?;
                if round > 0 {
                    bares.push(bare);
                    scans.push(scan);
                }
            }
            let (bare, scan) = (median(&mut bares), median(&mut scans));
            say(&format!(
                "| {case}, {kind} | {bare:.2} s | {scan:.2} s | {:.2} |",
                scan / bare
            ))?;
        }
    }
    Ok(())
}

fn many_pages(setting: &Setting) -> Outcome<()> {
    say(
        "\n| (b) 20 pages, browser | bare loads per minute | pages scanned per minute, three visits each | per bare load |\n|---|---|---|---|",
    )?;
    let cases = ["leaky", "compliant", "plain-cookies", "gated"];
    let urls: Vec<String> = (0..PAGES)
        .map(|n| setting.site.url(cases[n % cases.len()]))
        .collect();
    let list: Vec<&str> = urls.iter().map(String::as_str).collect();
    let slots = std::thread::available_parallelism()?.get();
    for (kind, browser) in &setting.browsers {
        let bare = timed(|| {
            let share = list.chunks(list.len().div_ceil(slots));
            std::thread::scope(|scope| {
                let load = |urls: &[&str]| -> Result<(), String> {
                    urls.iter()
                        .try_for_each(|url| bare(setting, browser, url).map_err(|e| e.to_string()))
                };
                let threads: Vec<_> = share.map(|urls| scope.spawn(move || load(urls))).collect();
                for thread in threads {
                    thread.join().map_err(|_| "a bare load panicked")??;
                }
                Ok(())
            })
        })?;
        let scan = timed(|| scan(setting, browser, &[&THREE[..], &list].concat(), PAGES))?;
        let per_minute = |time: Duration| PAGES as f64 * 60.0 / time.as_secs_f64();
        say(&format!(
            "| {kind} | {:.0} | {:.0} | {:.2} |",
            per_minute(bare),
            per_minute(scan),
            scan.as_secs_f64() / bare.as_secs_f64()
        ))?;
    }
    Ok(())
}

fn memory(setting: &Setting) -> Outcome<()> {
    say(
        "\n| (c) browser | peak memory, bare load | peak memory, three visits | ratio |\n|---|---|---|---|",
    )?;
    let url = setting.site.url("leaky");
    for (kind, browser) in &setting.browsers {
        let bare = family::peak(|| bare(setting, browser, &url))?;
        let scan = family::peak(|| scan(setting, browser, &[&THREE[..], &[&url]].concat(), 1))?;
        let mb = |bytes: u64| bytes / (1 << 20);
        say(&format!(
            "| {kind} | {} MB | {} MB | {:.1} |",
            mb(bare),
            mb(scan),
            scan as f64 / bare as f64
        ))?;
    }
    Ok(())
}

fn weight(setting: &Setting) -> Outcome<()> {
    say(
        "\n| (d) page | bare load | none, no page life | processor time of preconsent itself | per thing |\n|---|---|---|---|---|",
    )?;
    let (_, browser) = &setting.browsers[0];
    for (path, counts) in [("requests", [10, 100, 1000]), ("writes", [10, 1000, 10000])] {
        for count in counts {
            let url = format!("http://{}/{path}/{count}", setting.heavy);
            let bare = timed(|| bare(setting, browser, &url))?.as_secs_f64();
            let args = ["--scenario", "none", "--page-life", "0", &url];
            let began = Instant::now();
            let own = family::own_time(command(setting, browser, &args)?)?;
            let scan = began.elapsed().as_secs_f64();
            say(&format!(
                "| {count} {path} | {bare:.2} s | {scan:.2} s | {own:.2} s | {:.2} ms |",
                own * 1000.0 / f64::from(count)
            ))?;
        }
    }
    Ok(())
}

fn collector(setting: &Setting) -> Outcome<()> {
    say("\n| (f) the collector script | load, without | load, with | more |\n|---|---|---|---|")?;
    let (kind, browser) = &setting.browsers[0];
    for count in [0, 1000] {
        let url = format!("http://{}/writes/{count}", setting.heavy);
        let (without, with) = heavy::collector_cost(browser, &url, setting.rounds.max(5) * 3)?;
        say(&format!(
            "| {count} writes, {kind} | {without:.1} ms | {with:.1} ms | {:+.1} % |",
            (with / without - 1.0) * 100.0
        ))?;
    }
    Ok(())
}

fn timed(run: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let began = Instant::now();
    run()?;
    Ok(began.elapsed())
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// One load with nothing around it.
fn bare(setting: &Setting, browser: &Path, url: &str) -> Outcome<()> {
    let profile = tempfile::tempdir()?;
    let (http, https) = (setting.site.http(), setting.site.https());
    let output = Command::new(browser)
        .args([
            "--headless=new",
            "--dump-dom",
            "--no-sandbox",
            "--ignore-certificate-errors",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!(
            "--host-resolver-rules=MAP *:443 {https}, MAP *:80 {http}"
        ))
        .arg(url)
        .env("TMPDIR", profile.path())
        .stdin(Stdio::null())
        .output()?;
    if String::from_utf8_lossy(&output.stdout).contains("</body>") {
        Ok(())
    } else {
        Err(format!("the bare browser did not print {url}").into())
    }
}

/// A scan as a user starts it, in a folder without a configuration; every page must be complete.
fn scan(setting: &Setting, browser: &Path, args: &[&str], targets: usize) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let Output { stdout, stderr, .. } = command(setting, browser, args)?
        .current_dir(folder.path())
        .output()?;
    let report: serde_json::Value = serde_json::from_slice(&stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&stderr)))?;
    let all = report["targets"].as_array().ok_or("no targets")?;
    let whole = |t: &&serde_json::Value| t["faults"].as_array().is_some_and(Vec::is_empty);
    if all.len() == targets && all.iter().filter(whole).count() == targets {
        Ok(())
    } else {
        Err(format!("the scan did not see every page: {report:#}").into())
    }
}

fn command(setting: &Setting, browser: &Path, args: &[&str]) -> Outcome<Command> {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_preconsent")));
    command.args([
        "scan",
        "--insecure",
        "--quiet",
        "--format",
        "json",
        "--browser",
    ]);
    command.arg(browser).args(args).stdin(Stdio::null());
    for resolve in setting.site.resolve_args() {
        command.args(["--resolve", &resolve]);
    }
    Ok(command)
}
