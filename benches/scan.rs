//! How long a scan takes, measured against one bare load of the same page by the same browser.
//!
//! `make bench` runs it. Both see the leaky shop on loopback and take turns, each round with fresh
//! profiles, so that a busy machine slows both alike; the medians and their ratio are printed. The
//! page must have been seen, or the run ends: a fast failure is no measurement.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use preconsent::engine::browser::find;
use preconsent::testsite::TestSite;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each is measured, unless `PRECONSENT_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 7;

/// A contestant and its times.
struct Contestant {
    name: &'static str,
    run: fn(&Setting) -> Outcome<()>,
    times: Vec<Duration>,
}

/// What all of them need.
struct Setting {
    browser: std::path::PathBuf,
    url: String,
    resolve: Vec<String>,
    https: std::net::SocketAddr,
}

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let site = runtime.block_on(TestSite::start())?;
    let setting = Setting {
        browser: find::find(None)
            .ok_or("no browser; run make deps-browser")?
            .path,
        url: site.url("leaky"),
        resolve: site.resolve_args(),
        https: site.https(),
    };
    let rounds = match std::env::var("PRECONSENT_BENCH_ROUNDS") {
        Ok(text) => text.parse::<usize>()?.max(1),
        Err(_) => ROUNDS,
    };
    let contestant = |name, run| Contestant {
        name,
        run,
        times: Vec::new(),
    };
    let mut all = [
        contestant("chromium --headless=new --dump-dom, one load", bare),
        contestant("preconsent scan --scenario none, one visit", one_visit),
        contestant("preconsent scan, three visits", three_visits),
    ];
    for contestant in &mut all {
        // The first run of each reads the browser from disk.
        (contestant.run)(&setting)?;
    }
    for _ in 0..rounds {
        for contestant in &mut all {
            let began = Instant::now();
            (contestant.run)(&setting)?;
            contestant.times.push(began.elapsed());
        }
    }
    print(&mut all, rounds)?;
    Ok(())
}

fn print(all: &mut [Contestant], rounds: usize) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} rounds; median (fastest to slowest), ratio of medians\n",
        rounds
    )?;
    for contestant in all.iter_mut() {
        contestant.times.sort_unstable();
    }
    let median = |c: &Contestant| c.times[c.times.len() / 2].as_secs_f64();
    let bare = median(&all[0]);
    for contestant in all.iter() {
        let (fastest, slowest) = (contestant.times[0], contestant.times[rounds - 1]);
        writeln!(
            out,
            "{:<46} {:>6.2} s ({:.2} to {:.2})   x {:.2}",
            contestant.name,
            median(contestant),
            fastest.as_secs_f64(),
            slowest.as_secs_f64(),
            median(contestant) / bare
        )?;
    }
    Ok(())
}

/// One load with nothing around it.
fn bare(setting: &Setting) -> Outcome<()> {
    let profile = tempfile::tempdir()?;
    let output = Command::new(&setting.browser)
        .args([
            "--headless=new",
            "--dump-dom",
            "--no-sandbox",
            "--ignore-certificate-errors",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--host-resolver-rules=MAP *:443 {}", setting.https))
        .arg(&setting.url)
        .env("TMPDIR", profile.path())
        .stdin(Stdio::null())
        .output()?;
    expect(&output.stdout, "embed.tawk.to", "the bare browser")
}

fn one_visit(setting: &Setting) -> Outcome<()> {
    scan(setting, &["--scenario", "none"])
}

fn three_visits(setting: &Setting) -> Outcome<()> {
    scan(setting, &[])
}

/// A scan as a user starts it, in a folder without a configuration.
fn scan(setting: &Setting, args: &[&str]) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_preconsent")));
    command.args([
        "scan",
        "--insecure",
        "--quiet",
        "--format",
        "json",
        "--browser",
    ]);
    command.arg(&setting.browser).args(args).arg(&setting.url);
    for resolve in &setting.resolve {
        command.args(["--resolve", resolve]);
    }
    let output = command
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()?;
    // The last thing that the page stores.
    expect(&output.stdout, "previousNav", "the scan")
}

fn expect(output: &[u8], text: &str, who: &str) -> Outcome<()> {
    if String::from_utf8_lossy(output).contains(text) {
        Ok(())
    } else {
        Err(format!("{who} did not see the page: \"{text}\" is not in what it printed").into())
    }
}
