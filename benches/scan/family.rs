//! A command and everything it starts: their memory at its highest, and the processor time of the
//! command itself, as Linux counts them in `/proc`.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::Outcome;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Clock ticks per second, fixed in Linux's interface to programs.
const TICKS: f64 = 100.0;

/// The most memory, in bytes, that all processes below this one had at once while `run` ran. Pages
/// that several of them share are counted once.
pub(super) fn peak(run: impl FnOnce() -> Outcome<()>) -> Outcome<u64> {
    let (over, highest) = (AtomicBool::new(false), AtomicU64::new(0));
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let now = descendants().into_iter().map(proportional).sum();
                highest.fetch_max(now, Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        let outcome = run();
        over.store(true, Ordering::Relaxed);
        outcome
    });
    outcome.map(|()| highest.into_inner())
}

/// Runs a command to its end; the seconds of processor time that it took without what it started.
pub(super) fn own_time(mut command: Command) -> Outcome<f64> {
    let folder = tempfile::tempdir()?;
    let report = fs::File::create(folder.path().join("report.json"))?;
    let mut child = command
        .current_dir(folder.path())
        .stdout(report)
        .stderr(Stdio::null())
        .spawn()?;
    let stat = format!("/proc/{}/stat", child.id());
    let mut ticks = 0.0;
    loop {
        // While it is not waited for, an ended process still has its numbers.
        let text = fs::read_to_string(&stat)?;
        let fields: Vec<&str> = text
            .rsplit_once(") ")
            .map_or("", |(_, f)| f)
            .split(' ')
            .collect();
        ticks = fields
            .get(11)
            .zip(fields.get(12))
            .map_or(ticks, |(user, system)| {
                user.parse::<f64>().unwrap_or(0.0) + system.parse::<f64>().unwrap_or(0.0)
            });
        if fields.first() == Some(&"Z") {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait()?;
    Ok(ticks / TICKS)
}

fn descendants() -> BTreeSet<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let number = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let text = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
            let parent = text.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((number, parent))
        })
        .collect();
    let mut family = BTreeSet::from([std::process::id()]);
    loop {
        let before = family.len();
        let news = parents.iter().filter(|(_, parent)| family.contains(parent));
        let news: Vec<u32> = news.map(|(number, _)| *number).collect();
        family.extend(news);
        if family.len() == before {
            family.remove(&std::process::id());
            return family;
        }
    }
}

fn proportional(number: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{number}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
