//! Choices by a user's own script: behind a login, on a question that nothing else recognises, with
//! every step that fails named; and records of a choice that the script stores beforehand.

use preconsent::consent::script::{Script, Variables, read};
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::scenario::PhaseId;
use preconsent::model::scenario::ScenarioId::{self, Accept, None as Passive, Reject, Withdraw};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, storage_writes, stored, target};
use crate::support::command::Shell;

/// How to log in.
const BEFORE: &str = r##"name: parlour
before:
  - { type: "#user", text: anna }
  - { type: "#password", text-from: PARLOUR }
  - { press: Enter, focus: "#password" }
  - { wait-for: ".welcome" }
"##;

/// Every choice on the question.
const STEPS: &str = r##"
accept:
  - { click: "#aye", frame: "iframe.parlour", shadow: "tea-table" }
reject:
  - { wait-for: "iframe.parlour" }
  - { click: "#nay", frame: "iframe.parlour", shadow: "tea-table" }
withdraw:
  - { click: "#again" }
  - { click: "#nay", frame: "iframe.parlour", shadow: "tea-table" }
record: { store: local-storage, name: parlour, accept: aye, reject: nay }
"##;

/// Records instead of steps, and what tells that the page asks.
const SEEDS: &str = r##"
banner: { selector: "#nay", frame: "iframe.parlour", shadow: "tea-table" }
seed: { reject: ["local:parlour=nay"], accept: ["local:another=aye"] }
"##;

fn script(text: &str) -> Script {
    let password = |name: &str| (name == "PARLOUR").then(|| "two teas".to_owned());
    let variables = Variables {
        value: &password,
        allow_eval: true,
    };
    read("parlour.yaml", text, &variables).expect("a good script")
}

/// Visits the page by one browser.
async fn visits(text: &str, page: &str, scenarios: &[ScenarioId]) -> Vec<Visit> {
    let mut browse = Browse::new().await;
    let script = script(text);
    browse.options.recipes.push(script.recipe());
    browse.options.seeds.clone_from(&script.seeds);
    browse.options.script = Some(script);
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let target = target(&format!("https://members.test/{page}"));
    let mut made = Vec::new();
    for scenario in scenarios {
        made.push(engine.visit(&target, *scenario).await.expect("a visit"));
    }
    engine.close().await;
    made
}

