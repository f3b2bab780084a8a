//! Recordings read back, cut short, garbled, foreign, too large.

use std::path::{Path, PathBuf};

use preconsent::catalogue::builtin;
use preconsent::model::choice::ChoiceState;
use preconsent::model::redact::{PUBLIC_KEY, Redactor};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::seal::seal;
use preconsent::model::visit::Visit;
use preconsent::store::recording::{read, write};
use tempfile::TempDir;

use super::{packed, some_visit, unpacked};
use crate::support::command::Shell;
use crate::support::visits::Story;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn record(&self, visit: &Visit) -> PathBuf {
        let written = write(self.0.path(), "v", visit).expect("written");
        self.0.path().join(written.name)
    }
}

fn refused(path: &Path) -> String {
    let error = read(path).expect_err("no whole recording").to_string();
    let shown = path.display().to_string();
    let told = error.strip_prefix(&shown).expect("the path comes first");
    told.trim_start_matches(", ").to_owned()
}

/// The lines of the recording of some visit.
fn lines() -> Vec<String> {
    let folder = Folder::new();
    let text = unpacked(&folder.record(&some_visit()));
    text.lines().map(str::to_owned).collect()
}

/// A file of these lines.
fn joined(lines: &[String]) -> Vec<u8> {
    let text: Vec<String> = lines.iter().map(|l| format!("{l}\n")).collect();
    text.concat().into_bytes()
}

#[test]
fn what_is_read_is_what_was_written() {
    let folder = Folder::new();
    let visit = some_visit();
    let path = folder.record(&visit);
    assert_eq!(read(&path).expect("a recording"), visit);
    let plain = folder.put("plain.jsonl", unpacked(&path).as_bytes());
    assert_eq!(read(&plain).expect("a recording"), visit);
}

#[test]
fn a_service_that_was_asked_for_is_kept_with_and_without_values() {
    let folder = Folder::new();
    let story = Story::new(ScenarioId::OpenWidget);
    let visit = story.asked_for_chat("tawk", ChoiceState::Proven).build();
    let read_back = read(&folder.record(&visit)).expect("a recording");
    assert_eq!(read_back.service, visit.service);
    let catalogue = builtin::catalogue();
    let redactor = Redactor::new(PUBLIC_KEY, true);
    let sealed = seal(&visit, &redactor, &catalogue.value_questions());
    let read_back = read(&folder.record(&sealed)).expect("a recording");
    assert_eq!(read_back.service, visit.service);
}

