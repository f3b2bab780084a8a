//! What is recorded is what was judged, also where visits tell something only side by side.

use std::collections::BTreeMap;

use preconsent::engine::replay::ReplayEngine;
use preconsent::model::choice::{ChoiceOutcome, ChoiceState, Method};
use preconsent::model::report::Verdict;
use preconsent::model::scenario::PhaseId;
use preconsent::model::snapshot::Snapshot;
use preconsent::model::target::Place;
use preconsent::scan;
use preconsent::store::manifest::RulesUsed;

use super::*;
use crate::args::{JudgeArgs, RulesArgs};

const ASKED: [ScenarioId; 3] = [ScenarioId::Reject, ScenarioId::Accept, ScenarioId::Withdraw];

/// A visit whose choice is proven by nothing but a cookie that was stored with it.
fn visit(scenario: ScenarioId, stored: &str) -> Visit {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/visits/tawk-leaky-none.jsonl");
    let mut visit = recording::read(&path).expect("a recording");
    let before = visit.snapshots.remove(0);
    let later = |phase| {
        let mut snapshot = Snapshot {
            phase,
            ..before.clone()
        };
        let mut cookie = before.cookies[0].clone();
        cookie.name = "banner_seen".to_owned();
        cookie.value = stored.to_owned();
        snapshot.cookies.push(cookie);
        snapshot
    };
    let later = [PhaseId::AfterChoice, PhaseId::AfterReload].map(later);
    visit.snapshots = [before].into_iter().chain(later).collect();
    visit.scenario = scenario;
    visit.choice = ChoiceOutcome {
        asked: scenario.choice(),
        state: ChoiceState::Proven,
        platform: None,
        method: Some(Method::Heuristic),
        at_ms: Some(1_100),
        presses: Some(1),
        evidence: vec!["stored with the choice: cookie banner_seen of shop.test".to_owned()],
        allowed: Vec::new(),
    };
    visit
}

fn states(visits: &[Visit]) -> Vec<ChoiceState> {
    visits.iter().map(|visit| visit.choice.state).collect()
}

/// Records a scan in which accepting and rejecting store this: the visits that were judged, those that
/// the manifest names, and the states of both.
async fn recorded(rejected: &str, accepted: &str) -> Vec<ChoiceState> {
    let knowledge = Knowledge::load(&RulesArgs::default(), &JudgeArgs::default(), false);
    let knowledge = knowledge.expect("the embedded rules");
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = Manifest::new(String::new(), RulesUsed::default(), BTreeMap::new());
    let recorder = Recorder::new(folder.path(), &RecordArgs::default(), manifest);
    let recorder = recorder.expect("a recorder");
    let engine = ReplayEngine::new(vec![
        visit(ScenarioId::Reject, rejected),
        visit(ScenarioId::Accept, accepted),
        visit(ScenarioId::Withdraw, "taken-back"),
    ]);
    let target = Target::parse("https://shop.test/", Place::CommandLine).expect("a target");
    let around = recorder.around(&engine, 1, &knowledge);
    let judged = scan::visit_all(&around, &target, &ASKED).await;
    let judged = judged.expect("visits");
    recorder.finish(true).expect("a manifest");
    let manifest = Manifest::read(folder.path()).expect("a manifest");
    let files = manifest.expect("a manifest").files;
    assert_eq!(
        files.len(),
        ASKED.len(),
        "each visit is named once: {files:#?}"
    );
    let mut kept = Vec::new();
    for file in &files {
        let path = folder.path().join(&file.name);
        let bytes = std::fs::read(&path).expect("a file");
        assert_eq!(preconsent::model::digest::sha256(&bytes), file.sha256);
        kept.push(recording::read(&path).expect("a recording"));
    }
    kept.sort_by_key(|visit| visit.scenario);
    assert_eq!(states(&kept), states(&judged));
    let (scanned, again) = (
        knowledge.judge(&target, &judged),
        knowledge.judge(&target, &kept),
    );
    assert_eq!(
        (scanned.verdict, &scanned.reasons),
        (again.verdict, &again.reasons)
    );
    assert_ne!(scanned.verdict, Verdict::Pass);
    states(&kept)
}

#[tokio::test]
async fn a_proof_that_was_taken_back_is_recorded_so() {
    assert_eq!(
        recorded("yes", "yes").await,
        [ChoiceState::Unproven; 3],
        "nothing that was accepted can be taken back either"
    );
}

#[tokio::test]
async fn a_proof_that_holds_stays() {
    assert_eq!(recorded("no", "yes").await, [ChoiceState::Proven; 3]);
}