/// State, method and platform, with whatever went wrong.
fn outcome(visit: &Visit) -> String {
    let choice = &visit.choice;
    let method = choice.method.map_or("-", |m| m.as_str());
    let platform = choice.platform.as_deref().unwrap_or("-");
    let faults: Vec<&str> = visit.faults.iter().map(|f| f.message.as_str()).collect();
    format!(
        "{} {method} {platform} {}",
        choice.state.as_str(),
        faults.join("; ")
    )
    .trim_end()
    .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_logs_in_and_chooses_where_nothing_else_finds_the_question() {
    let text = format!("{BEFORE}{STEPS}");
    let visits = visits(&text, "", &[Passive, Reject, Accept, Withdraw]).await;
    assert_eq!(outcome(&visits[0]), "none - -");

    let seen = stored(&visits[0], PhaseId::BeforeChoice);
    assert_eq!(seen, ["cookie:member"], "the login came first");
    for visit in &visits[1..] {
        let evidence = &visit.choice.evidence;
        assert_eq!(outcome(visit), "proven recipe parlour", "{evidence:#?}");
    }
    let told = visits[1].choice.evidence.join("\n");
    for part in [
        "step 2 of reject (parlour.yaml:12): pressed \"Nay\"",
        "the banner went away",
        "parlour: it holds what the script expects after reject",
        "the banner stayed away after the reload",
    ] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    assert!(!told.contains("two teas"), "{told}");
    let before = stored(&visits[1], PhaseId::BeforeChoice);
    assert_eq!(
        before,
        ["cookie:member"],
        "nothing was chosen before the choice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_fails_is_named_and_proves_nothing() {
    let wrong = format!(
        "{BEFORE}reject:\n  - {{ click: \"#nay\", frame: \"iframe.parlour\", shadow: tea-table }}\n  \
         - {{ click: \"#never\", within: 1 }}\naccept:\n  - {{ click: \"#aye\", frame: iframe.garden, \
         within: 1 }}\n"
    );
    let made = visits(&wrong, "", &[Reject, Accept]).await;
    let last = |visit: &Visit| visit.choice.evidence.last().cloned().unwrap_or_default();
    // The first step did reject, and a record says so; still the script was not followed.
    assert_eq!(outcome(&made[0]), "unproven recipe parlour");
    assert_eq!(
        last(&made[0]),
        "step 2 of reject (parlour.yaml:9) failed: after 1 s, nothing matches \"#never\""
    );
    assert_eq!(outcome(&made[1]), "unproven recipe parlour");
    assert_eq!(
        last(&made[1]),
        "step 1 of accept (parlour.yaml:11) failed: after 1 s, no frame is \"iframe.garden\""
    );

    let dead = visits(&format!("{BEFORE}{STEPS}"), "?dead", &[Reject]).await;
    assert_eq!(outcome(&dead[0]), "unproven recipe parlour");
    let told = dead[0].choice.evidence.join("\n");
    assert!(told.contains("the banner is still there"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_ends_the_visit() {
    let before = BEFORE.replace("text: anna", "text: nobody");
    let text = format!("{before}    within: 1\n{STEPS}").replace(
        "- { wait-for: \".welcome\" }\n    within: 1",
        "- { wait-for: \".welcome\", within: 1 }",
    );
    let made = visits(&text, "", &[Passive, Reject]).await;
    let why = "the consent script \"parlour\" was not followed: step 4 of before (parlour.yaml:6) \
               failed: after 1 s, nothing matches \".welcome\"";
    assert_eq!(outcome(&made[0]), format!("none - - {why}"));
    assert_eq!(outcome(&made[1]), format!("unproven - - {why}"));
    assert_eq!(made[1].choice.evidence, [why]);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_is_evaluated_where_that_is_allowed() {
    let text = format!(
        "{BEFORE}accept: [{{ eval: \"nod('aye')\" }}]\nreject: [{{ eval: \"noSuchThing()\" }}]\n\
         banner: {{ selector: iframe.parlour }}\n"
    );
    let made = visits(&text, "", &[Accept, Reject]).await;
    assert_eq!(outcome(&made[0]), "proven recipe parlour");
    assert_eq!(outcome(&made[1]), "unproven recipe parlour");
    let told = made[1].choice.evidence.join("\n");
    assert!(told.contains("its code threw: ReferenceError"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_in_the_storage_is_there_before_the_page_and_is_not_the_site_s() {
    let text = format!("{BEFORE}{SEEDS}");
    let made = visits(&text, "", &[Reject, Accept]).await;
    let evidence = &made[0].choice.evidence;
    assert_eq!(outcome(&made[0]), "proven seeded -", "{evidence:#?}");
    assert!(storage_writes(&made[0], "parlour").is_empty());
    let phases: Vec<&str> = made[0].phases.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(phases, ["after-choice", "after-reload"]);
    let kept = stored(&made[0], PhaseId::AfterReload);
    assert_eq!(kept, ["cookie:member"]);
    // The page knows nothing of the other key, and asks.
    assert_eq!(outcome(&made[1]), "unproven seeded -");
    let told = made[1].choice.evidence.join("\n");
    assert!(told.ends_with("the banner asks again"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_is_wrong_with_a_script() {
    let browse = Browse::new().await;
    let shell = Shell::new().with("PARLOUR", "two teas");
    let steps = BEFORE.to_owned() + "reject:\n  - { click: \"#never\", within: 1 }\n";
    shell.write("dead.yaml", &steps);
    shell.write("evil.yaml", "name: a\nreject:\n  - eval: accept()\n");
    shell.write("odd.yaml", "name: a\nreject:\n  - clack: a\n");
    let page = "https://members.test/";
    let scan = |script: &str| {
        shell.scan(
            &browse.site,
            &[
                page,
                "--scenario=reject",
                "--consent-script",
                script,
                "--format=json",
            ],
        )
    };
    let report = scan("dead.yaml").ends_with(3).json();
    let choice = &report["targets"][0]["visits"][0]["choice"];
    assert_eq!(choice["state"], "unproven");
    let told = choice["evidence"].to_string();
    assert!(
        told.contains("step 1 of reject (dead.yaml:8) failed"),
        "{told}"
    );
    scan("evil.yaml")
        .ends_with(2)
        .says(&["evil.yaml:3:11", "--allow-eval"]);
    scan("odd.yaml")
        .ends_with(2)
        .says(&["odd.yaml:3:5", "did you mean \"click\"?"]);
    shell
        .scan(
            &browse.site,
            &[page, "--engine=http", "--consent-script=dead.yaml"],
        )
        .ends_with(2)
        .says(&["--consent-script needs a browser"]);
}