#[test]
fn the_same_visit_makes_the_same_file() {
    let (one, other) = (Folder::new(), Folder::new());
    let bytes = |folder: &Folder| std::fs::read(folder.record(&some_visit())).expect("a file");
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn the_lines_are_in_order_of_time_between_a_head_and_an_end() {
    let lines = lines();
    let value = |line: &String| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    let head = value(&lines[0]);
    assert_eq!(head["format"], "preconsent-recording");
    assert_eq!(head["version"], 1);
    assert_eq!(head["tool"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(head["scenario"], "reject");
    let inner: Vec<(String, u64)> = lines[1..]
        .iter()
        .map(|line| {
            let line = value(line);
            let (kind, what) = line
                .as_object()
                .expect("an object")
                .iter()
                .next()
                .expect("one");
            (kind.clone(), what["at_ms"].as_u64().unwrap_or(u64::MAX))
        })
        .collect();
    assert!(inner.is_sorted_by_key(|(_, at)| *at), "{inner:?}");
    let kinds: Vec<&str> = inner.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = [
        &["observation"; 5][..],
        &[
            "snapshot",
            "observation",
            "snapshot",
            "snapshot",
            "outcome",
            "end",
        ],
    ];
    assert_eq!(kinds, expected.concat());
}

#[test]
fn a_file_that_was_cut_anywhere_is_refused() {
    let folder = Folder::new();
    let path = folder.record(&some_visit());
    let (whole, plain) = (std::fs::read(&path).expect("a file"), unpacked(&path));
    for cut in (1..whole.len()).step_by(7) {
        let told = refused(&folder.put("cut.jsonl.gz", &whole[..cut]));
        assert!(
            told.contains("is cut short")
                || told.contains("is no recording")
                || told.contains("cannot be read on"),
            "{cut}: {told}"
        );
    }
    for cut in (0..plain.len() - 1).step_by(7) {
        let told = refused(&folder.put("cut.jsonl", &plain.as_bytes()[..cut]));
        assert!(told.starts_with("line "), "{cut}: {told}");
        assert!(
            told.contains("is cut short") || told.contains("is no recording"),
            "{cut}: {told}"
        );
    }
    let unended = folder.put("unended.jsonl", plain.trim_end().as_bytes());
    assert_eq!(
        read(&unended).expect("only the last end of line is missing"),
        some_visit()
    );
}

#[test]
fn lines_that_are_missing_or_added_are_noticed() {
    let folder = Folder::new();
    let good = lines();
    for at in 1..good.len() {
        let mut less = good.clone();
        less.remove(at);
        let told = refused(&folder.put("less.jsonl", &joined(&less)));
        assert!(told.starts_with("line "), "{at}: {told}");
        let mut more = good.clone();
        more.insert(at, good[at].clone());
        let told = refused(&folder.put("more.jsonl", &joined(&more)));
        assert!(told.starts_with("line "), "{at}: {told}");
    }
}

#[test]
fn garbled_lines_are_named_with_their_number() {
    let folder = Folder::new();
    for (at, text, told) in [
        (
            0,
            "{}",
            "line 1: is no recording; `preconsent scan --record` makes them",
        ),
        (
            0,
            "\u{1}",
            "line 1: is no recording; `preconsent scan --record` makes them",
        ),
        (
            2,
            "{\"observation\":1}",
            "line 3: is no line of a recording: ",
        ),
        (3, "", "line 4: is no line of a recording: "),
        (4, "{\"unheard\":{}}", "line 5: is no line of a recording: "),
    ] {
        let mut lines = lines();
        lines[at] = text.to_owned();
        let said = refused(&folder.put("bad.jsonl", &joined(&lines)));
        assert!(said.starts_with(told), "{text}: {said}");
    }
    let mut flipped = std::fs::read(folder.record(&some_visit())).expect("a file");
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    refused(&folder.put("flipped.jsonl.gz", &flipped));
}

#[test]
fn later_versions_and_other_files_are_told_apart() {
    let folder = Folder::new();
    let mut later = lines();
    later[0] = later[0].replace("\"version\":1", "\"version\":2");
    let told = refused(&folder.put("later.jsonl", &joined(&later)));
    assert!(
        told.contains("is of version 2, and this preconsent reads version 1"),
        "{told}"
    );
    let no_recording = "line 1: is no recording; `preconsent scan --record` makes them";
    let sqlite = [b"SQLite format 3\0".as_slice(), &[0; 4096]].concat();
    for (name, bytes) in [
        ("database", sqlite.as_slice()),
        ("report.json", b"{\"schema\":\"preconsent.report.v1\"}\n"),
        ("other.jsonl", b"{\"format\":\"other\",\"version\":1}\n"),
        ("packed.gz", &packed(b"hello")),
    ] {
        assert_eq!(refused(&folder.put(name, bytes)), no_recording, "{name}");
    }
    assert!(refused(&folder.put("empty.jsonl", b"")).contains("is empty"));
    assert!(refused(folder.0.path()).contains("no ordinary file"));
    assert!(refused(&folder.0.path().join("none")).contains("cannot be read"));
}

#[test]
fn what_unpacks_without_end_is_not_unpacked() {
    let folder = Folder::new();
    let zeros = vec![0_u8; 64 << 20];
    let bomb = packed(&zeros);
    assert!(bomb.len() < 100_000, "{} bytes", bomb.len());
    let told = refused(&folder.put("bomb.jsonl.gz", &bomb));
    assert!(told.contains("is no recording"), "{told}");
    // After a good head; each part of such a file unpacks to 64 MiB.
    let mut after = packed(format!("{}\n", lines()[0]).as_bytes());
    for _ in 0..5 {
        after.extend(&bomb);
    }
    let told = refused(&folder.put("after.jsonl.gz", &after));
    assert!(
        told.starts_with("line 2: is longer than a recording may be"),
        "{told}"
    );
}

#[test]
fn the_command_refuses_what_is_not_whole_with_two() {
    let shell = Shell::new();
    let lines = lines();
    shell.write(
        "visits/a.jsonl",
        &String::from_utf8(joined(&lines[..4])).expect("text"),
    );
    shell
        .run(&["judge", "visits"])
        .ends_with(2)
        .says(&["a.jsonl, line 5: the recording is cut short"]);
    shell.write("empty/notes.txt", "");
    shell
        .run(&["judge", "empty"])
        .ends_with(2)
        .says(&["the folder empty holds no recordings"]);
}
