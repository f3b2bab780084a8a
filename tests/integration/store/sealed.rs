//! Recordings without values: nothing of the visitor's is in them, and they are judged as if it were.

use preconsent::catalogue::builtin;
use preconsent::model::item::Store;
use preconsent::model::observation::{
    Event, Frame, Observation, StorageOp, StorageWrite, WebSocket, Writer,
};
use preconsent::model::redact::{PUBLIC_KEY, Redactor};
use preconsent::model::scenario::PhaseId;
use preconsent::model::seal::seal;
use preconsent::model::visit::{Prediction, Visit};
use preconsent::store::recording::write;
use url::Url;

use super::unpacked;
use crate::support::command::Shell;
use crate::support::visits::{PAGE, Story};

const SECRET: &str = "Zq7xK2mVn9pL4wRt";

fn sealed(visit: &Visit) -> Visit {
    let catalogue = builtin::catalogue();
    let redactor = Redactor::new(PUBLIC_KEY, true);
    seal(visit, &redactor, &catalogue.value_questions())
}

/// A visit in which the visitor's secret is wherever it could be.
fn full_of_secrets() -> Visit {
    let address = |rest: &str| {
        format!("https://{SECRET}:{SECRET}@t.test/p?{SECRET}&a={SECRET}#{SECRET}{rest}")
    };
    let (pixel, script) = (address("1"), address("2"));
    let line = format!("id=\"{SECRET}; x={SECRET}\"; Max-Age=60; Path=/; {SECRET}");
    let mut visit = Story::none()
        .header(20, &pixel, &line)
        .header(30, PAGE, SECRET)
        .refused(40, &pixel, &line, "ThirdPartyBlocked")
        .script(160, &script, &line)
        .sent(170, &pixel, "id", "shop.test")
        .set(200, &script, "key", SECRET)
        .asks(300, "1", "GET", &pixel)
        .answers(350, "1", &pixel, 302)
        .build();
    let more = [
        Event::WebSocket(WebSocket {
            url: address("3"),
            initiator: Writer::response(address("4")),
        }),
        Event::StorageWrite(StorageWrite {
            store: Store::CacheStorage,
            origin: "https://shop.test".to_owned(),
            partition: None,
            op: StorageOp::Set,
            name: "pages".to_owned(),
            value: address("6"),
            writer: Writer::unknown(),
        }),
        Event::Frame(Frame {
            url: format!("data:text/html,{SECRET}"),
            origin: "null".to_owned(),
            top: false,
        }),
    ];
    visit.observations.extend(more.map(|event| Observation {
        at_ms: 900,
        phase: PhaseId::BeforeChoice,
        repeats: None,
        event,
    }));
    visit.predictions.push(Prediction {
        provider: "tawk".to_owned(),
        url: address("5"),
        captures: Vec::new(),
        gated: false,
        evidence: "code in the page".to_owned(),
    });
    visit.final_url = Url::parse(&format!("https://shop.test/?session={SECRET}")).expect("a URL");
    visit
}

fn text_of(visit: &Visit) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let written = write(folder.path(), "v", visit).expect("written");
    unpacked(&folder.path().join(written.name))
}

#[test]
fn nothing_that_was_stored_or_sent_is_in_a_sealed_recording() {
    let visit = full_of_secrets();
    let clear = text_of(&visit);
    assert!(
        clear.matches(SECRET).count() > 20,
        "the secret is everywhere"
    );
    assert!(
        clear
            .lines()
            .next()
            .expect("a line")
            .contains("\"values\":\"clear\"")
    );
    let text = text_of(&sealed(&visit));
    let left: Vec<&str> = text.lines().filter(|l| l.contains(SECRET)).collect();
    assert!(left.is_empty(), "{left:#?}");
    assert!(
        text.lines()
            .next()
            .expect("a line")
            .contains("\"values\":\"redacted\"")
    );
    for kept in [
        "\"name\":\"key\"",
        "t.test/p?",
        "&a=‹16 chars, 4.0 bits/char, ＃",
    ] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
}

