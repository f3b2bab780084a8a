//! The processes of a scan, as the system lists them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

/// Longer than any of these tests should need.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often something is looked at that is waited for.
const GLANCE: Duration = Duration::from_millis(20);

/// A process: its number, and when it began, because numbers are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Process {
    number: i32,
    began: u64,
}

impl Process {
    /// The process of a command that was started.
    pub(super) fn of(child: &Child) -> Self {
        let number = i32::try_from(child.id()).expect("a process number");
        let entry = Entry::read(number).expect("the process runs");
        entry.process
    }

    /// Whether it still runs. One that ended and was not waited for does not.
    pub(super) fn runs(self) -> bool {
        Entry::read(self.number).is_some_and(|e| e.process == self && !e.ended)
    }

    /// Sends it a signal, if it still runs.
    pub(super) fn signal(self, signal: Signal) {
        let pid = Pid::from_raw(self.number).expect("a process number");
        if self.runs() {
            let sent = kill_process(pid, signal);
            // It may have ended a moment ago.
            assert!(matches!(sent, Ok(()) | Err(Errno::SRCH)), "{sent:?}");
        }
    }

    /// Everything that it started, and what that started.
    pub(super) fn descendants(self) -> BTreeSet<Self> {
        let all = entries();
        let mut family = BTreeSet::from([self.number]);
        let mut found = BTreeSet::new();
        loop {
            let news = all
                .iter()
                .filter(|e| family.contains(&e.parent) && !e.ended);
            let before = found.len();
            found.extend(news.map(|e| e.process));
            family.extend(found.iter().map(|p| p.number));
            if found.len() == before {
                return found;
            }
        }
    }
}

/// A line of the system's list.
struct Entry {
    process: Process,
    parent: i32,
    ended: bool,
}

impl Entry {
    fn read(number: i32) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // The name in brackets may hold anything, brackets and spaces included.
        let (_, fields) = line.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        Some(Self {
            ended: matches!(fields[0], "Z" | "X"),
            parent: fields[1].parse().ok()?,
            process: Process {
                number,
                began: fields[19].parse().ok()?,
            },
        })
    }
}

fn entries() -> Vec<Entry> {
    let numbers = fs::read_dir("/proc").expect("the list of processes");
    numbers
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(Entry::read)
        .collect()
}

/// Processes that have this folder among their arguments, whoever started them.
pub(super) fn running_in(folder: &Path) -> Vec<Process> {
    let text = folder.display().to_string();
    let names_it = |process: Process| {
        let line = fs::read(format!("/proc/{}/cmdline", process.number)).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&text)
    };
    let all = entries().into_iter().filter(|e| !e.ended);
    all.map(|e| e.process).filter(|p| names_it(*p)).collect()
}

/// Waits until something holds.
pub(super) async fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    let mut glances = tokio::time::interval(GLANCE);
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        glances.tick().await;
    }
}
