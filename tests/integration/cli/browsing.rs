//! Commands that start a browser: the whole way, and nothing left behind.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use preconsent::testsite::TestSite;

use crate::support::command::{Ran, Shell, reach};

/// Longer than any of these tests should need.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something holds.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

/// Whether a process has this text in its arguments.
fn is_running(text: &str) -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|p| fs::read(p.path().join("cmdline")).ok())
        .any(|line| String::from_utf8_lossy(&line).contains(text))
}

fn assert_nothing_is_left(shell: &Shell) {
    assert_eq!(entries(&shell.temporary()), Vec::<String>::new());
    let profile = shell.temporary().display().to_string();
    assert!(!is_running(&profile), "a browser still runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_are_private_and_judged_like_the_scan() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let args = ["leaky.shop.test", "--record", "visits", "--format", "json"];
    let scanned = shell.scan(&site, &args).ends_with(1).says(&["in clear"]);
    let mut names = entries(&shell.path("visits"));
    names.sort();
    let scenarios = ["accept", "none", "reject"];
    assert_eq!(
        names,
        scenarios.map(|s| format!("001-leaky.shop.test-{s}.json"))
    );
    #[cfg(unix)]
    for name in &names {
        use std::os::unix::fs::PermissionsExt;
        let file = fs::metadata(shell.path("visits").join(name)).expect("a file");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let files: Vec<String> = names.iter().map(|n| format!("visits/{n}")).collect();
    let mut judge = vec!["judge", "--format", "json"];
    judge.extend(files.iter().map(String::as_str));
    let judged = shell.run(&judge).ends_with(1);
    assert_eq!(judged.json()["targets"], scanned.json()["targets"]);
    assert_nothing_is_left(&shell);
}

#[test]
fn the_demo_shows_both_shops_and_keeps_its_reports() {
    let shell = Shell::new();
    let ran = shell.run(&["demo"]).ends_with(0);
    let (leaky, compliant) = ran.stdout.split_once("\n2. ").expect("two shops");
    assert!(leaky.contains("exits with 1 (fail)"), "{leaky}");
    assert!(leaky.contains("twk_uuid_"), "{leaky}");
    assert!(compliant.contains("exits with 0 (pass)"), "{compliant}");
    let kept = entries(&shell.temporary());
    assert_eq!(
        kept.len(),
        1,
        "one folder is kept, and the output names it: {kept:?}"
    );
    assert!(compliant.contains(&kept[0]), "{compliant}");
    let folder = shell.temporary().join(&kept[0]);
    let mut files = entries(&folder);
    files.sort();
    assert_eq!(files, ["preconsent-demo.json", "preconsent-demo.md"]);
}

#[test]
fn the_doctor_finds_this_machine_ready() {
    let shell = Shell::new();
    let ran = shell.run(&["doctor"]).ends_with(0);
    for text in [
        "browser",
        "Chrome/",
        "third-party cookies",
        "visits a page  yes",
        "ready to scan",
    ] {
        assert!(ran.stdout.contains(text), "{text} is not in {ran:#?}");
    }
    assert_nothing_is_left(&shell);
}

/// Starts a scan of a page that answers and then a page that never finishes loading.
#[cfg(unix)]
fn start_endless(shell: &Shell, site: &TestSite) -> Child {
    let flags = reach(site);
    let mut args = vec!["scan", "--format", "json", "--timeout", "600"];
    args.extend(flags.iter().map(String::as_str));
    args.push("slow.shop.test");
    let mut command = shell.command(&args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_browser_and_reports_what_is_there() {
    use rustix::process::{Pid, Signal, kill_process};

    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let site = TestSite::start().await.expect("the sites start");
        let shell = Shell::new();
        let child = start_endless(&shell, &site);
        wait_until("the page to be asked for", || !site.requests().is_empty());
        let pid = i32::try_from(child.id()).expect("a process id");
        let pid = Pid::from_raw(pid).expect("a process id");
        kill_process(pid, signal).expect("the signal is sent");
        let ran = Ran::from(child.wait_with_output().expect("the command ends"));
        let ran = ran
            .ends_with(code)
            .says(&["interrupted after 0 of 1 targets"]);
        let report = ran.json();
        assert_eq!(report["verdict"], "inconclusive");
        assert_nothing_is_left(&shell);
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_costs_its_target_only() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let flags = reach(&site);
    let mut args = vec![
        "scan",
        "--format",
        "json",
        "--scenario",
        "none",
        "--timeout",
        "600",
    ];
    args.extend(flags.iter().map(String::as_str));
    args.extend(["slow.shop.test", "gated.shop.test"]);
    let mut command = shell.command(&args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the command starts");
    wait_until("the page to be asked for", || !site.requests().is_empty());
    kill_browser(&shell.temporary().display().to_string());
    let ran = Ran::from(child.wait_with_output().expect("the command ends")).ends_with(3);
    let report = ran.json();
    let targets = &report["targets"];
    assert_eq!(
        targets[0]["faults"][0]["kind"], "browser-crash",
        "{report:#}"
    );
    assert_eq!(targets[1]["verdict"], "pass", "{report:#}");
    assert_nothing_is_left(&shell);
}

/// Kills the browser whose profile lies in this folder: its first process, which takes the others
/// along.
#[cfg(unix)]
fn kill_browser(folder: &str) {
    use rustix::process::{Pid, Signal, kill_process};

    let processes = fs::read_dir("/proc").expect("processes").flatten();
    let mut browser: Vec<i32> = processes
        .filter(|p| {
            let line = fs::read(p.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&format!("--user-data-dir={folder}"))
        })
        .filter_map(|p| p.file_name().to_string_lossy().parse().ok())
        .collect();
    browser.sort_unstable();
    let first = *browser.first().expect("the browser runs");
    kill_process(Pid::from_raw(first).expect("a process id"), Signal::KILL).expect("killed");
}