#[test]
fn sealing_twice_changes_nothing() {
    let once = sealed(&full_of_secrets());
    assert_eq!(sealed(&once), once);
}

#[test]
fn values_of_one_shape_stay_apart_and_equal_ones_together() {
    // The last looks like what stands for the second.
    let values = ["1", "2", "1", "3", "‹1 char, 0.0 bits/char›~2"];
    let mut story = Story::none();
    for (at, value) in (100..).step_by(10).zip(values) {
        story = story.set(at, PAGE, "key", value);
    }
    let sealed = sealed(&story.build());
    let stand_ins: Vec<&str> = sealed
        .observations
        .iter()
        .filter_map(|o| match &o.event {
            Event::StorageWrite(write) => Some(write.value.as_str()),
            _ => None,
        })
        .collect();
    let one = "‹1 char, 0.0 bits/char›";
    assert_eq!(
        stand_ins[..4],
        [one, &format!("{one}~2"), one, &format!("{one}~3")]
    );
    assert!(stand_ins[4].starts_with("‹25 chars, "), "{stand_ins:?}");
}

#[test]
fn addresses_can_still_be_read_by_programs() {
    let sealed = sealed(&full_of_secrets());
    assert_eq!(sealed.final_url.host_str(), Some("shop.test"));
    for observation in &sealed.observations {
        if let Event::Request(request) = &observation.event {
            let url = Url::parse(&request.url).expect("a URL");
            assert_eq!((url.host_str(), url.path()), (Some("t.test"), "/p"));
        }
    }
}

/// Rules that ask about a value; the pattern is filled in.
fn rules(pattern: &str) -> String {
    format!(
        "provider: Own\nsources: {{ own: {{ cite: a test, read: 2026-01-02 }} }}\nentries:\n  \
         - {{ name: key, store: local-storage, expires: until-cleared, role: essential, sub_type: \
         consent-record, purpose: p, source: [own], value: \"{pattern}\", examples: {{ match: [{{ name: \
         key, value: \"yes\" }}] }} }}\n"
    )
}

#[test]
fn rules_that_ask_what_was_not_asked_leave_a_doubt() {
    let shell = Shell::new();
    let visit = Story::none().set(100, PAGE, "key", "yes").build();
    std::fs::create_dir(shell.path("sealed")).expect("a folder");
    std::fs::create_dir(shell.path("clear")).expect("a folder");
    write(&shell.path("sealed"), "v", &sealed(&visit)).expect("written");
    write(&shell.path("clear"), "v", &visit).expect("written");
    shell.write("rules/own.yaml", &rules("yes"));
    shell
        .run(&["judge", "clear", "--rules", "rules"])
        .ends_with(0);
    let doubtful = shell.run(&["judge", "sealed", "--rules", "rules", "--format", "json"]);
    let report = doubtful.ends_with(3).json();
    let reasons = report["targets"][0]["reasons"].to_string();
    assert!(
        reasons.contains("holds no values, and rules/own.yaml:4 now asks whether that of key is"),
        "{reasons}"
    );
    // Asked when it was sealed, it is answered.
    let knows =
        preconsent::catalogue::load::add_directory(builtin::catalogue(), &shell.path("rules"));
    let knows = knows.expect("good rules");
    let redactor = Redactor::new(PUBLIC_KEY, false);
    let asked = seal(&visit, &redactor, &knows.value_questions());
    write(&shell.path("sealed"), "v", &asked).expect("written");
    shell
        .run(&["judge", "sealed", "--rules", "rules"])
        .ends_with(0);
}

#[test]
fn there_are_no_values_to_show() {
    let shell = Shell::new();
    std::fs::create_dir(shell.path("visits")).expect("a folder");
    let visit = sealed(&full_of_secrets());
    write(&shell.path("visits"), "v", &visit).expect("written");
    let args = ["judge", "visits", "--show-values", "--format", "json"];
    let ran = shell.run(&args).says(&["there are no values to show"]);
    assert!(!ran.stdout.contains(SECRET), "{}", ran.stdout);
}
