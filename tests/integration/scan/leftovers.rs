//! However a scan ends, nothing is left behind: no file but those that were asked for, no process.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};

use preconsent::testsite::TestSite;
use rustix::process::Signal;

use super::processes::{Process, running_in, until};
use super::{Scanned, sites, with_json, words};
use crate::support::command::{Ran, Shell, reach};

/// A scan at work.
struct Scanning {
    site: TestSite,
    shell: Shell,
    child: Child,
    process: Process,
}

impl Scanning {
    /// Starts a scan and does not wait for its end.
    async fn start(args: &[&str]) -> Self {
        let (site, shell) = (sites().await, Shell::new());
        let flags = reach(&site);
        let mut all = vec!["scan"];
        all.extend(flags.iter().map(String::as_str));
        all.extend(with_json(args));
        let mut command = shell.command(&all);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("the command starts");
        let process = Process::of(&child);
        Self {
            site,
            shell,
            child,
            process,
        }
    }

    /// Waits until this host was asked for so many pages.
    async fn until_asked(&self, host: &str, times: usize) {
        let asked = || {
            let requests = self.site.requests();
            let pages = requests.iter().filter(|(h, path)| h == host && path == "/");
            pages.count() >= times
        };
        until(&format!("{times} requests for {host}"), asked).await;
    }

    /// Waits for the end, and checks that nothing is left of these processes and of the files.
    async fn end(self, family: &BTreeSet<Process>) -> (Ran, Shell) {
        let output = self.child.wait_with_output().expect("the command ends");
        let left = || entries(&self.shell.temporary());
        assert_eq!(left(), BTreeSet::new());
        until_gone(family, &self.shell).await;
        assert_eq!(left(), BTreeSet::new(), "written while ending");
        (output.into(), self.shell)
    }
}

/// Waits until none of these processes runs, nor any other that uses the folder. What was killed
/// takes a moment to end.
async fn until_gone(family: &BTreeSet<Process>, shell: &Shell) {
    let folder = shell.path("");
    let gone = || !family.iter().any(|p| p.runs()) && running_in(&folder).is_empty();
    until("the end of the browser", gone).await;
}

fn entries(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|e| e.expect("an entry").file_name());
    names.map(|n| n.to_string_lossy().into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_leaves_its_reports_and_nothing_else() {
    let outputs = ["-o", "a.json", "-o", "b.md", "-o", "c.txt"];
    let args = [&outputs[..], &["--scenario", "none", "leaky.shop.test"]].concat();
    let scanning = Scanning::start(&args).await;
    scanning.until_asked("leaky.shop.test", 1).await;
    let family = scanning.process.descendants();
    assert!(!family.is_empty(), "the browser is a process of the scan");
    let (ran, shell) = scanning.end(&family).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let kept = ["a.json", "b.md", "c.txt", "tmp"].map(str::to_owned);
    assert_eq!(entries(&shell.path("")), kept.into());
    assert_eq!(shell.read("a.json"), ran.stdout);
}

/// Sends a signal while the second of two pages is loading.
async fn interrupt(signal: Signal, code: i32) {
    let args = [
        "--concurrency=1",
        "--scenario=none",
        "--timeout=600",
        "-o",
        "kept.json",
    ];
    let pages = ["gated.shop.test", "slow.shop.test"];
    let scanning = Scanning::start(&[&args[..], &pages].concat()).await;
    scanning.until_asked("slow.shop.test", 1).await;
    let family = scanning.process.descendants();
    assert!(!family.is_empty(), "the browser is a process of the scan");
    scanning.process.signal(signal);
    let (ran, shell) = scanning.end(&family).await;
    assert_eq!(ran.code, Some(code), "{ran:#?}");
    assert_eq!(shell.read("kept.json"), ran.stdout);
    let report = Scanned::new(ran).report;
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(report["targets"][0]["verdict"], "pass", "{report:#}");
    let missed = &report["targets"][1];
    assert_eq!(missed["verdict"], "inconclusive", "{report:#}");
    let reason = missed["reasons"][0].as_str().expect("a reason");
    assert!(reason.contains("interrupted"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_scan_keeps_what_it_has_and_leaves_nothing_else() {
    interrupt(Signal::INT, 130).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminated_scan_keeps_what_it_has_and_leaves_nothing_else() {
    interrupt(Signal::TERM, 143).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_whose_terminal_is_closed_keeps_what_it_has_and_leaves_nothing_else() {
    interrupt(Signal::HUP, 129).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_is_interrupted_while_its_browser_starts_leaves_nothing() {
    let scanning = Scanning::start(&["slow.shop.test"]).await;
    let started = || !scanning.process.descendants().is_empty();
    until("a browser", started).await;
    let family = scanning.process.descendants();
    scanning.process.signal(Signal::INT);
    let (ran, _shell) = scanning.end(&family).await;
    assert_eq!(ran.code, Some(130), "{ran:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_does_not_outlive_a_scan_that_was_killed() {
    let args = ["--scenario", "none", "--timeout", "600", "slow.shop.test"];
    let mut scanning = Scanning::start(&args).await;
    scanning.until_asked("slow.shop.test", 1).await;
    let family = scanning.process.descendants();
    assert!(!family.is_empty(), "the browser is a process of the scan");
    scanning.process.signal(Signal::KILL);
    scanning.child.wait().expect("the command ends");
    // Nobody is left to remove the profile, but the browser notices that nobody listens.
    until_gone(&family, &scanning.shell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_makes_every_visit_inconclusive() {
    let scanning = Scanning::start(&["--timeout", "600", "slow.shop.test"]).await;
    scanning.until_asked("slow.shop.test", 3).await;
    let family = scanning.process.descendants();
    for process in &family {
        process.signal(Signal::KILL);
    }
    let (ran, _shell) = scanning.end(&family).await;
    let scanned = Scanned::new(ran);
    scanned.ends_as("inconclusive");
    let target = scanned.target();
    let visits = target["visits"].as_array().expect("visits");
    assert_eq!(visits.len(), 3);
    for visit in visits {
        assert_eq!(
            words(&visit["faults"], "kind"),
            ["browser-crash"],
            "{visit:#}"
        );
    }
    let reason = target["reasons"][0].as_str().expect("a reason");
    assert!(reason.contains("browser"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_is_replaced_for_the_next_target() {
    let args = [
        "--scenario",
        "none",
        "--timeout",
        "600",
        "--concurrency",
        "1",
    ];
    let pages = ["slow.shop.test", "gated.shop.test"];
    let scanning = Scanning::start(&[&args[..], &pages].concat()).await;
    scanning.until_asked("slow.shop.test", 1).await;
    let family = scanning.process.descendants();
    for process in &family {
        process.signal(Signal::KILL);
    }
    let (ran, _shell) = scanning.end(&family).await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    let report = Scanned::new(ran).report;
    let targets = &report["targets"];
    assert_eq!(words(&targets[0]["faults"], "kind"), ["browser-crash"]);
    assert_eq!(targets[1]["verdict"], "pass", "{report:#}");
}
